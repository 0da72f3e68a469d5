import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { EngineError } from '../../engine/bytes/engineError';
import { statePieces, totalBytes } from '../../engine/metadata/handles';
import { sharesOf } from '../../engine/shares';
import type { Snapshot } from '../../engine/snapshot';
import type { FromThread, ShareResult, Task, ToThread } from './messages';

/** Two threads keep the memory of a whole reading small. */
const MOST_THREADS = 2;
/** Below, starting threads takes longer than they save. */
const BYTES_FOR_THREADS = 16 * 1024 * 1024;
/** Entries live for a moment only: more room for the young takes memory, and saves no time. */
const YOUNG_MB = 24;
/** Shares for each thread, so that none waits long for the others at the end. */
const SHARES_FOR_EACH = 8;

/** Threads that are worth their start for reading the whole of a snapshot. */
export function threadsFor(snapshot: Snapshot): number {
  const bytes = totalBytes([...statePieces(snapshot.metadata)].map(({ at }) => at));
  return bytes < BYTES_FOR_THREADS ? 1 : Math.min(availableParallelism(), MOST_THREADS);
}

/**
 * Does a task in `count` threads, which take one share of the snapshot after the other. Results of different shares come as
 * they are ready; one is received at a time. This bundle is the threads' too: it calls `runShareThread` in them.
 */
export async function inThreads(
  count: number,
  snapshot: Snapshot,
  task: Task,
  receive: (result: ShareResult) => void | Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const shares = sharesOf(snapshot, count * SHARES_FOR_EACH);
  const threads: Worker[] = [];
  const done = new AbortController();
  try {
    await new Promise<void>((resolve, reject) => {
      const cancel = (): void => reject(new EngineError('CANCELLED', 'Cancelled.'));
      if (signal.aborted) cancel();
      signal.addEventListener('abort', cancel, { signal: done.signal });
      let running = count;
      let receiving: Promise<void> = Promise.resolve();
      const take = async (result: ShareResult, thread: Worker): Promise<void> => {
        await receive(result);
        if (result.type !== 'lines') return;
        const { buffer } = result.bytes;
        thread.postMessage({ type: 'written', buffer } satisfies ToThread, [buffer]);
      };
      for (let i = 0; i < count; i++) {
        const thread = new Worker(__filename, {
          workerData: task,
          resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
        });
        threads.push(thread);
        thread.on('message', (message: FromThread) => {
          if (message.type === 'ready') {
            thread.postMessage({ type: 'share', share: shares.shift() ?? null } satisfies ToThread);
          } else if (message.type === 'broken') {
            reject(new EngineError(message.error.code, message.error.message, message.error));
          } else {
            receiving = receiving.then(() => take(message, thread));
            receiving.catch(reject);
          }
        });
        thread.on('error', reject);
        thread.on('exit', () => {
          if (--running === 0) receiving.then(resolve, reject);
        });
      }
    });
  } finally {
    done.abort();
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}
