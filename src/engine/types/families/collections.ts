import type { Cursor } from '../../bytes/cursor';
import type { Sink } from '../../bytes/sink';
import { javaField } from '../../java/javaValue';
import { utf8 } from '../../json/jsonBytes';
import type { Json } from '../../json/jsonValue';
import { type Codec, minimumBytes, VARIABLE } from '../codec';
import type { TypeFamily } from '../family';
import { sequenceHash } from '../javaHash';
import { arrayFrom, inside, notA, taggedFrom } from '../jsonInput';
import { CLOSE_OBJECT, NULL, type Printer, printerOf, printList, printOrNull } from '../printer';
import type { TypeInfo } from '../typeInfo';
import { AlternativeValue, MapValue, SetValue } from '../values';
import { presentValue, readPresent, writePresent } from './presentNull';
import { composite, fieldOf, serializerWith } from './snapshotForms';
import { expectNested } from './support';

/** `ListSerializer` and `runtime.state.ArrayListSerializer`: `i4 n`, then the elements. */
export function listCodec(element: Codec, serializer: string): Codec<unknown[]> {
  const minimum = minimumBytes(element);
  const print = printerOf(element);
  const hash = element.hash?.bind(element);
  return {
    type: { name: 'list', arguments: [element.type], serializer },
    length: VARIABLE,
    minimum: 4,
    parts: [element],
    read: (cursor) => {
      const n = cursor.count('list elements', minimum);
      const items: unknown[] = [];
      for (let i = 0; i < n; i++) items.push(element.read(cursor));
      return items;
    },
    skip: (cursor) => {
      const n = cursor.count('list elements', minimum);
      // Not where the length is 0: VoidNamespaceSerializer says so and writes a byte all the same.
      if (element.length > 0) cursor.skip(n * element.length, 'list');
      else for (let i = 0; i < n; i++) element.skip(cursor);
    },
    write: (sink, value) => {
      sink.i32(value.length);
      for (const item of value) element.write(sink, item);
    },
    print: (cursor, out) => printList(cursor, out, cursor.count('list elements', minimum), print),
    fromJson: (json) => arrayFrom(json).map((item, i) => inside(`[${i}]`, () => element.fromJson(item))),
    ...(hash !== undefined && { hash: (value: unknown[]) => sequenceHash(value.map((item) => hashOf(hash, item))) }),
  };
}

const SET = utf8('{"$set":');

/** `SetSerializer` (since 2.0): `i4 n`, then for each element `bool isNull` and, unless null, the element. */
export function setCodec(element: Codec, serializer: string): Codec<SetValue> {
  const print = printerOf(element);
  const printItem: Printer = (cursor, out) => printOrNull(cursor, out, print);
  const hash = element.hash?.bind(element);
  return {
    type: { name: 'set', arguments: [element.type], serializer },
    length: VARIABLE,
    minimum: 4,
    parts: [element],
    read: (cursor) => {
      const n = cursor.count('set elements');
      const items: unknown[] = [];
      for (let i = 0; i < n; i++) items.push(readOrNull(cursor, element));
      return new SetValue(items);
    },
    skip: (cursor) => {
      const n = cursor.count('set elements');
      for (let i = 0; i < n; i++) skipOrNull(cursor, element);
    },
    write: (sink, { items }) => {
      sink.i32(items.length);
      for (const item of items) writeOrNull(sink, element, item);
    },
    print: (cursor, out) => {
      out.raw(SET);
      printList(cursor, out, cursor.count('set elements'), printItem);
      out.byte(CLOSE_OBJECT);
    },
    fromJson: (json) => {
      const items = arrayFrom(taggedFrom(json, '$set') ?? json, 'a set as {"$set": […]}');
      return new SetValue(items.map((item, i) => inside(`[${i}]`, () => fromJsonOrNull(element, item))));
    },
    ...(hash !== undefined && {
      hash: ({ items }: SetValue) => items.reduce<number>((sum, item) => (sum + hashOf(hash, item)) | 0, 0),
    }),
  };
}

/** Types whose values are strings here, but not in Java. */
const SHOWN_AS_STRING: ReadonlySet<string> = new Set(['char', 'global-window']);

