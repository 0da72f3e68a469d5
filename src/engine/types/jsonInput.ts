import { EngineError } from '../bytes/engineError';
import { suggestion } from '../json/closest';
import type { Json } from '../json/jsonValue';

/** What `Codec.fromJson` needs: JSON taken apart with errors that say what was wanted, what was found and where. */

export function badValue(message: string): EngineError {
  return new EngineError('BAD_VALUE', message);
}

function found(json: Json): string {
  if (json === null || typeof json === 'boolean' || typeof json === 'bigint' || typeof json === 'number')
    return String(json);
  if (typeof json === 'string') return JSON.stringify(json.length > 60 ? `${json.slice(0, 60)}…` : json);
  return Array.isArray(json) ? `an array of ${json.length}` : 'an object';
}

/** An error for a value of another kind than `wanted`. */
export function notA(wanted: string, json: Json): EngineError {
  return badValue(`Expected ${wanted}, found ${found(json)}.`);
}

/** Runs `read` for one part of a value; an error names the part. */
export function inside<T>(part: string, read: () => T): T {
  try {
    return read();
  } catch (e) {
    if (e instanceof EngineError) throw e.at({ where: part });
    throw e;
  }
}

/** An integer of `low` to `high`; a number whose fraction is zero will do. */
export function integerFrom(json: Json, low: bigint, high: bigint, what: string): bigint {
  const value = typeof json === 'number' && Number.isSafeInteger(json) ? BigInt(json) : json;
  if (typeof value !== 'bigint') throw notA(what, json);
  if (value < low || value > high) throw badValue(`${value} does not fit ${what}: ${low} to ${high}.`);
  return value;
}

export function intFrom(json: Json): number {
  return Number(integerFrom(json, -0x80000000n, 0x7fffffffn, 'an int'));
}

export function longFrom(json: Json): bigint {
  return integerFrom(json, -0x8000000000000000n, 0x7fffffffffffffffn, 'a long');
}

export function booleanFrom(json: Json): boolean {
  if (typeof json !== 'boolean') throw notA('true or false', json);
  return json;
}

export function stringFrom(json: Json, what = 'a string'): string {
  if (typeof json !== 'string') throw notA(what, json);
  return json;
}

export function doubleFrom(json: Json): number {
  if (typeof json === 'number') return json;
  if (typeof json === 'bigint') return Number(json);
  if (json === 'NaN' || json === 'Infinity' || json === '-Infinity') return Number(json);
  throw notA('a number, "NaN", "Infinity" or "-Infinity"', json);
}

export function arrayFrom(json: Json, what = 'an array'): Json[] {
  if (!Array.isArray(json)) throw notA(what, json);
  return json;
}

export function objectFrom(json: Json, what = 'an object'): Map<string, Json> {
  if (!(json instanceof Map)) throw notA(what, json);
  return json;
}

/**
 * The fields of an object that has all of `names` and no others. Gives a reader of them, whose errors name the field; `what`
 * says what the object is for.
 */
export function recordFrom(
  json: Json,
  names: readonly string[],
  what: string,
): <T>(name: string, read: (field: Json) => T) => T {
  const object = objectFrom(json, `${what} as an object`);
  for (const name of object.keys()) if (!names.includes(name)) throw unknownField(name, names, what);
  return (name, read) => {
    const field = object.get(name);
    if (field === undefined) throw badValue(`The field ${name} of ${what} is missing.`);
    return inside(name, () => read(field));
  };
}

/** Values one behind the other: an array, or an object with the names that a tuple's fields have in Java, f0, f1 and so on. */
export function itemsFrom(json: Json, count: number, what: string): Json[] {
  if (!(json instanceof Map)) return arrayFrom(json, `${what} as an array`);
  const names = Array.from({ length: count }, (_, i) => `f${i}`);
  const field = recordFrom(json, names, what);
  return names.map((name) => field(name, (item) => item));
}

/** An error for a name that an object does not have, with the one that may have been meant. */
export function unknownField(name: string, names: readonly string[], what: string): EngineError {
  const subject = what.charAt(0).toUpperCase() + what.slice(1);
  return new EngineError('BAD_VALUE', `${subject} has no field ${JSON.stringify(name)}.`, {
    where: name,
    hint: suggestion(name, names),
  });
}

/** The one field of an object like `{"$set": […]}`; undefined for anything else. */
export function taggedFrom(json: Json, tag: string): Json | undefined {
  return json instanceof Map && json.size === 1 ? json.get(tag) : undefined;
}
