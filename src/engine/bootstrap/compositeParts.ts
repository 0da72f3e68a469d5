import type { PartState, RawEntry } from '../backends/part';
import { Cursor } from '../bytes/cursor';
import { type Codec, VARIABLE } from '../types/codec';

/** Bytes of the timestamp in front of a timer's key. */
const TIMESTAMP = 8;
const SIGN = 1n << 63n;

/**
 * Where key and namespace lie in the key of a canonical entry, behind the number of the key group: what belongs to one key of
 * one namespace has the same bytes there, whatever its user key or time.
 */
export function ownerRange(state: PartState, key: Uint8Array): { from: number; to: number } {
  if (state.kind === 'timer') return { from: TIMESTAMP, to: key.length };
  if (state.kind !== 'map') return { from: 0, to: key.length };
  const cursor = new Cursor(key);
  readOwner(cursor, state);
  return { from: 0, to: cursor.position };
}

/** A canonical entry as the reader of a snapshot gives it. */
export function rawEntryOf(state: PartState, keyGroup: number, composite: Uint8Array, value: Uint8Array): RawEntry {
  const cursor = new Cursor(composite);
  const isTimer = state.kind === 'timer';
  const timestamp = isTimer ? BigInt.asIntN(64, cursor.i64() ^ SIGN) : null;
  const { key, namespace } = readOwner(cursor, state);
  const userKey = state.kind === 'map' ? composite.subarray(cursor.position) : null;
  return { state, keyGroup, index: -1, key, namespace, userKey, value: isTimer ? null : value, timestamp, fault: null };
}

function readOwner(cursor: Cursor, state: PartState): { key: Uint8Array; namespace: Uint8Array } {
  const hasLengths = state.kind !== 'timer' && state.key?.length === VARIABLE && state.namespace?.length === VARIABLE;
  const part = (codec: Codec | null): Uint8Array => {
    const from = cursor.position;
    codec?.skip(cursor);
    const to = cursor.position;
    // One byte for every eight bits of the length, at least one.
    for (let rest = to - from, first = true; hasLengths && (first || rest > 0); rest >>>= 8, first = false)
      cursor.skip(1, 'length');
    return cursor.bytes.subarray(from, to);
  };
  const key = part(state.key);
  return { key, namespace: part(state.namespace) };
}