/** `MapSerializer`: `i4 n`, then for each entry the key, `bool isNull` and, unless null, the value. */
export function mapCodec(key: Codec, value: Codec, serializer: string): Codec<MapValue> {
  const minimum = minimumBytes(key) + 1;
  const keyHash = key.hash?.bind(key);
  const valueHash = value.hash?.bind(value);
  const stringsAreNames = !SHOWN_AS_STRING.has(key.type.name);
  return {
    type: { name: 'map', arguments: [key.type, value.type], serializer },
    length: VARIABLE,
    minimum: 4,
    parts: [key, value],
    read: (cursor) => {
      const n = cursor.count('map entries', minimum);
      const entries: [unknown, unknown][] = [];
      for (let i = 0; i < n; i++) entries.push([key.read(cursor), readOrNull(cursor, value)]);
      return new MapValue(entries, stringsAreNames);
    },
    skip: (cursor) => {
      const n = cursor.count('map entries', minimum);
      for (let i = 0; i < n; i++) {
        key.skip(cursor);
        skipOrNull(cursor, value);
      }
    },
    write: (sink, { entries }) => {
      sink.i32(entries.length);
      for (const [k, v] of entries) {
        key.write(sink, k);
        writeOrNull(sink, value, v);
      }
    },
    fromJson: (json) =>
      new MapValue(
        pairsFrom(json, key.type).map(([k, v], i) => [
          inside(`key ${i}`, () => key.fromJson(k)),
          inside(typeof k === 'string' ? k : `value ${i}`, () => fromJsonOrNull(value, v)),
        ]),
        stringsAreNames,
      ),
    ...(keyHash !== undefined &&
      valueHash !== undefined && {
        hash: ({ entries }: MapValue) =>
          entries.reduce((sum, [k, v]) => (sum + (hashOf(keyHash, k) ^ hashOf(valueHash, v))) | 0, 0),
      }),
  };
}

/**
 * The entries of a map's JSON form: an object, or `{"$map": [[key, value], …]}`. JSON has text alone for the names of an object's
 * fields; where the keys are whole numbers or truth values, such a name is read as one.
 */
export function pairsFrom(json: Json, key?: Pick<TypeInfo, 'name'>): (readonly [Json, Json])[] {
  const pairs = taggedFrom(json, '$map');
  if (Array.isArray(pairs)) {
    return pairs.map((pair, i) => {
      if (Array.isArray(pair) && pair.length === 2) return [pair[0], pair[1]];
      throw notA(`a pair of key and value at ${i}`, pair);
    });
  }
  if (json instanceof Map) return [...json].map(([name, value]) => [keyFromName(name, key), value]);
  throw notA('an object or {"$map": [[key, value], …]}', json);
}

const WHOLE: ReadonlySet<string> = new Set([
  ...['byte', 'short', 'int', 'long', 'biginteger'],
  ...['tinyint', 'smallint', 'integer', 'bigint'],
]);

function keyFromName(name: string, key: Pick<TypeInfo, 'name'> | undefined): Json {
  if (key === undefined) return name;
  if (WHOLE.has(key.name) && /^-?\d{1,40}$/.test(name)) return BigInt(name);
  return key.name === 'boolean' && (name === 'true' || name === 'false') ? name === 'true' : name;
}

const LEFT = utf8('{"left":');
const RIGHT = utf8('{"right":');

/** `EitherSerializer`: `bool isLeft`, then the value. */
export function eitherCodec(left: Codec, right: Codec, serializer: string): Codec<AlternativeValue> {
  const leftHash = left.hash?.bind(left);
  const rightHash = right.hash?.bind(right);
  const printLeft = printerOf(left);
  const printRight = printerOf(right);
  const sideOf = (value: AlternativeValue): Codec => (value.name === 'left' ? left : right);
  return {
    type: { name: 'either', arguments: [left.type, right.type], serializer },
    length: VARIABLE,
    parts: [left, right],
    read: (cursor) =>
      cursor.bool('flag of an Either')
        ? new AlternativeValue('left', left.read(cursor))
        : new AlternativeValue('right', right.read(cursor)),
    skip: (cursor) => (cursor.bool('flag of an Either') ? left : right).skip(cursor),
    write: (sink, value) => {
      sink.bool(value.name === 'left');
      sideOf(value).write(sink, value.value);
    },
    print: (cursor, out) => {
      const isLeft = cursor.bool('flag of an Either');
      out.raw(isLeft ? LEFT : RIGHT);
      if (isLeft) printLeft(cursor, out);
      else printRight(cursor, out);
      out.byte(CLOSE_OBJECT);
    },
    fromJson: (json) => {
      for (const name of ['left', 'right'] as const) {
        const value = taggedFrom(json, name);
        if (value !== undefined)
          return new AlternativeValue(
            name,
            inside(name, () => (name === 'left' ? left : right).fromJson(value)),
          );
      }
      throw notA('{"left": …} or {"right": …}', json);
    },
    ...(leftHash !== undefined &&
      rightHash !== undefined && {
        hash: (value: AlternativeValue) => hashOf(value.name === 'left' ? leftHash : rightHash, value.value),
      }),
  };
}

/**
 * `NullableSerializer`: `bool isNull`, then the value; in place of null stand as many zeros as a value has bytes, where
 * the serializer pads (then all values are of one length).
 */
