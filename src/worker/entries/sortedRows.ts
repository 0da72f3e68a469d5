import type { RawEntry } from '../../engine/backends/part';
import type { BlockBatch } from '../../engine/rows/blockReader';
import { type KeptEntry, keepEntry } from '../../engine/rows/keptEntry';
import type { BlockRow } from '../../engine/rows/rowMap';
import { BlockScan } from './blockScan';
import type { StateRows } from './foundRows';
import { type KeyWanted, Matcher, type Wanted } from './matcher';
import { boundsOf, type EntryWindow, type ListScan, type RowList, type WindowWanted } from './rowList';
import { compareSortKeys, type SortKey } from './sortKey';

export interface SortLimits {
  /** Rows that are kept. */
  readonly rows: number;
  /** Bytes of rows that are kept. */
  readonly bytes: number;
}

export const SORT_LIMITS: SortLimits = { rows: 100_000, bytes: 64 << 20 };

/** So many times what is kept is collected before it is sorted and cut. */
const SLACK = 1.25;

export interface SortOptions {
  readonly isWanted: Wanted;
  readonly key: KeyWanted | null;
  readonly keyOf: (entry: RawEntry, subtask: number) => SortKey;
  readonly descending: boolean;
}

interface Sorted {
  readonly key: SortKey;
  readonly entry: KeptEntry;
}

/**
 * Rows in an order of their own: the first of them in that order, of all that a scan finds. Rows show once the scan has ended
 * or stands still.
 */
export class SortedRows implements RowList {
  private readonly scanning: BlockScan;
  private rows: Sorted[] = [];
  private isSorted = true;
  private bytes = 0;
  private found = 0;
  /** Once there are more than fit: what sorts behind this cannot be among the first. */
  private last: Sorted | null = null;

  constructor(
    state: StateRows,
    private readonly options: SortOptions,
    private readonly limits: SortLimits = SORT_LIMITS,
  ) {
    const { reader, map, turns } = state;
    const { key } = options;
    const blocks = key?.blocks ?? reader.blocks.map((_, block) => block);
    const matcher = new Matcher(key, options.isWanted);
    const take = (batch: BlockBatch, start: number): void =>
      matcher.each(batch, start, (entry, at) => this.take(entry, batch, at));
    this.scanning = new BlockScan(reader, map, turns, { blocks, take, ...(key !== null && { key: key.bytes }) });
  }

  async window(wanted: WindowWanted): Promise<EntryWindow> {
    if (this.scanning.isRunning) return { entries: [], first: 0, exact: false, at: 0, isStart: true, isEnd: true };
    this.sort();
    const { at } = wanted;
    const row = 'row' in at ? at.row : this.numberOf(at.place).row;
    const { from, to } = boundsOf(wanted, row, this.rows.length);
    return {
      entries: this.rows.slice(from, to).map(({ entry }) => entry),
      first: from,
      exact: this.scanning.ended,
      at: Math.min(Math.max(0, row), this.rows.length) - from,
      isStart: from === 0,
      isEnd: to === this.rows.length,
    };
  }

  run(signal: AbortSignal, tell?: () => void): Promise<void> {
    return this.scanning.run(signal, tell);
  }

  scan(): ListScan {
    const { read, done, bytesRead, ofBytes, ended, isRunning } = this.scanning;
    const capped = this.last === null ? null : Math.min(this.rows.length, this.limits.rows);
    const rows = isRunning ? this.found : (capped ?? this.rows.length);
    return { rows, exact: ended, read, done, bytesRead, ofBytes, ended, capped };
  }

  numberOf({ block, index }: BlockRow): { row: number; exact: boolean } {
    this.sort();
    const row = this.rows.findIndex(({ entry: { at } }) => at.block === block && at.index === index);
    return { row: Math.max(0, row), exact: row >= 0 };
  }

  /** Entries in order. */
  entries(): KeptEntry[] {
    this.sort();
    return this.rows.map(({ entry }) => entry);
  }

  async close(): Promise<void> {
    await this.scanning.close();
    this.rows = [];
  }

  private take(entry: RawEntry, batch: BlockBatch, at: BlockRow): void {
    this.found++;
    const key = this.options.keyOf(entry, batch.subtask.index);
    // Of equal ones the first stays.
    if (this.last !== null && this.compareKeys(key, this.last.key) >= 0) return;
    this.add({ key, entry: keepEntry(entry, batch, at) });
  }

  private add(row: Sorted): void {
    this.rows.push(row);
    this.bytes += row.entry.size;
    this.isSorted = false;
    const { rows, bytes } = this.limits;
    if (this.rows.length >= SLACK * rows || this.bytes >= SLACK * bytes) this.cut();
  }

  private sort(): void {
    if (!this.isSorted)
      this.rows.sort((a, b) => this.compareKeys(a.key, b.key) || comparePlaces(a.entry.at, b.entry.at));
    this.isSorted = true;
    const { rows, bytes } = this.limits;
    if (this.rows.length > rows || this.bytes > bytes) this.cut();
  }

  /** Keeps the first rows in the order. */
  private cut(): void {
    this.rows.sort((a, b) => this.compareKeys(a.key, b.key) || comparePlaces(a.entry.at, b.entry.at));
    let length = 0;
    let bytes = 0;
    while (length < Math.min(this.limits.rows, this.rows.length) && (length === 0 || bytes < this.limits.bytes)) {
      bytes += this.rows[length++].entry.size;
    }
    this.rows.length = length;
    this.bytes = bytes;
    this.last = this.rows[length - 1];
    this.isSorted = true;
  }

  private compareKeys(a: SortKey, b: SortKey): number {
    // What is not there comes last either way.
    if (a === null || b === null) return compareSortKeys(a, b);
    return this.options.descending ? compareSortKeys(b, a) : compareSortKeys(a, b);
  }
}

const comparePlaces = (a: BlockRow, b: BlockRow): number => a.block - b.block || a.index - b.index;
