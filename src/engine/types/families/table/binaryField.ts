import { EngineError } from '../../../bytes/engineError';
import type { Json } from '../../../json/jsonValue';
import type { TypeInfo } from '../../typeInfo';
import { DecimalValue, OpaqueValue, RawFloat } from '../../values';
import { fromTwosComplement, twosComplement } from '../bigNumbers';
import type { BinaryRegion } from './binaryRegion';
import type { BinaryWriter } from './binaryWriter';
import type { DecimalScalar, NumberScalar, SqlScalar, Storage, TimestampScalar } from './sqlScalars';

/** How a value of one SQL type stands in the slot of a binary row or array. Null is a bit elsewhere. */
export interface BinaryField {
  readonly type: TypeInfo;
  /** Bytes of the slot in an array; in a row it is always 8. */
  readonly width: 1 | 2 | 4 | 8;
  read(region: BinaryRegion, slot: number): unknown;
  write(writer: BinaryWriter, slot: number, value: unknown): void;
  /** What a row's slot holds for a null, where that is not only zeros. */
  writeNull?(writer: BinaryWriter, slot: number): void;
  fromJson(json: Json): unknown;
}

const WIDTHS: Readonly<Record<Storage, 1 | 2 | 4 | 8>> = {
  boolean: 1,
  byte: 1,
  short: 2,
  int: 4,
  long: 8,
  float: 4,
  double: 8,
};

/** Most bytes of an unscaled decimal: precision 38. Room for all of them is kept, so that it can be changed in place. */
const MAX_DECIMAL_BYTES = 16;
const NANOS_OF_MILLI = 1_000_000;
const NAN_32 = 0x7fc00000;
const NAN_64 = 0x7ff8000000000000n;

export function scalarField(type: TypeInfo, scalar: SqlScalar): BinaryField {
  switch (scalar.kind) {
    case 'number':
      return numberField(type, scalar);
    case 'bytes':
      return {
        type,
        width: 8,
        read: (region, slot) => scalar.decode(region.bytesOf(slot)),
        write: (writer, slot, value) => writer.byteString(slot, scalar.encode(value)),
        fromJson: scalar.fromJson,
      };
    case 'decimal':
      return scalar.compact ? compactDecimal(type, scalar) : wideDecimal(type, scalar);
    case 'timestamp':
      return scalar.compact ? compactTimestamp(type, scalar) : wideTimestamp(type, scalar);
  }
}

/** The field of a type that cannot be in a row, or whose storage nobody knows: its slot as it is. */
export function unreadableField(type: TypeInfo, why: string): BinaryField {
  const fail = (): never => {
    throw new EngineError('BAD_VALUE', `No value of this type can be written: ${why}`);
  };
  return {
    type: { ...type, unreadable: why },
    width: 8,
    read: (region, slot) => new OpaqueValue(region.bytes(slot, 8).slice(), why),
    write: fail,
    fromJson: fail,
  };
}

function numberField(type: TypeInfo, scalar: NumberScalar): BinaryField {
  return {
    type,
    width: WIDTHS[scalar.storage],
    read: (region, slot) => scalar.decode(readNumber(region, slot, scalar.storage)),
    write: (writer, slot, value) => writeNumber(writer, slot, scalar.storage, scalar.encode(value)),
    fromJson: scalar.fromJson,
  };
}

function readNumber(region: BinaryRegion, slot: number, storage: Storage): boolean | number | bigint | RawFloat {
  switch (storage) {
    case 'boolean':
      return region.u8(slot) !== 0;
    case 'byte':
      return region.i8(slot);
    case 'short':
      return region.i16(slot);
    case 'int':
      return region.i32(slot);
    case 'long':
      return region.i64(slot);
    case 'float': {
      const value = region.f32(slot);
      const bits = region.i32(slot);
      return Number.isNaN(value) && bits !== NAN_32 ? new RawFloat(BigInt.asUintN(32, BigInt(bits)), 32) : value;
    }
    case 'double': {
      const value = region.f64(slot);
      if (!Number.isNaN(value)) return value;
      const bits = region.i64(slot);
      return bits === NAN_64 ? value : new RawFloat(BigInt.asUintN(64, bits), 64);
    }
  }
}

function writeNumber(
  writer: BinaryWriter,
  slot: number,
  storage: Storage,
  value: boolean | number | bigint | RawFloat,
): void {
  if (value instanceof RawFloat) {
    if (storage === 'float') writer.i32(slot, Number(BigInt.asIntN(32, value.bits)));
    else writer.i64(slot, BigInt.asIntN(64, value.bits));
  } else if (typeof value === 'bigint') writer.i64(slot, value);
  else if (typeof value === 'boolean') writer.u8(slot, value ? 1 : 0);
  else if (storage === 'byte') writer.u8(slot, value & 0xff);
  else if (storage === 'short') writer.i16(slot, value);
  else if (storage === 'float') writer.f32(slot, value);
  else if (storage === 'double') writer.f64(slot, value);
  else writer.i32(slot, value);
}

function compactDecimal(type: TypeInfo, { scale, fromJson }: DecimalScalar): BinaryField {
  return {
    type,
    width: 8,
    read: (region, slot) => new DecimalValue(region.i64(slot), scale, true),
    write: (writer, slot, value) => writer.i64(slot, (value as DecimalValue).unscaled),
    fromJson,
  };
}

/** Slot: offset and length of the unscaled bytes, for which 16 are kept, also for a null. */
function wideDecimal(type: TypeInfo, { scale, fromJson }: DecimalScalar): BinaryField {
  return {
    type,
    width: 8,
    read: (region, slot) => {
      const bytes = region.bytesOf(slot);
      if (bytes.length === 0 || bytes.length > MAX_DECIMAL_BYTES)
        throw new EngineError('CORRUPT', `A decimal of ${bytes.length} bytes.`);
      return new DecimalValue(fromTwosComplement(bytes), scale, true);
    },
    write: (writer, slot, value) => {
      const bytes = twosComplement((value as DecimalValue).unscaled);
      if (bytes.length > MAX_DECIMAL_BYTES) throw new EngineError('BAD_VALUE', 'The decimal has more than 38 digits.');
      writer.put(writer.reserve(slot, MAX_DECIMAL_BYTES, bytes.length), bytes);
    },
    writeNull: (writer, slot) => void writer.reserve(slot, MAX_DECIMAL_BYTES, 0),
    fromJson,
  };
}

function compactTimestamp(type: TypeInfo, scalar: TimestampScalar): BinaryField {
  return {
    type,
    width: 8,
    read: (region, slot) => scalar.decode(region.i64(slot), 0),
    write: (writer, slot, value) => writer.i64(slot, scalar.encode(value).millis),
    fromJson: scalar.fromJson,
  };
}

/** Slot: offset of the 8 bytes of milliseconds, and the nanoseconds of the millisecond where else a length is. */
function wideTimestamp(type: TypeInfo, scalar: TimestampScalar): BinaryField {
  return {
    type,
    width: 8,
    read: (region, slot) => scalar.decode(region.i64(region.i32(slot + 4)), checkedNanos(region.i32(slot))),
    write: (writer, slot, value) => {
      const { millis, nanos } = scalar.encode(value);
      writer.i64(writer.reserve(slot, 8, nanos), millis);
    },
    writeNull: (writer, slot) => void writer.reserve(slot, 8, 0),
    fromJson: scalar.fromJson,
  };
}

export function checkedNanos(nanos: number): number {
  if (nanos < 0 || nanos >= NANOS_OF_MILLI)
    throw new EngineError('CORRUPT', `A millisecond does not have ${nanos} nanoseconds.`);
  return nanos;
}
