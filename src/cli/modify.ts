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

/**
 * `modify PATH --out DIR` and one of the changes below: the common single step, as a plan of that one step. What it needs is
 * checked as a plan is.
 */
export const modify: Command = async (args, context) => {
  const { values, positionals } = parseArguments(
    args,
    {
      ...OUTPUT,
      operator: text,
      state: text,
      key: text,
      namespace: text,
      'map-key': text,
      where: text,
      put: text,
      delete: { type: 'boolean' },
      set: { type: 'string', multiple: true },
      'remove-state': { type: 'boolean' },
      'rename-state': text,
      'remove-operator': { type: 'boolean' },
      uid: text,
    },
    ['PATH'],
  );
  const { operator, state, where } = values;
  const entry = {
    key: jsonOption('--key', values.key),
    namespace: jsonOption('--namespace', values.namespace),
    mapKey: jsonOption('--map-key', values['map-key']),
  };
  const steps: (readonly [string, Json])[] = [];
  if (values.put !== undefined) {
    steps.push(['put', fields({ operator, state, ...entry, value: jsonOption('--put', values.put) })]);
  }
  if (values.delete === true) steps.push(['delete', fields({ operator, state, ...entry, where })]);
  if (values.set !== undefined) {
    steps.push(['update', fields({ operator, state, ...entry, where, set: setOption(values.set) })]);
  }
  if (values['remove-state'] === true) steps.push(['removeState', fields({ operator, state })]);
  if (values['rename-state'] !== undefined) {
    steps.push(['renameState', fields({ operator, state, to: values['rename-state'] })]);
  }
  if (values.uid !== undefined) steps.push(['changeUid', fields({ operator, uid: values.uid })]);
  if (values['remove-operator'] === true && operator !== undefined) steps.push(['removeOperator', operator]);
  const [step, ...more] = steps;
  if (step === undefined || more.length > 0) {
    throw new UsageError(
      'modify makes one change: --put, --delete, --set, --remove-state, --rename-state, --uid or --remove-operator (with --operator). For several, write a plan.',
    );
  }
  return runPlan(planOf(positionals[0], ...step), outputOptions(values), context);
};

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
  if (!/^\d{1,9}$/.test(given)) throw new UsageError(`${name} takes a whole number, found '${given}'.`);
  return BigInt(given);
}

/** `FIELD=EXPRESSION`, as often as wanted, or one expression for the whole value. */
function setOption(given: readonly string[]): Json {
  const pairs = given.map((item) => /^([\p{L}_$][\p{L}\p{N}_$.]*)=(?!=)(.*)$/su.exec(item));
  if (given.length === 1 && pairs[0] === null) return given[0];
  return new Map(
    pairs.map((pair, i) => {
      if (pair === null) throw new UsageError(`--set takes FIELD=EXPRESSION, found '${given[i]}'.`);
      return [pair[1], pair[2]];
    }),
  );
}
