import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { EngineError } from '../engine/bytes/engineError';
import type { Plan } from '../engine/plan/plan';
import { readPlan } from '../engine/plan/readPlan';

/** Larger files are no plans. */
const LARGEST = 64 * 1024 * 1024;

/** A plan from a file; what it names is found relative to the file. */
export async function loadPlan(file: string): Promise<Plan> {
  const resolved = path.resolve(file);
  const bytes = await readFile(resolved).catch((e: NodeJS.ErrnoException) => {
    const code = e.code === 'ENOENT' ? 'FILE_NOT_FOUND' : e.code === 'EACCES' ? 'NO_PERMISSION' : 'IO';
    throw new EngineError(code, `The plan cannot be read: ${e.message}`, { file: resolved, cause: e });
  });
  if (bytes.length > LARGEST) throw new EngineError('LIMIT', 'The file is too large for a plan.', { file: resolved });
  const plan = readPlan(bytes.toString('utf8'), resolved);
  const at = (from: string): string =>
    /^[a-z][a-z0-9+.-]*:\//i.test(from) ? from : path.resolve(path.dirname(resolved), from);
  return {
    ...plan,
    from: at(plan.from),
    steps: plan.steps.map((step) => (step.kind === 'copyOperator' ? { ...step, from: at(step.from) } : step)),
  };
}
