import type { Cursor } from '../../bytes/cursor';
import { EngineError } from '../../bytes/engineError';
import { readJavaObject } from '../../java/objectStream';
import type { Codec } from '../codec';
import type { SnapshotReader } from '../serializerSnapshot';
import { whyUnreadable } from '../typeInfo';
import { readConfigEnvelope } from './configEnvelope';
import { javaSerializerCodec } from './javaSerializer';
import { serializerProxyFrame } from './proxyFrame';

/** Envelope of a `TypeSerializerConfigSnapshot` (1.3 to 1.6). */
const CONFIG_ENVELOPE = 1;
/** Envelope of a `TypeSerializerSnapshot` (1.7), which stands in the same place in composite configs that 1.7 wrote. */
const SNAPSHOT_ENVELOPE = 2;

/**
 * `TypeSerializerSerializationUtil.writeSerializersAndConfigsWithResilience` (1.3 to 1.7): `i4 n, n x (i4 offset of the
 * serializer's proxy, i4 offset of its config), i4 length, length bytes` that the offsets count from.
 */
export function readPairs(cursor: Cursor, reader: SnapshotReader): Codec[] {
  const n = cursor.count('serializers', 8);
  const starts: number[] = [];
  for (let i = 0; i < 2 * n; i++) starts.push(cursor.i32());
  const frames = partsOfBuffer(cursor, starts);
  return frames
    .filter((_, i) => i % 2 === 0)
    .map((serializer, i) => cursor.nested(() => readPair(serializer, frames[2 * i + 1], reader)));
}

/** `i4 length`, then a buffer; each part of it reaches from its start to the next one's. */
export function partsOfBuffer(cursor: Cursor, starts: readonly number[]): Cursor[] {
  const at = cursor.offset;
  const length = cursor.i32();
  if (length < 0) throw cursor.corrupt(`Length of serializers and their configs is negative: ${length}.`, at);
  cursor.need(length, 'buffer of serializers and their configs');
  const from = cursor.position;
  const parts = starts.map((start, i) => {
    const end = starts[i + 1] ?? length;
    if (start < 0 || start > end || end > length)
      throw cursor.corrupt(`A part of ${length} bytes of serializers reaches from ${start} to ${end}.`, at);
    cursor.position = from + start;
    return cursor.frame(end - start, 'serializer or its config');
  });
  cursor.position = from + length;
  return parts;
}

/**
 * The serializer itself says everything if its class is known; its config is asked where it is not, and where the object
 * was left out (an empty frame). Never fails: offsets tell where the pair ends.
 */
export function readPair(serializer: Cursor, config: Cursor, reader: SnapshotReader): Codec {
  const object = attempt(() =>
    serializer.remaining === 0
      ? null
      : javaSerializerCodec(readJavaObject(serializerProxyFrame(serializer)), reader.options, reader.types),
  );
  // The object of a POJO's serializer leaves out the subclasses that were met without being registered.
  if (object !== null && object.type.name !== 'pojo' && whyUnreadable(object.type) === null) return object;
  const configured = attempt(() => readConfig(config, reader));
  if (configured !== null && (object === null || whyUnreadable(configured.type) === null)) return configured;
  return object ?? javaSerializerCodec(null, reader.options, reader.types);
}

function readConfig(cursor: Cursor, reader: SnapshotReader): Codec | null {
  const envelope = cursor.i32();
  if (envelope === SNAPSHOT_ENVELOPE) return reader.readFramed(cursor.frame(cursor.remaining));
  return envelope === CONFIG_ENVELOPE ? readConfigEnvelope(cursor, reader).codec : null;
}

function attempt<T>(read: () => T | null): T | null {
  try {
    return read();
  } catch (e) {
    if (e instanceof EngineError) return null;
    throw e;
  }
}
