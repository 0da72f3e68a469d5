import type { PartState } from '../backends/part';
import type { Json } from '../json/jsonValue';
import { printJson } from '../json/printJson';

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
export function stampedAsBefore(state: PartState, json: Json, before: Json, now: bigint): Json {
  if (!isTimed(state)) return json;
  if (state.kind !== 'list') return stamped(state, json, stampOf(before) ?? now);
  if (!Array.isArray(json) || !Array.isArray(before)) return json;
  if (json.length === before.length) return json.map((element, i) => withStamp(element, stampOf(before[i]) ?? now));
  const known = new Map<string, bigint[]>();
  for (const element of before) {
    const [stamp, text] = [stampOf(element), printJson(contentOf(element))];
    if (stamp !== null) known.set(text, [...(known.get(text) ?? []), stamp]);
  }
  return json.map((element) => withStamp(element, known.get(printJson(contentOf(element)))?.shift() ?? now));
}

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

function stampOf(json: Json): bigint | null {
  const stamp = isStamped(json) ? json.get('$ttl') : null;
  return typeof stamp === 'bigint' ? stamp : null;
}

const contentOf = (json: Json): Json => (isStamped(json) ? (json.get('value') ?? null) : json);

const withStamp = (json: Json, stamp: bigint): Json =>
  isStamped(json)
    ? json
    : new Map<string, Json>([
        ['$ttl', stamp],
        ['value', json],
      ]);
