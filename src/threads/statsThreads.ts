import type { MessagePort } from 'node:worker_threads';
import type { Share } from '../engine/shares';
import { openSnapshot } from '../engine/snapshot';
import { countShare, type ShareCount } from '../engine/stats/countShare';
import { CountingStore } from '../engine/storage/countingStore';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { inThreads } from './inThreads';
import { runInThread } from './runInThread';
import { isWork } from './threadMessages';

/** What a thread is started for: to count the entries of shares. */
export interface StatsWork {
  readonly type: 'stats';
  readonly path: string;
  /** What is counted of a share until now is told so often, in milliseconds; null where only the end counts. */
  readonly growEvery: number | null;
}

/** A share with its place in the list of all. */
export interface NumberedShare {
  readonly number: number;
  readonly share: Share;
}

/** What was counted of a share until now. */
export interface CountedShare {
  readonly number: number;
  readonly counted: ShareCount;
  readonly isDone: boolean;
  /** Bytes that the thread read since it told the last time. */
  readonly read: number;
}

/** Counts shares of a snapshot in threads of a bundle that calls `runStatsThread` when it finds itself in one. */
export function countInThreads(
  { script, count, ...work }: Omit<StatsWork, 'type'> & { readonly script: string; readonly count: number },
  shares: readonly NumberedShare[],
  receive: (counted: CountedShare) => void | Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const data: StatsWork = { type: 'stats', ...work };
  return inThreads<NumberedShare, CountedShare>({ script, count, data }, shares, receive, signal);
}

export const isStatsThread = isWork<StatsWork>('stats');

/** Runs in a thread of `countInThreads`. */
export function runStatsThread(port: MessagePort, { path, growEvery }: StatsWork): Promise<void> {
  return runInThread<NumberedShare, CountedShare>(port, async (send) => {
    const store = new CountingStore(nodeFileStore);
    const snapshot = await openSnapshot(path, store);
    let told = 0;
    const tell = (number: number, counted: ShareCount, isDone: boolean): void => {
      send({ number, counted, isDone, read: store.bytesRead - told });
      told = store.bytesRead;
    };
    return {
      async do({ number, share }) {
        let last = performance.now();
        const onBatch = (soFar: () => ShareCount): void => {
          if (growEvery === null || performance.now() - last < growEvery) return;
          tell(number, soFar(), false);
          last = performance.now();
        };
        tell(number, await countShare(snapshot, share, { onBatch }), true);
      },
      close: () => snapshot.close(),
    };
  });
}
