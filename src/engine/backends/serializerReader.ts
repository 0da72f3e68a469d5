import type { Cursor } from '../bytes/cursor';
import type { Codec } from '../types/codec';

/** The forms in which headers of the different releases refer to a serializer. */
export interface SerializerReader {
  /** Since 1.7: `int 2, UTF snapshot class, int version, payload` (TypeSerializerSnapshotSerializationUtil). */
  envelope(cursor: Cursor): Codec;
  /** 1.3 to 1.6: serializers and their configurations, addressed by offsets (TypeSerializerSerializationUtil). */
  serializersAndConfigs(cursor: Cursor): Codec[];
  /** 1.2: a length, then a Java-serialized serializer (TypeSerializerSerializationProxy). */
  proxy(cursor: Cursor): Codec;
  /** 1.2, operator state: a Java-serialized serializer without a length. */
  javaObject(cursor: Cursor): Codec;
}
