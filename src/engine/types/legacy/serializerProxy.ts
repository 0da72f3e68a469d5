import type { Cursor } from '../../bytes/cursor';
import { readJavaObject } from '../../java/objectStream';
import type { Codec } from '../codec';
import type { TypeOptions } from '../family';
import { registry } from '../registry';
import { javaSerializerCodec } from './javaSerializer';

/**
 * Serializers as Flink 1.2 to 1.6 wrote them into the headers of state: as Java-serialized `TypeSerializer` objects. From 1.3
 * on a config snapshot stands beside each; see `configSnapshot.ts`.
 */

/** One Java-serialized `TypeSerializer`, without a length. */
export function readJavaSerializer(cursor: Cursor, options: TypeOptions): Codec {
  return javaSerializerCodec(readJavaObject(cursor), options, registry);
}

/**
 * `TypeSerializerSerializationProxy` (1.2 to 1.16): `i4 1, i4 length, length bytes` of a Java-serialized `TypeSerializer`.
 *
 * Flink 1.3 to 1.6 wrote the length as one byte, its lowest, where the serializer was an `UnloadableDummyTypeSerializer`:
 * then the four bytes of the length are that byte and the first three of `AC ED 00 05`.
 */
export function readSerializerProxy(cursor: Cursor, options: TypeOptions): Codec {
  return readJavaSerializer(serializerProxyFrame(cursor), options);
}

/** The bytes of the Java-serialized object inside a proxy, which the cursor steps over. */
export function serializerProxyFrame(cursor: Cursor): Cursor {
  const at = cursor.offset;
  const version = cursor.i32();
  if (version !== 1)
    throw cursor.error('UNSUPPORTED_VERSION', `Proxy of a serializer has version ${version}; known is 1.`, at);
  if (cursor.remaining >= 5 && startsStream(cursor, 1)) {
    const low = cursor.u8();
    return oneByteLengthFrame(cursor, low);
  }
  const length = cursor.i32();
  if (length < 0) throw cursor.corrupt(`Length of a serializer is negative: ${length}.`, at + 4);
  return cursor.frame(length, 'Java-serialized serializer');
}

/** Only the lowest byte of the length is there; the object itself says where it ends, and the two must agree. */
function oneByteLengthFrame(cursor: Cursor, low: number): Cursor {
  const from = cursor.position;
  const at = cursor.offset;
  readJavaObject(cursor);
  const length = cursor.position - from;
  if ((length & 0xff) !== low)
    throw cursor.corrupt(`A serializer of ${length} bytes, whose length should end in the byte ${low}.`, at);
  cursor.position = from;
  return cursor.frame(length, 'Java-serialized serializer');
}

function startsStream(cursor: Cursor, ahead: number): boolean {
  const { bytes, position } = cursor;
  const at = position + ahead;
  return bytes[at] === 0xac && bytes[at + 1] === 0xed && bytes[at + 2] === 0 && bytes[at + 3] === 5;
}
