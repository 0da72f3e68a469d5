import { EngineError } from '../../bytes/engineError';
import { encodeBase64 } from '../../json/base64';
import type { Json } from '../../json/jsonValue';
import { parseJson } from '../../json/parseJson';
import { writeJson } from '../../json/writeJson';
import { fullValue } from '../../query/celValue';
import type { Cell } from '../data/dataSource';

/**
 * What an expression gives, as a cell: integers stay exact, a point in time becomes the text of an instant, a map whose keys
 * are no strings the form `{"$map": [[key, value], …]}`. What it passes on of a decoded value stays all that it was.
 */
export function celCell(value: unknown): Cell {
  return value instanceof Uint8Array ? value : celJson(value);
}

export function celJson(value: unknown): Json {
  switch (typeof value) {
    case 'boolean':
    case 'bigint':
    case 'number':
    case 'string':
      return value;
    case 'undefined':
      return null;
    case 'object':
      return value === null ? null : objectJson(value);
    default:
      throw noJson();
  }
}

function objectJson(value: object): Json {
  const full = fullValue(value);
  if (full !== undefined) return parseJson(writeJson(full));
  if (Array.isArray(value)) return value.map(celJson);
  if (value instanceof Map) return mapJson(value);
  if (value instanceof Uint8Array) return encodeBase64(value);
  if (value instanceof Date) return value.toISOString();
  if (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null) {
    return new Map(Object.entries(value).map(([k, v]) => [k, celJson(v)]));
  }
  // CEL's uint is a class of its own.
  const primitive: unknown = value.valueOf();
  if (typeof primitive === 'bigint') return primitive;
  throw noJson();
}

function mapJson(map: ReadonlyMap<unknown, unknown>): Json {
  const pairs = [...map].map(([k, v]) => [celJson(k), celJson(v)] as const);
  if (pairs.every((pair): pair is [string, Json] => typeof pair[0] === 'string')) return new Map(pairs);
  return new Map<string, Json>([['$map', pairs.map(([k, v]) => [k, v])]]);
}

const noJson = (): EngineError =>
  new EngineError('BAD_VALUE', 'The result of the expression is no number, text, truth value, list, map or instant.');
