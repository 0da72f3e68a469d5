import { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import { VARIABLE } from '../types/codec';
import type { PartState, RawEntry } from './part';

/** Bytes in front of a timer's key: its timestamp. */
const TIMESTAMP = 8;
const SIGN = 1n << 63n;

/**
 * Takes the key of an entry in the canonical or RocksDB layout apart.
 *
 *     key group (1 or 2 bytes) | key | [length of key] | namespace | [length of namespace] | [user key]
 *
 * The lengths stand there only where both key and namespace differ in length, so that no two keys have the same bytes; they
 * are little-endian, low byte first, in as many bytes as the number needs.
 * A timer's is `key group | long timestamp with its sign bit flipped | key | namespace`.
 * Source: CompositeKeySerializationUtils, SerializedCompositeKeyBuilder, TimerSerializer.
 *
 * A key whose parts cannot be told from one another is given whole, with the reason in `fault`.
 */
export function readCompositeKey(
  state: PartState,
  composite: Uint8Array,
  value: Uint8Array,
  prefix: 1 | 2,
  keyGroup: number,
  file: string | undefined,
): RawEntry {
  const cursor = new Cursor(composite, file === undefined ? {} : { file });
  try {
    const stored = prefix === 1 ? cursor.u8() : cursor.u16();
    if (stored !== keyGroup) {
      throw cursor.corrupt(`An entry of key group ${stored} lies in key group ${keyGroup}.`, 0);
    }
    if (state.kind === 'timer') return readTimerKey(state, cursor, keyGroup);
    const { key: keyCodec, namespace: namespaceCodec } = state;
    if (keyCodec === null || namespaceCodec === null) {
      throw cursor.error('UNREADABLE', 'The header names no serializer for the key or the namespace.');
    }
    const isAmbiguous = keyCodec.length === VARIABLE && namespaceCodec.length === VARIABLE;
    const key = part(cursor, () => keyCodec.skip(cursor));
    if (isAmbiguous) skipLength(cursor, key.length);
    const namespace = part(cursor, () => namespaceCodec.skip(cursor));
    if (isAmbiguous) skipLength(cursor, namespace.length);
    const userKey = state.kind === 'map' ? cursor.take(cursor.remaining) : null;
    cursor.expectEnd('a key');
    return { state, keyGroup, index: -1, key, namespace, userKey, value, timestamp: null, fault: null };
  } catch (e) {
    if (!(e instanceof EngineError)) throw e;
    return {
      state,
      keyGroup,
      index: -1,
      key: composite.subarray(Math.min(prefix, composite.length)),
      namespace: null,
      userKey: null,
      value: state.kind === 'timer' ? null : value,
      timestamp: null,
      fault: e.message,
    };
  }
}

function readTimerKey(state: PartState, cursor: Cursor, keyGroup: number): RawEntry {
  const timer = readTimer(state, cursor);
  cursor.expectEnd('a timer');
  return { state, keyGroup, index: -1, ...timer, userKey: null, value: null, fault: null };
}

/** One element of a managed timer queue: `long timestamp with its sign bit flipped, key, namespace`. */
export function readTimer(
  state: PartState,
  cursor: Cursor,
): { timestamp: bigint; key: Uint8Array; namespace: Uint8Array } {
  const { key, namespace } = state;
  if (key === null || namespace === null) {
    throw cursor.error('UNREADABLE', 'The serializers of the timers are not known.');
  }
  cursor.need(TIMESTAMP, 'timestamp');
  const timestamp = BigInt.asIntN(64, cursor.i64() ^ SIGN);
  const keyBytes = part(cursor, () => key.skip(cursor));
  const namespaceBytes = part(cursor, () => namespace.skip(cursor));
  return { timestamp, key: keyBytes, namespace: namespaceBytes };
}

/** The bytes that `skip` steps over. */
export function part(cursor: Cursor, skip: () => void): Uint8Array {
  const from = cursor.position;
  skip();
  return cursor.bytes.subarray(from, cursor.position);
}

function skipLength(cursor: Cursor, length: number): void {
  let rest = length;
  do {
    const at = cursor.offset;
    const byte = cursor.u8();
    if (byte !== (rest & 0xff))
      throw cursor.corrupt(`The length ${length} does not stand behind its part of the key.`, at);
    rest >>>= 8;
  } while (rest > 0);
}