export function nullableCodec(inner: Codec, padding: number, serializer: string): Codec {
  const hash = inner.hash?.bind(inner);
  const print = printerOf(inner);
  const readPadding = (cursor: Cursor): null => {
    if (cursor.take(padding, 'padding').some((byte) => byte !== 0))
      throw cursor.corrupt('The padding of a null holds other bytes than 0.', cursor.offset - padding);
    return null;
  };
  return {
    type: { ...inner.type, nullable: true, serializer },
    length: padding > 0 ? padding + 1 : VARIABLE,
    parts: [inner],
    notNull: inner,
    read: (cursor) => (cursor.bool('null flag') ? readPadding(cursor) : readPresent(inner, cursor)),
    skip: (cursor) => {
      if (cursor.bool('null flag')) cursor.skip(padding, 'padding');
      else inner.skip(cursor);
    },
    write: (sink, value) => {
      sink.bool(value === null);
      if (value !== null) writePresent(inner, sink, value);
      else sink.raw(new Uint8Array(padding));
    },
    print: (cursor, out) => {
      if (!cursor.bool('null flag')) print(cursor, out);
      else {
        readPadding(cursor);
        out.raw(NULL);
      }
    },
    fromJson: (json) => fromJsonOrNull(inner, json),
    ...(hash !== undefined && { hash: (value: unknown) => hashOf(hash, value) }),
  };
}

export function readOrNull(cursor: Cursor, codec: Codec): unknown {
  return cursor.bool('null flag') ? null : readPresent(codec, cursor);
}

export function skipOrNull(cursor: Cursor, codec: Codec): void {
  if (!cursor.bool('null flag')) codec.skip(cursor);
}

export function writeOrNull(sink: Sink, codec: Codec, value: unknown): void {
  sink.bool(value === null);
  if (value !== null) writePresent(codec, sink, value);
}

export function fromJsonOrNull(codec: Codec, json: Json): unknown {
  return json === null ? null : codec.fromJson(json);
}

/** `Objects.hashCode`: 0 for null. */
export function hashOf(hash: (value: unknown) => number, value: unknown): number {
  return value === null ? 0 : hash(presentValue(value));
}

const BASE = 'org.apache.flink.api.common.typeutils.base.';
const JAVA = 'org.apache.flink.api.java.typeutils.runtime.';
const STATE = 'org.apache.flink.runtime.state.';

const list = composite(1, 1, ([element], name) => listCodec(element, name));
const either = composite(2, 2, ([left, right], name) => eitherCodec(left, right, name));

/** Longest padding: no serializer of a fixed length comes near it. */
const MAX_PADDING = 1 << 16;

export const collectionsFamily: TypeFamily = {
  snapshots: {
    [`${BASE}ListSerializerSnapshot`]: list,
    [`${STATE}ArrayListSerializerSnapshot`]: list,
    [`${BASE}SetSerializerSnapshot`]: composite(1, 1, ([element], name) => setCodec(element, name)),
    [`${BASE}MapSerializerSnapshot`]: composite(2, 1, ([key, value], name) => mapCodec(key, value, name)),
    [`${JAVA}JavaEitherSerializerSnapshot`]: either,
    [`${JAVA}EitherSerializerSnapshot`]: either,
    /** Composite, outer version 2: `i4 padding`. */
    [`${JAVA}NullableSerializer$NullableSerializerSnapshot`]: (input) => {
      const { outer, nested } = input.composite((_version, cursor) => {
        const at = cursor.offset;
        const padding = cursor.i32();
        if (padding < 0 || padding > MAX_PADDING) throw cursor.corrupt(`A null is padded with ${padding} bytes.`, at);
        return padding;
      });
      expectNested(input.cursor, input.className, nested, 1);
      return nullableCodec(nested[0], outer, input.className);
    },
  },
  serializers: {
    [`${BASE}ListSerializer`]: serializerWith(['elementSerializer'], ([element], name) => listCodec(element, name)),
    [`${STATE}ArrayListSerializer`]: serializerWith(['elementSerializer'], ([element], name) =>
      listCodec(element, name),
    ),
    [`${BASE}SetSerializer`]: serializerWith(['elementSerializer'], ([element], name) => setCodec(element, name)),
    [`${BASE}MapSerializer`]: serializerWith(['keySerializer', 'valueSerializer'], ([key, value], name) =>
      mapCodec(key, value, name),
    ),
    [`${JAVA}EitherSerializer`]: serializerWith(['leftSerializer', 'rightSerializer'], ([left, right], name) =>
      eitherCodec(left, right, name),
    ),
    [`${JAVA}NullableSerializer`]: (input) => {
      const padding = javaField(input.object, 'padding');
      const items = typeof padding === 'object' && padding?.kind === 'array' ? padding.items : [];
      return nullableCodec(input.nested(fieldOf(input, 'originalSerializer')), items.length, input.className);
    },
  },
};
