import { MAX_MAX_PARALLELISM } from '../keyGroups';
import { isOperatorId } from '../metadata/operatorId';
import type { OperatorName } from '../plan/plan';
import type { PlanValue } from '../plan/planText';
import type { CsvOptions } from './data/csvRows';
import {
  type BadRowRule,
  BOOTSTRAP_KINDS,
  type BootstrapKind,
  type BootstrapStep,
  type BootstrapTarget,
  DATA_FORMATS,
  type DataFormat,
  type DataReference,
  isOperatorKind,
  type MergeRule,
  type NamespaceSpec,
  OPERATOR_KINDS,
  type OperatorKind,
  type StateSpec,
  type TimerSpec,
  type TypeReference,
} from './step';

const MERGES = ['replace', 'keep', 'append'] as const;
const MOST_BAD_ROWS = 1n << 40n;

/** The content of a step `bootstrap`. `BAD_ARGUMENT` with line and column of the first thing that is not as it should be. */
export function readBootstrap(value: PlanValue): BootstrapStep {
  const fields = value.object(['operator', 'data', 'where', 'key', 'states', 'timers', 'merge', 'onBadRow']);
  const states = fields.get('states')?.array().map(readState) ?? [];
  const timers = fields.get('timers')?.array().map(readTimer) ?? [];
  if (states.length === 0 && timers.length === 0) throw value.error('"states" is missing (or "timers").');
  const isKeyed = timers.length > 0 || states.some(({ kind }) => !isOperatorKind(kind));
  const key = fields.get('key');
  return {
    kind: 'bootstrap',
    target: readTarget(need(value, fields, 'operator')),
    data: readData(need(value, fields, 'data')),
    where: fields.get('where')?.string() ?? null,
    key: isKeyed || key !== undefined ? readKey(key ?? need(value, fields, 'key')) : null,
    states,
    timers,
    merge: readMerge(fields.get('merge')) ?? { kind: 'replace' },
    onBadRow: readBadRowRule(fields.get('onBadRow')),
  };
}

function need(value: PlanValue, fields: ReadonlyMap<string, PlanValue>, name: string): PlanValue {
  const found = fields.get(name);
  if (found === undefined) throw value.error(`"${name}" is missing.`);
  return found;
}

function readTarget(value: PlanValue): BootstrapTarget {
  if (value.isString) return { kind: 'existing', operator: value.string() };
  const fields = value.object(['uid', 'id', 'parallelism', 'maxParallelism']);
  const count = (name: string): number | null => {
    const found = fields.get(name)?.integer(1n, BigInt(MAX_MAX_PARALLELISM));
    return found === undefined ? null : Number(found);
  };
  return {
    kind: 'named',
    name: readName(value, fields.get('uid'), fields.get('id')),
    parallelism: count('parallelism'),
    maxParallelism: count('maxParallelism'),
  };
}

function readName(value: PlanValue, uid: PlanValue | undefined, id: PlanValue | undefined): OperatorName {
  if (uid !== undefined && id !== undefined) {
    throw value.error('"uid" and "id" are both given; the id follows from the uid.');
  }
  if (uid !== undefined) return { uid: uid.string() };
  if (id === undefined) throw value.error('"uid" is missing (or "id").');
  const text = id.string();
  if (!isOperatorId(text)) throw id.error('An operator id is 32 hex digits in lower case.');
  return { id: text };
}

function readData(value: PlanValue): DataReference {
  if (value.isString) return { kind: 'file', file: value.string(), format: null, csv: {} };
  const fields = value.object([
    'file',
    'format',
    'delimiter',
    'quote',
    'header',
    'columns',
    'from',
    'operator',
    'state',
  ]);
  const file = fields.get('file');
  if (file === undefined) {
    const text = (name: string) => need(value, fields, name).string();
    for (const name of ['format', 'delimiter', 'quote', 'header', 'columns']) {
      const given = fields.get(name);
      if (given !== undefined) throw given.error('Only a file has this; "file" is missing.');
    }
    return { kind: 'snapshot', from: text('from'), operator: text('operator'), state: text('state') };
  }
  for (const name of ['from', 'operator', 'state']) {
    const given = fields.get(name);
    if (given !== undefined) throw given.error('Data is a "file", or a state of a snapshot, but not both.');
  }
  const [delimiter, quote] = [fields.get('delimiter')?.string(), fields.get('quote')?.string()];
  const header = fields.get('header')?.boolean();
  const columns = fields
    .get('columns')
    ?.array()
    .map((name) => name.string());
  const csv: CsvOptions = {
    ...(delimiter !== undefined && { delimiter }),
    ...(quote !== undefined && { quote }),
    ...(header !== undefined && { header }),
    ...(columns !== undefined && { columns }),
  };
  return { kind: 'file', file: file.string(), format: oneOf<DataFormat>(fields.get('format'), DATA_FORMATS), csv };
}

