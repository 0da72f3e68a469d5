/** Sizes of at least `from` and less than `2 * from` bytes; those of no bytes have a bin of their own. */
export interface SizeBin {
  from: number;
  count: number;
}

/** Counts sizes by powers of two. */
export class SizeHistogram {
  private readonly counts: number[] = [];

  add(size: number): void {
    const bin = size === 0 ? 0 : Math.floor(Math.log2(size)) + 1;
    this.counts[bin] = (this.counts[bin] ?? 0) + 1;
  }

  /** Bins that are not empty, small ones first. */
  bins(): SizeBin[] {
    return this.counts.flatMap((count, bin) => (count > 0 ? [{ from: bin === 0 ? 0 : 2 ** (bin - 1), count }] : []));
  }
}

/** The bins of several parts of the same whole, as one. */
export function joinSizes(all: readonly (readonly SizeBin[])[]): SizeBin[] {
  const counts = new Map<number, number>();
  for (const { from, count } of all.flat()) counts.set(from, (counts.get(from) ?? 0) + count);
  return [...counts].map(([from, count]) => ({ from, count })).sort((a, b) => a.from - b.from);
}
