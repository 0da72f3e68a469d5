import type { Snapshot } from '../snapshot';
import { ShareComparer, type ShareOutcome } from './compareShare';
import { DifferencePacket } from './differencePacket';
import { FirstOfEach } from './firstOfEach';
import type { DiffShare, OperatorPair } from './operatorPair';
import { openPair } from './snapshotDiff';

/** Entries after which a share tells how far it is: about a fifth of a second. */
const REPORT_EVERY = 100_000;

/** What comes of a share on its way: packets of differences, then its outcome. */
export type ShareEvent =
  | { readonly type: 'differences'; readonly share: DiffShare; readonly bytes: Uint8Array }
  /** Entries of a share that were looked at until now. */
  | { readonly type: 'progress'; readonly share: DiffShare; readonly entries: number }
  | { readonly type: 'done'; readonly share: DiffShare; readonly outcome: ShareOutcome };

export interface ShareOptions {
  /** Differences of a share that are told, for each state and kind; others are only counted. */
  readonly most: number;
  /** Bytes of entries that may be held in memory. */
  readonly memory?: number | undefined;
}

/** Has shares compared: here, or by threads. Events of a share come in order, those of several shares mixed. */
export type RunShares = (
  shares: readonly DiffShare[],
  options: ShareOptions,
  receive: (event: ShareEvent) => Promise<void> | void,
  signal?: AbortSignal,
) => Promise<void>;

/** Compares one share after the other. */
export class ShareWorker {
  private readonly comparer: ShareComparer;
  private opened: OperatorPair | null = null;

  constructor(
    private readonly before: Snapshot,
    private readonly after: Snapshot,
    private readonly options: ShareOptions,
  ) {
    this.comparer = new ShareComparer(options.memory);
  }

  async compare(
    share: DiffShare,
    send: (event: ShareEvent) => Promise<void> | void,
    signal?: AbortSignal,
  ): Promise<void> {
    const packet = new DifferencePacket();
    let reported = 0;
    const first = new FirstOfEach(this.options.most);
    const flush = (): Promise<void> | void => send({ type: 'differences', share, bytes: packet.take() });
    const outcome = await this.comparer.compare(
      await this.pairOf(share, signal),
      share,
      {
        differs: (difference) => {
          if (first.takes(`${difference.state} ${difference.what}`)) packet.add(difference);
        },
        pause: (entries) => {
          if (packet.isFull) return flush();
          if (entries - reported < REPORT_EVERY) return;
          reported = entries;
          return send({ type: 'progress', share, entries });
        },
      },
      signal,
    );
    if (packet.count > 0) await flush();
    await send({ type: 'done', share, outcome });
  }

  /** Shares of one operator mostly follow one another. */
  private async pairOf({ operator }: DiffShare, signal: AbortSignal | undefined): Promise<OperatorPair> {
    if (this.opened?.after.operator.id !== operator) {
      const { before, after } = this;
      const [a, b] = [before, after].map((of) => of.operators.find(({ id }) => id === operator));
      if (a === undefined || b === undefined)
        throw new RangeError(`There is no operator ${operator} in both snapshots.`);
      this.opened = await openPair(before, after, a, b, signal);
    }
    return this.opened;
  }
}

/** Compares shares in this thread. */
export const runSharesHere =
  (before: Snapshot, after: Snapshot): RunShares =>
  async (shares, options, receive, signal) => {
    const worker = new ShareWorker(before, after, options);
    for (const share of shares) await worker.compare(share, receive, signal);
  };