function readKey(value: PlanValue): BootstrapStep['key'] {
  if (value.isString) return { type: null, value: value.string() };
  const fields = value.object(['type', 'typeOf', 'value']);
  return { type: readType(value, fields, false), value: need(value, fields, 'value').string() };
}

function readState(value: PlanValue): StateSpec {
  const fields = value.object(['name', 'kind', 'type', 'typeOf', 'value', 'mapKey', 'namespace', 'ttl', 'merge']);
  const kind = oneOf<BootstrapKind | OperatorKind>(fields.get('kind'), [...BOOTSTRAP_KINDS, ...OPERATOR_KINDS]);
  const mapKey = fields.get('mapKey');
  if (mapKey !== undefined && kind !== null && kind !== 'map' && kind !== 'broadcast') {
    throw mapKey.error('Only a map has keys of its own.');
  }
  if (isOperatorKind(kind)) {
    for (const name of ['namespace', 'ttl', 'merge']) {
      const given = fields.get(name);
      if (given !== undefined) throw given.error('Operator state has none.');
    }
  }
  return {
    name: need(value, fields, 'name').string(),
    kind,
    type: readType(value, fields, true),
    value: need(value, fields, 'value').string(),
    mapKey: mapKey?.string() ?? null,
    namespace: readNamespace(fields.get('namespace')),
    ttl: fields.get('ttl')?.string() ?? null,
    merge: readMerge(fields.get('merge')),
  };
}

function readTimer(value: PlanValue): TimerSpec {
  const fields = value.object(['service', 'domain', 'timestamp', 'namespace']);
  return {
    service: need(value, fields, 'service').string(),
    domain: oneOf<TimerSpec['domain']>(need(value, fields, 'domain'), ['event', 'processing']) ?? 'event',
    timestamp: need(value, fields, 'timestamp').string(),
    namespace: readNamespace(fields.get('namespace')),
  };
}

function readNamespace(value: PlanValue | undefined): NamespaceSpec | null {
  if (value === undefined) return null;
  if (value.isString) return { type: null, value: value.string() };
  const fields = value.object(['type', 'typeOf', 'value']);
  return { type: readType(value, fields, false), value: need(value, fields, 'value').string() };
}

function readType(value: PlanValue, fields: ReadonlyMap<string, PlanValue>, isOfState: boolean): TypeReference | null {
  const [words, of] = [fields.get('type'), fields.get('typeOf')];
  if (words !== undefined && of !== undefined) throw value.error('"type" and "typeOf" are both given.');
  if (words !== undefined) {
    const types = words.isString ? [words.string()] : words.array().map((word) => word.string());
    if (types.length < 1 || types.length > 2)
      throw words.error('Expected a type, or those of a map: ["string", "long"].');
    return { kind: 'words', types };
  }
  if (of === undefined) return null;
  const parts = of.object(['from', 'operator', 'state']);
  const state = isOfState ? need(of, parts, 'state') : parts.get('state');
  return {
    kind: 'of',
    from: parts.get('from')?.string() ?? null,
    operator: need(of, parts, 'operator').string(),
    state: state?.string() ?? null,
  };
}

function readMerge(value: PlanValue | undefined): MergeRule | null {
  if (value === undefined) return null;
  const text = value.string();
  const kind = MERGES.find((merge) => merge === text);
  return kind === undefined ? { kind: 'expression', expression: text } : { kind };
}

function readBadRowRule(value: PlanValue | undefined): BadRowRule {
  if (value === undefined) return { limit: 0 };
  if (!value.isString)
    return { limit: Number(need(value, value.object(['limit']), 'limit').integer(0n, MOST_BAD_ROWS)) };
  return { limit: oneOf(value, ['stop', 'skip'] as const) === 'skip' ? Number.POSITIVE_INFINITY : 0 };
}

function oneOf<T extends string>(value: PlanValue | undefined, known: readonly T[]): T | null {
  if (value === undefined) return null;
  const text = value.string();
  const found = known.find((name) => name === text);
  if (found === undefined) throw value.error(`Expected one of ${known.map((name) => `"${name}"`).join(', ')}.`);
  return found;
}
