import type { Json } from '../src/engine/json/jsonValue';
import { printJson } from '../src/engine/json/printJson';
import { field } from './expectedLines';

/** What two dumps have not in common. */
export interface LineDifference {
  /** Expected lines that were not found. */
  missing: string[];
  /** Lines that were found and not expected. */
  unexpected: string[];
  /** Expected lines of key groups that the reader says it cannot read, for want of a class that only the job has. */
  excused: number;
}

/**
 * Compares the lines of two dumps. The order of lines, of fields, of `$map` pairs and of `$set` items says nothing, nor does it
 * whether a whole number is written as an integer; how often a line occurs does. `{"$any":true}` in an expected line stands
 * for any one value.
 *
 * Where a heap backend's key group holds a value that only the job's class could read, nobody can find what lies behind it.
 * An `unread` line excuses the expected lines of its operator, subtask and key group, if one of them has an `$any`.
 */
export function compareLines(expected: readonly Json[], found: readonly Json[]): LineDifference {
  const exact = new Map<string, Json[]>();
  const wild: Json[] = [];
  for (const line of expected) {
    if (hasAny(line)) wild.push(line);
    else grouped(exact, orderless(line)).push(line);
  }
  const rest = found.filter((line) => exact.get(orderless(line))?.pop() === undefined);
  const missingWild = wild.filter((line) => {
    const at = rest.findIndex((candidate) => fits(line, candidate));
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
  const missing = [...exact.values()].flat().concat(missingWild);

  const needsClass = new Set(wild.map(placeOf));
  const isExcuse = (line: Json): boolean => field(line, 'kind') === 'unread' && needsClass.has(placeOf(line));
  const excuses = new Set(rest.filter(isExcuse).map(placeOf));
  const lost = missing.filter((line) => !excuses.has(placeOf(line)));
  return {
    missing: lost.map(printJson),
    // An unread stretch that hides nothing is a stretch that could have been read.
    unexpected: rest.filter((line) => !isExcuse(line) || lost.length === missing.length).map(printJson),
    excused: missing.length - lost.length,
  };
}

/** Text that is equal for values that mean the same. */
export function orderless(json: Json): string {
  if (typeof json === 'number') {
    return Number.isInteger(json) && !Object.is(json, -0) ? String(BigInt(json)) : printJson(json);
  }
  if (Array.isArray(json)) return `[${json.map(orderless).join()}]`;
  if (!(json instanceof Map)) return printJson(json);
  const items = json.size === 1 ? (json.get('$map') ?? json.get('$set')) : undefined;
  if (Array.isArray(items)) return `{${[...json.keys()]}:${items.map(orderless).sort().join()}}`;
  return `{${[...json]
    .map(([name, value]) => `${JSON.stringify(name)}:${orderless(value)}`)
    .sort()
    .join()}}`;
}

export const isAny = (json: Json): boolean => json instanceof Map && json.size === 1 && json.get('$any') === true;

function hasAny(json: Json): boolean {
  if (Array.isArray(json)) return json.some(hasAny);
  return json instanceof Map && (isAny(json) || [...json.values()].some(hasAny));
}

/** Whether `found` is what `expected` allows. */
export function fits(expected: Json, found: Json): boolean {
  if (isAny(expected)) return true;
  if (Array.isArray(expected) && Array.isArray(found)) {
    return expected.length === found.length && expected.every((item, i) => fits(item, found[i]));
  }
  if (expected instanceof Map && found instanceof Map) {
    const [pairs, foundPairs] = [expected.get('$map'), found.get('$map')];
    // Pairs have no order to compare them in; where one is unknown, their number is what is left to say.
    if (Array.isArray(pairs) && hasAny(expected))
      return Array.isArray(foundPairs) && foundPairs.length === pairs.length;
    return (
      expected.size === found.size &&
      [...expected].every(([name, value]) => {
        const other = found.get(name);
        return other !== undefined && fits(value, other);
      })
    );
  }
  return orderless(expected) === orderless(found);
}

const placeOf = (line: Json): string => ['op', 'subtask', 'kg'].map((name) => field(line, name)).join();

function grouped<T>(groups: Map<string, T[]>, key: string): T[] {
  const known = groups.get(key);
  if (known !== undefined) return known;
  const group: T[] = [];
  groups.set(key, group);
  return group;
}
