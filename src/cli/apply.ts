import { parseArguments } from './arguments';
import type { Command } from './command';
import { loadPlan } from './planFile';
import { runPlan } from './runPlan';
import { UsageError } from './usage';

/** `apply PLAN --out DIR [--dry-run] [--json]`: what a plan says, into a new folder. */
export const apply: Command = async (args, context) => {
  const { values, positionals } = parseArguments(
    args,
    { out: { type: 'string' }, 'dry-run': { type: 'boolean' }, json: { type: 'boolean' } },
    ['PLAN'],
  );
  return runPlan(await loadPlan(positionals[0]), outputOptions(values), context);
};

/** `plan check PLAN [--json]`: everything but the writing. */
export const plan: Command = async (args, context) => {
  const { values, positionals } = parseArguments(args, { json: { type: 'boolean' } }, ['check', 'PLAN']);
  if (positionals[0] !== 'check')
    throw new UsageError(`There is no command 'plan ${positionals[0]}', but 'plan check'.`);
  return runPlan(await loadPlan(positionals[1]), { out: null, json: values.json === true }, context);
};

/** `--out`, `--dry-run` and `--json` of every command that writes by a plan. */
export function outputOptions(values: {
  out?: string | undefined;
  'dry-run'?: boolean | undefined;
  json?: boolean | undefined;
}): { out: string | null; json: boolean } {
  if (values['dry-run'] === true) return { out: null, json: values.json === true };
  // An empty one, of a variable that is not set, say, would be the current folder.
  if (values.out === undefined || values.out === '')
    throw new UsageError('--out is missing: the new folder to write to (or --dry-run).');
  return { out: values.out, json: values.json === true };
}
