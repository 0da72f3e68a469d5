import type { Cursor } from '../../bytes/cursor';
import { readJavaObject } from '../../java/objectStream';
import type { Codec } from '../codec';
import type { TypeOptions } from '../family';
import { registry } from '../registry';
import { javaSerializerCodec } from './javaSerializer';
import { serializerProxyFrame } from './proxyFrame';

/** One Java-serialized `TypeSerializer` without a length: operator state of Flink 1.2. */
export function readJavaSerializer(cursor: Cursor, options: TypeOptions): Codec {
  return javaSerializerCodec(readJavaObject(cursor), options, registry);
}

/** One in a `TypeSerializerSerializationProxy`: `i4 1, i4 length`, the object; see `serializerProxyFrame`. */
export function readSerializerProxy(cursor: Cursor, options: TypeOptions): Codec {
  return readJavaSerializer(serializerProxyFrame(cursor), options);
}
