import { EngineError } from '../../../bytes/engineError';
import { decodeBase64 } from '../../../json/base64';
import { parseDecimal } from '../../../json/decimalText';
import type { Json } from '../../../json/jsonValue';
import { dateOfDay, dayOfDate, parseDate, parseDateTime, parseInstant, parseTime } from '../../../json/temporalText';
import { badValue, booleanFrom, doubleFrom, integerFrom, notA, stringFrom } from '../../jsonInput';
import {
  DecimalValue,
  InstantValue,
  LocalDateTimeValue,
  type LocalDateValue,
  LocalTimeValue,
  OpaqueValue,
  type RawFloat,
} from '../../values';
import { instantOfMillis, millisOf } from '../temporal';
import type { DataType, LogicalType } from './logicalType';

/**
 * SQL types without parts: how they are stored and what they stand for. The same storage occurs little-endian in the slots
 * of binary rows and big-endian in the types' own serializers.
 */
export type SqlScalar = NumberScalar | BytesScalar | DecimalScalar | TimestampScalar;

export type Storage = 'boolean' | 'byte' | 'short' | 'int' | 'long' | 'float' | 'double';
type Stored = boolean | number | bigint | RawFloat;

export interface NumberScalar {
  readonly kind: 'number';
  readonly storage: Storage;
  decode(stored: Stored): unknown;
  encode(value: unknown): Stored;
  fromJson(json: Json): unknown;
}

export interface BytesScalar {
  readonly kind: 'bytes';
  decode(bytes: Uint8Array): unknown;
  encode(value: unknown): Uint8Array;
  fromJson(json: Json): unknown;
}

/** Unscaled value as a long up to precision 18, else as big-endian two's complement of at most 16 bytes. */
export interface DecimalScalar {
  readonly kind: 'decimal';
  readonly compact: boolean;
  readonly scale: number;
  fromJson(json: Json): DecimalValue;
}

/** Milliseconds as a long; beyond precision 3 also the nanoseconds of the millisecond, 0 to 999,999. */
export interface TimestampScalar {
  readonly kind: 'timestamp';
  readonly compact: boolean;
  decode(millis: bigint, nanos: number): unknown;
  encode(value: unknown): { millis: bigint; nanos: number };
  fromJson(json: Json): unknown;
}

const MILLIS_OF_DAY = 86_400_000;
const MAX_COMPACT_DECIMAL = 18;
const MAX_COMPACT_TIMESTAMP = 3;

function plain<T extends Stored>(storage: Storage, fromJson: (json: Json) => T): NumberScalar {
  return { kind: 'number', storage, decode: (stored) => stored, encode: (value) => value as T, fromJson };
}

