import type { MessagePort } from 'node:worker_threads';
import { type CheckedEntries, checkEntries } from '../engine/query/checkEntries';
import type { Share } from '../engine/shares';
import type { Snapshot } from '../engine/snapshot';
import { openSnapshot } from '../engine/snapshot';
import { CountingStore } from '../engine/storage/countingStore';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { inThreads } from './inThreads';
import { runInThread } from './runInThread';
import { sharesForThreads } from './sharesForThreads';
import { isWork } from './threadMessages';

/** What a thread is started for: to read and check the entries of shares. */
export interface VerifyWork {
  readonly type: 'verify';
  readonly path: string;
  /** How far it is is told so often, in milliseconds; null where only the end counts. */
  readonly tellEvery: number | null;
}

/** What was read since it was told the last time. */
export interface CheckProgress {
  readonly entries: number;
  readonly bytesRead: number;
}

interface CheckedPart extends CheckProgress {
  /** Null in the middle of a share. */
  readonly checked: CheckedEntries | null;
}

/** Checks all entries of a snapshot in threads of a bundle that calls `runVerifyThread` when it finds itself in one. */
export async function checkInThreads(
  { script, count, ...work }: Omit<VerifyWork, 'type'> & { readonly script: string; readonly count: number },
  snapshot: Snapshot,
  progress: (news: CheckProgress) => void,
  signal?: AbortSignal,
): Promise<CheckedEntries[]> {
  const all: CheckedEntries[] = [];
  const data: VerifyWork = { type: 'verify', ...work };
  const receive = ({ checked, ...news }: CheckedPart): void => {
    if (checked !== null) all.push(checked);
    progress(news);
  };
  await inThreads<Share, CheckedPart>({ script, count, data }, sharesForThreads(snapshot, count), receive, signal);
  return all;
}

export const isVerifyThread = isWork<VerifyWork>('verify');

/** Runs in a thread of `checkInThreads`. */
export function runVerifyThread(port: MessagePort, { path, tellEvery }: VerifyWork): Promise<void> {
  return runInThread<Share, CheckedPart>(port, async (send) => {
    const store = new CountingStore(nodeFileStore);
    const snapshot = await openSnapshot(path, store);
    let bytesTold = 0;
    return {
      async do(share) {
        let entriesTold = 0;
        let last = performance.now();
        const tell = (entries: number, checked: CheckedEntries | null): void => {
          send({ checked, entries: entries - entriesTold, bytesRead: store.bytesRead - bytesTold });
          entriesTold = entries;
          bytesTold = store.bytesRead;
        };
        const onEntries = (entries: number): void => {
          if (tellEvery === null || performance.now() - last < tellEvery) return;
          last = performance.now();
          tell(entries, null);
        };
        const checked = await checkEntries(snapshot, share, undefined, onEntries);
        tell(checked.entries, checked);
      },
      close: () => snapshot.close(),
    };
  });
}
