import { BlockEntries } from './blockEntries';
import { BLOCK_TRAILER, type BlockHandle } from './blockReader';
import { KEY_TRAILER } from './internalKey';
import { RocksCursor } from './littleEndian';

/** How an index block is written, from the table's properties. */
export interface IndexFormat {
  /** `rocksdb.block.based.table.index.type`: 0 binary search, 1 hash search, 2 two levels, 3 binary search with first key. */
  type: number;
  /** `rocksdb.index.key.is.user.key`: keys without sequence number (format version 3 and later). */
  userKeys: boolean;
  /** `rocksdb.index.value.is.delta.encoded` (format version 4 and later). */
  deltaValues: boolean;
}

export interface IndexEntry {
  /** User key at or behind the last key of the block, and before the first of the next. */
  separator: Uint8Array;
  handle: BlockHandle;
}

/** All entries of an index block, in key order. */
export function readIndexBlock(bytes: Uint8Array, format: IndexFormat, file: string, offset: number): IndexEntry[] {
  const entries = new BlockEntries(bytes, file, offset, format.deltaValues);
  const found: IndexEntry[] = [];
  let previous: BlockHandle | null = null;
  while (entries.advance()) {
    const valueEnd = format.deltaValues ? entries.end : entries.valueEnd;
    const value = new RocksCursor(bytes, { file, offset }, entries.valueStart, valueEnd);
    const handle: BlockHandle =
      format.deltaValues && entries.shared > 0 && previous !== null
        ? { offset: previous.offset + previous.size + BLOCK_TRAILER, size: previous.size + value.varSigned() }
        : { offset: value.varintSize('offset of a block'), size: value.varintSize('size of a block') };
    if (format.type === 3) value.slice('first key of a block');
    if (format.deltaValues) entries.valueEndsAt(value.position);
    const keyLength = format.userKeys ? entries.keyLength : entries.keyLength - KEY_TRAILER;
    if (keyLength < 0) throw value.corrupt(`An index key has ${entries.keyLength} bytes, fewer than its trailer.`);
    found.push({ separator: entries.key.slice(0, keyLength), handle });
    previous = handle;
  }
  return found;
}
