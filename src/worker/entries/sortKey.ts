import {
  BigIntegerValue,
  DecimalValue,
  EncodedValue,
  InstantValue,
  OpaqueValue,
  RawFloat,
} from '../../engine/types/values';
import { cellOf } from './cellText';
import { TimeZone } from './timeZone';

/** What a row is sorted by: numbers by their value, all else by its text, what is not there last. */
export type SortKey = number | bigint | string | DecimalValue | null;

/** Decimals whose scales lie further apart are compared as floats. */
const MOST_SCALE = 400;

export function sortKeyOf(value: unknown): SortKey {
  if (value === null || value === undefined || value instanceof OpaqueValue) return null;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string') return value;
  if (value instanceof RawFloat) return Number.NaN;
  if (value instanceof BigIntegerValue) return value.value;
  if (value instanceof DecimalValue) return value;
  if (value instanceof InstantValue) return value.seconds * 1_000_000_000n + BigInt(value.nanos);
  if (value instanceof EncodedValue) return sortKeyOf(value.value);
  return cellOf(value, undefined, TimeZone.UTC).text;
}

/** Ascending; NaN behind all numbers, texts behind numbers, what is not there behind everything. */
export function compareSortKeys(a: SortKey, b: SortKey): number {
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0 || a === null || b === null) return rank;
  if (typeof a === 'string' || typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (a instanceof DecimalValue || b instanceof DecimalValue) return compareDecimals(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function rankOf(key: SortKey): number {
  if (key === null) return 3;
  if (typeof key === 'string') return 2;
  return typeof key === 'number' && Number.isNaN(key) ? 1 : 0;
}

function compareDecimals(a: number | bigint | DecimalValue, b: number | bigint | DecimalValue): number {
  if (a instanceof DecimalValue && b instanceof DecimalValue && Math.abs(a.scale - b.scale) <= MOST_SCALE) {
    const left = a.scale < b.scale ? a.unscaled * 10n ** BigInt(b.scale - a.scale) : a.unscaled;
    const right = b.scale < a.scale ? b.unscaled * 10n ** BigInt(a.scale - b.scale) : b.unscaled;
    return left < right ? -1 : left > right ? 1 : 0;
  }
  return approximate(a) - approximate(b);
}

function approximate(key: number | bigint | DecimalValue): number {
  return key instanceof DecimalValue ? Number(`${key.unscaled}e${-key.scale}`) : Number(key);
}
