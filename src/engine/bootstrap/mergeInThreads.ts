import { addSums, type StateTally } from '../write/tally';
import { InOrder } from './inOrder';
import { noTallies } from './keyGroupBlock';
import type { NewFiles } from './newFiles';
import type { RowRuns } from './rowRuns';
import type { KeyGroupTask, MergedKeyGroups, MergeJob, RowThreads } from './rowThreads';

/** What was put together: entries of each key group, and what each state holds by its number. */
export interface MergedRows {
  entries: Float64Array;
  tallies: readonly StateTally[];
}

/**
 * Puts the entries of rows together in threads, key group by key group, and writes these in their order. Null where there are
 * too few for threads to be worth their start, or too many in one key group (more than `largest` bytes); then nothing is done.
 */
export async function mergeInThreads(
  threads: RowThreads,
  rows: RowRuns,
  lists: ReadonlySet<number>,
  files: NewFiles,
  largest: number,
  signal: AbortSignal | undefined,
): Promise<MergedRows | null> {
  const { shape } = rows;
  if (rows.files().length === 0) return null;
  const sizes = rows.sizes();
  const count = threads.count(sizes.reduce((sum, size) => sum + size, 0));
  if (count < 2 || sizes.some((size) => size > largest)) return null;
  await rows.spill();
  const job: MergeJob = { shape, files: rows.files(), lists: [...lists] };
  const merged: MergedRows = { entries: new Float64Array(shape.keyGroups), tallies: noTallies(shape.states) };
  const inOrder = new InOrder<MergedKeyGroups>(async ({ blocks, bytes, tallies }) => {
    let at = 0;
    for (const { keyGroup, length, count: entries } of blocks) {
      await files.write(keyGroup, bytes.subarray(at, at + length));
      merged.entries[keyGroup] = entries;
      at += length;
    }
    for (const [id, tally] of tallies.entries()) addSums(merged.tallies[id], tally);
  });
  await threads.merge(job, tasksOf(sizes, threads.taskBytes), count, (result) => inOrder.take(result), signal);
  return merged;
}

/** Stretches of key groups of about so many bytes. */
function tasksOf(sizes: Float64Array, taskBytes: number): KeyGroupTask[] {
  const tasks: KeyGroupTask[] = [];
  let first = 0;
  let bytes = 0;
  for (const [keyGroup, size] of sizes.entries()) {
    bytes += size;
    if (bytes < taskBytes && keyGroup < sizes.length - 1) continue;
    tasks.push({ first, last: keyGroup });
    first = keyGroup + 1;
    bytes = 0;
  }
  return tasks;
}
