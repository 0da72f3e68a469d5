import { verifiedFindings } from '../../engine/health/health';
import { type CheckedEntries, checkEntries } from '../../engine/query/checkEntries';
import { verify } from '../../engine/query/verify';
import { openSnapshot, type Snapshot } from '../../engine/snapshot';
import type { FileStore } from '../../engine/storage/byteSource';
import { CountingStore } from '../../engine/storage/countingStore';
import type { CheckProgress } from '../../threads/verifyThreads';
import type { VerificationProgress, VerificationResult } from '../../view/shownHealth';

/** A sign of life at most so often. */
const PROGRESS_EVERY_MS = 250;

/** Checks all entries in threads; `progress` is told what was read since the last time. */
export type CheckInThreads = (
  path: string,
  snapshot: Snapshot,
  progress: (news: CheckProgress) => void,
  signal?: AbortSignal,
) => Promise<readonly CheckedEntries[]>;

/** Checks all entries in this thread, where there are no others. */
export const checkHere: CheckInThreads = async (_path, snapshot, progress, signal) => {
  let told = 0;
  const checked = await checkEntries(snapshot, undefined, signal, (entries) => {
    progress({ entries: entries - told, bytesRead: 0 });
    told = entries;
  });
  return [checked];
};

/** Reads a snapshot to its last byte, and says what the description alone does not. */
export async function verifySnapshot(
  path: string,
  store: FileStore,
  check: CheckInThreads,
  signal: AbortSignal,
  progress: (news: VerificationProgress) => void,
): Promise<VerificationResult> {
  const counting = new CountingStore(store);
  let entries = 0;
  let bytesRead = 0;
  const news = (): VerificationProgress => ({ entries, bytesRead: bytesRead + counting.bytesRead });
  const timer = setInterval(() => progress(news()), PROGRESS_EVERY_MS);
  const snapshot = await openSnapshot(path, counting, { signal });
  try {
    const receive = (read: CheckProgress): void => {
      entries += read.entries;
      bytesRead += read.bytesRead;
    };
    const result = await verify(snapshot, (of, stop) => check(path, of, receive, stop), signal);
    return { entries: result.entries, bytesRead: news().bytesRead, findings: verifiedFindings(result) };
  } finally {
    clearInterval(timer);
    await snapshot.close();
  }
}
