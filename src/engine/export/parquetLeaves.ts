import type { SchemaElement } from 'hyparquet';
import { decimalText } from '../json/decimalText';
import { dayOfDate } from '../json/temporalText';
import type { TypeInfo } from '../types/typeInfo';
import {
  BigIntegerValue,
  DecimalValue,
  EnumValue,
  InstantValue,
  LocalDateTimeValue,
  LocalDateValue,
  LocalTimeValue,
  RawFloat,
} from '../types/values';
import { Misfit } from './misfit';

/** A type without parts: how Parquet stores it, and what the writer takes for a value. */
export interface Leaf {
  readonly element: Omit<SchemaElement, 'name'>;
  convert(value: unknown): unknown;
}

type Class<T> = abstract new (...args: never[]) => T;

function a<T>(of: Class<T>, value: unknown): T {
  if (value instanceof of) return value;
  throw new Misfit();
}

function number(value: unknown): number {
  if (value instanceof RawFloat) return Number.NaN;
  if (typeof value === 'number') return value;
  throw new Misfit();
}

/** Parquet's strings are UTF-8, which has no half characters. */
function text(value: unknown): string {
  const string = value instanceof EnumValue ? value.name : value;
  if (typeof string !== 'string' || !isWellFormed(string)) throw new Misfit();
  return string;
}

function bigint(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  throw new Misfit();
}

const isWellFormed = (string: string): boolean => !/\p{Surrogate}/u.test(string);

const INT: Leaf = { element: { type: 'INT32' }, convert: number };
const LONG: Leaf = { element: { type: 'INT64' }, convert: bigint };
const TEXT: Leaf = { element: { type: 'BYTE_ARRAY', converted_type: 'UTF8' }, convert: text };
const BYTES: Leaf = { element: { type: 'BYTE_ARRAY' }, convert: (value) => a(Uint8Array, value).slice() };

const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 63n - 1n;
const NANOS: Readonly<Record<Unit, bigint>> = { MILLIS: 1_000_000n, MICROS: 1000n, NANOS: 1n };

type Unit = 'MILLIS' | 'MICROS' | 'NANOS';

/** Seconds and nanoseconds in a unit, exactly. */
function inUnit(seconds: bigint, nanos: number, unit: Unit): bigint {
  const all = seconds * 1_000_000_000n + BigInt(nanos);
  const size = NANOS[unit];
  const value = all / size;
  if (value * size !== all || value < MIN_LONG || value > MAX_LONG) throw new Misfit();
  return value;
}

function instants(unit: Unit): Leaf {
  return {
    element: { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit } },
    convert: (value) => {
      // SQL keeps instants as the local time of UTC.
      if (value instanceof LocalDateTimeValue) return localDateTime(value, unit);
      const { seconds, nanos } = a(InstantValue, value);
      return inUnit(seconds, nanos, unit);
    },
  };
}

const SECONDS_OF_DAY = 86_400n;
const secondOfDay = ({ hour, minute, second }: LocalTimeValue): number => hour * 3600 + minute * 60 + second;

function localDateTimes(unit: Unit): Leaf {
  return {
    element: { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit } },
    convert: (value) => localDateTime(a(LocalDateTimeValue, value), unit),
  };
}

function localDateTime({ date, time }: LocalDateTimeValue, unit: Unit): bigint {
  return inUnit(BigInt(dayOfDate(date)) * SECONDS_OF_DAY + BigInt(secondOfDay(time)), time.nano, unit);
}

const LOCAL_DATE: Leaf = {
  element: { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
  convert: (value) => {
    const day = dayOfDate(a(LocalDateValue, value));
    if (day !== (day | 0)) throw new Misfit();
    return day;
  },
};

const LOCAL_TIME: Leaf = {
  element: { type: 'INT64', logical_type: { type: 'TIME', isAdjustedToUTC: false, unit: 'NANOS' } },
  convert: (value) => {
    const time = a(LocalTimeValue, value);
    return inUnit(BigInt(secondOfDay(time)), time.nano, 'NANOS');
  },
};

/** Digits that a long holds, and sixteen bytes. */
const LONG_DIGITS = 18;
const MOST_DIGITS = 38;

/** DECIMAL(precision, scale); without them, or with more digits than fit, the text. */
function decimals(precision: unknown, scale: unknown): Leaf {
  if (typeof precision !== 'number' || typeof scale !== 'number' || precision > MOST_DIGITS) return DECIMAL_TEXT;
  const size =
    precision <= LONG_DIGITS ? { type: 'INT64' as const } : { type: 'FIXED_LEN_BYTE_ARRAY' as const, type_length: 16 };
  const limit = 10n ** BigInt(precision);
  return {
    element: { ...size, converted_type: 'DECIMAL', precision, scale },
    convert: (value) => {
      const decimal = a(DecimalValue, value);
      if (decimal.scale !== scale || decimal.unscaled >= limit || decimal.unscaled <= -limit) throw new Misfit();
      return decimal.unscaled;
    },
  };
}

const DECIMAL_TEXT: Leaf = {
  ...TEXT,
  convert: (value) => {
    const { unscaled, scale, plain } = a(DecimalValue, value);
    return decimalText(unscaled, scale, plain);
  },
};

const LEAVES: Readonly<Record<string, Leaf>> = {
  boolean: {
    element: { type: 'BOOLEAN' },
    convert: (value) => {
      if (typeof value === 'boolean') return value;
      throw new Misfit();
    },
  },
  byte: INT,
  short: INT,
  int: INT,
  tinyint: INT,
  smallint: INT,
  integer: INT,
  long: LONG,
  bigint: LONG,
  float: { element: { type: 'FLOAT' }, convert: number },
  double: { element: { type: 'DOUBLE' }, convert: number },
  char: TEXT,
  string: TEXT,
  varchar: TEXT,
  enum: TEXT,
  'byte[]': BYTES,
  binary: BYTES,
  varbinary: BYTES,
  biginteger: { ...TEXT, convert: (value) => String(a(BigIntegerValue, value).value) },
  bigdecimal: DECIMAL_TEXT,
  instant: instants('NANOS'),
  'sql-timestamp': instants('NANOS'),
  'sql-date': instants('MILLIS'),
  'sql-time': instants('MILLIS'),
  localdate: LOCAL_DATE,
  localtime: LOCAL_TIME,
  time: LOCAL_TIME,
  localdatetime: localDateTimes('NANOS'),
};

/** The leaf for a type; null for one with parts, or that only JSON can tell. */
export function leafOf({ name, parameters = [], serializer, fields }: TypeInfo): Leaf | null {
  if (fields !== undefined) return null;
  const [first, second] = parameters;
  switch (name) {
    case 'decimal':
      return decimals(first, second ?? 0);
    case 'timestamp':
      return localDateTimes(unitOf(first));
    case 'timestamp_ltz':
      return instants(unitOf(first));
    case 'date':
      // SQL's DATE has the name that java.util.Date has.
      return serializer.includes('Date') ? instants('MILLIS') : LOCAL_DATE;
    default:
      return Object.hasOwn(LEAVES, name) ? LEAVES[name] : null;
  }
}

/** The unit for a number of digits of the second. */
function unitOf(precision: unknown): Unit {
  if (typeof precision !== 'number') return 'NANOS';
  return precision <= 3 ? 'MILLIS' : precision <= 6 ? 'MICROS' : 'NANOS';
}
