import type { Json } from '../engine/json/jsonValue';
import { printJson } from '../engine/json/printJson';
import type { SnapshotStats } from '../engine/stats/snapshotStats';
import { problemJson } from './problemText';

/** The names of the engine's model are those of the output. */
export function statsJson(path: string, { entries, bytes, operators, problems }: SnapshotStats): string {
  const json: Json = new Map<string, Json>([
    ['path', path],
    ['entries', BigInt(entries)],
    ['bytes', BigInt(bytes)],
    ['operators', operators.map(plain)],
    ['problems', problems.map(problemJson)],
  ]);
  return `${printJson(json)}\n`;
}

/** Plain data as JSON: whole numbers stay whole. */
function plain(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint')
    return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object') return new Map(Object.entries(value).map(([name, of]) => [name, plain(of)]));
  throw new TypeError(`There is no JSON for ${typeof value}.`);
}
