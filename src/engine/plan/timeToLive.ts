import type { PartState } from '../backends/part';
import { celCell } from '../bootstrap/cel/celCell';
import { encodeBase64 } from '../json/base64';
import type { Json } from '../json/jsonValue';
import { printJson } from '../json/printJson';
import { celValue } from '../query/celValue';
import { TtlValue } from '../types/values';

/** Where the values of a state carry a stamp, the time of their last use: `TtlStateFactory.TtlSerializer`. */
export function isTimed({ value }: PartState): boolean {
  return value?.type.name === 'ttl';
}

/** A value, or the elements of a list, with a stamp where they come without. What has one already keeps it. */
export function stamped(state: PartState, json: Json, stamp: bigint): Json {
  if (!isTimed(state)) return json;
  if (state.kind === 'list') return Array.isArray(json) ? json.map((element) => withStamp(element, stamp)) : json;
  // A map may have null for a value, without a stamp.
  return json === null && state.kind === 'map' ? null : withStamp(json, stamp);
}

/**
 * A new value with the stamp of the old one. In a list each element keeps its own: by its place where there are as many as
 * before, else equal elements keep theirs, and others are new.
 */
export function stampedAsBefore(state: PartState, json: Json, before: unknown, now: bigint): Json {
  if (!isTimed(state)) return json;
  if (state.kind !== 'list') return stamped(state, json, before instanceof TtlValue ? before.lastAccess : now);
  if (!Array.isArray(json) || !Array.isArray(before)) return json;
  if (json.length !== before.length) return stampedAsEqual(state, json, before, now);
  return json.map((element, i) => withStamp(element, before[i] instanceof TtlValue ? before[i].lastAccess : now));
}

/** Elements of a list with the stamps of those elements of another that are equal, each of which gives its own once. */
export function stampedAsEqual({ value }: PartState, json: Json[], before: readonly unknown[], now: bigint): Json {
  const known = new Map<string, bigint[]>();
  for (const element of before) {
    if (!(element instanceof TtlValue)) continue;
    // As an expression gives it on: 1.0 is no integer there.
    const text = printed(celCell(celValue(element.value, value?.type.arguments?.[0])));
    known.set(text, [...(known.get(text) ?? []), element.lastAccess]);
  }
  return json.map((element) => withStamp(element, known.get(printed(contentOf(element)))?.shift() ?? now));
}

const printed = (cell: Json | Uint8Array): string => printJson(cell instanceof Uint8Array ? encodeBase64(cell) : cell);

/** The path of a field of the value itself, and not of what stands around it. `$ttl` is the stamp. */
export function timedPath(state: PartState, path: readonly string[]): readonly string[] {
  if (!isTimed(state)) return path;
  if (state.kind === 'list') {
    const [index, ...rest] = path;
    return rest.length === 0 ? path : [index, ...valuePath(rest)];
  }
  return valuePath(path);
}

const valuePath = (path: readonly string[]): readonly string[] => (path[0] === '$ttl' ? path : ['value', ...path]);

function isStamped(json: Json): json is Map<string, Json> {
  return json instanceof Map && json.size === 2 && json.has('$ttl') && json.has('value');
}

const contentOf = (json: Json): Json => (isStamped(json) ? (json.get('value') ?? null) : json);

const withStamp = (json: Json, stamp: bigint): Json =>
  isStamped(json)
    ? json
    : new Map<string, Json>([
        ['$ttl', stamp],
        ['value', json],
      ]);
