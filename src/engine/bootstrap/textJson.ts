import { EngineError } from '../bytes/engineError';
import type { Json } from '../json/jsonValue';
import { parseJson } from '../json/parseJson';
import { badValue } from '../types/jsonInput';
import type { TypeInfo } from '../types/typeInfo';
import { shortInteger } from './cel/compileRow';

const INTEGERS: ReadonlySet<string> = new Set([
  'byte',
  'short',
  'int',
  'long',
  'tinyint',
  'smallint',
  'integer',
  'bigint',
]);
const FLOATS: ReadonlySet<string> = new Set(['float', 'double']);
/** Types for which an empty text is a text. */
const TEXTS: ReadonlySet<string> = new Set(['string', 'char', 'varchar']);

/**
 * A cell of text as the JSON of a type: digits as a number, `true` and `false`, JSON for what has parts (lists, maps, rows …; with
 * Kryo, which does not say, where it begins like an array or object), and the text itself for all else. An empty one is null,
 * except for text. `BAD_VALUE` where the text is no such thing.
 */
export function textJson(text: string, type: TypeInfo): Json {
  if (type.name === 'ttl' && type.arguments?.[0] !== undefined) return textJson(text, type.arguments[0]);
  if (TEXTS.has(type.name)) return text;
  if (text === '') return null;
  if (INTEGERS.has(type.name)) {
    const short = shortInteger(text);
    if (short !== null) return BigInt(short);
    if (/^[+-]?\d{1,40}$/.test(text)) return BigInt(text.charCodeAt(0) === 0x2b ? text.slice(1) : text);
    throw notA('a whole number', text);
  }
  if (FLOATS.has(type.name)) {
    if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') return text;
    const value = Number(text);
    if (/^\s*$/.test(text) || !Number.isFinite(value) || /^[+-]?0[xbo]/i.test(text)) throw notA('a number', text);
    return value;
  }
  if (type.name === 'boolean') {
    if (/^true$/i.test(text)) return true;
    if (/^false$/i.test(text)) return false;
    throw notA('true or false', text);
  }
  const hasParts = (type.fields?.length ?? 0) > 0 || (type.arguments?.length ?? 0) > 0;
  return hasParts || (type.name === 'kryo' && /^\s*[[{]/.test(text)) ? partsJson(text) : text;
}

/** JSON text in a cell. */
export function partsJson(text: string): Json {
  try {
    return parseJson(text);
  } catch (e) {
    if (e instanceof EngineError) throw badValue(`The text is not JSON: ${e.message}`);
    throw e;
  }
}

const notA = (wanted: string, text: string): EngineError =>
  badValue(`${JSON.stringify(text.slice(0, 60))} is not ${wanted}.`);
