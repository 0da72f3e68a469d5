import * as path from 'node:path';
import { SKIP_IN_PLAN } from '../engine/bootstrap/badRows';
import { inferColumns } from '../engine/bootstrap/data/inferColumns';
import { openData } from '../engine/bootstrap/data/openData';
import { EngineError } from '../engine/bytes/engineError';
import type { Json } from '../engine/json/jsonValue';
import { printJson } from '../engine/json/printJson';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { outputOptions } from './apply';
import { parseArguments } from './arguments';
import type { Command, CommandContext } from './command';
import { fields, numberOption, optionPlan } from './optionPlan';
import { printable } from './printable';
import { columnJson, columnLines } from './rowsReport';
import { type GivenPlan, runPlan } from './runPlan';
import { UsageError } from './usage';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

const OPTIONS = {
  out: text,
  'dry-run': flag,
  json: flag,
  from: text,
  'metadata-version': text,
  uid: text,
  operator: text,
  parallelism: text,
  'max-parallelism': text,
  format: text,
  delimiter: text,
  'no-header': flag,
  where: text,
  key: text,
  'key-type': text,
  state: text,
  kind: text,
  type: { type: 'string', multiple: true },
  value: text,
  'map-key': text,
  ttl: text,
  merge: text,
  'on-bad-row': text,
} as const;

/**
 * `bootstrap DATA --out DIR`: state made of the rows of a file, for one state of one operator, as a plan of that one step. With
 * `--dry-run` and without a state it says what columns the file has.
 */
export const bootstrap: Command = async (args, context) => {
  try {
    return await bootstrapped(args, context);
  } catch (e) {
    throw hintedInOptions(e);
  }
};

const bootstrapped: Command = async (args, context) => {
  const { values, positionals } = parseArguments(args, OPTIONS, ['DATA']);
  const file = path.resolve(positionals[0]);
  const data = fields({
    file,
    format: values.format,
    delimiter: values.delimiter === '\\t' ? '\t' : values.delimiter,
    header: values['no-header'] === true ? false : undefined,
  });
  if (values.state === undefined) {
    if (values['dry-run'] !== true)
      throw new UsageError('--state is missing: the name of the state. For timers, write a plan.');
    return showColumns(data, values.json === true, context);
  }
  const plan = planOf(
    values.from,
    numberOption('--metadata-version', values['metadata-version']),
    fields({
      operator: operatorOption(values),
      data,
      where: values.where,
      key: keyOption(values),
      states: [
        fields({
          name: values.state,
          kind: values.kind,
          type: values.type?.length === 1 ? values.type[0] : values.type,
          value: needed('--value', values.value),
          mapKey: values['map-key'],
          ttl: values.ttl,
        }),
      ],
      merge: values.merge,
      onBadRow: badRowOption(values['on-bad-row']),
    }),
  );
  return runPlan(plan, outputOptions(values), context);
};

/** What hints say of plans, and of options. */
const HINTS: readonly (readonly [string, string])[] = [
  [SKIP_IN_PLAN, 'Say --on-bad-row skip to leave such rows out, or --on-bad-row N to leave out at most N.'],
  ['unless "header" is false', 'unless --no-header is given'],
  ['Say "format": ', 'Say --format '],
];

/** An error whose hint names the option where it named the field of a plan. */
function hintedInOptions(e: unknown): unknown {
  if (!(e instanceof EngineError)) return e;
  const { code, message, file, where, offset, hint } = e;
  const [plan, options] = HINTS.find(([words]) => hint?.includes(words)) ?? [];
  if (plan === undefined || options === undefined) return e;
  return new EngineError(code, message, { file, where, offset, hint: hint?.replace(plan, options) });
}

function operatorOption(values: {
  uid?: string | undefined;
  operator?: string | undefined;
  parallelism?: string | undefined;
  'max-parallelism'?: string | undefined;
}): Json {
  const { uid, operator } = values;
  if (operator !== undefined && uid === undefined) {
    for (const name of ['parallelism', 'max-parallelism'] as const) {
      if (values[name] !== undefined)
        throw new UsageError(`--${name} goes with --uid; --operator is one that is there.`);
    }
    return operator;
  }
  if (uid === undefined || operator !== undefined) {
    throw new UsageError(
      'Say which operator: --uid of a new one or of one that is there, or --operator of one that is there.',
    );
  }
  return fields({
    uid,
    parallelism: numberOption('--parallelism', values.parallelism),
    maxParallelism: numberOption('--max-parallelism', values['max-parallelism']),
  });
}

async function showColumns(data: Map<string, Json>, json: boolean, context: CommandContext): Promise<number> {
  const step = fields({ operator: '-', data, key: '-', states: [fields({ name: '-', value: '-' })] });
  const [read] = planOf(undefined, undefined, step).plan.steps;
  if (read?.kind !== 'bootstrap') throw new EngineError('INTERNAL', 'Internal error: the step is another one.');
  const places = {
    store: nodeFileStore,
    snapshot: () => Promise.reject(new EngineError('INTERNAL', 'Internal error.')),
  };
  const source = await openData(read.data, places, context.signal);
  try {
    const { columns, rows, bad } = await inferColumns(source, context.signal);
    if (json) await context.out(`${printJson(fields({ columns: columns.map(columnJson), rows: BigInt(rows) }))}\n`);
    else await context.out(`${columnLines(columns, rows).map(printable).join('\n')}\n`);
    for (const { where, message } of bad.slice(0, 20)) context.err(`${printable(`${where ?? ''}: ${message}`)}\n`);
    return 0;
  } finally {
    await source.close();
  }
}

/** Where a field of the step is not called as the option. */
const NAMES = {
  data: 'DATA',
  'data / format': '--format',
  'data / delimiter': '--delimiter',
  'operator / uid': '--uid',
  'operator / parallelism': '--parallelism',
  'operator / maxParallelism': '--max-parallelism',
  'key / value': '--key',
  'key / type': '--key-type',
  'states / [0] / name': '--state',
  'states / [0] / kind': '--kind',
  'states / [0] / type': '--type',
  'states / [0] / value': '--value',
  'states / [0] / mapKey': '--map-key',
  'states / [0] / ttl': '--ttl',
  'states / [0] / merge': '--merge',
  'onBadRow / limit': '--on-bad-row',
};

const planOf = (from: string | undefined, metadataVersion: Json | undefined, step: Json): GivenPlan =>
  optionPlan(
    {
      from: from === undefined ? undefined : path.resolve(from),
      metadataVersion,
      steps: [new Map([['bootstrap', step]])],
    },
    NAMES,
  );

function needed(name: string, given: string | undefined): string {
  if (given === undefined)
    throw new UsageError(`${name} is missing: an expression over the row, for example row.user_id.`);
  return given;
}

/** Operator state has no keys. */
function keyOption(values: {
  key?: string | undefined;
  'key-type'?: string | undefined;
  kind?: string | undefined;
}): Json | undefined {
  const { key, 'key-type': type, kind } = values;
  if (key === undefined && type === undefined && kind !== undefined && OPERATOR_STATE.has(kind)) return undefined;
  return fields({ type, value: needed('--key', key) });
}

const OPERATOR_STATE: ReadonlySet<string> = new Set(['operator-list', 'operator-union', 'broadcast']);

function badRowOption(given: string | undefined): Json | undefined {
  if (given === undefined || given === 'stop' || given === 'skip') return given;
  return fields({ limit: numberOption('--on-bad-row', given) });
}
