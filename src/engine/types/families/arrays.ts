import type { Cursor } from '../../bytes/cursor';
import type { Sink } from '../../bytes/sink';
import { decodeBase64 } from '../../json/base64';
import { type Codec, VARIABLE } from '../codec';
import type { TypeFamily } from '../family';
import { arrayFrom, inside, stringFrom } from '../jsonInput';
import { printerOf, printList } from '../printer';
import {
  booleanShape,
  charShape,
  doubleShape,
  floatShape,
  intShape,
  longShape,
  shortShape,
  stringShape,
} from './basic';
import { compositeWith, serializerWith } from './snapshotForms';
import { type Shape, simpleFamily } from './support';

/**
 * Arrays. Those of primitives and of strings are `i4 n`, then the elements as their own serializers write them.
 * Source: `org.apache.flink.api.common.typeutils.base.array`, since 1.0. Arrays have no hash: Java gives them one by identity,
 * and Flink refuses them as keys.
 */
function elementsShape<T>(element: Shape<T>): Shape<T[]> {
  const { length } = element;
  const minimum = length >= 0 ? length : 1;
  const print = printerOf(element);
  return {
    type: { name: `${element.type.name}[]` },
    length: VARIABLE,
    minimum: 4,
    read: (cursor) => {
      const n = cursor.count('array elements', minimum);
      const items: T[] = [];
      for (let i = 0; i < n; i++) items.push(element.read(cursor));
      return items;
    },
    skip: (cursor) => {
      const n = cursor.count('array elements', minimum);
      if (length >= 0) cursor.skip(n * length, 'array');
      else for (let i = 0; i < n; i++) element.skip(cursor);
    },
    write: (sink, value) => {
      sink.i32(value.length);
      for (const item of value) element.write(sink, item);
    },
    print: (cursor, out) => printList(cursor, out, cursor.count('array elements', minimum), print),
    fromJson: (json) => arrayFrom(json).map((item, i) => inside(`[${i}]`, () => element.fromJson(item))),
  };
}

const byteArrayShape: Shape<Uint8Array> = {
  type: { name: 'byte[]' },
  length: VARIABLE,
  minimum: 4,
  read: (cursor) => cursor.bytes4('byte array'),
  skip: (cursor) => {
    cursor.bytes4('byte array');
  },
  write: (sink, value) => sink.bytes4(value),
  print: (cursor, out) => out.base64(cursor.bytes4('byte array')),
  fromJson: (json) => decodeBase64(stringFrom(json, 'a base64 string')),
};

/**
 * `GenericArraySerializer`: `i4 n`, then for each element `bool present` (1 means present) and, if so, the element.
 */
export function genericArrayCodec(element: Codec, serializer: string): Codec<unknown[]> {
  const read = (cursor: Cursor): unknown => (cursor.bool('presence flag') ? element.read(cursor) : null);
  return {
    type: { name: 'array', arguments: [element.type], serializer },
    length: VARIABLE,
    minimum: 4,
    parts: [element],
    read: (cursor: Cursor) => {
      const n = cursor.count('array elements');
      const items: unknown[] = [];
      for (let i = 0; i < n; i++) items.push(read(cursor));
      return items;
    },
    skip: (cursor: Cursor) => {
      const n = cursor.count('array elements');
      for (let i = 0; i < n; i++) if (cursor.bool('presence flag')) element.skip(cursor);
    },
    write: (sink: Sink, value: unknown[]) => {
      sink.i32(value.length);
      for (const item of value) {
        sink.bool(item !== null);
        if (item !== null) element.write(sink, item);
      }
    },
    fromJson: (json) =>
      arrayFrom(json).map((item, i) => (item === null ? null : inside(`[${i}]`, () => element.fromJson(item)))),
  };
}

const BASE = 'org.apache.flink.api.common.typeutils.base.';

const primitives = simpleFamily({
  [`${BASE}array.BooleanPrimitiveArraySerializer`]: elementsShape(booleanShape),
  [`${BASE}array.BytePrimitiveArraySerializer`]: byteArrayShape,
  [`${BASE}array.CharPrimitiveArraySerializer`]: elementsShape(charShape),
  [`${BASE}array.DoublePrimitiveArraySerializer`]: elementsShape(doubleShape),
  [`${BASE}array.FloatPrimitiveArraySerializer`]: elementsShape(floatShape),
  [`${BASE}array.IntPrimitiveArraySerializer`]: elementsShape(intShape),
  [`${BASE}array.LongPrimitiveArraySerializer`]: elementsShape(longShape),
  [`${BASE}array.ShortPrimitiveArraySerializer`]: elementsShape(shortShape),
  [`${BASE}array.StringArraySerializer`]: elementsShape(stringShape),
});

/** Composite, outer version 1 (2 in `GenericArraySerializerConfigSnapshot`, 1.7): `UTF component class`. */
const genericArray = compositeWith(
  2,
  1,
  (_version, cursor) => cursor.utf('component class'),
  ([element], _componentClass, name) => genericArrayCodec(element, name),
);

export const arraysFamily: TypeFamily = {
  snapshots: {
    ...primitives.snapshots,
    [`${BASE}GenericArraySerializerSnapshot`]: genericArray,
    [`${BASE}GenericArraySerializerConfigSnapshot`]: genericArray,
  },
  serializers: {
    ...primitives.serializers,
    [`${BASE}GenericArraySerializer`]: serializerWith(['componentSerializer'], ([element], name) =>
      genericArrayCodec(element, name),
    ),
  },
};
