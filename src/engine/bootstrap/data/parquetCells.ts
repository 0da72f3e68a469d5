import type { SchemaElement, SchemaTree } from 'hyparquet';
import { encodeBase64 } from '../../json/base64';
import { decimalText } from '../../json/decimalText';
import type { Json } from '../../json/jsonValue';
import { parseJson } from '../../json/parseJson';
import { dateOfDay, dateText, dateTimeText, instantText, timeText } from '../../json/temporalText';
import { InstantValue, LocalDateTimeValue, LocalTimeValue } from '../../types/values';
import type { Cell } from './dataSource';

/** Turns what the library gives for a value of a column into a cell. */
export type CellOfParquet = (value: unknown) => Cell;

/**
 * Cells of one column: integers are exact, decimals and times become their text (a TIMESTAMP that is not adjusted to UTC has
 * no zone, any other is an instant), groups become objects, lists arrays, and maps objects or, with other keys than text,
 * `{"$map": [[key, value], …]}`.
 */
export function parquetCells(tree: SchemaTree): CellOfParquet {
  const cellOf = tree.element.repetition_type === 'REPEATED' ? listOf(single(tree)) : single(tree);
  return (value) => (value === null || value === undefined ? null : cellOf(value));
}

function single(tree: SchemaTree): CellOfParquet {
  const { element, children } = tree;
  if (children.length === 0) return leaf(element);
  const logical = element.logical_type?.type ?? element.converted_type;
  const [only] = children;
  if (logical === 'LIST' && children.length === 1) {
    // Three levels: a list of groups with one field each; two: the repeated field is the element.
    const [item] = only.children;
    return listOf(
      json(only.children.length === 1 ? item : { ...only, element: { ...only.element, repetition_type: 'OPTIONAL' } }),
    );
  }
  if ((logical === 'MAP' || element.converted_type === 'MAP_KEY_VALUE') && only.children.length === 2) {
    return mapOf(only.children[0].element, json(only.children[1]));
  }
  const fields = children.map((child) => [child.element.name, json(child)] as const);
  return (value) => {
    const object = value as Readonly<Record<string, unknown>>;
    return new Map(fields.map(([name, fieldOf]) => [name, fieldOf(object[name])]));
  };
}

/** The type of a column without parts, in the words of plans; null of others, whose values show it. */
export function parquetType({ element, children }: SchemaTree): string | null {
  if (children.length > 0 || element.repetition_type === 'REPEATED') return null;
  const { type, converted_type: converted, logical_type: logical } = element;
  const name = logical?.type ?? converted ?? '';
  if (name === 'TIMESTAMP' && logical?.type === 'TIMESTAMP')
    return logical.isAdjustedToUTC ? 'instant' : 'localdatetime';
  if (name === 'INTEGER' && logical?.type === 'INTEGER' && !logical.isSigned) return unsigned(logical.bitWidth);
  const found = TYPES[name];
  if (found !== undefined) return found;
  if (isString(element)) return name === 'JSON' ? null : 'string';
  return TYPES[type ?? ''] ?? null;
}

const unsigned = (bits: number): string => (bits < 32 ? 'int' : bits === 32 ? 'long' : 'biginteger');

const TYPES: Readonly<Record<string, string>> = {
  DECIMAL: 'bigdecimal',
  DATE: 'localdate',
  TIME: 'localtime',
  TIME_MILLIS: 'localtime',
  TIME_MICROS: 'localtime',
  TIMESTAMP_MILLIS: 'instant',
  TIMESTAMP_MICROS: 'instant',
  UUID: 'string',
  UINT_32: 'long',
  UINT_64: 'biginteger',
  FLOAT16: 'float',
  BOOLEAN: 'boolean',
  INT32: 'int',
  INT64: 'long',
  INT96: 'instant',
  FLOAT: 'float',
  DOUBLE: 'double',
  BYTE_ARRAY: 'byte[]',
  FIXED_LEN_BYTE_ARRAY: 'byte[]',
};

/** Inside other values bytes are text in base64. */
function json(tree: SchemaTree): (value: unknown) => Json {
  const cellOf = parquetCells(tree);
  return (value) => {
    const cell = cellOf(value);
    return cell instanceof Uint8Array ? encodeBase64(cell) : cell;
  };
}

function listOf(item: (value: unknown) => Cell): CellOfParquet {
  return (value) =>
    Array.from(value as ArrayLike<unknown>, (element) => {
      const cell = element === null || element === undefined ? null : item(element);
      return cell instanceof Uint8Array ? encodeBase64(cell) : cell;
    });
}

