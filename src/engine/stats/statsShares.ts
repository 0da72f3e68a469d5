import { bytesOfPieces, statePieces } from '../metadata/handles';
import { type Share, sharesOf } from '../shares';
import type { Snapshot } from '../snapshot';

/** Shares of even a small snapshot, so that threads have something to take. */
const FEWEST = 16;
/** More would read headers more often than they help. */
const MOST = 256;
/** Bytes of a share of a large snapshot: so much is read again when a count goes on that was interrupted. */
const BYTES_OF_SHARE = 64 * 1024 * 1024;

/**
 * The shares in which entries are counted. The same snapshot has the same shares everywhere, so that whoever counts it, in
 * however many threads, comes to the same numbers where they are estimates too.
 */
export function statsShares(snapshot: Snapshot): Share[] {
  const bytes = bytesOfPieces(statePieces(snapshot.metadata));
  return sharesOf(snapshot, Math.min(MOST, Math.max(FEWEST, Math.ceil(bytes / BYTES_OF_SHARE))));
}
