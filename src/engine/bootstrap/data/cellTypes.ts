import { EngineError } from '../../bytes/engineError';
import type { Json } from '../../json/jsonValue';
import { parseJson } from '../../json/parseJson';
import { parseDate, parseDateTime, parseInstant } from '../../json/temporalText';
import type { Cell } from './dataSource';

const MAX_LONG = (1n << 63n) - 1n;
const MIN_LONG = -(1n << 63n);
/** Fields of an object beyond which it is taken for a map. */
const MAX_FIELDS = 100;
const MAX_DEPTH = 8;

/** The narrowest type of a cell, in the words of plans; null says nothing. */
export function typeOfCell(cell: Cell, isText: boolean): string | null {
  if (cell instanceof Uint8Array) return 'byte[]';
  if (isText && typeof cell === 'string') return typeOfText(cell);
  return typeOfJson(cell, 0);
}

/** Inside a type: of what is empty, nobody can say. */
const UNKNOWN = '*';

/** The type to propose, where some of it may not be known. */
export const proposed = (type: string | null): string => (type ?? UNKNOWN).replaceAll(UNKNOWN, 'string');

/** The narrowest type that takes both. */
export function unite(a: string | null, b: string | null): string | null {
  if (a === null || a === UNKNOWN || a === b) return b;
  if (b === null || b === UNKNOWN) return a;
  const both = [a, b].sort().join(' ');
  if (both === 'double long') return 'double';
  if (both === 'biginteger long') return 'biginteger';
  const lists = [a, b].map((type) => /^list<(.*)>$/s.exec(type)?.[1]);
  if (lists[0] !== undefined && lists[1] !== undefined) return `list<${unite(lists[0], lists[1])}>`;
  const maps = [a, b].map((type) => /^map<string, (.*)>$/s.exec(type)?.[1]);
  if (maps[0] !== undefined && maps[1] !== undefined) return `map<string, ${unite(maps[0], maps[1])}>`;
  return 'string';
}

/** Digits with a zero in front are no number: it would be lost. */
function typeOfText(text: string): string | null {
  if (text === '') return null;
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
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return 'string';
  if (attempt(() => parseInstant(text)) !== null) return 'instant';
  if (attempt(() => parseDateTime(text)) !== null) return 'localdatetime';
  return attempt(() => parseDate(text)) === null ? 'string' : 'localdate';
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

function typeOfJson(json: Json, depth: number): string | null {
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
  if (depth > MAX_DEPTH) return 'string';
  if (Array.isArray(json)) return `list<${uniteAll(json, depth)}>`;
  const types = new Set([...json.values()].map((value) => typeOfJson(value, depth + 1) ?? UNKNOWN));
  if (types.size <= 1 || json.size > MAX_FIELDS) return `map<string, ${uniteAll([...json.values()], depth)}>`;
  const fields = [...json].map(([name, value]) => `${nameText(name)}: ${typeOfJson(value, depth + 1) ?? UNKNOWN}`);
  return `row {${fields.join(', ')}}`;
}

const nameText = (name: string): string => (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? name : JSON.stringify(name));

const uniteAll = (items: readonly Json[], depth: number): string =>
  items.map((item) => typeOfJson(item, depth + 1)).reduce(unite, null) ?? UNKNOWN;
