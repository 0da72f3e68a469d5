import { verifiedFindings } from '../../engine/health/health';
import { checkEntries } from '../../engine/query/checkEntries';
import { verify } from '../../engine/query/verify';
import { openSnapshot } from '../../engine/snapshot';
import type { FileStore } from '../../engine/storage/byteSource';
import { CountingStore } from '../../engine/storage/countingStore';
import type { VerificationProgress, VerificationResult } from '../../view/shownHealth';

/** A sign of life at most so often. */
const PROGRESS_EVERY_MS = 250;

/** Reads a snapshot to its last byte, and says what the description alone does not. */
export async function verifySnapshot(
  path: string,
  store: FileStore,
  signal: AbortSignal,
  progress: (news: VerificationProgress) => void,
): Promise<VerificationResult> {
  const counting = new CountingStore(store);
  let entries = 0;
  const news = (): VerificationProgress => ({ entries, bytesRead: counting.bytesRead });
  const timer = setInterval(() => progress(news()), PROGRESS_EVERY_MS);
  const snapshot = await openSnapshot(path, counting, { signal });
  try {
    const count = (read: number): void => {
      entries = read;
    };
    const result = await verify(snapshot, async (of, stop) => [await checkEntries(of, undefined, stop, count)], signal);
    return { ...news(), findings: verifiedFindings(result) };
  } finally {
    clearInterval(timer);
    await snapshot.close();
  }
}
