import { EngineError } from '../../bytes/engineError';
import { BlockEntries } from './blockEntries';
import { BLOCK_TRAILER, type BlockHandle, checkHandle, openBlock } from './blockReader';
import { compareBytes, KEY_TRAILER, sequenceAt } from './internalKey';
import { type KeyRange, RunEntry, type SortedRun } from './sortedRun';
import type { SstTable } from './sstTable';

/** Blocks lie one behind the other, so a scan reads ahead: from this much, doubled with each read up to that much. */
const FIRST_READ = 16 * 1024;
const LONGEST_READ = 512 * 1024;

const NOTHING: Uint8Array = new Uint8Array(0);

/** The entries of one SST file that lie in a range. Holds one block and one stretch read ahead. */
export class TableRun implements SortedRun {
  readonly entry = new RunEntry();
  private readonly handles: AsyncGenerator<BlockHandle>;
  private entries: BlockEntries | null = null;
  private ahead: Uint8Array = NOTHING;
  private aheadAt = 0;
  private nextRead = FIRST_READ;
  private first = true;

  constructor(
    private readonly table: SstTable,
    private readonly range: KeyRange,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.entry.file = table.source.name;
    this.handles = table.dataBlocks(range.from, range.to, signal);
  }

  advance(): boolean {
    const entries = this.entries;
    if (entries === null || !entries.advance()) return false;
    const keyLength = entries.keyLength - KEY_TRAILER;
    if (keyLength < 0) {
      throw new EngineError('CORRUPT', `An internal key has ${entries.keyLength} bytes, fewer than its trailer.`, {
        file: this.entry.file,
        offset: this.entry.offset,
      });
    }
    const { to } = this.range;
    if (to !== null && compareBytes(entries.key, keyLength, to, to.length) >= 0) {
      this.entries = null;
      return false;
    }
    const { entry } = this;
    entry.key = entries.key;
    entry.keyLength = keyLength;
    entry.shared = entries.shared;
    entry.type = entries.key[keyLength];
    entry.sequence = this.table.globalSequence ?? sequenceAt(entries.key, keyLength);
    entry.valueStart = entries.valueStart;
    entry.valueEnd = entries.valueEnd;
    return true;
  }

  async load(): Promise<boolean> {
    for (;;) {
      const next = await this.handles.next();
      if (next.done === true) return false;
      const bytes = await this.block(next.value);
      this.entry.valueBytes = bytes;
      this.entry.offset = next.value.offset;
      this.entries = new BlockEntries(bytes, this.entry.file, next.value.offset);
      if (this.first) this.seekStart(this.entries);
      if (this.advanceIntoRange()) return true;
    }
  }

  /** The first block may begin before the range. */
  private seekStart(entries: BlockEntries): void {
    this.first = false;
    const { from } = this.range;
    if (from !== null) {
      entries.seek((key, length) => compareBytes(key, Math.max(0, length - KEY_TRAILER), from, from.length) < 0);
    }
  }

  private advanceIntoRange(): boolean {
    const { from } = this.range;
    while (this.advance()) {
      if (from === null || compareBytes(this.entry.key, this.entry.keyLength, from, from.length) >= 0) return true;
    }
    return false;
  }

  private async block(handle: BlockHandle): Promise<Uint8Array> {
    const { source, format, checksums } = this.table;
    checkHandle(source, handle);
    const length = handle.size + BLOCK_TRAILER;
    if (handle.offset < this.aheadAt || handle.offset + length > this.aheadAt + this.ahead.length) {
      const wanted = Math.min(Math.max(length, this.nextRead), source.size - handle.offset);
      this.ahead = await source.read(handle.offset, wanted, this.signal);
      this.aheadAt = handle.offset;
      this.nextRead = Math.min(this.nextRead * 2, LONGEST_READ);
    }
    const at = handle.offset - this.aheadAt;
    return openBlock(this.ahead.subarray(at, at + length), handle, format, checksums, this.entry.file);
  }

  async close(): Promise<void> {
    await this.handles.return(undefined);
  }
}
