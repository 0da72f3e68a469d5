import type { Json } from '../json/jsonValue';
import { MAX_MAX_PARALLELISM } from '../keyGroups';
import type { MetadataVersion } from '../metadata/model';
import type { EntrySelection, NewValue, OperatorName, Plan, PlanStep, StateReference } from './plan';
import { PlanText, type PlanValue } from './planText';

type WithoutPlace<S> = S extends PlanStep ? Omit<S, 'place'> : never;
type StepReader = (value: PlanValue) => WithoutPlace<PlanStep>;
const MAX_LONG = (1n << 63n) - 1n;
const SELECTION = ['key', 'namespace', 'mapKey', 'where'] as const;

const STEPS: Readonly<Record<string, StepReader>> = {
  removeOperator: (value) => ({ kind: 'removeOperator', operator: value.string() }),
  changeUid: (value) => {
    const { field, need } = fieldsOf(value, ['operator', 'uid', 'id']);
    const to = operatorName(value, field('uid'), field('id'));
    if (to === null) throw value.error('"uid" is missing (or "id").');
    return { kind: 'changeUid', operator: need('operator').string(), to };
  },
  copyOperator: (value) => {
    const { field, need } = fieldsOf(value, ['from', 'operator', 'uid', 'id']);
    const to = operatorName(value, field('uid'), field('id'));
    return { kind: 'copyOperator', from: need('from').string(), operator: need('operator').string(), to };
  },
  setCheckpointId: (value) => ({ kind: 'setCheckpointId', checkpointId: value.integer(0n, MAX_LONG) }),
  removeState: (value) => ({ kind: 'removeState', ...stateOf(fieldsOf(value, ['operator', 'state'])) }),
  renameState: (value) => {
    const fields = fieldsOf(value, ['operator', 'state', 'to']);
    return { kind: 'renameState', ...stateOf(fields), to: fields.need('to').string() };
  },
  put: (value) => {
    const fields = fieldsOf(value, ['operator', 'state', 'key', 'namespace', 'mapKey', 'value']);
    const { key, value: put } = { key: fields.need('key').json, value: fields.need('value').json };
    return { kind: 'put', ...stateOf(fields), ...jsonFields(fields, ['namespace', 'mapKey']), key, value: put };
  },
  delete: (value) => {
    const fields = fieldsOf(value, ['operator', 'state', ...SELECTION]);
    const selection = selectionOf(fields);
    if (Object.keys(selection).length === 0) {
      throw value.error(
        'It must say which entries: "key", "namespace", "mapKey" or "where".',
        'removeState removes all of a state.',
      );
    }
    return { kind: 'delete', ...stateOf(fields), ...selection };
  },
  update: (value) => {
    const fields = fieldsOf(value, ['operator', 'state', ...SELECTION, 'set']);
    return { kind: 'update', ...stateOf(fields), ...selectionOf(fields), set: newValue(fields.need('set')) };
  },
  rescale: (value) => {
    const { field } = fieldsOf(value, ['parallelism', 'maxParallelism', 'operators']);
    const count = (name: string) => {
      const found = field(name)?.integer(1n, BigInt(MAX_MAX_PARALLELISM));
      return found === undefined ? null : Number(found);
    };
    const [parallelism, maxParallelism] = [count('parallelism'), count('maxParallelism')];
    if (parallelism === null && maxParallelism === null)
      throw value.error('"parallelism" or "maxParallelism" is missing.');
    const operators =
      field('operators')
        ?.array()
        .map((item) => item.string()) ?? null;
    return { kind: 'rescale', parallelism, maxParallelism, operators };
  },
};

/**
 * Reads a plan file: JSON with comments, in the form of `media/savepoint-plan.schema.json`. Fails with `BAD_ARGUMENT` and the
 * line and column of the first thing that is not as it should be.
 */
export function readPlan(text: string, file: string): Plan {
  const { field, need } = fieldsOf(PlanText.parse(text, file), ['$schema', 'from', 'steps', 'metadataVersion']);
  const version = field('metadataVersion')?.integer(2n, 6n);
  return {
    from: need('from').string(),
    steps: need('steps').array().map(readStep),
    metadataVersion: version === undefined ? null : (Number(version) as MetadataVersion),
  };
}

function readStep(value: PlanValue): PlanStep {
  const [first, ...more] = value.object(Object.keys(STEPS));
  if (first === undefined || more.length > 0) {
    throw value.error('A step is an object with one field, whose name says what to do.');
  }
  const [name, content] = first;
  return { ...STEPS[name](content), place: value.place };
}

interface Fields {
  field(name: string): PlanValue | undefined;
  need(name: string): PlanValue;
}

function fieldsOf(value: PlanValue, allowed: readonly string[]): Fields {
  const fields = value.object(allowed);
  return {
    field: (name) => fields.get(name),
    need: (name) => {
      const found = fields.get(name);
      if (found === undefined) throw value.error(`"${name}" is missing.`);
      return found;
    },
  };
}

const stateOf = ({ need }: Fields): StateReference => ({
  operator: need('operator').string(),
  state: need('state').string(),
});

function jsonFields<N extends string>({ field }: Fields, names: readonly N[]): { [name in N]?: Json } {
  const found: { [name in N]?: Json } = {};
  for (const name of names) {
    const value = field(name);
    if (value !== undefined) found[name] = value.json;
  }
  return found;
}

function selectionOf(fields: Fields): EntrySelection {
  const where = fields.field('where')?.string();
  return { ...jsonFields(fields, ['key', 'namespace', 'mapKey']), ...(where !== undefined && { where }) };
}

function newValue(value: PlanValue): NewValue {
  if (value.isString) return { kind: 'whole', expression: value.string() };
  const { json } = value;
  if (!(json instanceof Map) || json.size === 0) {
    throw value.error('Expected an expression, or an object of fields with an expression each.');
  }
  return { kind: 'fields', expressions: [...json] };
}

function operatorName(value: PlanValue, uid: PlanValue | undefined, id: PlanValue | undefined): OperatorName | null {
  if (uid !== undefined && id !== undefined)
    throw value.error('"uid" and "id" are both given; the id follows from the uid.');
  if (uid !== undefined) return { uid: uid.string() };
  if (id === undefined) return null;
  const text = id.string();
  if (!/^[0-9a-f]{32}$/.test(text)) throw id.error('An operator id is 32 hex digits in lower case.');
  return { id: text };
}
