import type { Share } from '../../engine/shares';
import type { Snapshot } from '../../engine/snapshot';
import { inThreads, type Reply } from '../../threads/inThreads';
import { sharesForThreads } from '../../threads/sharesForThreads';
import type { ShareResult, Task } from './messages';

/**
 * Does a task for the whole of a snapshot in `count` threads. Results of different shares come as they are ready. The bundle
 * of the command line is the threads' too.
 */
export function taskInThreads(
  count: number,
  snapshot: Snapshot,
  task: Task,
  receive: (result: ShareResult, reply: Reply<ArrayBuffer>) => void | Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const threads = { script: __filename, count, data: task };
  return inThreads<Share, ShareResult, ArrayBuffer>(threads, sharesForThreads(snapshot, count), receive, signal);
}
