import * as path from 'node:path';
import { SKIP_IN_PLAN } from '../engine/bootstrap/badRows';
import { inferColumns } from '../engine/bootstrap/data/inferColumns';
import { openData } from '../engine/bootstrap/data/openData';
import { EngineError } from '../engine/bytes/engineError';
import type { Json } from '../engine/json/jsonValue';
import { printJson } from '../engine/json/printJson';
import { readPlan } from '../engine/plan/readPlan';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { outputOptions } from './apply';
import { parseArguments } from './arguments';
import type { Command, CommandContext } from './command';
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
      key: fields({ type: values['key-type'], value: needed('--key', values.key) }),
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
  try {
    return await runPlan(plan, outputOptions(values), context);
  } catch (e) {
    throw inOptions(e);
  }
};

const SKIP_IN_OPTIONS = 'Say --on-bad-row skip to leave such rows out, or --on-bad-row N to leave out at most N.';

/** An error whose hint names the option where it named the field of a plan. */
function inOptions(e: unknown): unknown {
  if (!(e instanceof EngineError) || e.hint?.includes(SKIP_IN_PLAN) !== true) return e;
  const { code, message, file, where, offset, hint } = e;
  return new EngineError(code, message, { file, where, offset, hint: hint.replace(SKIP_IN_PLAN, SKIP_IN_OPTIONS) });
}

function operatorOption(values: {
  uid?: string | undefined;
  operator?: string | undefined;
  parallelism?: string | undefined;
  'max-parallelism'?: string | undefined;
}): Json {
  const { uid, operator } = values;
  if (operator !== undefined && uid === undefined) return operator;
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

/** The plan of one step, read as a plan file is, so that options are checked by the same rules. */
function planOf(from: string | undefined, metadataVersion: Json | undefined, step: Json): GivenPlan {
  const plan = fields({
    from: from === undefined ? undefined : path.resolve(from),
    metadataVersion,
    steps: [new Map([['bootstrap', step]])],
  });
  const words = printJson(plan);
  return { plan: readPlan(words, 'the command line'), text: words };
}

function fields(all: Record<string, Json | undefined>): Map<string, Json> {
  const given = new Map<string, Json>();
  for (const [name, value] of Object.entries(all)) if (value !== undefined) given.set(name, value);
  return given;
}

function needed(name: string, given: string | undefined): string {
  if (given === undefined)
    throw new UsageError(`${name} is missing: an expression over the row, for example row.user_id.`);
  return given;
}

function numberOption(name: string, given: string | undefined): Json | undefined {
  if (given === undefined) return undefined;
  if (!/^\d{1,9}$/.test(given)) throw new UsageError(`${name} takes a whole number, found '${given}'.`);
  return BigInt(given);
}

function badRowOption(given: string | undefined): Json | undefined {
  if (given === undefined || given === 'stop' || given === 'skip') return given;
  return fields({ limit: numberOption('--on-bad-row', given) });
}
