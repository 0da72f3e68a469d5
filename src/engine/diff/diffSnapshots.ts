import type { Snapshot } from '../snapshot';
import { describeDifference, type EntryDifference, type RawDifference } from './difference';
import { readPacket } from './differencePacket';
import type { SnapshotDiff } from './diffResult';
import { FirstOfEach } from './firstOfEach';
import type { DiffShare } from './operatorPair';
import { type RunShares, runSharesHere } from './runShares';
import { type ComparisonOptions, SnapshotComparison } from './snapshotDiff';

export interface DiffOptions extends ComparisonOptions {
  /** Told of entries that differ. */
  onDifference?: ((difference: EntryDifference) => Promise<void> | void) | undefined;
  /** Entries of each state and kind that are told of; all where it is absent. In the order of the snapshot if so. */
  most?: number | undefined;
  /** Bytes of entries that may be held in memory. */
  memory?: number | undefined;
  /** Who compares the shares; this thread where it is absent. */
  run?: RunShares | undefined;
}

/** Compares two snapshots from the beginning to the end, in bounded memory. */
export async function diffSnapshots(
  before: Snapshot,
  after: Snapshot,
  { onDifference, most, memory, run = runSharesHere(before, after), ...options }: DiffOptions = {},
): Promise<SnapshotDiff> {
  const comparison = await SnapshotComparison.open(before, after, options);
  const { shares } = comparison;
  const tell = async (share: DiffShare, difference: RawDifference): Promise<void> => {
    const pair = comparison.pair(share.operator).pairs[difference.state];
    await onDifference?.(describeDifference(share.operator, pair, difference));
  };
  const held: Held[] = [];
  await run(
    shares,
    { most: onDifference === undefined ? 0 : (most ?? Number.POSITIVE_INFINITY), memory },
    async (event) => {
      if (event.type === 'progress') return;
      if (event.type === 'done') comparison.add(event.share, event.outcome);
      else if (most !== undefined) held.push(event);
      else for (const { difference } of readPacket(event.bytes)) await tell(event.share, difference);
    },
    options.signal,
  );
  if (most !== undefined) {
    for (const { share, difference } of firstOf(held, most)) await tell(share, difference);
  }
  return comparison.diff();
}

interface Held {
  readonly share: DiffShare;
  readonly bytes: Uint8Array;
}

/** The first differences of each state and kind, by the order of the shares. */
function* firstOf(held: Held[], most: number): Generator<{ share: DiffShare; difference: RawDifference }> {
  const first = new FirstOfEach(most);
  for (const { share, bytes } of held.sort((a, b) => a.share.number - b.share.number)) {
    for (const { difference } of readPacket(bytes)) {
      const { state, what } = difference;
      if (first.takes(`${share.operator} ${state} ${what}`)) yield { share, difference };
    }
  }
}
