import type { Json } from '../engine/json/jsonValue';

/** Plain data of the engine's models as JSON: the names stay, whole numbers stay whole. */
export function plainJson(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint')
    return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(plainJson);
  if (typeof value === 'object') return new Map(Object.entries(value).map(([name, of]) => [name, plainJson(of)]));
  throw new TypeError(`There is no JSON for ${typeof value}.`);
}
