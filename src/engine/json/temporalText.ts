import { EngineError } from '../bytes/engineError';
import { InstantValue, LocalDateTimeValue, LocalDateValue, LocalTimeValue } from '../types/values';

/**
 * Dates and times as text, in the proleptic ISO calendar as `java.time` prints them: years of four digits, others signed;
 * seconds always there; fraction left out if zero, else of 3, 6 or 9 digits; instants in UTC with `Z`.
 */

const SECONDS_OF_DAY = 86400n;

export function dateText({ year, month, day }: LocalDateValue): string {
  const digits = String(Math.abs(year)).padStart(4, '0');
  const sign = year < 0 ? '-' : year > 9999 ? '+' : '';
  return `${sign}${digits}-${two(month)}-${two(day)}`;
}

export function timeText({ hour, minute, second, nano }: LocalTimeValue): string {
  return `${two(hour)}:${two(minute)}:${two(second)}${fraction(nano)}`;
}

export function dateTimeText({ date, time }: LocalDateTimeValue): string {
  return `${dateText(date)}T${timeText(time)}`;
}

export function instantText({ seconds, nanos }: InstantValue): string {
  const second = Number(((seconds % SECONDS_OF_DAY) + SECONDS_OF_DAY) % SECONDS_OF_DAY);
  const days = Number((seconds - BigInt(second)) / SECONDS_OF_DAY);
  const time = new LocalTimeValue(Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60, nanos);
  return `${dateText(dateOfDay(days))}T${timeText(time)}Z`;
}

function two(n: number): string {
  return n < 10 ? `0${n}` : String(n);
}

function fraction(nano: number): string {
  if (nano === 0) return '';
  const digits = String(nano).padStart(9, '0');
  return `.${nano % 1_000_000 === 0 ? digits.slice(0, 3) : nano % 1000 === 0 ? digits.slice(0, 6) : digits}`;
}

const DAYS_OF_400_YEARS = 146097;
/** Days from 0000-03-01 to 1970-01-01: years are counted from March, so that the leap day is the last one. */
const DAYS_TO_EPOCH = 719468;

/** The date of a day counted from 1970-01-01. */
export function dateOfDay(epochDay: number): LocalDateValue {
  const days = epochDay + DAYS_TO_EPOCH;
  const era = Math.floor(days / DAYS_OF_400_YEARS);
  const dayOfEra = days - era * DAYS_OF_400_YEARS;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return new LocalDateValue(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day);
}

/** The day of a date, counted from 1970-01-01. */
export function dayOfDate({ year, month, day }: LocalDateValue): number {
  const fromMarch = month <= 2 ? year - 1 : year;
  const era = Math.floor(fromMarch / 400);
  const yearOfEra = fromMarch - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_OF_400_YEARS + dayOfEra - DAYS_TO_EPOCH;
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Whether `java.time.LocalDate.of` takes these. */
export function isDate({ year, month, day }: LocalDateValue): boolean {
  if (Math.abs(year) > 999_999_999 || month < 1 || month > 12 || day < 1) return false;
  const longest = month === 2 ? (isLeapYear(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day <= longest;
}

/** Whether `java.time.LocalTime.of` takes these. */
export function isTime({ hour, minute, second, nano }: LocalTimeValue): boolean {
  return inRange(hour, 23) && inRange(minute, 59) && inRange(second, 59) && inRange(nano, 999_999_999);
}

function inRange(n: number, last: number): boolean {
  return n >= 0 && n <= last;
}

const DATE = /^([+-]?\d{4,9})-(\d\d)-(\d\d)$/;
const TIME = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/;

export function parseDate(text: string): LocalDateValue {
  const match = DATE.exec(text);
  if (match !== null) {
    const date = new LocalDateValue(Number(match[1]), Number(match[2]), Number(match[3]));
    if (isDate(date)) return date;
  }
  throw bad(text, 'a date like 2024-01-31');
}

export function parseTime(text: string): LocalTimeValue {
  const match = TIME.exec(text);
  if (match !== null) {
    const nano = Number((match[4] ?? '').padEnd(9, '0'));
    const time = new LocalTimeValue(Number(match[1]), Number(match[2]), Number(match[3] ?? 0), nano);
    if (isTime(time)) return time;
  }
  throw bad(text, 'a time like 23:59:59.123');
}

export function parseDateTime(text: string): LocalDateTimeValue {
  const [date, time, ...more] = text.split('T');
  if (time === undefined || more.length > 0) throw bad(text, 'a date and time like 2024-01-31T23:59:59.123');
  return new LocalDateTimeValue(parseDate(date), parseTime(time));
}

export function parseInstant(text: string): InstantValue {
  if (!text.endsWith('Z')) throw bad(text, 'an instant like 2024-01-31T23:59:59.123Z');
  const { date, time } = parseDateTime(text.slice(0, -1));
  const seconds = BigInt(dayOfDate(date)) * SECONDS_OF_DAY + BigInt(time.hour * 3600 + time.minute * 60 + time.second);
  return new InstantValue(seconds, time.nano);
}

function bad(text: string, wanted: string): EngineError {
  return new EngineError('BAD_VALUE', `Expected ${wanted}, found ${JSON.stringify(text.slice(0, 60))}.`);
}
