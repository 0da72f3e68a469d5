import type { Cursor } from '../../bytes/cursor';
import type { Codec } from '../codec';
import type { TypeOptions } from '../family';
import { readSerializerProxy } from './serializerProxy';

/**
 * `TypeSerializerSerializationUtil.writeSerializersAndConfigsWithResilience` (1.3 to 1.6): `i4 n, n x (i4 offset of the
 * serializer's proxy, i4 offset of its config), i4 length, length bytes` that the offsets count from.
 */
export function readSerializersAndConfigs(cursor: Cursor, options: TypeOptions): Codec[] {
  const n = cursor.count('serializers', 8);
  const offsets: { serializer: number; config: number }[] = [];
  for (let i = 0; i < n; i++) offsets.push({ serializer: cursor.i32(), config: cursor.i32() });
  const at = cursor.offset;
  const length = cursor.i32();
  if (length < 0) throw cursor.corrupt(`Length of serializers and their configs is negative: ${length}.`, at);
  const frame = cursor.frame(length, 'serializers and their configs');
  return offsets.map(({ serializer, config }) => {
    if (serializer < 0 || config < serializer || config > length)
      throw cursor.corrupt(`Offsets ${serializer} and ${config} of a serializer lie outside its ${length} bytes.`, at);
    frame.position = frame.end - length + serializer;
    return frame.nested(() => readSerializerProxy(frame, options));
  });
}
