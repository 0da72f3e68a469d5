/** A row by its block and its index there. */
export interface BlockRow {
  readonly block: number;
  readonly index: number;
}

/** What a row may take, while nobody has seen one. */
const GUESSED_ROW_BYTES = 100;

/**
 * Numbers of rows that lie in blocks of which only some are counted. The others are estimated: as many rows for each byte as
 * the counted ones have. Holds for more rows than 2^31; all sums are whole numbers below 2^53.
 */
export class RowMap {
  /** Rows of each block; -1 where nobody has counted them. */
  private readonly counts: Float64Array;
  /** Rows of a block that were seen before it was counted. */
  private readonly seen: Float64Array;
  /** Number of each block's first row, and behind the last one the number of all rows. */
  private readonly starts: Float64Array;
  private uncounted: number;
  /** First block that is not counted. */
  private firstUncounted = 0;
  private stale = true;
  /** Rows for each byte of what was seen, while no block is counted; before that a guess. */
  private density = 1 / GUESSED_ROW_BYTES;

  constructor(private readonly bytes: readonly number[]) {
    this.counts = new Float64Array(bytes.length).fill(-1);
    this.seen = new Float64Array(bytes.length);
    this.starts = new Float64Array(bytes.length + 1);
    this.uncounted = bytes.length;
  }

  get blocks(): number {
    return this.bytes.length;
  }

  /** All rows; estimated unless `isExact`. */
  get rows(): number {
    this.sum();
    return this.starts[this.blocks];
  }

  get isExact(): boolean {
    return this.uncounted === 0;
  }

  /** Rows of a block; null where they are not counted. */
  countOf(block: number): number | null {
    const count = this.counts[block];
    return count === undefined || count < 0 ? null : count;
  }

  /** Rows of a block, estimated where they are not counted. */
  sizeOf(block: number): number {
    this.sum();
    return this.starts[block + 1] - this.starts[block];
  }

  counted(block: number, rows: number): void {
    if (this.counts[block] < 0) this.uncounted--;
    this.counts[block] = rows;
    while (this.firstUncounted < this.blocks && this.counts[this.firstUncounted] >= 0) this.firstUncounted++;
    this.stale = true;
  }

  /** A block that is not counted has at least so many rows; `bytes` is about what they take. */
  saw(block: number, rows: number, bytes: number): void {
    if (this.counts[block] >= 0 || rows <= this.seen[block]) return;
    this.seen[block] = rows;
    if (bytes > 0) this.density = rows / bytes;
    this.stale = true;
  }

  /** The number of a row, and whether it is exact: everything in front of its block is counted. */
  numberOf({ block, index }: BlockRow): { row: number; exact: boolean } {
    this.sum();
    return { row: this.starts[Math.min(block, this.blocks)] + index, exact: block <= this.firstUncounted };
  }

  /** The block that a row falls into; null behind the last. An estimate, as long as the number is one. */
  placeOf(row: number): BlockRow | null {
    this.sum();
    const { starts, blocks } = this;
    if (!(row >= 0) || row >= starts[blocks]) return null;
    let low = 0;
    let high = blocks - 1;
    // The last block that begins at or before the row; of empty ones in front of it none.
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (starts[middle] <= row) low = middle;
      else high = middle - 1;
    }
    return { block: low, index: row - starts[low] };
  }

  private sum(): void {
    if (!this.stale) return;
    this.stale = false;
    let rows = 0;
    let bytes = 0;
    for (let block = 0; block < this.blocks; block++) {
      if (this.counts[block] < 0) continue;
      rows += this.counts[block];
      bytes += this.bytes[block];
    }
    const density = bytes > 0 ? rows / bytes : this.density;
    let start = 0;
    for (let block = 0; block < this.blocks; block++) {
      this.starts[block] = start;
      const count = this.counts[block];
      start += count >= 0 ? count : Math.max(this.seen[block], Math.round(this.bytes[block] * density));
    }
    this.starts[this.blocks] = start;
  }
}
