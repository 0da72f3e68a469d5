import { Cursor } from '../bytes/cursor';
import { InstantValue, LocalDateTimeValue, LocalDateValue, LocalTimeValue, RecordValue } from '../types/values';

/**
 * `java.time.Ser`, through which every class of `java.time` is serialized: `u1 type`, then what that class's `writeExternal`
 * writes, big-endian. Returns undefined for a type that this JDK class does not know.
 */
export function javaTimeValue(block: Uint8Array): unknown {
  const cursor = new Cursor(block);
  const type = cursor.u8();
  switch (type) {
    case 1:
      return record('java.time.Duration', { seconds: cursor.i64(), nanos: cursor.i32() });
    case 2:
      return new InstantValue(cursor.i64(), cursor.i32());
    case 3:
      return date(cursor);
    case 4:
      return time(cursor);
    case 5:
      return new LocalDateTimeValue(date(cursor), time(cursor));
    case 6: {
      const dateTime = new LocalDateTimeValue(date(cursor), time(cursor));
      const offset = zoneOffset(cursor);
      const zone = cursor.u8() === 7 ? cursor.utf('time zone') : offset;
      return record('java.time.ZonedDateTime', { dateTime, offset, zone });
    }
    case 7:
      return cursor.utf('time zone');
    case 8:
      return zoneOffset(cursor);
    case 9:
      return record('java.time.OffsetTime', { time: time(cursor), offset: zoneOffset(cursor) });
    case 10: {
      const dateTime = new LocalDateTimeValue(date(cursor), time(cursor));
      return record('java.time.OffsetDateTime', { dateTime, offset: zoneOffset(cursor) });
    }
    case 11:
      return record('java.time.Year', { year: cursor.i32() });
    case 12:
      return record('java.time.YearMonth', { year: cursor.i32(), month: cursor.i8() });
    case 13:
      return record('java.time.MonthDay', { month: cursor.i8(), day: cursor.i8() });
    case 14:
      return record('java.time.Period', { years: cursor.i32(), months: cursor.i32(), days: cursor.i32() });
    default:
      return undefined;
  }
}

function record(className: string, fields: Readonly<Record<string, unknown>>): RecordValue {
  return new RecordValue(Object.keys(fields), Object.values(fields), className);
}

function date(cursor: Cursor): LocalDateValue {
  return new LocalDateValue(cursor.i32(), cursor.i8(), cursor.i8());
}

/** Parts from the hour down; the last one that is not followed by others is written as its complement. */
function time(cursor: Cursor): LocalTimeValue {
  const hour = cursor.i8();
  if (hour < 0) return new LocalTimeValue(~hour, 0, 0, 0);
  const minute = cursor.i8();
  if (minute < 0) return new LocalTimeValue(hour, ~minute, 0, 0);
  const second = cursor.i8();
  if (second < 0) return new LocalTimeValue(hour, minute, ~second, 0);
  return new LocalTimeValue(hour, minute, second, cursor.i32());
}

/** Quarters of an hour in one byte, or 127 and seconds as an int; as the JDK prints it. */
function zoneOffset(cursor: Cursor): string {
  const quarters = cursor.i8();
  const total = quarters === 127 ? cursor.i32() : quarters * 900;
  if (total === 0) return 'Z';
  const abs = Math.abs(total);
  const two = (n: number) => String(n).padStart(2, '0');
  const seconds = abs % 60 === 0 ? '' : `:${two(abs % 60)}`;
  return `${total < 0 ? '-' : '+'}${two(Math.floor(abs / 3600))}:${two(Math.floor(abs / 60) % 60)}${seconds}`;
}
