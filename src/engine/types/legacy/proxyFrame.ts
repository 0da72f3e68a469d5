import type { Cursor } from '../../bytes/cursor';
import { readJavaObject } from '../../java/objectStream';

/**
 * The bytes of a Java-serialized serializer inside a `TypeSerializerSerializationProxy` (1.2 to 1.16), which the cursor steps
 * over: `i4 1, i4 length`, the object.
 *
 * Flink 1.3 to 1.6 wrote the length as one byte, its lowest, where the serializer was an `UnloadableDummyTypeSerializer`.
 */
export function serializerProxyFrame(cursor: Cursor): Cursor {
  const at = cursor.offset;
  const version = cursor.i32();
  if (version !== 1)
    throw cursor.error('UNSUPPORTED_VERSION', `Proxy of a serializer has version ${version}; known is 1.`, at);
  if (startsStream(cursor, 1)) return oneByteLengthFrame(cursor);
  const length = cursor.i32();
  if (length < 0) throw cursor.corrupt(`Length of a serializer is negative: ${length}.`, at + 4);
  return cursor.frame(length, 'Java-serialized serializer');
}

/** Only the lowest byte of the length is there; the object itself says where it ends, and the two must agree. */
function oneByteLengthFrame(cursor: Cursor): Cursor {
  const at = cursor.offset;
  const low = cursor.u8();
  const from = cursor.position;
  readJavaObject(cursor);
  const length = cursor.position - from;
  if ((length & 0xff) !== low)
    throw cursor.corrupt(`A serializer of ${length} bytes, whose length should end in the byte ${low}.`, at);
  cursor.position = from;
  return cursor.frame(length, 'Java-serialized serializer');
}

function startsStream(cursor: Cursor, ahead: number): boolean {
  const { bytes, position, end } = cursor;
  const at = position + ahead;
  return at + 4 <= end && bytes[at] === 0xac && bytes[at + 1] === 0xed && bytes[at + 2] === 0 && bytes[at + 3] === 5;
}
