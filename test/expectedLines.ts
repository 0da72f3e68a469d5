import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Json } from '../src/engine/json/jsonValue';
import { parseJson } from '../src/engine/json/parseJson';
import { printJson } from '../src/engine/json/printJson';
import { corpusRoot, fixturesRoot, type StoredSnapshot } from './corpus';

/** What Flink itself read out of a fixture, one parsed line an entry. */
export function fixtureLines(snapshot: StoredSnapshot): Json[] {
  const [name] = snapshot.name.split(path.sep);
  return parseLines(readFileSync(path.join(fixturesRoot, `${name}.expected.ndjson`), 'utf8'));
}

/** The same for a snapshot of the corpus; null where there is none. */
export function corpusLines(snapshot: StoredSnapshot): Json[] | null {
  if (corpusRoot === null) return null;
  const file = path.join(corpusRoot, '../expected/savepoints', `${snapshot.name}.ndjson.gz`);
  return existsSync(file) ? parseLines(gunzipSync(readFileSync(file)).toString('utf8')) : null;
}

export const parseLines = (text: string): Json[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map(parseJson);

/** JSON text with the fields of every object in one order and one form of each number: equal for equal lines. */
export function canonical(json: Json): string {
  return printJson(sorted(json));
}

function sorted(json: Json): Json {
  if (Number.isInteger(json) && !Object.is(json, -0)) return BigInt(json as number);
  if (Array.isArray(json)) return json.map(sorted);
  if (!(json instanceof Map)) return json;
  return new Map([...json].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => [name, sorted(value)]));
}

export const field = (line: Json, name: string): Json | undefined => (line instanceof Map ? line.get(name) : undefined);

export interface Comparison {
  missing: string[];
  unexpected: string[];
}

/**
 * Compares lines without regard to their order. `{"$any":true}` in an expected line stands for any value: only a class of the
 * job could tell. Such a value can hide what lies behind it, so that an `unread` line excuses the lines of its operator,
 * subtask and key group, if one of them has such a value.
 */
export function compareLines(expected: readonly Json[], found: readonly Json[]): Comparison {
  const left = new Map<string, Json[]>();
  for (const line of found) {
    const text = canonical(line);
    left.set(text, [...(left.get(text) ?? []), line]);
  }
  const take = (text: string): boolean => {
    const same = left.get(text);
    if (same === undefined) return false;
    if (same.length === 1) left.delete(text);
    else same.pop();
    return true;
  };
  const unmatched = expected.filter((line) => !take(canonical(line)));
  const missing = unmatched.filter((line) => {
    if (!hasAny(line)) return true;
    for (const [text, [candidate]] of left) if (matches(line, candidate)) return !take(text);
    return true;
  });
  const place = (line: Json): string => ['op', 'subtask', 'kg'].map((name) => String(field(line, name))).join(' ');
  const uncertain = new Set(expected.filter(hasAny).map(place));
  const excused = new Set<string>();
  for (const [text, [line]] of left) {
    if (field(line, 'kind') !== 'unread' || !uncertain.has(place(line))) continue;
    excused.add(place(line));
    left.delete(text);
  }
  return { missing: missing.filter((line) => !excused.has(place(line))).map(canonical), unexpected: [...left.keys()] };
}

function isAny(json: Json): boolean {
  return json instanceof Map && json.get('$any') === true;
}

function hasAny(json: Json): boolean {
  if (isAny(json)) return true;
  if (Array.isArray(json)) return json.some(hasAny);
  return json instanceof Map && [...json.values()].some(hasAny);
}

function matches(expected: Json, found: Json): boolean {
  if (isAny(expected)) return true;
  if (Array.isArray(expected) && Array.isArray(found)) {
    return expected.length === found.length && expected.every((item, i) => matches(item, found[i]));
  }
  if (expected instanceof Map && found instanceof Map) {
    const names = [...expected.keys()];
    return (
      found.size === names.length && names.every((name) => matches(expected.get(name) ?? null, found.get(name) ?? null))
    );
  }
  return canonical(expected) === canonical(found);
}
