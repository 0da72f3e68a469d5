import * as path from 'node:path';
import type { Json } from '../engine/json/jsonValue';
import { parseJson } from '../engine/json/parseJson';
import { outputOptions } from './apply';
import { parseArguments } from './arguments';
import type { Command } from './command';
import { fields, numberOption, optionName, optionPlan } from './optionPlan';
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

/** Where a step's field is not called as the option. */
const OPTIONS = {
  operators: '--operator',
  value: '--put',
  to: '--rename-state',
  hex: '--set-hex',
  base64: '--set-base64',
};

const planOf = (from: string, name: string, step: Json): GivenPlan =>
  optionPlan({ from: path.resolve(from), steps: [new Map([[name, step]])] }, OPTIONS);

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
  const { where, uid, id } = values;
  const ttl = timeOption(values.ttl);
  const raw = {
    what: values.what,
    name: values.name,
    partition: numberOption('--partition', values.partition),
    keyGroup: numberOption('--key-group', values['key-group']),
  };
  const entries = { ...state, ...parts, where };
  const put = { value: jsonOption('--put', values.put) };
  const set = values.set === undefined ? undefined : setOption(values.set);
  const bytes = { hex: values['set-hex'], base64: values['set-base64'] };
  const checkpointId = numberOption('--checkpoint-id', values['checkpoint-id']);
  const changes: readonly (Change | null)[] = [
    put.value === undefined ? null : change('put', 'put', { ...state, ...parts, ...put, ttl }),
    values['put-timer'] === true ? change('put-timer', 'put', { ...state, ...parts }) : null,
    values.delete === true ? change('delete', 'delete', entries) : null,
    set === undefined ? null : change('set', 'update', { ...entries, set }),
    bytes.hex === undefined ? null : change('set-hex', 'setBytes', { ...entries, ...raw, hex: bytes.hex }),
    bytes.base64 === undefined ? null : change('set-base64', 'setBytes', { ...entries, ...raw, base64: bytes.base64 }),
    values['remove-state'] === true ? change('remove-state', 'removeState', { ...state, state: values.state }) : null,
    values['rename-state'] === undefined
      ? null
      : change('rename-state', 'renameState', { ...state, to: values['rename-state'] }),
    uid === undefined ? null : change('uid', 'changeUid', { operator, uid }),
    id === undefined ? null : change('id', 'changeUid', { operator, id }),
    values['remove-operator'] !== true
      ? null
      : { ...change('remove-operator', 'removeOperator', { operator }), step: values.operator ?? [] },
    checkpointId === undefined
      ? null
      : { ...change('checkpoint-id', 'setCheckpointId', { operator }), step: checkpointId },
  ];
  const [only, ...more] = changes.filter((wanted) => wanted !== null);
  if (only === undefined || more.length > 0) {
    throw new UsageError(
      'modify makes one change: --put, --put-timer, --delete, --set, --set-hex, --set-base64, --remove-state, --rename-state, --uid, --id, --remove-operator or --checkpoint-id. For several, write a plan.',
    );
  }
  if (only.option === 'remove-operator' && operator === undefined) throw new UsageError('--operator is missing.');
  for (const [name, value] of fields({ ...entries, ...raw, ttl })) {
    if (value === undefined || only.takes.includes(name)) continue;
    throw new UsageError(`${optionName(name)} does not go with --${only.option}.`);
  }
  return runPlan(planOf(positionals[0], only.name, only.step), outputOptions(values), context);
};

/** A change, as the step of a plan. */
interface Change {
  /** The option that asks for it. */
  option: string;
  name: string;
  step: Json;
  /** Fields that say what it is about. */
  takes: readonly string[];
}

const change = (option: string, name: string, about: Record<string, Json | undefined>): Change => ({
  option,
  name,
  step: fields(about),
  takes: Object.keys(about),
});

const onlyOnce = (name: string, except: string): UsageError =>
  new UsageError(`${name} is given once; several times only with ${except}.`);

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
  const set = new Map<string, Json>();
  for (const [i, pair] of pairs.entries()) {
    if (pair === null) throw new UsageError(`--set takes FIELD=EXPRESSION, found '${given[i]}'.`);
    if (set.has(pair[1])) throw new UsageError(`--set gives ${pair[1]} twice.`);
    set.set(pair[1], pair[2]);
  }
  return set;
}
