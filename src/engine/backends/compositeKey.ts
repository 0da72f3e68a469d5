import { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import { type Codec, VARIABLE } from '../types/codec';
import type { PartState } from './part';
import { ABSENT, SlicedEntry } from './slicedEntry';

/** Bytes in front of a timer's key: its timestamp. */
export const TIMESTAMP = 8;
const SIGN = 1n << 63n;
/** The canonical layout marks the last key of a run in its first bit, which no key group's number reaches. */
const WITHOUT_MARK = 0x7f;

/**
 * Takes the keys of entries in the canonical or RocksDB layout apart.
 *
 *     key group (1 or 2 bytes) | key | [length of key] | namespace | [length of namespace] | [user key]
 *
 * The lengths stand there only where both key and namespace differ in length, so that no two keys have the same bytes; they
 * are little-endian, low byte first, in as many bytes as the number needs.
 * A timer's is `key group | long timestamp with its sign bit flipped | key | namespace`.
 * Source: CompositeKeySerializationUtils, SerializedCompositeKeyBuilder, TimerSerializer.
 */
export class CompositeKeyReader {
  private readonly cursor = new Cursor(new Uint8Array(0));

  /** `prefix`: bytes that a key group takes; 0 where keys come without it. */
  constructor(private readonly prefix: 0 | 1 | 2) {}

  /**
   * The entry whose key is `[from, to)` of `bytes` and whose value `[valueFrom, valueTo)`. A key whose parts cannot be told
   * from one another is given whole, with the reason in `fault`.
   */
  read(
    state: PartState,
    keyGroup: number,
    bytes: Uint8Array,
    from: number,
    to: number,
    valueFrom: number,
    valueTo: number,
  ): SlicedEntry {
    const { cursor } = this;
    const entry = new SlicedEntry(state, keyGroup, bytes);
    if (state.kind !== 'timer') {
      entry.valueFrom = valueFrom;
      entry.valueTo = valueTo;
    }
    cursor.turnTo(bytes, from, to);
    try {
      if (this.prefix > 0) expectKeyGroup(cursor, this.prefix, keyGroup);
      if (state.kind === 'timer') entry.timestamp = readTimestamp(cursor);
      if (isReadable(state.key)) split(entry, cursor);
      else splitAround(entry, cursor);
    } catch (e) {
      if (!(e instanceof EngineError)) throw e;
      const head = entry.timestamp === null ? this.prefix : this.prefix + TIMESTAMP;
      entry.keyFrom = Math.min(from + head, to);
      entry.keyTo = to;
      entry.namespaceFrom = ABSENT;
      entry.userKeyFrom = ABSENT;
      entry.fault = e.message;
    }
    return entry;
  }
}

function expectKeyGroup(cursor: Cursor, prefix: number, keyGroup: number): void {
  const stored = prefix === 1 ? cursor.u8() & WITHOUT_MARK : cursor.u16() & ((WITHOUT_MARK << 8) | 0xff);
  if (stored !== keyGroup) {
    throw cursor.corrupt(`An entry of key group ${stored} lies in key group ${keyGroup}.`, 0);
  }
}

/** The parts behind the key group (and the timestamp of a timer), found by stepping over one after the other. */
function split(entry: SlicedEntry, cursor: Cursor): void {
  const { state } = entry;
  const { key, namespace } = state;
  if (key === null || namespace === null) throw unnamed(cursor);
  const marked = isAmbiguous(state);
  entry.keyFrom = cursor.position;
  key.skip(cursor);
  entry.keyTo = cursor.position;
  if (marked) skipLength(cursor, entry.keyTo - entry.keyFrom);
  splitBehindKey(entry, cursor, namespace, marked);
}

/** Namespace and user key. */
function splitBehindKey(entry: SlicedEntry, cursor: Cursor, namespace: Codec, marked: boolean): void {
  entry.namespaceFrom = cursor.position;
  namespace.skip(cursor);
  entry.namespaceTo = cursor.position;
  if (marked) skipLength(cursor, entry.namespaceTo - entry.namespaceFrom);
  if (entry.state.kind === 'map') {
    entry.userKeyFrom = cursor.position;
    entry.userKeyTo = cursor.end;
  } else cursor.expectEnd('a key');
}

/**
 * The same where nobody can tell where the key ends: only one length may let everything behind it fit. In a map any could,
 * unless the length itself stands behind the key.
 */
function splitAround(entry: SlicedEntry, cursor: Cursor): void {
  const { state } = entry;
  const { key, namespace } = state;
  if (key === null || namespace === null) throw unnamed(cursor);
  const marked = isAmbiguous(state);
  if (state.kind === 'map' && !marked) key.skip(cursor);
  const from = cursor.position;
  let found = from;
  let ways = 0;
  for (let end = from; end <= cursor.end && ways < 2; end++) {
    cursor.position = end;
    if (!fits(entry, cursor, namespace, marked, end - from)) continue;
    found = end;
    ways++;
  }
  if (ways !== 1) {
    cursor.position = from;
    key.skip(cursor);
    throw cursor.corrupt('The parts of a key cannot be told from one another.');
  }
  cursor.position = found;
  if (marked) skipLength(cursor, found - from);
  splitBehindKey(entry, cursor, namespace, marked);
  entry.keyFrom = from;
  entry.keyTo = found;
}

/** Whether everything behind a key of that length is as it should be. */
function fits(entry: SlicedEntry, cursor: Cursor, namespace: Codec, marked: boolean, keyLength: number): boolean {
  try {
    if (marked) skipLength(cursor, keyLength);
    splitBehindKey(entry, cursor, namespace, marked);
    return true;
  } catch (e) {
    if (!(e instanceof EngineError)) throw e;
    return false;
  }
}

const isReadable = (codec: Codec | null): boolean => codec === null || codec.type.unreadable === undefined;

/** Both parts differ in length, so that their lengths stand behind them; never in timers. */
function isAmbiguous({ kind, key, namespace }: PartState): boolean {
  return kind !== 'timer' && key?.length === VARIABLE && namespace?.length === VARIABLE;
}

function unnamed(cursor: Cursor): EngineError {
  return cursor.error('UNREADABLE', 'The header names no serializer for the key or the namespace.');
}

export function readTimestamp(cursor: Cursor): bigint {
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

/** Whether `[from, to)` begins with these bytes. */
export function startsWith(bytes: Uint8Array, from: number, to: number, wanted: Uint8Array): boolean {
  if (wanted.length > to - from) return false;
  for (let i = wanted.length - 1; i >= 0; i--) if (bytes[from + i] !== wanted[i]) return false;
  return true;
}