/** The library makes maps objects, whose keys are text. */
function mapOf(key: SchemaElement, toJson: (value: unknown) => Json): CellOfParquet {
  const isText = isString(key);
  const isInteger = key.type === 'INT32' || key.type === 'INT64';
  return (value) => {
    const entries = value instanceof Map ? [...value] : Object.entries(value as Record<string, unknown>);
    if (isText) return new Map(entries.map(([k, v]) => [String(k), toJson(v)]));
    const pairs = entries.map(([k, v]): Json => [isInteger ? BigInt(k as string) : String(k), toJson(v)]);
    return new Map<string, Json>([['$map', pairs]]);
  };
}

const isString = ({ converted_type: converted, logical_type: logical }: SchemaElement): boolean =>
  converted === 'UTF8' ||
  converted === 'ENUM' ||
  converted === 'JSON' ||
  logical?.type === 'STRING' ||
  logical?.type === 'ENUM';

function leaf(element: SchemaElement): CellOfParquet {
  const { converted_type: converted, logical_type: logical } = element;
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') {
    const scale = element.scale ?? (logical?.type === 'DECIMAL' ? logical.scale : 0);
    return (value) => decimalText(unscaledOf(value), scale);
  }
  if (converted === 'DATE' || logical?.type === 'DATE') return (value) => dateText(dateOfDay(Number(value)));
  if (logical?.type === 'TIMESTAMP') return timestamp(UNITS[logical.unit], logical.isAdjustedToUTC);
  if (converted === 'TIMESTAMP_MILLIS') return timestamp(UNITS.MILLIS, true);
  if (converted === 'TIMESTAMP_MICROS') return timestamp(UNITS.MICROS, true);
  if (element.type === 'INT96') return timestamp(UNITS.NANOS, true);
  if (logical?.type === 'TIME') return timeOfDay(UNITS[logical.unit]);
  if (converted === 'TIME_MILLIS') return timeOfDay(UNITS.MILLIS);
  if (converted === 'TIME_MICROS') return timeOfDay(UNITS.MICROS);
  if (converted === 'JSON' || logical?.type === 'JSON') return (value) => parseJson(String(value));
  if (logical?.type === 'UUID') return (value) => uuidText(value as Uint8Array);
  if (element.type === 'INT32' || element.type === 'INT64') return (value) => BigInt(value as number | bigint);
  if (element.type === 'FLOAT' || element.type === 'DOUBLE' || logical?.type === 'FLOAT16')
    return (value) => value as number;
  return plain;
}

/** ENUM is bytes in UTF-8 to the library. */
function plain(value: unknown): Cell {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'boolean' || typeof value === 'string' || typeof value === 'bigint') return value;
  return typeof value === 'number' ? value : String(value);
}

/** Big-endian two's complement, or an integer. */
function unscaledOf(value: unknown): bigint {
  if (!(value instanceof Uint8Array)) return BigInt(value as number | bigint);
  let unscaled = 0n;
  for (const byte of value) unscaled = (unscaled << 8n) | BigInt(byte);
  return BigInt.asIntN(value.length * 8, unscaled);
}

/** Of one second. */
const UNITS = { MILLIS: 1000n, MICROS: 1_000_000n, NANOS: 1_000_000_000n } as const;

function timestamp(unit: bigint, isInstant: boolean): CellOfParquet {
  return (value) => {
    const units = BigInt(value as number | bigint);
    const fraction = ((units % unit) + unit) % unit;
    const seconds = (units - fraction) / unit;
    const nanos = Number((fraction * UNITS.NANOS) / unit);
    if (isInstant) return instantText(new InstantValue(seconds, nanos));
    const second = Number(((seconds % DAY) + DAY) % DAY);
    const date = dateOfDay(Number((seconds - BigInt(second)) / DAY));
    return dateTimeText(new LocalDateTimeValue(date, timeValue(second, nanos)));
  };
}

const DAY = 86_400n;

function timeOfDay(unit: bigint): CellOfParquet {
  return (value) => {
    const units = BigInt(value as number | bigint);
    return timeText(timeValue(Number(units / unit), Number(((units % unit) * UNITS.NANOS) / unit)));
  };
}

const timeValue = (second: number, nanos: number): LocalTimeValue =>
  new LocalTimeValue(Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60, nanos);

function uuidText(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
