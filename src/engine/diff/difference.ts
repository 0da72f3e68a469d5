import type { PartState, RawEntry } from '../backends/part';
import { Cursor } from '../bytes/cursor';
import { decodeEntry } from '../decodeEntry';
import { parseJson } from '../json/parseJson';
import { writeJson } from '../json/writeJson';
import { differingPaths } from './differingPaths';
import type { StatePair } from './statePair';

/** One entry that is not the same in both snapshots. Its parts are JSON. */
export interface EntryDifference {
  /** Id of the operator. */
  readonly operator: string;
  readonly state: string;
  readonly what: 'added' | 'removed' | 'changed';
  /** Where it lies now, or lay; -1 in operator state. */
  readonly keyGroup: number;
  readonly key: string | null;
  readonly namespace: string | null;
  readonly mapKey: string | null;
  /** Of a timer, in milliseconds. */
  readonly timestamp: bigint | null;
  readonly before: string | null;
  readonly after: string | null;
  /** Paths in the value that differ, where it changed. */
  readonly fields: readonly string[];
  /** How often an element of a list is there, or was. */
  readonly times: number;
}

/** An entry taken apart as `EntryIdentity` does it: `before` and `after` are its values. */
export interface RawDifference {
  readonly what: EntryDifference['what'];
  readonly keyGroup: number;
  readonly id: Uint8Array;
  readonly before: Uint8Array | null;
  readonly after: Uint8Array | null;
  readonly times: number;
}

const decoder = new TextDecoder();

/** Null for an entry whose bytes differ but not what they say: a map whose order is another. */
export function describeDifference(operator: string, pair: StatePair, raw: RawDifference): EntryDifference | null {
  const { what, keyGroup, times } = raw;
  const head = { operator, state: pair.name, what, keyGroup, times };
  const isElement = pair.after.kind === 'operator-list' || pair.after.kind === 'operator-union';
  const [before, after] = isElement
    ? elementOf(pair, raw)
    : [valueText(pair, raw, 'before'), valueText(pair, raw, 'after')];
  const fields = before === null || after === null ? [] : differingPaths(parseJson(before), parseJson(after));
  if (what === 'changed' && fields.length === 0) return null;
  const parts = isElement ? { key: null, namespace: null, mapKey: null, timestamp: null } : partsOf(pair, raw);
  return { ...head, ...parts, before, after, fields };
}

function elementOf(pair: StatePair, { id, what }: RawDifference): [before: string | null, after: string | null] {
  const side = what === 'removed' ? pair.before : pair.after;
  const text = pair.how === 'meaning' ? decoder.decode(id) : shown(decodeEntry(entryOf(side, null, id)).value);
  return what === 'removed' ? [text, null] : [null, text];
}

function partsOf({ before, after, how }: StatePair, { id, what }: RawDifference) {
  const cursor = new Cursor(id);
  const [key, namespace, userKey] = [cursor.bytes4('key'), cursor.bytes4('namespace'), cursor.bytes4('map key')];
  const state = what === 'removed' ? before : after;
  const timestamp = state.kind === 'timer' ? cursor.i64() : null;
  if (how === 'meaning') {
    const text = (part: Uint8Array): string | null => (part.length === 0 ? null : decoder.decode(part));
    return { key: text(key), namespace: text(namespace), mapKey: text(userKey), timestamp };
  }
  const decoded = decodeEntry(entryOf(state, { key, namespace, userKey }, null));
  const isMap = state.kind === 'map' || state.kind === 'broadcast';
  return {
    key: state.key === null ? null : shown(decoded.key),
    namespace: decoded.namespace === undefined ? null : shown(decoded.namespace),
    mapKey: isMap ? shown(decoded.userKey) : null,
    timestamp,
  };
}

function valueText(pair: StatePair, raw: RawDifference, side: 'before' | 'after'): string | null {
  const value = raw[side];
  const state = pair[side];
  if (value === null || state.kind === 'timer') return null;
  if (pair.how === 'meaning') return decoder.decode(value);
  const isMap = state.kind === 'map' || state.kind === 'broadcast';
  const parts = isMap ? { key: NOTHING, namespace: null, userKey: NOTHING } : null;
  return shown(decodeEntry(entryOf(state, parts, value)).value);
}

const NOTHING = new Uint8Array(0);

function entryOf(
  state: PartState,
  parts: Pick<RawEntry, 'key' | 'namespace' | 'userKey'> | null,
  value: Uint8Array | null,
): RawEntry {
  const none = { key: null, namespace: null, userKey: null };
  return { state, keyGroup: -1, index: -1, ...(parts ?? none), value, timestamp: null, fault: null };
}

const shown = (value: unknown): string => (value === undefined ? 'null' : writeJson(value));
