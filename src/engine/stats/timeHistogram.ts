/** Points in time, counted in bins of one width. Milliseconds since 1970. */
export interface Times {
  count: number;
  first: bigint;
  last: bigint;
  /** A power of two. */
  width: bigint;
  /**
   * Bins that are not empty, early ones first: from `from` up to, and without, `from + width`. The first and the last value of
   * a long, with which Flink means "never" and "at the end", are in none of them: they would leave one bin for all others.
   */
  bins: { from: bigint; count: number }[];
}

const MOST_BINS = 64;
const MAX_LONG = (1n << 63n) - 1n;
const MIN_LONG = -(1n << 63n);

/**
 * Counts points in time without knowing before how far they lie apart: bins begin at multiples of their width, which is
 * doubled whenever there would be too many. So histograms of parts can be joined.
 */
export class TimeHistogram {
  private count = 0;
  private first = 0n;
  private last = 0n;
  private width = 1n;
  private bins = new Map<bigint, number>();

  static join(all: readonly Times[]): Times | null {
    const joined = new TimeHistogram();
    for (const times of all) {
      if (times.width > joined.width) joined.widen(times.width);
      for (const { from, count } of times.bins) joined.put(from, count);
      joined.note(times.first, times.last, times.count);
    }
    return joined.times();
  }

  add(time: bigint): void {
    if (time !== MIN_LONG && time !== MAX_LONG) this.put(time, 1);
    this.note(time, time, 1);
  }

  times(): Times | null {
    if (this.count === 0) return null;
    const bins = [...this.bins].map(([bin, count]) => ({ from: bin * this.width, count }));
    bins.sort((a, b) => (a.from < b.from ? -1 : 1));
    return { count: this.count, first: this.first, last: this.last, width: this.width, bins };
  }

  private put(time: bigint, count: number): void {
    const bin = floorDivide(time, this.width);
    this.bins.set(bin, (this.bins.get(bin) ?? 0) + count);
    while (this.bins.size > MOST_BINS) this.widen(this.width * 2n);
  }

  private note(first: bigint, last: bigint, count: number): void {
    if (this.count === 0 || first < this.first) this.first = first;
    if (this.count === 0 || last > this.last) this.last = last;
    this.count += count;
  }

  private widen(width: bigint): void {
    const old = this.bins;
    const before = this.width;
    this.width = width;
    this.bins = new Map();
    for (const [bin, count] of old) {
      const wider = floorDivide(bin * before, width);
      this.bins.set(wider, (this.bins.get(wider) ?? 0) + count);
    }
  }
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a < 0n && quotient * b !== a ? quotient - 1n : quotient;
}
