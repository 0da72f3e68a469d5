import type { Sink } from '../bytes/sink';
import { type Codec, VARIABLE } from '../types/codec';

const SIGN = 1n << 63n;

/** The number of a key group in front of a key: 1 byte, or 2 where there are more than 128 of them. */
export function writeKeyGroup(sink: Sink, keyGroup: number, prefix: 1 | 2): void {
  if (prefix === 1) sink.u8(keyGroup);
  else sink.i16(keyGroup);
}

/**
 * Key and namespace as `CompositeKeyReader` takes them apart; a map's user key follows them.
 * Source: CompositeKeySerializationUtils, SerializedCompositeKeyBuilder.
 */
export function writeKeyAndNamespace(
  sink: Sink,
  codecs: { key: Codec | null; namespace: Codec | null },
  key: Uint8Array,
  namespace: Uint8Array,
): void {
  const marked = codecs.key?.length === VARIABLE && codecs.namespace?.length === VARIABLE;
  sink.raw(key);
  if (marked) writeLength(sink, key.length);
  sink.raw(namespace);
  if (marked) writeLength(sink, namespace.length);
}

/** The key of a timer behind its key group. Source: TimerSerializer. */
export function writeTimerKey(sink: Sink, timestamp: bigint, key: Uint8Array, namespace: Uint8Array): void {
  sink.i64(BigInt.asIntN(64, timestamp ^ SIGN));
  sink.raw(key);
  sink.raw(namespace);
}

/** Little-endian, low byte first, in as many bytes as the number needs. */
function writeLength(sink: Sink, length: number): void {
  let rest = length;
  do {
    sink.u8(rest & 0xff);
    rest >>>= 8;
  } while (rest > 0);
}
