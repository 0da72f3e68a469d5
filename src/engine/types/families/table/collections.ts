import type { Cursor } from '../../../bytes/cursor';
import type { Sink } from '../../../bytes/sink';
import { readJavaObject } from '../../../java/objectStream';
import { type Codec, VARIABLE } from '../../codec';
import { readNestedBlock } from '../../compositeSnapshot';
import type { SnapshotInput, TypeFamily } from '../../family';
import { arrayFrom, inside } from '../../jsonInput';
import { MapValue } from '../../values';
import { mapCodec, pairsFrom } from '../collections';
import { composite, compositeWith, serializerWith } from '../snapshotForms';
import { expectNested } from '../support';
import { expectVersion } from './rowData';

/** SQL's collections: linked lists, sorted maps, and the views of aggregate functions. */

/** Bits of a mask, the first in the highest bit of the first byte (`MaskUtils`). */
function readMask(cursor: Cursor, count: number): Uint8Array {
  return cursor.take(Math.floor((count + 7) / 8), 'mask of nulls');
}

function isSet(mask: Uint8Array, index: number): boolean {
  return (mask[index >> 3] & (0x80 >> (index & 7))) !== 0;
}

function writeMask(sink: Sink, items: readonly unknown[]): void {
  const mask = new Uint8Array(Math.floor((items.length + 7) / 8));
  items.forEach((item, i) => {
    if (item === null) mask[i >> 3] |= 0x80 >> (i & 7);
  });
  sink.raw(mask);
}

/** `LinkedListSerializer` (1.13): `i4 n`, since 1.14 a mask of nulls, the elements that are not null. */
export function linkedListCodec(element: Codec, hasMask: boolean, serializer: string): Codec<unknown[]> {
  const count = (cursor: Cursor) => {
    const n = cursor.i32();
    const least = hasMask ? Math.floor((n + 7) / 8) : n * Math.max(1, element.length);
    if (n < 0 || least > cursor.remaining)
      throw cursor.error('TRUNCATED', `${n} elements are announced, but only ${cursor.remaining} bytes are left.`);
    return n;
  };
  return {
    type: { name: 'list', arguments: [element.type], serializer },
    length: VARIABLE,
    minimum: 4,
    parts: [element],
    read: (cursor) => {
      const n = count(cursor);
      const mask = hasMask ? readMask(cursor, n) : null;
      const items: unknown[] = [];
      for (let i = 0; i < n; i++) items.push(mask !== null && isSet(mask, i) ? null : element.read(cursor));
      return items;
    },
    skip: (cursor) => {
      const n = count(cursor);
      const mask = hasMask ? readMask(cursor, n) : null;
      for (let i = 0; i < n; i++) if (mask === null || !isSet(mask, i)) element.skip(cursor);
    },
    write: (sink, items) => {
      sink.i32(items.length);
      if (hasMask) writeMask(sink, items);
      for (const item of items) if (item !== null || !hasMask) element.write(sink, item);
    },
    fromJson: (json) =>
      arrayFrom(json).map((item, i) =>
        inside(`[${i}]`, () => (item === null && hasMask ? null : element.fromJson(item))),
      ),
  };
}

