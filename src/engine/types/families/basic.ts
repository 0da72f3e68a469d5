import type { Cursor } from '../../bytes/cursor';
import { type JsonBytes, utf8 } from '../../json/jsonBytes';
import { VARIABLE } from '../codec';
import { doubleHash, floatHash, longHash, stringHash } from '../javaHash';
import { badValue, booleanFrom, doubleFrom, integerFrom, intFrom, longFrom, notA, stringFrom } from '../jsonInput';
import { RawFloat } from '../values';
import {
  hashStringValue,
  printStringValue,
  printUnits,
  readStringLength,
  readStringValue,
  readUnits,
  skipStringValue,
  skipUnits,
  writeStringValue,
  writeUnits,
} from './stringValue';
import { type Shape, simpleFamily } from './support';

/**
 * Serializers of Java's primitives, of `String` and `Void`, and of the `Value` classes of `org.apache.flink.types` that hold
 * the same. Source: `org.apache.flink.api.common.typeutils.base`, since 1.0.
 */

const NAN_32 = 0x7fc00000;
const NAN_64 = 0x7ff8000000000000n;

export function readFloat(cursor: Cursor): number | RawFloat {
  const value = cursor.f32();
  if (!Number.isNaN(value)) return value;
  cursor.position -= 4;
  const bits = cursor.i32();
  return bits === NAN_32 ? value : new RawFloat(BigInt.asUintN(32, BigInt(bits)), 32);
}

export function readDouble(cursor: Cursor): number | RawFloat {
  const value = cursor.f64();
  if (!Number.isNaN(value)) return value;
  cursor.position -= 8;
  const bits = cursor.i64();
  return bits === NAN_64 ? value : new RawFloat(BigInt.asUintN(64, bits), 64);
}

const TRUE = utf8('true');
const FALSE = utf8('false');

/** A `long`, which seldom needs more digits than a JavaScript number has. */
export function printLong(cursor: Cursor, out: JsonBytes): void {
  const high = cursor.i32();
  out.long(high, cursor.u32());
}

function floatFrom(value: number): number {
  const rounded = Math.fround(value);
  if (Number.isFinite(value) && !Number.isFinite(rounded)) throw badValue(`${value} does not fit a float.`);
  return rounded;
}

export const booleanShape: Shape<boolean> = {
  type: { name: 'boolean' },
  length: 1,
  plain: 'boolean',
  read: (cursor) => cursor.bool('boolean'),
  skip: (cursor) => cursor.skip(1, 'boolean'),
  write: (sink, value) => sink.bool(value),
  print: (cursor, out) => out.raw(cursor.bool('boolean') ? TRUE : FALSE),
  fromJson: booleanFrom,
  hash: (value) => (value ? 1231 : 1237),
};

export const byteShape: Shape<number> = {
  type: { name: 'byte' },
  length: 1,
  plain: 'byte',
  read: (cursor) => cursor.i8(),
  skip: (cursor) => cursor.skip(1, 'byte'),
  write: (sink, value) => sink.u8(value),
  print: (cursor, out) => out.integer(cursor.i8()),
  fromJson: (json) => Number(integerFrom(json, -128n, 127n, 'a byte')),
  hash: (value) => value,
};

export const shortShape: Shape<number> = {
  type: { name: 'short' },
  length: 2,
  plain: 'short',
  read: (cursor) => cursor.i16(),
  skip: (cursor) => cursor.skip(2, 'short'),
  write: (sink, value) => sink.i16(value),
  print: (cursor, out) => out.integer(cursor.i16()),
  fromJson: (json) => Number(integerFrom(json, -32768n, 32767n, 'a short')),
  hash: (value) => value,
};

export const intShape: Shape<number> = {
  type: { name: 'int' },
  length: 4,
  plain: 'int',
  read: (cursor) => cursor.i32(),
  skip: (cursor) => cursor.skip(4, 'int'),
  write: (sink, value) => sink.i32(value),
  print: (cursor, out) => out.integer(cursor.i32()),
  fromJson: intFrom,
  hash: (value) => value,
  hashAt: (cursor) => cursor.i32(),
};

export const longShape: Shape<bigint> = {
  type: { name: 'long' },
  length: 8,
  plain: 'long',
  read: (cursor) => cursor.i64(),
  skip: (cursor) => cursor.skip(8, 'long'),
  write: (sink, value) => sink.i64(value),
  print: printLong,
  fromJson: longFrom,
  hash: longHash,
  hashAt: (cursor) => cursor.i32() ^ cursor.i32(),
};

export const floatShape: Shape<number | RawFloat> = {
  type: { name: 'float' },
  length: 4,
  read: readFloat,
  skip: (cursor) => cursor.skip(4, 'float'),
  write: (sink, value) => {
    if (typeof value === 'number') sink.f32(value);
    else sink.i32(Number(BigInt.asIntN(32, value.bits)));
  },
  print: (cursor, out) => out.double(cursor.f32()),
  fromJson: (json) => floatFrom(doubleFrom(json)),
  hash: (value) => floatHash(typeof value === 'number' ? value : Number.NaN),
};

