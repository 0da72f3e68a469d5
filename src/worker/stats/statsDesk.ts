import { throwIfAborted } from '../../engine/bytes/engineError';
import type { ShareCount } from '../../engine/stats/countShare';
import type { FileStore } from '../../engine/storage/byteSource';
import { isCancelled } from '../../rpc/problem';
import type { CountedShare } from '../../threads/statsThreads';
import type { CountedStats, StatsDetail, StatsProgress, StatsTarget } from '../../view/shownStats';
import type { ScratchIndex } from '../scratch/scratchIndex';
import type { OfSnapshot } from '../workerProtocol';
import { CountedSnapshot, type MissingShare } from './countedSnapshot';
import { showDetail, showStats } from './showStats';

/** Counts shares in threads; `bytes` says how many threads they are worth. */
export type CountInThreads = (
  path: string,
  bytes: number,
  shares: readonly MissingShare[],
  receive: (counted: CountedShare) => void,
  signal: AbortSignal,
) => Promise<void>;

/** Snapshots whose counts stay in memory. */
const KEPT = 4;
/** What was counted is told so often at most, in milliseconds; a large table that takes long to make, less often. */
const TELL_EVERY_MS = 400;
const PART_OF_TIME = 0.1;

const SHARES = 'stats/';

/** Counts the entries of snapshots and keeps what it counted, share by share: a count that was interrupted goes on. */
export class StatsDesk {
  private readonly snapshots = new Map<string, { version: number; counted: CountedSnapshot }>();

  constructor(
    private readonly store: FileStore,
    private readonly inThreads: CountInThreads,
    private readonly scratch: ScratchIndex,
  ) {}

  /**
   * What is known of a snapshot's entries, and with `scan` all that there is to know. Cancelling is no failure: the answer is
   * what was counted until then.
   */
  async count(
    { path, version, scan, keepBytes }: OfSnapshot & { scan: boolean; keepBytes: number },
    signal: AbortSignal,
    tell: (progress: StatsProgress) => void,
  ): Promise<CountedStats> {
    const start = performance.now();
    const counted = await this.open(path, version, keepBytes, signal);
    const missing = counted.missing();
    const isKept = missing.length === 0;
    const of = counted.missingBytes;
    let read = 0;
    if (scan && !isKept) {
      const growth = new Growth(() => tell({ stats: showStats(counted.stats(), false), read, of }));
      growth.now();
      const receive = (share: CountedShare): void => {
        read += share.read;
        counted.add(share.number, share.counted, share.isDone);
        if (share.isDone) this.keep(counted.identity, share.number, share.counted, keepBytes);
        growth.perhaps();
      };
      try {
        await this.inThreads(path, of, missing, receive, signal);
      } catch (e) {
        if (!isCancelled(e) || !signal.aborted) throw e;
      }
    }
    const stats = showStats(counted.stats(), counted.isComplete);
    return { stats, isKept, millis: Math.round(performance.now() - start), read, of };
  }

  /** The pictures of an operator or a state, of what was counted until now; null where nothing was. */
  detail({ path, version, ...target }: OfSnapshot & StatsTarget): StatsDetail | null {
    const known = this.snapshots.get(path);
    return known?.version === version ? showDetail(known.counted.stats(), target, known.counted.isComplete) : null;
  }

  private async open(path: string, version: number, keepBytes: number, signal: AbortSignal): Promise<CountedSnapshot> {
    const known = this.snapshots.get(path);
    this.snapshots.delete(path);
    const counted = known?.version === version ? known.counted : await CountedSnapshot.open(path, this.store, signal);
    if (counted !== known?.counted && keepBytes > 0) {
      const shares = await this.scratch.readAll(counted.identity, SHARES).catch(() => new Map<string, unknown>());
      // What is kept was written by this very program, and its bytes are checked.
      for (const [number, share] of shares) counted.add(Number(number), share as ShareCount, true);
    }
    throwIfAborted(signal);
    this.snapshots.set(path, { version, counted });
    for (const oldest of this.snapshots.keys()) {
      if (this.snapshots.size <= KEPT) break;
      this.snapshots.delete(oldest);
    }
    return counted;
  }

  /** Nobody waits for it, and where it fails the share is counted again another time. */
  private keep(identity: string, number: number, counted: ShareCount, keepBytes: number): void {
    if (keepBytes === 0) return;
    const name = `${SHARES}${String(number).padStart(6, '0')}`;
    this.scratch.write(identity, name, counted, keepBytes).catch(() => undefined);
  }
}

/** Tells now and then, and spends little of the time on it. */
class Growth {
  private next = 0;

  constructor(private readonly tell: () => void) {}

  now(): void {
    const start = performance.now();
    this.tell();
    const took = performance.now() - start;
    this.next = performance.now() + Math.max(TELL_EVERY_MS, took / PART_OF_TIME);
  }

  perhaps(): void {
    if (performance.now() >= this.next) this.now();
  }
}
