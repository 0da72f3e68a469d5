import { Worker } from 'node:worker_threads';
import { EngineError } from '../engine/bytes/engineError';
import type { FromThread, ToThread } from './threadMessages';

/** Entries live for a moment only. Half of it costs a scan a tenth of its time more; twice of it saves next to none. */
const YOUNG_MB = 12;

export interface Threads {
  /** A bundle that calls `runInThread` when it finds itself in a thread. */
  readonly script: string;
  readonly count: number;
  /** What the threads are for, as `workerData`: plain data. */
  readonly data: unknown;
  /** Room for what is young, in MB, where it lives for longer than a moment. */
  readonly youngMb?: number;
}

/** Sends an answer to the thread that a result is from. */
export type Reply<Answer> = (answer: Answer, transfer?: readonly ArrayBuffer[]) => void;

/**
 * Has items done by threads: each takes the next one as soon as it is done with the last. Results come as they are ready, and
 * are received one after the other. Ends when all items are done; the first error, in a thread or in `receive`, ends all of
 * them.
 */
export async function inThreads<Item, Result, Answer = never>(
  { script, count, data, youngMb = YOUNG_MB }: Threads,
  items: readonly Item[],
  receive: (result: Result, reply: Reply<Answer>) => void | Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const left = [...items];
  const threads: Worker[] = [];
  const done = new AbortController();
  try {
    await new Promise<void>((resolve, reject) => {
      const cancel = (): void => reject(new EngineError('CANCELLED', 'Cancelled.'));
      if (signal?.aborted) return cancel();
      signal?.addEventListener('abort', cancel, { signal: done.signal });
      let running = count;
      let receiving: Promise<void> = Promise.resolve();
      for (let i = 0; i < count; i++) {
        const thread = new Worker(script, {
          workerData: data,
          resourceLimits: { maxYoungGenerationSizeMb: youngMb },
        });
        threads.push(thread);
        const post = (message: ToThread<Item, Answer>, transfer: readonly ArrayBuffer[] = []): void =>
          thread.postMessage(message, transfer);
        const reply: Reply<Answer> = (answer, transfer) => post({ type: 'answer', answer }, transfer);
        thread.on('message', (message: FromThread<Result>) => {
          if (message.type === 'ready') post({ type: 'item', item: left.shift() ?? null });
          else if (message.type === 'broken') {
            reject(new EngineError(message.error.code, message.error.message, message.error));
          } else {
            receiving = receiving.then(() => receive(message.result, reply));
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
