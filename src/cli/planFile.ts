import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { EngineError } from '../engine/bytes/engineError';
import { planPaths } from '../engine/plan/planPaths';
import { readPlan } from '../engine/plan/readPlan';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import type { GivenPlan } from './runPlan';

/** Larger files are no plans. */
const LARGEST = 64 * 1024 * 1024;

/** A plan from a file, with its text; what it names is found relative to the file. */
export async function loadPlan(file: string): Promise<GivenPlan> {
  const resolved = path.resolve(file);
  const bytes = await readFile(resolved).catch((e: NodeJS.ErrnoException) => {
    const code = e.code === 'ENOENT' ? 'FILE_NOT_FOUND' : e.code === 'EACCES' ? 'NO_PERMISSION' : 'IO';
    throw new EngineError(code, `The plan cannot be read: ${e.message}`, { file: resolved, cause: e });
  });
  if (bytes.length > LARGEST) throw new EngineError('LIMIT', 'The file is too large for a plan.', { file: resolved });
  const text = bytes.toString('utf8');
  const plan = readPlan(text, resolved);
  return { plan: planPaths(plan, path.dirname(resolved), nodeFileStore), text };
}
