import { readInto } from '../../storage/byteSource';
import { baseOffsetOf } from '../../storage/memorySource';
import { BLOCK_TRAILER, type BlockHandle, checkHandle, openBlock } from './blockReader';
import { DataBlock, FIELDS } from './dataBlock';
import { compareWithin, hasBytes, KEY_TRAILER, sequenceAt } from './internalKey';
import { type KeyRange, RunEntry, type SortedRun } from './sortedRun';
import type { SstTable } from './sstTable';
import type { TableIndex } from './tableIndex';

/** Blocks lie one behind the other, so a scan reads ahead: little at first, because who looks for one key needs no more. */
const FIRST_READ = 16 * 1024;
const NEXT_READS = 256 * 1024;

const NOTHING: Uint8Array = new Uint8Array(0);

/** The entries of one SST file that lie in a range. Holds a stretch of entries, and a stretch of the file read ahead. */
export class TableRun implements SortedRun {
  private readonly index: TableIndex;
  private readonly block: DataBlock;
  private readonly globalSequence: number | null;
  /** The stretch of entries in the block: the next of them, and behind the last. */
  private next = 0;
  private length = 0;
  /** What was read ahead, of the file from `aheadAt` on; the buffer is used again, so that reading makes no garbage. */
  private ahead: Uint8Array = NOTHING;
  private aheadAt = 0;
  private aheadLength = 0;
  private nextRead = FIRST_READ;
  /** The block that is to be read next. */
  private pending: BlockHandle | null = null;
  private beforeRange: boolean;
  private behindRange = false;

  constructor(
    private readonly table: SstTable,
    private readonly range: KeyRange,
    private readonly signal: AbortSignal | undefined,
    readonly entry = new RunEntry(),
  ) {
    this.index = table.dataBlocks(range, signal);
    this.block = new DataBlock(table.source.name, baseOffsetOf(table.source));
    this.globalSequence = table.globalSequence;
    this.beforeRange = range.from !== null;
  }

  advance(): boolean {
    for (;;) {
      if (this.next >= this.length && !this.nextStretch()) return false;
      if (this.range.part === undefined) break;
      this.toPart(this.range.part);
      if (this.next < this.length) break;
    }
    this.take();
    return true;
  }

  private take(): void {
    const { entry, block } = this;
    const { fields, window } = block;
    const field = this.next++ * FIELDS;
    const keyTo = fields[field + FIELDS] - KEY_TRAILER;
    entry.bytes = window;
    entry.keyFrom = fields[field];
    entry.keyTo = keyTo;
    entry.valueFrom = fields[field + 1];
    entry.valueTo = fields[field + 2];
    entry.shared = this.range.part === undefined ? fields[field + 3] : 0;
    entry.type = window[keyTo];
    entry.sequence = this.globalSequence ?? sequenceAt(window, keyTo);
  }

  /** Steps over keys without the part that is wanted. */
  private toPart({ at, bytes }: { at: number; bytes: Uint8Array }): void {
    const { fields, window } = this.block;
    for (; this.next < this.length; this.next++) {
      const field = this.next * FIELDS;
      if (hasBytes(window, fields[field], fields[field + FIELDS] - KEY_TRAILER, at, bytes)) return;
    }
  }

  async load(): Promise<boolean> {
    this.entry.file = this.table.source.name;
    while (!this.advance()) {
      if (this.behindRange) return false;
      if (this.pending !== null) await this.readAhead(this.pending);
      else if (!(await this.index.load())) return false;
    }
    return true;
  }

  /** Takes apart what is at hand; false where something must be read first, or at the end. */
  private nextStretch(): boolean {
    const { block } = this;
    while (!this.behindRange) {
      if (block.next()) {
        this.next = 0;
        this.length = block.length;
        this.clip();
        if (this.next < this.length) return true;
      } else {
        this.pending ??= this.index.next();
        if (this.pending === null || !this.isAhead(this.pending)) return false;
        this.open(this.pending);
        this.pending = null;
      }
    }
    return false;
  }

  /** The first and the last block of a range may have entries that lie outside. */
  private clip(): void {
    const { from, to } = this.range;
    if (from !== null && this.beforeRange) {
      while (this.next < this.length && this.compareKey(this.next, from) < 0) this.next++;
      this.beforeRange = this.next === this.length;
    }
    if (to !== null && this.compareKey(this.length - 1, to) >= 0) {
      this.behindRange = true;
      while (this.length > this.next && this.compareKey(this.length - 1, to) >= 0) this.length--;
    }
  }

  private compareKey(index: number, to: Uint8Array): number {
    const { fields, window } = this.block;
    const field = index * FIELDS;
    return compareWithin(window, fields[field], fields[field + FIELDS] - KEY_TRAILER, to, to.length);
  }

  private isAhead({ offset, size }: BlockHandle): boolean {
    return offset >= this.aheadAt && offset + size + BLOCK_TRAILER <= this.aheadAt + this.aheadLength;
  }

  private async readAhead(handle: BlockHandle): Promise<void> {
    const { source } = this.table;
    checkHandle(source, handle);
    const length = handle.size + BLOCK_TRAILER;
    const wanted = Math.min(Math.max(length, this.nextRead), source.size - handle.offset);
    if (this.ahead.length < wanted) this.ahead = new Uint8Array(wanted);
    this.aheadLength = 0;
    await readInto(source, this.ahead.subarray(0, wanted), handle.offset, this.signal);
    this.aheadAt = handle.offset;
    this.aheadLength = wanted;
    this.nextRead = NEXT_READS;
  }

  private open(handle: BlockHandle): void {
    const { source, format, checksums, dictionary } = this.table;
    const at = handle.offset - this.aheadAt;
    const raw = this.ahead.subarray(at, at + handle.size + BLOCK_TRAILER);
    const block = openBlock(raw, handle, format, checksums, source.name, dictionary);
    this.block.open(block, handle.offset, block.buffer === raw.buffer);
    this.entry.offset = handle.offset;
  }
}
