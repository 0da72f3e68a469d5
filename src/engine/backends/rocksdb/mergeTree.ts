import type { RunEntry, SortedRun } from './sortedRun';

/** The run has no more entries. */
const ENDED = -1;
/** What an offset-value code leaves for the value. */
const VALUES = 512;

/**
 * Finds the run that stands on the smallest user key, of equal keys on the newest entry: a tree of losers. Beside each run
 * stands how its key differs from that of the run it lost to: the number of bytes in common, and the first byte behind them
 * (D. Knuth, The Art of Computer Programming, 5.4.1; offset-value codes). Keys of one state begin alike: nearly all matches
 * are decided by these codes, without a look at a key.
 */
export class MergeTree {
  private readonly runs: SortedRun[] = [];
  private readonly entries: RunEntry[] = [];
  /** By node, from 1: which run lost there. */
  private readonly losers: Int32Array;
  /** By run: code against the key that it lost to, or against the last one taken; `ENDED`. The larger one wins. */
  private readonly codes: Float64Array;
  private first = 0;

  /** Runs that stand on their first entry. */
  constructor(runs: readonly SortedRun[]) {
    this.runs.push(...runs);
    this.entries.push(...runs.map((run) => run.entry));
    this.codes = Float64Array.from(this.entries, (entry) => codeOf(entry, 0));
    this.losers = new Int32Array(Math.max(1, runs.length)).fill(-1);
    for (let run = 0; run < runs.length; run++) this.enter(run);
  }

  /** All runs have ended. */
  get isEmpty(): boolean {
    return this.runs.length === 0 || this.codes[this.first] === ENDED;
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
    return this.codes[this.first] === codeOfWhole(length);
  }

  /** To be called when the top run has stepped on from a key, which still lies at `[from, to)` of `bytes`. */
  stepped(bytes: Uint8Array, from: number, to: number): void {
    const entry = this.entries[this.first];
    const { bytes: key, keyFrom } = entry;
    const most = Math.min(entry.keyTo - keyFrom, to - from);
    let common = Math.min(entry.shared, most);
    while (common < most && key[keyFrom + common] === bytes[from + common]) common++;
    this.codes[this.first] = codeOf(entry, common);
    this.replay();
  }

  /** To be called when the top run has come to its end. */
  ended(): void {
    this.codes[this.first] = ENDED;
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
    const { losers, codes } = this;
    let winner = this.first;
    for (let node = (winner + this.runs.length) >> 1; node > 0; node >>= 1) {
      const other = losers[node];
      if (codes[other] < codes[winner] || !this.isBefore(other, winner)) continue;
      losers[node] = winner;
      winner = other;
    }
    this.first = winner;
  }

  private parentOf(run: number): number {
    return (run + this.runs.length) >> 1;
  }

  /** One match; the loser remembers how it differs from the winner. */
  private isBefore(one: number, other: number): boolean {
    const { codes } = this;
    // Who has more in common with the key that both are behind is nearer to it, then who has the smaller byte; a run that
    // ended is behind all.
    if (codes[one] !== codes[other]) return codes[one] > codes[other];
    if (codes[one] === ENDED) return false;
    const a = this.entries[one];
    const b = this.entries[other];
    const { bytes: aBytes, keyFrom: aFrom } = a;
    const { bytes: bBytes, keyFrom: bFrom } = b;
    const aLength = a.keyTo - aFrom;
    const bLength = b.keyTo - bFrom;
    const length = Math.min(aLength, bLength);
    let at = Math.min(Math.floor(codes[one] / VALUES) + 1, length);
    while (at < length && aBytes[aFrom + at] === bBytes[bFrom + at]) at++;
    const order = at < length ? aBytes[aFrom + at] - bBytes[bFrom + at] : aLength - bLength || b.sequence - a.sequence;
    const isFirst = order < 0;
    codes[isFirst ? other : one] = isFirst ? codeOf(b, at) : codeOf(a, at);
    return isFirst;
  }
}

/** A key that has `common` bytes in common with a smaller one (or an equal one, where that is all it has). */
function codeOf({ bytes, keyFrom, keyTo }: RunEntry, common: number): number {
  return keyFrom + common < keyTo ? common * VALUES + 0xff - bytes[keyFrom + common] : codeOfWhole(common);
}

const codeOfWhole = (length: number): number => length * VALUES + 0x100;
