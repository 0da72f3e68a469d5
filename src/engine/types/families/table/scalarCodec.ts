import type { Cursor } from '../../../bytes/cursor';
import { EngineError } from '../../../bytes/engineError';
import type { Sink } from '../../../bytes/sink';
import { type Codec, VARIABLE } from '../../codec';
import { bigDecimalHash, longHash } from '../../javaHash';
import type { TypeInfo } from '../../typeInfo';
import { DecimalValue } from '../../values';
import { booleanShape, byteShape, doubleShape, floatShape, intShape, longShape, shortShape } from '../basic';
import { fromTwosComplement, twosComplement } from '../bigNumbers';
import type { Shape } from '../support';
import { checkedNanos } from './binaryField';
import { hashBytes } from './murmurHash';
import type { BytesScalar, DecimalScalar, NumberScalar, SqlScalar, Storage, TimestampScalar } from './sqlScalars';

const STORED: Readonly<Record<Storage, Shape<never>>> = {
  boolean: booleanShape,
  byte: byteShape,
  short: shortShape,
  int: intShape,
  long: longShape,
  float: floatShape,
  double: doubleShape,
} as Readonly<Record<Storage, Shape<never>>>;

/** What the serializer of a scalar SQL type writes (`InternalSerializers`): big-endian, as Java's `DataOutput`. */
export function scalarCodec(type: TypeInfo, scalar: SqlScalar): Codec {
  switch (scalar.kind) {
    case 'number':
      return numberCodec(type, scalar);
    case 'bytes':
      return bytesCodec(type, scalar);
    case 'decimal':
      return decimalCodec(type, scalar);
    case 'timestamp':
      return timestampCodec(type, scalar);
  }
}

function numberCodec(type: TypeInfo, scalar: NumberScalar): Codec {
  const stored = STORED[scalar.storage] as unknown as Shape<ReturnType<NumberScalar['encode']>>;
  return {
    type,
    length: stored.length,
    read: (cursor) => scalar.decode(stored.read(cursor)),
    skip: (cursor) => stored.skip(cursor),
    write: (sink, value) => stored.write(sink, scalar.encode(value)),
    fromJson: scalar.fromJson,
  };
}

/** `StringDataSerializer`, `BytePrimitiveArraySerializer`: `i4 length`, bytes. */
function bytesCodec(type: TypeInfo, scalar: BytesScalar): Codec {
  return {
    type,
    length: VARIABLE,
    minimum: 4,
    read: (cursor) => scalar.decode(cursor.bytes4(type.name)),
    skip: (cursor) => void cursor.bytes4(type.name),
    write: (sink, value) => sink.bytes4(scalar.encode(value)),
    fromJson: scalar.fromJson,
    hash: (value) => hashBytes(scalar.encode(value)),
  };
}

/**
 * `DecimalDataSerializer`: `i8` unscaled value up to precision 18, else `i4 length` and two's complement. Its `getLength()` is
 * variable in both cases.
 */
function decimalCodec(type: TypeInfo, { compact, scale, fromJson }: DecimalScalar): Codec {
  const hash = (value: unknown) => {
    const { unscaled } = value as DecimalValue;
    return bigDecimalHash(unscaled, scale);
  };
  if (compact) {
    return {
      type,
      length: VARIABLE,
      minimum: 8,
      read: (cursor) => new DecimalValue(cursor.i64(), scale, true),
      skip: (cursor) => cursor.skip(8, 'decimal'),
      write: (sink, value) => sink.i64((value as DecimalValue).unscaled),
      fromJson,
      hash,
    };
  }
  return {
    type,
    length: VARIABLE,
    minimum: 5,
    read: (cursor) => readWide(cursor, scale),
    skip: (cursor) => void cursor.bytes4('decimal'),
    write: (sink, value) => writeWide(sink, value as DecimalValue),
    fromJson,
    hash,
  };
}

/** Bytes of 38 digits. */
const MAX_WIDE = 16;

function readWide(cursor: Cursor, scale: number): DecimalValue {
  const at = cursor.offset;
  const bytes = cursor.bytes4('decimal');
  if (bytes.length === 0 || bytes.length > MAX_WIDE)
    throw cursor.corrupt(`A decimal has 1 to ${MAX_WIDE} bytes, found ${bytes.length}.`, at);
  const value = new DecimalValue(fromTwosComplement(bytes), scale, true);
  if (twosComplement(value.unscaled).length !== bytes.length)
    throw cursor.corrupt('A decimal has more bytes than it needs.', at);
  return value;
}

function writeWide(sink: Sink, value: DecimalValue): void {
  const bytes = twosComplement(value.unscaled);
  if (bytes.length > MAX_WIDE) throw new EngineError('BAD_VALUE', 'The decimal has more than 38 digits.');
  sink.bytes4(bytes);
}

/** `TimestampDataSerializer`: `i8` milliseconds, and beyond precision 3 `i4` nanoseconds of the millisecond. */
function timestampCodec(type: TypeInfo, scalar: TimestampScalar): Codec {
  return {
    type,
    length: scalar.compact ? 8 : 12,
    read: (cursor) => {
      const millis = cursor.i64();
      return scalar.decode(millis, scalar.compact ? 0 : checkedNanos(cursor.i32()));
    },
    skip: (cursor) => cursor.skip(scalar.compact ? 8 : 12, 'timestamp'),
    write: (sink, value) => {
      const { millis, nanos } = scalar.encode(value);
      sink.i64(millis);
      if (!scalar.compact) sink.i32(nanos);
    },
    fromJson: scalar.fromJson,
    hash: (value) => {
      const { millis, nanos } = scalar.encode(value);
      return (Math.imul(31, longHash(millis)) + nanos) | 0;
    },
  };
}
