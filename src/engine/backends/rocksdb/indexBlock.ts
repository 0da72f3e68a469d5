import { BlockEntries } from './blockEntries';
import { BLOCK_TRAILER, type BlockHandle } from './blockReader';
import { compareBytes, KEY_TRAILER } from './internalKey';
import { RocksCursor } from './littleEndian';
import type { KeyRange } from './sortedRun';

/** How an index block is written, from the table's properties. */
export interface IndexFormat {
  /** `rocksdb.block.based.table.index.type`: 0 binary search, 1 hash search, 2 two levels, 3 binary search with first key. */
  type: number;
  /** `rocksdb.index.key.is.user.key`: keys without sequence number (format version 3 and later). */
  userKeys: boolean;
  /** `rocksdb.index.value.is.delta.encoded` (format version 4 and later). */
  deltaValues: boolean;
}

/**
 * The entries of an index block whose blocks may hold keys of a range, in key order. The key of an entry is at or behind the
 * last key of its block, and before the first of the next. The first is found by binary search, the others as they are
 * asked for.
 */
export class IndexEntries {
  private readonly entries: BlockEntries;
  private readonly from: Uint8Array | null;
  private previous: BlockHandle | null = null;
  private ended = false;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly format: IndexFormat,
    private readonly range: KeyRange,
    private readonly file: string,
    private readonly offset: number,
  ) {
    this.entries = new BlockEntries(bytes, file, offset, format.deltaValues);
    const { from } = range;
    this.from = from;
    if (from !== null) this.entries.seek((key, length) => this.compare(key, length, from) < 0);
  }

  /** The next block; null when there are no more. */
  next(): BlockHandle | null {
    const { entries, range } = this;
    while (!this.ended && entries.advance()) {
      const handle = this.handle();
      this.previous = handle;
      if (this.from !== null && this.compare(entries.key, entries.keyLength, this.from) < 0) continue;
      // The block behind the first separator at or past the end holds only keys past it.
      this.ended = range.to !== null && this.compare(entries.key, entries.keyLength, range.to) >= 0;
      return handle;
    }
    return null;
  }

  private handle(): BlockHandle {
    const { entries, bytes, format, file, offset, previous } = this;
    const valueEnd = format.deltaValues ? entries.end : entries.valueEnd;
    const value = new RocksCursor(bytes, { file, offset }, entries.valueStart, valueEnd);
    const handle: BlockHandle =
      format.deltaValues && entries.shared > 0 && previous !== null
        ? { offset: previous.offset + previous.size + BLOCK_TRAILER, size: previous.size + value.varSigned() }
        : { offset: value.varintSize('offset of a block'), size: value.varintSize('size of a block') };
    if (format.type === 3) value.slice('first key of a block');
    if (format.deltaValues) entries.valueEndsAt(value.position);
    if (!format.userKeys && entries.keyLength < KEY_TRAILER) {
      throw value.corrupt(`An index key has ${entries.keyLength} bytes, fewer than its trailer.`);
    }
    return handle;
  }

  private compare(key: Uint8Array, length: number, to: Uint8Array): number {
    return compareBytes(key, this.format.userKeys ? length : Math.max(0, length - KEY_TRAILER), to, to.length);
  }
}
