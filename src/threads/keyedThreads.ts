import type { MessagePort } from 'node:worker_threads';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { openPlacedFile } from '../engine/storage/nodePlacedFile';
import {
  type KeyedJob,
  type KeyedResult,
  type KeyedTask,
  type KeyedThreads,
  openKeyedWorker,
} from '../engine/write/keyed/keyedJob';
import { inThreads } from './inThreads';
import { isRowThread, type RowThreadData, rowThreads, runRowThread } from './rowThreads';
import { runInThread } from './runInThread';
import { threadsFor } from './sharesForThreads';
import { isWork } from './threadMessages';

/** Bytes are only moved: below, starting threads takes longer than they save. */
const BYTES_FOR_THREADS = 128 * 1024 * 1024;

/** What a thread for keyed state is started for. */
interface KeyedThreadData {
  readonly type: 'keyed';
  readonly job: KeyedJob;
}

interface Numbered<T> {
  readonly number: number;
  readonly of: T;
}

/** Does jobs over keyed state in threads of a bundle that calls `runKeyedThread` when it finds itself in one. */
export function keyedThreads(script: string): KeyedThreads {
  return {
    rows: rowThreads(script),
    count: (bytes) => (bytes < BYTES_FOR_THREADS ? 1 : threadsFor(bytes)),
    async run(job, tasks, count, signal, done) {
      const results: KeyedResult[] = new Array<KeyedResult>(tasks.length).fill(null);
      await inThreads<Numbered<KeyedTask>, Numbered<KeyedResult>>(
        { script, count, data: { type: 'keyed', job } satisfies KeyedThreadData },
        tasks.map((of, number) => ({ number, of })),
        ({ number, of }) => {
          results[number] = of;
          done?.(tasks[number]);
        },
        signal,
      );
      return results;
    },
  };
}

/** What a thread is started for: keyed state, or rows that become keyed state. */
export type KeyedWork = KeyedThreadData | RowThreadData;

export const isKeyedThread = isWork<KeyedWork>('keyed', 'encode', 'merge');

/** Runs in a thread of `keyedThreads`. */
export async function runKeyedThread(port: MessagePort, work: KeyedWork): Promise<void> {
  if (isRowThread(work)) return runRowThread(port, work);
  const { job } = work;
  await runInThread<Numbered<KeyedTask>, Numbered<KeyedResult>>(port, async (send) => {
    const { worker, close } = await openKeyedWorker(job, nodeFileStore, openPlacedFile);
    return {
      async do({ number, of }) {
        send({ number, of: await worker.do(of) });
      },
      close,
    };
  });
}
