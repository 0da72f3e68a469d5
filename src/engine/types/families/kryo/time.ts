import { InstantValue, LocalDateTimeValue, LocalDateValue, LocalTimeValue, RecordValue } from '../../values';
import type { Form, Forms } from './forms';
import type { KryoInput } from './input';

/** Forms of java.time in dialect 5 (`TimeSerializers`). Dialect 2 takes their fields: see `fieldForms`. */

function localDate(input: KryoInput): LocalDateValue {
  const year = input.varint();
  const month = input.cursor.i8();
  return new LocalDateValue(year, month, input.cursor.i8());
}

/** Hour, minute, second and varint nanoseconds; the last part that is not zero is written inverted, and those behind it are not. */
function localTime(input: KryoInput): LocalTimeValue {
  const { cursor } = input;
  const hour = cursor.i8();
  if (hour < 0) return new LocalTimeValue(~hour, 0, 0, 0);
  const minute = cursor.i8();
  if (minute < 0) return new LocalTimeValue(hour, ~minute, 0, 0);
  const second = cursor.i8();
  if (second < 0) return new LocalTimeValue(hour, minute, ~second, 0);
  return new LocalTimeValue(hour, minute, second, input.varint());
}

function localDateTime(input: KryoInput): LocalDateTimeValue {
  const date = localDate(input);
  return new LocalDateTimeValue(date, localTime(input));
}

/** Quarters of an hour as one byte, or 127 and the seconds. */
function zoneOffset(input: KryoInput): string {
  const quarters = input.cursor.i8();
  return offsetText(quarters === 127 ? input.int() : quarters * 900);
}

/** `ZoneOffset.getId()`. */
export function offsetText(seconds: number): string {
  if (seconds === 0) return 'Z';
  const total = Math.abs(seconds);
  const two = (n: number): string => String(n).padStart(2, '0');
  const text = `${seconds < 0 ? '-' : '+'}${two(Math.trunc(total / 3600))}:${two(Math.trunc(total / 60) % 60)}`;
  return total % 60 === 0 ? text : `${text}:${two(total % 60)}`;
}

const form = (read: (input: KryoInput, className: string) => unknown): Forms => ({
  5: { final: true, read: ({ input }, className) => read(input, className) },
});

const record =
  (names: readonly string[], parts: readonly ((input: KryoInput) => unknown)[]) =>
  (input: KryoInput, className: string): RecordValue =>
    new RecordValue(
      names,
      parts.map((part) => part(input)),
      className,
    );

const varint = (input: KryoInput): number => input.varint();
const i8 = (input: KryoInput): number => input.cursor.i8();
const zone = (input: KryoInput): string => input.text('zone');

export const TIME_FORMS: Readonly<Record<string, Form | Forms>> = {
  'java.time.Duration': form(record(['seconds', 'nanos'], [(input) => input.long(), varint])),
  'java.time.Instant': form((input) => {
    const seconds = input.varlong();
    return new InstantValue(seconds, input.varint());
  }),
  'java.time.LocalDate': form(localDate),
  'java.time.LocalTime': form(localTime),
  'java.time.LocalDateTime': form(localDateTime),
  'java.time.ZoneOffset': form(zoneOffset),
  'java.time.ZoneRegion': form(zone),
  'java.time.OffsetTime': form(record(['time', 'offset'], [localTime, zoneOffset])),
  'java.time.OffsetDateTime': form(record(['dateTime', 'offset'], [localDateTime, zoneOffset])),
  'java.time.ZonedDateTime': form(record(['dateTime', 'zone'], [localDateTime, zone])),
  'java.time.Year': form(record(['year'], [varint])),
  'java.time.YearMonth': form(record(['year', 'month'], [varint, i8])),
  'java.time.MonthDay': form(record(['month', 'day'], [i8, i8])),
  'java.time.Period': form(record(['years', 'months', 'days'], [varint, varint, varint])),
};
