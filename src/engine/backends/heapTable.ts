import type { Cursor } from '../bytes/cursor';
import { type Codec, minimumBytes } from '../types/codec';
import { skipOrNull } from '../types/families/collections';
import { part, readTimestamp, startsWith, TIMESTAMP } from './compositeKey';
import type { PartState, RawEntry } from './part';
import { SlicedEntry } from './slicedEntry';
import { serializerOf, VALUE_SERIALIZER } from './stateMeta';

/**
 * Reads on in a table: a call reads one entry (or one count) and adds what it read; false at the table's end. A call that
 * throws has changed nothing but the cursor.
 */
export type TableReader = (cursor: Cursor, into: RawEntry[]) => boolean;

/**
 * One state of one key group in the heap layout.
 *
 * | header | table |
 * | --- | --- |
 * | 1 (Flink 1.2) | `byte present (0 or 1)`, `int n, n x (namespace, int m, m x (key, value))` |
 * | 2 to 6 | `int n, n x (namespace, key, value)` |
 * | timers | `int n, n x timer` |
 *
 * Where a key is `wanted`, entries under others are stepped over.
 * Source: StateTableByKeyGroupReaders, CopyOnWriteStateMapSnapshot, KeyGroupPartitioner.
 */
export function heapTable(
  state: PartState,
  keyGroup: number,
  headerVersion: number,
  wanted: Uint8Array | null,
): TableReader {
  if (state.kind === 'timer') return timerTable(state, keyGroup, wanted);
  const entry = entryReader(state, keyGroup, wanted);
  return headerVersion === 1 ? namespaceTable(state, entry) : flatTable(state, entry);
}

/** Reads on behind a namespace, which lies at `[from, to)` of `namespaceBytes`. */
type EntryReader = (cursor: Cursor, namespaceBytes: Uint8Array, from: number, to: number, into: RawEntry[]) => void;

function flatTable(state: PartState, entry: EntryReader): TableReader {
  let left = -1;
  return (cursor, into) => {
    if (left < 0) {
      left = tableSize(cursor);
      return left > 0;
    }
    const from = cursor.position;
    codec(cursor, state.namespace, 'namespace').skip(cursor);
    entry(cursor, cursor.bytes, from, cursor.position, into);
    return --left > 0;
  };
}

/** Flink 1.2: entries are grouped by namespace. */
function namespaceTable(state: PartState, entry: EntryReader): TableReader {
  let namespaces = -1;
  let left = 0;
  let namespace: Uint8Array = new Uint8Array(0);
  return (cursor, into) => {
    if (namespaces < 0) {
      const count = cursor.bool('presence flag') ? tableSize(cursor) : 0;
      namespaces = count;
    } else if (left === 0) {
      const found = part(cursor, () => codec(cursor, state.namespace, 'namespace').skip(cursor)).slice();
      left = tableSize(cursor);
      namespace = found;
      namespaces--;
    } else {
      entry(cursor, namespace, 0, namespace.length, into);
      left--;
    }
    return left > 0 || namespaces > 0;
  };
}

function timerTable(state: PartState, keyGroup: number, wanted: Uint8Array | null): TableReader {
  const { key, namespace } = state;
  let left = -1;
  return (cursor, into) => {
    if (left < 0) {
      left = tableSize(cursor);
      return left > 0;
    }
    const timestampFrom = cursor.position;
    cursor.skip(TIMESTAMP, 'timestamp');
    const keyFrom = cursor.position;
    codec(cursor, key, 'key').skip(cursor);
    const keyTo = cursor.position;
    codec(cursor, namespace, 'namespace').skip(cursor);
    if (isWanted(cursor, keyFrom, keyTo, wanted)) {
      const timer = new SlicedEntry(state, keyGroup, cursor.bytes);
      timer.keyFrom = keyFrom;
      timer.keyTo = keyTo;
      timer.namespaceFrom = keyTo;
      timer.namespaceTo = cursor.position;
      cursor.position = timestampFrom;
      timer.timestamp = readTimestamp(cursor);
      cursor.position = timer.namespaceTo;
      into.push(timer);
    }
    return --left > 0;
  };
}

