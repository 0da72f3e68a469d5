import type { Cursor } from '../../bytes/cursor';
import type { Sink } from '../../bytes/sink';
import type { Json } from '../../json/jsonValue';
import { isDate, isTime, parseDate, parseDateTime, parseInstant, parseTime } from '../../json/temporalText';
import { longHash } from '../javaHash';
import { badValue, stringFrom } from '../jsonInput';
import { InstantValue, LocalDateTimeValue, LocalDateValue, LocalTimeValue } from '../values';
import { type Shape, simpleFamily } from './support';

/**
 * Dates and times. All have a fixed length and a form for null.
 * Source: `org.apache.flink.api.common.typeutils.base.*Serializer`; Instant since 1.7, LocalDate, LocalTime and LocalDateTime
 * since 1.9.
 */

const MIN_LONG = -(1n << 63n);
const MIN_INT = -0x80000000;
const MIN_SHORT = -32768;
const MIN_BYTE = -128;
const NANOS_OF_SECOND = 1_000_000_000;
/** Seconds of `Instant.MIN` and `Instant.MAX`. */
const FIRST_SECOND = -31557014167219200n;
const LAST_SECOND = 31556889864403199n;

/** `i8` milliseconds since 1970; null is `Long.MIN_VALUE`. */
function millisShape(name: string): Shape<InstantValue | null> {
  return {
    type: { name },
    length: 8,
    read: (cursor) => {
      const millis = cursor.i64();
      return millis === MIN_LONG ? null : instantOfMillis(millis);
    },
    skip: (cursor) => cursor.skip(8, name),
    write: (sink, value) => sink.i64(value === null ? MIN_LONG : millisOf(value)),
    fromJson: (json) => {
      const value = instantFrom(json);
      if (value !== null && value.nanos % 1_000_000 !== 0)
        throw badValue('This type has milliseconds, and no finer fraction.');
      if (value !== null) checkMillis(value);
      return value;
    },
    hash: millisHash,
  };
}

export function instantOfMillis(millis: bigint): InstantValue {
  const rest = ((millis % 1000n) + 1000n) % 1000n;
  return new InstantValue((millis - rest) / 1000n, Number(rest) * 1_000_000);
}

export function millisOf(value: InstantValue): bigint {
  return value.seconds * 1000n + BigInt(Math.floor(value.nanos / 1_000_000));
}

function millisHash(value: InstantValue | null): number {
  return value === null ? 0 : longHash(millisOf(value));
}

function instantFrom(json: Json): InstantValue | null {
  return json === null ? null : parseInstant(stringFrom(json, 'an instant as a string'));
}

function checkMillis(value: InstantValue): void {
  const millis = millisOf(value);
  if (millis <= MIN_LONG || millis > -(MIN_LONG + 1n)) throw badValue('The instant does not fit 64-bit milliseconds.');
}

/**
 * `i8` milliseconds, their thousandths included, and `i4` nanoseconds of the second; null is `Long.MIN_VALUE, 0`. Flink itself
 * takes a null for 8 bytes when it reads it back (up to 2.3), but writes 12 and says that its length is 12.
 */
export const sqlTimestampShape: Shape<InstantValue | null> = {
  type: { name: 'sql-timestamp' },
  length: 12,
  read: (cursor) => {
    const at = cursor.offset;
    const millis = cursor.i64();
    const nanos = cursor.i32();
    if (millis === MIN_LONG && nanos === 0) return null;
    const instant = instantOfMillis(millis);
    if (nanos < 0 || nanos >= NANOS_OF_SECOND || Math.floor(nanos / 1_000_000) * 1_000_000 !== instant.nanos)
      throw cursor.corrupt(`A timestamp of ${millis} milliseconds cannot have ${nanos} nanoseconds.`, at);
    return new InstantValue(instant.seconds, nanos);
  },
  skip: (cursor) => cursor.skip(12, 'timestamp'),
  write: (sink, value) => {
    sink.i64(value === null ? MIN_LONG : millisOf(value));
    sink.i32(value === null ? 0 : value.nanos);
  },
  fromJson: (json) => {
    const value = instantFrom(json);
    if (value !== null) checkMillis(value);
    return value;
  },
  hash: millisHash,
};

export function instantHash({ seconds, nanos }: InstantValue): number {
  return (longHash(seconds) + Math.imul(51, nanos)) | 0;
}

/** `i8` seconds, `i4` nanoseconds; null is `Long.MIN_VALUE, Integer.MIN_VALUE`. */
export const instantShape: Shape<InstantValue | null> = {
  type: { name: 'instant' },
  length: 12,
  read: (cursor) => {
    const at = cursor.offset;
    const seconds = cursor.i64();
    const nanos = cursor.i32();
    if (seconds === MIN_LONG && nanos === MIN_INT) return null;
    if (seconds < FIRST_SECOND || seconds > LAST_SECOND || nanos < 0 || nanos >= NANOS_OF_SECOND)
      throw cursor.corrupt(`${seconds} seconds and ${nanos} nanoseconds are not an instant.`, at);
    return new InstantValue(seconds, nanos);
  },
  skip: (cursor) => cursor.skip(12, 'instant'),
  write: (sink, value) => {
    sink.i64(value === null ? MIN_LONG : value.seconds);
    sink.i32(value === null ? MIN_INT : value.nanos);
  },
  fromJson: instantFrom,
  hash: (value) => (value === null ? 0 : instantHash(value)),
};

