import type { Cursor } from '../bytes/cursor';
import type { Codec } from '../types/codec';
import { part, readTimer } from './compositeKey';
import type { PartState, RawEntry } from './part';
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
 * Source: StateTableByKeyGroupReaders, CopyOnWriteStateMapSnapshot, KeyGroupPartitioner.
 */
export function heapTable(state: PartState, keyGroup: number, headerVersion: number): TableReader {
  if (state.kind === 'timer') return timerTable(state, keyGroup);
  const entry = entryReader(state, keyGroup);
  return headerVersion === 1 ? namespaceTable(state, entry) : flatTable(state, entry);
}

type EntryReader = (cursor: Cursor, namespace: Uint8Array, into: RawEntry[]) => void;

function flatTable(state: PartState, entry: EntryReader): TableReader {
  let left = -1;
  return (cursor, into) => {
    if (left < 0) {
      left = tableSize(cursor);
      return left > 0;
    }
    const namespace = part(cursor, () => codec(cursor, state.namespace, 'namespace').skip(cursor));
    entry(cursor, namespace, into);
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
      entry(cursor, namespace, into);
      left--;
    }
    return left > 0 || namespaces > 0;
  };
}

function timerTable(state: PartState, keyGroup: number): TableReader {
  let left = -1;
  return (cursor, into) => {
    if (left < 0) {
      left = tableSize(cursor);
      return left > 0;
    }
    into.push({ state, keyGroup, index: -1, ...readTimer(state, cursor), userKey: null, value: null, fault: null });
    return --left > 0;
  };
}

/** Reads key and value behind a namespace; a map gives one entry for each of its user keys. */
function entryReader(state: PartState, keyGroup: number): EntryReader {
  if (state.layout !== 'nullable' || state.userKey === null || state.value === null) {
    const whole = state.meta === null ? null : (serializerOf(state.meta, VALUE_SERIALIZER) ?? null);
    return (cursor, namespace, into) => {
      const key = part(cursor, () => codec(cursor, state.key, 'key').skip(cursor));
      const value = part(cursor, () => codec(cursor, whole, 'value').skip(cursor));
      into.push(rawEntry(state, keyGroup, key, namespace, null, value));
    };
  }
  const { userKey, value } = state;
  return (cursor, namespace, into) => {
    const key = part(cursor, () => codec(cursor, state.key, 'key').skip(cursor));
    // Added together at the end, so that a map that does not fit the window leaves nothing behind.
    const found: RawEntry[] = [];
    const count = cursor.count('entries of a map', 1);
    for (let i = 0; i < count; i++) {
      const mapKey = part(cursor, () => userKey.skip(cursor));
      const mapValue = part(cursor, () => {
        if (!cursor.bool('null flag')) value.skip(cursor);
      });
      found.push(rawEntry(state, keyGroup, key, namespace, mapKey, mapValue));
    }
    for (const entry of found) into.push(entry);
  };
}

function rawEntry(
  state: PartState,
  keyGroup: number,
  key: Uint8Array,
  namespace: Uint8Array,
  userKey: Uint8Array | null,
  value: Uint8Array,
): RawEntry {
  return { state, keyGroup, index: -1, key, namespace, userKey, value, timestamp: null, fault: null };
}

function codec(cursor: Cursor, found: Codec | null, what: string): Codec {
  if (found === null) throw cursor.error('UNREADABLE', `The header names no serializer for the ${what}.`);
  return found;
}

function tableSize(cursor: Cursor): number {
  const at = cursor.offset;
  const size = cursor.i32();
  if (size < 0) throw cursor.corrupt(`The size of a table is negative: ${size}.`, at);
  return size;
}
