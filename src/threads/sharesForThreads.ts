import { availableParallelism } from 'node:os';
import { bytesOfPieces, statePieces } from '../engine/metadata/handles';
import { type Share, sharesOf } from '../engine/shares';
import type { Snapshot } from '../engine/snapshot';

/** Two threads keep the memory of a whole reading small. */
const MOST_THREADS = 2;
/** Below, starting threads takes longer than they save. */
const BYTES_FOR_THREADS = 16 * 1024 * 1024;
/** Shares for each thread. */
const SHARES_FOR_EACH = 8;

/** Threads that are worth their start for going through so many bytes of state. */
export function threadsFor(bytes: number): number {
  return bytes < BYTES_FOR_THREADS ? 1 : Math.min(availableParallelism(), MOST_THREADS);
}

/** Threads that are worth their start for reading the whole of a snapshot. */
export function threadsForAll(snapshot: Snapshot): number {
  return threadsFor(bytesOfPieces(statePieces(snapshot.metadata)));
}

/** Everything, in shares for so many threads: large ones first, small ones last, so that none waits long for another. */
export function sharesForThreads(snapshot: Snapshot, threads: number): Share[] {
  return sharesOf(snapshot, threads * SHARES_FOR_EACH);
}