function readDate(cursor: Cursor): LocalDateValue | null {
  const at = cursor.offset;
  const year = cursor.i32();
  if (year === MIN_INT) {
    const rest = cursor.i16();
    if (rest !== MIN_SHORT) throw cursor.corrupt(`A missing date ends with ${MIN_SHORT}, found ${rest}.`, at);
    return null;
  }
  const date = new LocalDateValue(year, cursor.i8(), cursor.i8());
  if (!isDate(date)) throw cursor.corrupt(`${year}-${date.month}-${date.day} is not a date.`, at);
  return date;
}

function writeDate(sink: Sink, value: LocalDateValue | null): void {
  if (value === null) {
    sink.i32(MIN_INT);
    sink.i16(MIN_SHORT);
    return;
  }
  sink.i32(value.year);
  sink.u8(value.month);
  sink.u8(value.day);
}

export function localDateHash({ year, month, day }: LocalDateValue): number {
  return (year & 0xfffff800) ^ (((year << 11) + (month << 6) + day) | 0);
}

/** `i4` year, `i1` month, `i1` day; null is `Integer.MIN_VALUE, Short.MIN_VALUE`. */
export const localDateShape: Shape<LocalDateValue | null> = {
  type: { name: 'localdate' },
  length: 6,
  read: readDate,
  skip: (cursor) => cursor.skip(6, 'date'),
  write: writeDate,
  fromJson: (json) => (json === null ? null : parseDate(stringFrom(json, 'a date as a string'))),
  hash: (value) => (value === null ? 0 : localDateHash(value)),
};

function readTime(cursor: Cursor): LocalTimeValue | null {
  const at = cursor.offset;
  const hour = cursor.i8();
  if (hour === MIN_BYTE) {
    const rest = cursor.i16();
    const nano = cursor.i32();
    if (rest !== MIN_SHORT || nano !== MIN_INT)
      throw cursor.corrupt(`A missing time ends with ${MIN_SHORT} and ${MIN_INT}, found ${rest} and ${nano}.`, at);
    return null;
  }
  const time = new LocalTimeValue(hour, cursor.i8(), cursor.i8(), cursor.i32());
  if (!isTime(time))
    throw cursor.corrupt(`${hour}:${time.minute}:${time.second} and ${time.nano} nanoseconds are not a time.`, at);
  return time;
}

function writeTime(sink: Sink, value: LocalTimeValue | null): void {
  if (value === null) {
    sink.u8(MIN_BYTE);
    sink.i16(MIN_SHORT);
    sink.i32(MIN_INT);
    return;
  }
  sink.u8(value.hour);
  sink.u8(value.minute);
  sink.u8(value.second);
  sink.i32(value.nano);
}

export function localTimeHash({ hour, minute, second, nano }: LocalTimeValue): number {
  return longHash(BigInt(hour * 3600 + minute * 60 + second) * BigInt(NANOS_OF_SECOND) + BigInt(nano));
}

/** `i1` hour, `i1` minute, `i1` second, `i4` nanosecond; null is `Byte.MIN_VALUE, Short.MIN_VALUE, Integer.MIN_VALUE`. */
export const localTimeShape: Shape<LocalTimeValue | null> = {
  type: { name: 'localtime' },
  length: 7,
  read: readTime,
  skip: (cursor) => cursor.skip(7, 'time'),
  write: writeTime,
  fromJson: (json) => (json === null ? null : parseTime(stringFrom(json, 'a time as a string'))),
  hash: (value) => (value === null ? 0 : localTimeHash(value)),
};

export function localDateTimeHash({ date, time }: LocalDateTimeValue): number {
  return localDateHash(date) ^ localTimeHash(time);
}

/** A date, then a time; both are null or neither. */
export const localDateTimeShape: Shape<LocalDateTimeValue | null> = {
  type: { name: 'localdatetime' },
  length: 13,
  read: (cursor) => {
    const at = cursor.offset;
    const date = readDate(cursor);
    const time = readTime(cursor);
    if (date !== null && time !== null) return new LocalDateTimeValue(date, time);
    if (date !== null || time !== null) throw cursor.corrupt('Of a date and its time exactly one is missing.', at);
    return null;
  },
  skip: (cursor) => cursor.skip(13, 'date and time'),
  write: (sink, value) => {
    writeDate(sink, value === null ? null : value.date);
    writeTime(sink, value === null ? null : value.time);
  },
  fromJson: (json) => (json === null ? null : parseDateTime(stringFrom(json, 'a date and time as a string'))),
  hash: (value) => (value === null ? 0 : localDateTimeHash(value)),
};

const BASE = 'org.apache.flink.api.common.typeutils.base.';

export const temporalFamily = simpleFamily({
  [`${BASE}DateSerializer`]: millisShape('date'),
  [`${BASE}SqlDateSerializer`]: millisShape('sql-date'),
  [`${BASE}SqlTimeSerializer`]: millisShape('sql-time'),
  [`${BASE}SqlTimestampSerializer`]: sqlTimestampShape,
  [`${BASE}InstantSerializer`]: instantShape,
  [`${BASE}LocalDateSerializer`]: localDateShape,
  [`${BASE}LocalTimeSerializer`]: localTimeShape,
  [`${BASE}LocalDateTimeSerializer`]: localDateTimeShape,
});