export const doubleShape: Shape<number | RawFloat> = {
  type: { name: 'double' },
  length: 8,
  plain: 'double',
  read: readDouble,
  skip: (cursor) => cursor.skip(8, 'double'),
  write: (sink, value) => {
    if (typeof value === 'number') sink.f64(value);
    else sink.i64(BigInt.asIntN(64, value.bits));
  },
  print: (cursor, out) => out.double(cursor.f64()),
  fromJson: doubleFrom,
  hash: (value) => doubleHash(typeof value === 'number' ? value : Number.NaN),
};

export const charShape: Shape<string> = {
  type: { name: 'char' },
  length: 2,
  read: (cursor) => String.fromCharCode(cursor.u16()),
  skip: (cursor) => cursor.skip(2, 'char'),
  write: (sink, value) => sink.i16(value.charCodeAt(0)),
  fromJson: (json) => {
    const text = stringFrom(json);
    if (text.length !== 1) throw notA('a string of one character', json);
    return text;
  },
  hash: (value) => value.charCodeAt(0),
};

export const stringShape: Shape<string | null> = {
  type: { name: 'string' },
  length: VARIABLE,
  plain: 'string',
  read: readStringValue,
  skip: skipStringValue,
  write: writeStringValue,
  print: printStringValue,
  fromJson: (json) => (json === null ? null : stringFrom(json)),
  hash: (value) => (value === null ? 0 : stringHash(value)),
  hashAt: hashStringValue,
};

/** One byte 0, whatever the value; there is only null. */
export const voidShape: Shape<null> = {
  type: { name: 'void' },
  length: 1,
  read: (cursor) => {
    const byte = cursor.u8();
    if (byte !== 0) throw cursor.corrupt(`A Void is written as 0, found ${byte}.`, cursor.offset - 1);
    return null;
  },
  skip: (cursor) => cursor.skip(1, 'void'),
  write: (sink) => sink.u8(0),
  fromJson: nullFrom,
  hash: () => 0,
};

function nullFrom(json: unknown): null {
  if (json !== null) throw badValue('The only value of this type is null.');
  return null;
}

/** `StringValue.write`: unlike `StringSerializer` it writes the length itself, not one more; it has no null. */
const stringValueShape: Shape<string> = {
  type: { name: 'string' },
  length: VARIABLE,
  read: (cursor) => readUnits(cursor, readStringLength(cursor)),
  skip: (cursor) => skipUnits(cursor, cursor.varint('string length')),
  write: (sink, value) => {
    sink.varint(value.length);
    writeUnits(sink, value);
  },
  print: (cursor, out) => printUnits(cursor, out, readStringLength(cursor)),
  fromJson: (json) => stringFrom(json),
  hash: stringHash,
};

const nullValueShape: Shape<null> = {
  type: { name: 'void' },
  length: 0,
  read: () => null,
  skip: () => {},
  write: () => {},
  fromJson: nullFrom,
  hash: () => 53,
};

/** The same bytes held by a class of `org.apache.flink.types`, some of which hash differently. */
function valueClass<T>(shape: Shape<T>, simpleName: string, hash = shape.hash): Shape<T> {
  const { hashAt: _, ...rest } = shape;
  return {
    ...rest,
    type: { ...shape.type, className: `org.apache.flink.types.${simpleName}` },
    ...(hash !== undefined && { hash }),
  };
}

const BASE = 'org.apache.flink.api.common.typeutils.base.';

export const basicFamily = simpleFamily({
  [`${BASE}BooleanSerializer`]: booleanShape,
  [`${BASE}ByteSerializer`]: byteShape,
  [`${BASE}ShortSerializer`]: shortShape,
  [`${BASE}IntSerializer`]: intShape,
  [`${BASE}LongSerializer`]: longShape,
  [`${BASE}FloatSerializer`]: floatShape,
  [`${BASE}DoubleSerializer`]: doubleShape,
  [`${BASE}CharSerializer`]: charShape,
  [`${BASE}StringSerializer`]: stringShape,
  [`${BASE}VoidSerializer`]: voidShape,
  [`${BASE}BooleanValueSerializer`]: valueClass(booleanShape, 'BooleanValue', (value) => (value ? 1 : 0)),
  [`${BASE}ByteValueSerializer`]: valueClass(byteShape, 'ByteValue'),
  [`${BASE}ShortValueSerializer`]: valueClass(shortShape, 'ShortValue'),
  [`${BASE}IntValueSerializer`]: valueClass(intShape, 'IntValue'),
  [`${BASE}LongValueSerializer`]: valueClass(longShape, 'LongValue', (value) => (43 + longHash(value)) | 0),
  [`${BASE}FloatValueSerializer`]: valueClass(floatShape, 'FloatValue'),
  [`${BASE}DoubleValueSerializer`]: valueClass(
    doubleShape,
    'DoubleValue',
    (value) => (31 + doubleHash(typeof value === 'number' ? value : Number.NaN)) | 0,
  ),
  [`${BASE}CharValueSerializer`]: valueClass(charShape, 'CharValue'),
  [`${BASE}StringValueSerializer`]: valueClass(stringValueShape, 'StringValue'),
  [`${BASE}NullValueSerializer`]: valueClass(nullValueShape, 'NullValue'),
});
