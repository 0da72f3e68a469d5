import * as path from 'node:path';
import type { Json } from '../engine/json/jsonValue';
import { parseJson } from '../engine/json/parseJson';
import { printJson } from '../engine/json/printJson';
import { readPlan } from '../engine/plan/readPlan';
import { outputOptions } from './apply';
import { parseArguments } from './arguments';
import type { Command } from './command';
import { type GivenPlan, runPlan } from './runPlan';
import { UsageError } from './usage';

const OUTPUT = { out: { type: 'string' }, 'dry-run': { type: 'boolean' }, json: { type: 'boolean' } } as const;
const text = { type: 'string' } as const;

/** `rescale PATH --out DIR [--parallelism N] [--max-parallelism N] [--operator X ...]`. */
export const rescale: Command = async (args, context) => {
  const { values, positionals } = parseArguments(
    args,
    { ...OUTPUT, parallelism: text, 'max-parallelism': text, operator: { type: 'string', multiple: true } },
    ['PATH'],
  );
  const step = fields({
    parallelism: numberOption('--parallelism', values.parallelism),
    maxParallelism: numberOption('--max-parallelism', values['max-parallelism']),
    operators: values.operator,
  });
  return runPlan(planOf(positionals[0], 'rescale', step), outputOptions(values), context);
};

const names = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean' } as const;

/**
 * `modify PATH --out DIR` and one of the changes below: the common single step, as a plan of that one step. What it needs is
 * checked as a plan is.
 */
export const modify: Command = async (args, context) => {
  const { values, positionals } = parseArguments(
    args,
    {
      ...OUTPUT,
      operator: names,
      state: names,
      of: text,
      key: text,
      namespace: text,
      'map-key': text,
      timestamp: text,
      subtask: text,
      index: text,
      where: text,
      ttl: text,
      put: text,
      'put-timer': flag,
      delete: flag,
      set: { type: 'string', multiple: true },
      'set-hex': text,
      'set-base64': text,
      what: text,
      name: text,
      partition: text,
      'key-group': text,
      'remove-state': flag,
      'rename-state': text,
      'remove-operator': flag,
      uid: text,
      id: text,
      'checkpoint-id': text,
    },
    ['PATH'],
  );
  const [operator, ...moreOperators] = values.operator ?? [];
  const [stateName, ...moreStates] = values.state ?? [];
  if (moreOperators.length > 0 && values['remove-operator'] !== true) throw onlyOnce('--operator', '--remove-operator');
  if (moreStates.length > 0 && values['remove-state'] !== true) throw onlyOnce('--state', '--remove-state');
  const state = { operator, state: stateName, of: values.of };
  const parts = {
    key: jsonOption('--key', values.key),
    namespace: jsonOption('--namespace', values.namespace),
    mapKey: jsonOption('--map-key', values['map-key']),
    timestamp: timeOption(values.timestamp),
    subtask: numberOption('--subtask', values.subtask),
    index: numberOption('--index', values.index),
  };
  const entries = { ...state, ...parts, where: values.where };
  const bytes = { hex: values['set-hex'], base64: values['set-base64'] };
  const raw = {
    what: values.what,
    name: values.name,
    partition: numberOption('--partition', values.partition),
    keyGroup: numberOption('--key-group', values['key-group']),
  };
  const steps: (readonly [string, Json])[] = [];
  const add = (isWanted: boolean, name: string, step: () => Json): void => {
    if (isWanted) steps.push([name, step()]);
  };
  const ttl = timeOption(values.ttl);
  add(values.put !== undefined, 'put', () =>
    fields({ ...state, ...parts, value: jsonOption('--put', values.put), ttl }),
  );
  add(values['put-timer'] === true, 'put', () => fields({ ...state, ...parts }));
  add(values.delete === true, 'delete', () => fields(entries));
  add(values.set !== undefined, 'update', () => fields({ ...entries, set: setOption(values.set ?? []) }));
  add((bytes.hex ?? bytes.base64) !== undefined, 'setBytes', () => fields({ ...entries, ...raw, ...bytes }));
  add(values['remove-state'] === true, 'removeState', () => fields({ ...state, state: values.state }));
  add(values['rename-state'] !== undefined, 'renameState', () => fields({ ...state, to: values['rename-state'] }));
  add((values.uid ?? values.id) !== undefined, 'changeUid', () => fields({ operator, uid: values.uid, id: values.id }));
  add(values['remove-operator'] === true, 'removeOperator', () => values.operator ?? []);
  const checkpointId = numberOption('--checkpoint-id', values['checkpoint-id']);
  add(checkpointId !== undefined, 'setCheckpointId', () => checkpointId ?? null);
  const [step, ...more] = steps;
  if (step === undefined || more.length > 0) {
    throw new UsageError(
      'modify makes one change: --put, --put-timer, --delete, --set, --set-hex, --set-base64, --remove-state, --rename-state, --uid, --id, --remove-operator or --checkpoint-id. For several, write a plan.',
    );
  }
  return runPlan(planOf(positionals[0], ...step), outputOptions(values), context);
};

const onlyOnce = (name: string, except: string): UsageError =>
  new UsageError(`${name} is given once; several times only with ${except}.`);

/** The plan of one step, read as a plan file is, so that options are checked by the same rules. */
function planOf(from: string, name: string, step: Json): GivenPlan {
  const text = printJson(fields({ from: path.resolve(from), steps: [new Map([[name, step]])] }));
  return { plan: readPlan(text, 'the command line'), text };
}

function fields(all: Record<string, Json | undefined>): Map<string, Json> {
  const given = new Map<string, Json>();
  for (const [name, value] of Object.entries(all)) if (value !== undefined) given.set(name, value);
  return given;
}

function jsonOption(name: string, given: string | undefined): Json | undefined {
  if (given === undefined) return undefined;
  try {
    return parseJson(given);
  } catch (e) {
    throw new UsageError(
      `${name} takes JSON, for a string with its quotes: ${name} '"user-1"'. ${e instanceof Error ? e.message : e}`,
    );
  }
}

function numberOption(name: string, given: string | undefined): Json | undefined {
  if (given === undefined) return undefined;
  if (!/^\d{1,19}$/.test(given)) throw new UsageError(`${name} takes a whole number, found '${given}'.`);
  return BigInt(given);
}

/** Milliseconds, or an instant as text. */
function timeOption(given: string | undefined): Json | undefined {
  return given !== undefined && /^-?\d{1,19}$/.test(given) ? BigInt(given) : given;
}

const NAME = String.raw`[\p{L}_$][\p{L}\p{N}_$]*`;
const INDEX = String.raw`\[(?:\d+|"(?:[^"\\]|\\.)*")\]`;
const FIELD_AND_EXPRESSION = new RegExp(`^((?:${NAME}|${INDEX})(?:\\.(?:${NAME}|\\d+)|${INDEX})*)=(?!=)(.*)$`, 'su');

/** `FIELD=EXPRESSION`, as often as wanted, or one expression for the whole value. */
function setOption(given: readonly string[]): Json {
  const pairs = given.map((item) => FIELD_AND_EXPRESSION.exec(item));
  if (given.length === 1 && pairs[0] === null) return given[0];
  return new Map(
    pairs.map((pair, i) => {
      if (pair === null) throw new UsageError(`--set takes FIELD=EXPRESSION, found '${given[i]}'.`);
      return [pair[1], pair[2]];
    }),
  );
}
