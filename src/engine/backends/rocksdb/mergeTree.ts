import type { RunEntry, SortedRun } from './sortedRun';

/** The run has no more entries. */
const ENDED = -1;

/**
 * Finds the run that stands on the smallest user key, of equal keys on the newest entry: a tree of losers. A node holds the run
 * that lost there, with the number of bytes that its key has in common with the winner's (D. Knuth, The Art of Computer
 * Programming, 5.4.1; offset-value codes). Keys of one state begin alike: most matches are decided by these numbers, without
 * a look at a key.
 */
export class MergeTree {
  private readonly runs: SortedRun[] = [];
  private readonly entries: RunEntry[] = [];
  /** By node, from 1: which run lost there. */
  private readonly losers: Int32Array;
  /** By run: bytes in common with the key that it lost to, or with the last one taken; `ENDED`. */
  private readonly common: Int32Array;
  private first = 0;

  /** Runs that stand on their first entry. */
  constructor(runs: readonly SortedRun[]) {
    this.runs.push(...runs);
    this.entries.push(...runs.map((run) => run.entry));
    this.common = new Int32Array(runs.length);
    this.losers = new Int32Array(Math.max(1, runs.length)).fill(-1);
    for (let run = 0; run < runs.length; run++) this.enter(run);
  }

  /** All runs have ended. */
  get isEmpty(): boolean {
    return this.runs.length === 0 || this.common[this.first] === ENDED;
  }

  get top(): SortedRun {
    return this.runs[this.first];
  }

  /** The smallest entry. */
  get entry(): RunEntry {
    return this.entries[this.first];
  }

  /** Whether the smallest key is the one that was taken last, which had `length` bytes. */
  isSameKey(length: number): boolean {
    return this.common[this.first] === length && this.entries[this.first].keyLength === length;
  }

  /** To be called when the top run has stepped on from a key, which still lies at `[from, to)` of `bytes`. */
  stepped(bytes: Uint8Array, from: number, to: number): void {
    const entry = this.top.entry;
    this.entries[this.first] = entry;
    const { key } = entry;
    const most = Math.min(entry.keyLength, to - from);
    let common = Math.min(entry.shared, most);
    while (common < most && key[common] === bytes[from + common]) common++;
    this.common[this.first] = common;
    this.replay();
  }

  /** To be called when the top run has come to its end. */
  ended(): void {
    this.common[this.first] = ENDED;
    this.replay();
  }

  /** The first run that comes to a node waits there; the second plays against it. */
  private enter(run: number): void {
    let winner = run;
    for (let node = this.parentOf(run); node > 0; node >>= 1) {
      const other = this.losers[node];
      if (other < 0) {
        this.losers[node] = winner;
        return;
      }
      if (this.isBefore(other, winner)) {
        this.losers[node] = winner;
        winner = other;
      }
    }
    this.first = winner;
  }

  /** Plays the matches on the way of the top run again. */
  private replay(): void {
    const { losers } = this;
    let winner = this.first;
    for (let node = this.parentOf(winner); node > 0; node >>= 1) {
      const other = losers[node];
      if (this.isBefore(other, winner)) {
        losers[node] = winner;
        winner = other;
      }
    }
    this.first = winner;
  }

  private parentOf(run: number): number {
    return (run + this.runs.length) >> 1;
  }

  /** One match; the loser remembers what it has in common with the winner. */
  private isBefore(one: number, other: number): boolean {
    const { common } = this;
    // Who has more in common with the key that both are behind is nearer to it; a run that ended is behind all.
    if (common[one] !== common[other]) return common[one] > common[other];
    if (common[one] === ENDED) return false;
    const a = this.entries[one];
    const b = this.entries[other];
    const length = Math.min(a.keyLength, b.keyLength);
    let at = common[one];
    while (at < length && a.key[at] === b.key[at]) at++;
    const order = at < length ? a.key[at] - b.key[at] : a.keyLength - b.keyLength || b.sequence - a.sequence;
    const isFirst = order < 0;
    common[isFirst ? other : one] = at;
    return isFirst;
  }
}