/** `NullAwareMapSerializer`: `i4 n`, then for each entry `bool keyIsNull`, key, `bool valueIsNull`, value. */
export function nullAwareMapCodec(key: Codec, value: Codec, serializer: string): Codec<MapValue> {
  const read = (cursor: Cursor, codec: Codec) => (cursor.bool('flag of a null') ? null : codec.read(cursor));
  const skip = (cursor: Cursor, codec: Codec) => {
    if (!cursor.bool('flag of a null')) codec.skip(cursor);
  };
  const write = (sink: Sink, codec: Codec, item: unknown) => {
    sink.bool(item === null);
    if (item !== null) codec.write(sink, item);
  };
  return {
    type: { name: 'map', arguments: [key.type, value.type], serializer },
    length: VARIABLE,
    minimum: 4,
    parts: [key, value],
    read: (cursor) => {
      const n = cursor.count('map entries', 2);
      const entries: (readonly [unknown, unknown])[] = [];
      for (let i = 0; i < n; i++) entries.push([read(cursor, key), read(cursor, value)]);
      return new MapValue(entries);
    },
    skip: (cursor) => {
      const n = cursor.count('map entries', 2);
      for (let i = 0; i < n; i++) {
        skip(cursor, key);
        skip(cursor, value);
      }
    },
    write: (sink, { entries }) => {
      sink.i32(entries.length);
      for (const [k, v] of entries) {
        write(sink, key, k);
        write(sink, value, v);
      }
    },
    fromJson: (json) =>
      new MapValue(
        pairsFrom(json, key.type).map(([k, v], i) =>
          inside(`[${i}]`, () => [k === null ? null : key.fromJson(k), v === null ? null : value.fromJson(v)] as const),
        ),
      ),
  };
}

/** Java object Comparator, nested block [key, value]. */
function sortedMapSnapshot(input: SnapshotInput): Codec {
  expectVersion(input, 3, 3);
  readJavaObject(input.cursor);
  const nested = readNestedBlock(input.cursor, () => input.nested());
  expectNested(input.cursor, input.className, nested, 2);
  return mapCodec(nested[0], nested[1], input.className) as Codec;
}

/** A view holds the list or map of its nested serializer and nothing else. */
function viewCodec(inner: Codec, serializer: string): Codec {
  return { ...inner, type: { ...inner.type, serializer } };
}

/** First version whose lists have a mask of nulls without saying so; from the next on a flag tells. */
const LINKED_LIST_MASK = 2;

const TYPEUTILS = 'org.apache.flink.table.runtime.typeutils.';
const DATAVIEW = 'org.apache.flink.table.dataview.';

export const tableCollectionsFamily: TypeFamily = {
  snapshots: {
    [`${TYPEUTILS}LinkedListSerializer$LinkedListSerializerSnapshot`]: compositeWith(
      LINKED_LIST_MASK + 1,
      1,
      (version, cursor) => (version > LINKED_LIST_MASK ? cursor.bool('flag of a mask') : version === LINKED_LIST_MASK),
      ([element], hasMask, name) => linkedListCodec(element, hasMask, name) as Codec,
    ),
    [`${TYPEUTILS}SortedMapSerializerSnapshot`]: sortedMapSnapshot,
    [`${DATAVIEW}ListViewSerializerSnapshot`]: composite(1, 1, ([list], name) => viewCodec(list, name)),
    [`${DATAVIEW}MapViewSerializerSnapshot`]: composite(1, 1, ([map], name) => viewCodec(map, name)),
    [`${DATAVIEW}NullAwareMapSerializerSnapshot`]: composite(
      2,
      1,
      ([key, value], name) => nullAwareMapCodec(key, value, name) as Codec,
    ),
  },
  serializers: {
    [`${TYPEUTILS}LinkedListSerializer`]: (input) =>
      serializerWith(['elementSerializer'], ([element], name) => {
        const flag = input.object.classData.at(-1)?.fields.get('hasNullMask');
        return linkedListCodec(element, flag === true, name) as Codec;
      })(input),
    [`${TYPEUTILS}SortedMapSerializer`]: serializerWith(
      ['keySerializer', 'valueSerializer'],
      ([key, value], name) => mapCodec(key, value, name) as Codec,
    ),
    [`${DATAVIEW}ListViewSerializer`]: serializerWith(['listSerializer'], ([list], name) => viewCodec(list, name)),
    [`${DATAVIEW}MapViewSerializer`]: serializerWith(['mapSerializer'], ([map], name) => viewCodec(map, name)),
    [`${DATAVIEW}NullAwareMapSerializer`]: serializerWith(
      ['keySerializer', 'valueSerializer'],
      ([key, value], name) => nullAwareMapCodec(key, value, name) as Codec,
    ),
  },
};
