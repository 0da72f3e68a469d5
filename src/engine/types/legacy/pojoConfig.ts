import type { Cursor } from '../../bytes/cursor';
import type { Codec } from '../codec';
import { type PojoField, pojoCodec } from '../families/pojoCodec';
import type { ConfigInput } from './configForms';
import { readPair } from './serializerPairs';

interface Entry {
  readonly serializer: number;
  readonly config: number;
}

/**
 * `PojoSerializerConfigSnapshot`, version 1 (1.3 to 1.7): `UTF` class, then for the fields, the registered subclasses and the
 * subclasses that were not registered: `i4 n, n x (i4 offset of the serializer's proxy, i4 offset of its config)`; then
 * `i4 length` and the buffer that the offsets count from. In it a `UTF` name stands before each entry's serializer.
 */
export function readPojoConfig({ className, cursor, reader }: ConfigInput): Codec {
  const pojoClass = cursor.utf('POJO class');
  const lists = ['fields', 'registered subclasses', 'subclasses'].map((what) => readOffsets(cursor, what));
  const at = cursor.offset;
  const buffer = cursor.bytes4('buffer of a POJO config');
  const from = cursor.position - buffer.length;
  const end = cursor.position;
  const window = (start: number, to: number): Cursor => {
    if (start < 0 || start > to || from + to > end)
      throw cursor.corrupt(`A part of a POJO config of ${buffer.length} bytes reaches from ${start} to ${to}.`, at);
    cursor.position = from + start;
    return cursor.frame(to - start, 'part of a POJO config');
  };
  const entries = lists.flat();
  const names = entries.map(({ serializer }) => nameBefore(buffer, serializer));
  const all: PojoField[] = entries.map((entry, i) => {
    const name = names[i];
    if (name === null) throw cursor.corrupt(`No name stands before offset ${entry.serializer} of a POJO config.`, at);
    const next = names[i + 1]?.start ?? buffer.length;
    const codec = readPair(window(entry.serializer, entry.config), window(entry.config, next), reader);
    return { name: name.text, codec };
  });
  cursor.position = end;
  const [fields, registered] = lists.map((list) => list.length);
  return pojoCodec({
    className: pojoClass,
    fields: all.slice(0, fields),
    registered: all.slice(fields, fields + registered),
    others: all.slice(fields + registered),
    serializer: className,
  });
}

function readOffsets(cursor: Cursor, what: string): Entry[] {
  const n = cursor.count(what, 8);
  const entries: Entry[] = [];
  for (let i = 0; i < n; i++) entries.push({ serializer: cursor.i32(), config: cursor.i32() });
  return entries;
}

/**
 * The `UTF` name that ends at an offset. No name of a field or class has a zero byte in it, as the upper half of its length
 * is, so that only one length can stand at the right distance.
 */
function nameBefore(buffer: Uint8Array, end: number): { text: string; start: number } | null {
  for (let length = 1; length <= end - 2 && length < 256; length++) {
    const start = end - 2 - length;
    if (buffer[start] === 0 && buffer[start + 1] === length)
      return { text: new TextDecoder().decode(buffer.subarray(start + 2, end)), start };
    if (buffer[start + 2] === 0) return null;
  }
  return null;
}