const integer = (bits: number, what: string) => (json: Json) =>
  integerFrom(json, -(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n, what);
const small = (bits: number, what: string) => (json: Json) => Number(integer(bits, what)(json));

const DATE: NumberScalar = {
  kind: 'number',
  storage: 'int',
  decode: (day) => dateOfDay(day as number),
  encode: (value) => dayOfDate(value as LocalDateValue),
  fromJson: (json) => {
    const date = parseDate(stringFrom(json, 'a date as a string'));
    if (Math.abs(dayOfDate(date)) > 0x7fffffff) throw badValue('The date is too far away for its number of days.');
    return date;
  },
};

const TIME: NumberScalar = {
  kind: 'number',
  storage: 'int',
  decode: (millis) => timeOfMillis(millis as number),
  encode: (value) => millisOfTime(value as LocalTimeValue),
  fromJson: (json) => {
    const time = parseTime(stringFrom(json, 'a time as a string'));
    if (time.nano % 1_000_000 !== 0) throw badValue('A TIME has milliseconds, and no finer fraction.');
    return time;
  },
};

export function timeOfMillis(millis: number): LocalTimeValue {
  if (millis < 0 || millis >= MILLIS_OF_DAY)
    throw new EngineError('CORRUPT', `${millis} milliseconds are not a time of day.`);
  const seconds = Math.floor(millis / 1000);
  const hour = Math.floor(seconds / 3600);
  return new LocalTimeValue(hour, Math.floor(seconds / 60) % 60, seconds % 60, (millis % 1000) * 1_000_000);
}

function millisOfTime({ hour, minute, second, nano }: LocalTimeValue): number {
  return ((hour * 60 + minute) * 60 + second) * 1000 + Math.floor(nano / 1_000_000);
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** UTF-8. Java writes a lone surrogate as a question mark; bytes that are not UTF-8 are kept as they are. */
export const STRING: BytesScalar = {
  kind: 'bytes',
  decode: (bytes) => {
    try {
      return decoder.decode(bytes);
    } catch {
      return new OpaqueValue(bytes.slice(), 'The string is not UTF-8.');
    }
  },
  encode: (value) => (value instanceof OpaqueValue ? value.bytes : encoder.encode(value as string)),
  fromJson: (json) => {
    const text = stringFrom(json);
    if (/\p{Surrogate}/u.test(text)) throw badValue('A string of SQL cannot hold a lone surrogate.');
    return text;
  },
};

const BINARY: BytesScalar = {
  kind: 'bytes',
  decode: (bytes) => bytes.slice(),
  encode: (value) => value as Uint8Array,
  fromJson: (json) => decodeBase64(stringFrom(json, 'bytes as base64')),
};

export function decimalScalar(precision: number, scale: number): DecimalScalar {
  return {
    kind: 'decimal',
    compact: precision <= MAX_COMPACT_DECIMAL,
    scale,
    fromJson: (json) => {
      const given = typeof json === 'bigint' ? json.toString() : stringFrom(json, 'a decimal number as a string');
      const { unscaled, scale: digits } = parseDecimal(given);
      const shift = scale - digits;
      if (Math.abs(shift) > 100) throw notA(`a decimal(${precision}, ${scale})`, json);
      const power = 10n ** BigInt(Math.abs(shift));
      if (shift < 0 && unscaled % power !== 0n) throw notA(`a decimal of ${scale} digits after the point`, json);
      const scaled = shift < 0 ? unscaled / power : unscaled * power;
      if ((scaled < 0n ? -scaled : scaled) >= 10n ** BigInt(precision))
        throw notA(`a decimal(${precision}, ${scale})`, json);
      return new DecimalValue(scaled, scale, true);
    },
  };
}

/** Without a zone: what SQL shows of TIMESTAMP, and of TIMESTAMP_LTZ in its internal form. */
export function localTimestamp(precision: number): TimestampScalar {
  return {
    kind: 'timestamp',
    compact: precision <= MAX_COMPACT_TIMESTAMP,
    decode: localDateTime,
    encode: (value) => millisOfLocal(value as LocalDateTimeValue),
    fromJson: (json) => {
      const value = parseDateTime(stringFrom(json, 'a date and time as a string'));
      return precise(value, value.time.nano, precision, millisOfLocal(value).millis);
    },
  };
}

function localDateTime(millis: bigint, nanos: number): LocalDateTimeValue {
  const ofDay = Number(BigInt.asUintN(64, ((millis % 86_400_000n) + 86_400_000n) % 86_400_000n));
  const day = Number((millis - BigInt(ofDay)) / 86_400_000n);
  const { hour, minute, second, nano } = timeOfMillis(ofDay);
  return new LocalDateTimeValue(dateOfDay(day), new LocalTimeValue(hour, minute, second, nano + nanos));
}

function millisOfLocal({ date, time }: LocalDateTimeValue): { millis: bigint; nanos: number } {
  return {
    millis: BigInt(dayOfDate(date)) * 86_400_000n + BigInt(millisOfTime(time)),
    nanos: time.nano % 1_000_000,
  };
}

/** TIMESTAMP_LTZ as user code gets it. */
function instantTimestamp(precision: number): TimestampScalar {
  return {
    kind: 'timestamp',
    compact: precision <= MAX_COMPACT_TIMESTAMP,
    decode: (millis, nanos) => {
      const instant = instantOfMillis(millis);
      return new InstantValue(instant.seconds, instant.nanos + nanos);
    },
    encode: (value) => {
      const instant = value as InstantValue;
      return { millis: millisOf(instant), nanos: instant.nanos % 1_000_000 };
    },
    fromJson: (json) => {
      const value = parseInstant(stringFrom(json, 'an instant as a string'));
      return precise(value, value.nanos, precision, millisOf(value));
    },
  };
}

/** TIMESTAMP_LTZ where user code takes it as a number of milliseconds. */
function longTimestamp(precision: number): TimestampScalar {
  return {
    kind: 'timestamp',
    compact: precision <= MAX_COMPACT_TIMESTAMP,
    decode: (millis) => millis,
    encode: (value) => ({ millis: value as bigint, nanos: 0 }),
    fromJson: integer(64, 'a number of milliseconds'),
  };
}

/** TIMESTAMP_LTZ where user code takes it as a number of seconds (`LocalZonedTimestampIntConverter`). */
function intTimestamp(precision: number): TimestampScalar {
  return {
    kind: 'timestamp',
    compact: precision <= MAX_COMPACT_TIMESTAMP,
    decode: (millis) => Number(BigInt.asIntN(32, millis / 1000n)),
    encode: (value) => ({ millis: BigInt(value as number) * 1000n, nanos: 0 }),
    fromJson: small(32, 'a number of seconds'),
  };
}

function precise<T>(value: T, nanoOfSecond: number, precision: number, millis: bigint): T {
  if (nanoOfSecond % 10 ** (9 - Math.min(9, Math.max(0, precision))) !== 0)
    throw badValue(`A timestamp(${precision}) has no more than ${precision} digits of a second.`);
  if (BigInt.asIntN(64, millis) !== millis) throw badValue('The timestamp does not fit 64-bit milliseconds.');
  return value;
}

const SCALARS: Readonly<Record<string, SqlScalar>> = {
  BOOLEAN: plain('boolean', booleanFrom),
  TINYINT: plain('byte', small(8, 'a tinyint')),
  SMALLINT: plain('short', small(16, 'a smallint')),
  INTEGER: plain('int', small(32, 'an int')),
  INTERVAL_YEAR_MONTH: plain('int', small(32, 'a number of months')),
  BIGINT: plain('long', integer(64, 'a bigint')),
  INTERVAL_DAY_TIME: plain('long', integer(64, 'a number of milliseconds')),
  FLOAT: plain('float', (json) => Math.fround(doubleFrom(json))),
  DOUBLE: plain('double', doubleFrom),
  DATE,
  TIME_WITHOUT_TIME_ZONE: TIME,
  CHAR: STRING,
  VARCHAR: STRING,
  BINARY,
  VARBINARY: BINARY,
};

/**
 * The scalar behind a logical type, null for a type with parts or of unknown storage. `external` is given where user code
 * gets the values, in the class that the data type names.
 */
export function scalarOf(type: LogicalType, external: DataType | null): SqlScalar | null {
  const { precision, scale } = type;
  switch (type.root) {
    case 'DECIMAL':
      return precision === null || scale === null ? null : decimalScalar(precision, scale);
    case 'TIMESTAMP_WITHOUT_TIME_ZONE':
      return precision === null ? null : localTimestamp(precision);
    case 'TIMESTAMP_WITH_LOCAL_TIME_ZONE':
      return precision === null ? null : zonedTimestamp(precision, external?.conversionClass ?? null);
    default:
      return Object.hasOwn(SCALARS, type.root) ? SCALARS[type.root] : null;
  }
}

function zonedTimestamp(precision: number, conversionClass: string | null): TimestampScalar {
  switch (conversionClass) {
    case 'java.time.Instant':
    case 'java.sql.Timestamp':
      return instantTimestamp(precision);
    case 'java.lang.Long':
    case 'long':
      return longTimestamp(precision);
    case 'java.lang.Integer':
    case 'int':
      return intTimestamp(precision);
    default:
      return localTimestamp(precision);
  }
}
