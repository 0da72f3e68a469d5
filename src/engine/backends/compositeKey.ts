import { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import { type Codec, VARIABLE } from '../types/codec';
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
  let timestamp: bigint | null = null;
  try {
    const stored = prefix === 1 ? cursor.u8() : cursor.u16();
    if (stored !== keyGroup) {
      throw cursor.corrupt(`An entry of key group ${stored} lies in key group ${keyGroup}.`, 0);
    }
    if (state.kind === 'timer') timestamp = readTimestamp(cursor);
    const [key, namespace, userKey] = isReadable(state.key) ? split(state, cursor) : splitAround(state, cursor);
    const ofValue = timestamp === null ? value : null;
    return { state, keyGroup, index: -1, key, namespace, userKey, value: ofValue, timestamp, fault: null };
  } catch (e) {
    if (!(e instanceof EngineError)) throw e;
    const rest = Math.min(timestamp === null ? prefix : prefix + TIMESTAMP, composite.length);
    return {
      state,
      keyGroup,
      index: -1,
      key: composite.subarray(rest),
      namespace: null,
      userKey: null,
      value: state.kind === 'timer' ? null : value,
      timestamp,
      fault: e.message,
    };
  }
}

type Parts = [key: Uint8Array, namespace: Uint8Array, userKey: Uint8Array | null];

/** The parts behind the key group (and the timestamp of a timer), found by stepping over one after the other. */
function split(state: PartState, cursor: Cursor): Parts {
  const [keyCodec, namespaceCodec] = codecsOf(state, cursor);
  const marked = isAmbiguous(state);
  const key = part(cursor, () => keyCodec.skip(cursor));
  if (marked) skipLength(cursor, key.length);
  const namespace = part(cursor, () => namespaceCodec.skip(cursor));
  if (marked) skipLength(cursor, namespace.length);
  const userKey = state.kind === 'map' ? cursor.take(cursor.remaining) : null;
  cursor.expectEnd('a key');
  return [key, namespace, userKey];
}

/**
 * The same where nobody can tell where the key ends: only one length may let everything behind it fit. In a map any could,
 * unless the length itself stands behind the key.
 */
function splitAround(state: PartState, cursor: Cursor): Parts {
  const [keyCodec, namespaceCodec] = codecsOf(state, cursor);
  const marked = isAmbiguous(state);
  if (state.kind === 'map' && !marked) keyCodec.skip(cursor);
  const from = cursor.position;
  const found: Parts[] = [];
  for (let end = from; end <= cursor.end; end++) {
    cursor.position = end;
    try {
      if (marked) skipLength(cursor, end - from);
      const namespace = part(cursor, () => namespaceCodec.skip(cursor));
      if (marked) skipLength(cursor, namespace.length);
      const userKey = state.kind === 'map' ? cursor.take(cursor.remaining) : null;
      cursor.expectEnd('a key');
      found.push([cursor.bytes.subarray(from, end), namespace, userKey]);
    } catch (e) {
      if (!(e instanceof EngineError)) throw e;
    }
  }
  if (found.length === 1) return found[0];
  cursor.position = from;
  keyCodec.skip(cursor);
  throw cursor.corrupt('The parts of a key cannot be told from one another.');
}

const isReadable = (codec: Codec | null): boolean => codec === null || codec.type.unreadable === undefined;

/** Both parts differ in length, so that their lengths stand behind them; never in timers. */
function isAmbiguous({ kind, key, namespace }: PartState): boolean {
  return kind !== 'timer' && key?.length === VARIABLE && namespace?.length === VARIABLE;
}

function codecsOf({ key, namespace }: PartState, cursor: Cursor): [key: Codec, namespace: Codec] {
  if (key !== null && namespace !== null) return [key, namespace];
  throw cursor.error('UNREADABLE', 'The header names no serializer for the key or the namespace.');
}

function readTimestamp(cursor: Cursor): bigint {
  return BigInt.asIntN(64, cursor.i64() ^ SIGN);
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
  const timestamp = readTimestamp(cursor);
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
