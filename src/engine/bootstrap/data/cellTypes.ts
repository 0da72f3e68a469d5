import { EngineError } from '../../bytes/engineError';
import type { Json } from '../../json/jsonValue';
import { parseJson } from '../../json/parseJson';
import { parseDate, parseDateTime, parseInstant } from '../../json/temporalText';
import type { Cell } from './dataSource';

/** A type as far as values show it; null where they show nothing: there were none, or nulls alone. */
export type SeenType = null | string | ListType | MapType | RowType;

interface ListType {
  readonly item: SeenType;
}
interface MapType {
  readonly key: SeenType;
  readonly value: SeenType;
}
/** An object; one of many fields is a map. */
interface RowType {
  readonly fields: ReadonlyMap<string, SeenType>;
}

const MAX_LONG = (1n << 63n) - 1n;
const MIN_LONG = -(1n << 63n);
/** Fields of an object beyond which it is taken for a map. */
const MAX_FIELDS = 100;
const MAX_DEPTH = 8;
/** Longer texts are looked into no further: a number of so many digits takes long to read. */
const LONGEST_TEXT = 10_000;
/** Takes anything, where values differ in kind. */
const TEXT = 'string';

/** The narrowest type of a cell. */
export function typeOfCell(cell: Cell, isText: boolean): SeenType {
  if (cell instanceof Uint8Array) return 'byte[]';
  return isText && typeof cell === 'string' ? typeOfText(cell) : typeOfJson(cell, 0);
}

/** The narrowest type that takes both. */
export function unite(a: SeenType, b: SeenType): SeenType {
  if (a === null || a === b) return b;
  if (b === null) return a;
  if (typeof a === 'string' || typeof b === 'string') {
    const both = [a, b].sort().join(' ');
    return both === 'double long' ? 'double' : both === 'biginteger long' ? 'biginteger' : TEXT;
  }
  if ('item' in a && 'item' in b) return { item: unite(a.item, b.item) };
  if ('fields' in a && 'fields' in b) {
    const names = new Set([...a.fields.keys(), ...b.fields.keys()]);
    if (names.size > MAX_FIELDS) return { key: TEXT, value: unite(valuesOf(a), valuesOf(b)) };
    return {
      fields: new Map(
        [...names].map((name) => [name, unite(a.fields.get(name) ?? null, b.fields.get(name) ?? null)] as const),
      ),
    };
  }
  if ('key' in a && 'key' in b) return { key: unite(a.key, b.key), value: unite(a.value, b.value) };
  const [map, row] = 'key' in a ? [a, b] : [b, a];
  // An object may be a map by its fields' names, and without fields one of anything.
  if (!('key' in map) || !('fields' in row) || (map.key !== TEXT && row.fields.size > 0)) return TEXT;
  return { key: map.key, value: unite(map.value, valuesOf(row)) };
}

const valuesOf = ({ fields }: RowType): SeenType => [...fields.values()].reduce(unite, null);

/** In the words of plans. */
export function printSeenType(type: SeenType): string {
  if (type === null || typeof type === 'string') return type ?? TEXT;
  if ('item' in type) return `list<${printSeenType(type.item)}>`;
  if ('key' in type) return `map<${printSeenType(type.key)}, ${printSeenType(type.value)}>`;
  const types = [...type.fields.values()].map(printSeenType);
  if (new Set(types).size <= 1) return `map<string, ${types[0] ?? TEXT}>`;
  return `row {${[...type.fields.keys()].map((name, i) => `${nameText(name)}: ${types[i]}`).join(', ')}}`;
}

const nameText = (name: string): string => (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? name : JSON.stringify(name));

/** Digits with a zero in front are no number: it would be lost. */
function typeOfText(text: string): SeenType {
  if (text === '') return null;
  if (text.length > LONGEST_TEXT) return TEXT;
  if (/^(true|false)$/i.test(text)) return 'boolean';
  if (/^-?(0|[1-9]\d*)$/.test(text)) return typeOfInteger(BigInt(text));
  if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d{1,3})?$/.test(text) || /^(NaN|-?Infinity)$/.test(text)) return 'double';
  if (text.startsWith('[') || text.startsWith('{')) {
    const json = attempt(() => parseJson(text));
    if (json !== null) return typeOfJson(json, 0);
  }
  return typeOfTime(text);
}

function typeOfTime(text: string): string {
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return TEXT;
  if (attempt(() => parseInstant(text)) !== null) return 'instant';
  if (attempt(() => parseDateTime(text)) !== null) return 'localdatetime';
  return attempt(() => parseDate(text)) === null ? TEXT : 'localdate';
}

function attempt<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch (e) {
    if (e instanceof EngineError) return null;
    throw e;
  }
}

const typeOfInteger = (value: bigint): string => (value < MIN_LONG || value > MAX_LONG ? 'biginteger' : 'long');

function typeOfJson(json: Json, depth: number): SeenType {
  if (json === null) return null;
  switch (typeof json) {
    case 'boolean':
      return 'boolean';
    case 'bigint':
      return typeOfInteger(json);
    case 'number':
      return 'double';
    case 'string':
      return typeOfTime(json);
  }
  if (depth > MAX_DEPTH) return TEXT;
  const uniteAll = (items: readonly Json[]) => items.map((item) => typeOfJson(item, depth + 1)).reduce(unite, null);
  if (Array.isArray(json)) return { item: uniteAll(json) };
  const pairs = json.size === 1 ? json.get('$map') : undefined;
  if (json.size > MAX_FIELDS) return { key: TEXT, value: uniteAll([...json.values()]) };
  if (!Array.isArray(pairs))
    return { fields: new Map([...json].map(([name, value]) => [name, typeOfJson(value, depth + 1)])) };
  const [keys, values] = [0, 1].map((i) => pairs.map((pair) => (Array.isArray(pair) ? (pair[i] ?? null) : null)));
  return { key: uniteAll(keys), value: uniteAll(values) };
}
