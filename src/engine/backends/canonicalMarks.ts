/**
 * The marks of the canonical layout, for those who read it and those who write it.
 * Source: FullSnapshotAsyncWriter, FullSnapshotUtil, KeyGroupsIterator; RocksDB's full snapshots since 1.2.
 */

/** Offset of a key group without data. */
export const CANONICAL_ABSENT = 0;
/** In the place of a state's number: the key group ends. */
export const END_OF_KEY_GROUP = 0xffff;
/** Set in the first byte of a key behind whose entry a state's number or the end follows. */
export const LAST_OF_RUN = 0x80;
/** A comma between the elements of a list, in canonical files and in RocksDB (ListDelimitedSerializer, StringAppendTESTOperator). */
export const LIST_DELIMITER = 0x2c;