/** Reads key and value behind a namespace; a map gives one entry for each of its user keys. */
function entryReader(state: PartState, keyGroup: number, wanted: Uint8Array | null): EntryReader {
  const isMap = state.layout === 'nullable' && state.userKey !== null && state.value !== null;
  return isMap ? mapReader(state, state.userKey, state.value, keyGroup, wanted) : wholeReader(state, keyGroup, wanted);
}

function wholeReader(state: PartState, keyGroup: number, wanted: Uint8Array | null): EntryReader {
  const whole = state.meta === null ? null : (serializerOf(state.meta, VALUE_SERIALIZER) ?? null);
  return (cursor, namespaceBytes, namespaceFrom, namespaceTo, into) => {
    const keyFrom = cursor.position;
    codec(cursor, state.key, 'key').skip(cursor);
    const keyTo = cursor.position;
    codec(cursor, whole, 'value').skip(cursor);
    if (!isWanted(cursor, keyFrom, keyTo, wanted)) return;
    const entry = new SlicedEntry(state, keyGroup, cursor.bytes);
    entry.namespaceBytes = namespaceBytes;
    entry.namespaceFrom = namespaceFrom;
    entry.namespaceTo = namespaceTo;
    entry.keyFrom = keyFrom;
    entry.keyTo = keyTo;
    entry.valueFrom = keyTo;
    entry.valueTo = cursor.position;
    into.push(entry);
  };
}

function mapReader(
  state: PartState,
  userKey: Codec,
  value: Codec,
  keyGroup: number,
  wanted: Uint8Array | null,
): EntryReader {
  const minimum = minimumBytes(userKey) + 1;
  return (cursor, namespaceBytes, namespaceFrom, namespaceTo, into) => {
    const keyFrom = cursor.position;
    codec(cursor, state.key, 'key').skip(cursor);
    const keyTo = cursor.position;
    const added = into.length;
    try {
      const count = cursor.count('entries of a map', minimum);
      if (!isWanted(cursor, keyFrom, keyTo, wanted)) {
        for (let i = 0; i < count; i++) {
          userKey.skip(cursor);
          skipOrNull(cursor, value);
        }
        return;
      }
      for (let i = 0; i < count; i++) {
        const entry = new SlicedEntry(state, keyGroup, cursor.bytes);
        entry.namespaceBytes = namespaceBytes;
        entry.namespaceFrom = namespaceFrom;
        entry.namespaceTo = namespaceTo;
        entry.keyFrom = keyFrom;
        entry.keyTo = keyTo;
        entry.userKeyFrom = cursor.position;
        userKey.skip(cursor);
        entry.userKeyTo = cursor.position;
        entry.valueFrom = cursor.position;
        skipOrNull(cursor, value);
        entry.valueTo = cursor.position;
        into.push(entry);
      }
    } catch (e) {
      // A map that does not fit the window is read again, and must leave nothing behind.
      into.length = added;
      throw e;
    }
  };
}

function isWanted({ bytes }: Cursor, keyFrom: number, keyTo: number, wanted: Uint8Array | null): boolean {
  return wanted === null || (keyTo - keyFrom === wanted.length && startsWith(bytes, keyFrom, keyTo, wanted));
}

function codec(cursor: Cursor, found: Codec | null, what: string): Codec {
  if (found === null) throw cursor.error('UNREADABLE', `The header names no serializer for the ${what}.`);
  return found;
}

/** `int n` at the beginning of a table. */
export function tableSize(cursor: Cursor): number {
  const at = cursor.offset;
  const size = cursor.i32();
  if (size < 0) throw cursor.corrupt(`The size of a table is negative: ${size}.`, at);
  return size;
}
