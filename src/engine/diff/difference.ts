import type { PartState } from '../backends/part';
import { decodeEntry, isVoid } from '../decodeEntry';
import { parseJson } from '../json/parseJson';
import { writeJson } from '../json/writeJson';
import type { Codec } from '../types/codec';
import { differingPaths } from './differingPaths';
import { valueEntry } from './sameValue';
import { isList, type StatePair } from './statePair';

export type DifferenceKind = 'added' | 'removed' | 'changed';

/** One entry that is not the same in both snapshots. Its parts are JSON. */
export interface EntryDifference {
  /** Id of the operator. */
  readonly operator: string;
  readonly state: string;
  readonly what: DifferenceKind;
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

/** Keyed and operator state may have the same name. */
export const isOfOperatorState = ({ keyGroup }: { keyGroup: number }): boolean => keyGroup < 0;

/** An entry taken apart as `EntryIdentity` does it: an element of a list is its own key. */
export interface RawDifference {
  /** Number of the state's pair. */
  readonly state: number;
  readonly what: DifferenceKind;
  readonly keyGroup: number;
  readonly key: Uint8Array | null;
  readonly namespace: Uint8Array | null;
  readonly mapKey: Uint8Array | null;
  readonly before: Uint8Array | null;
  readonly after: Uint8Array | null;
  readonly times: number;
}

const decoder = new TextDecoder();

export function describeDifference(operator: string, pair: StatePair, raw: RawDifference): EntryDifference {
  const { what, keyGroup, times } = raw;
  const head = { operator, state: pair.name, what, keyGroup, times };
  if (isList(pair.before) && isList(pair.after)) {
    const element = elementText(pair, raw);
    const nothing = { key: null, namespace: null, mapKey: null, timestamp: null, fields: [] };
    return {
      ...head,
      ...nothing,
      before: what === 'removed' ? element : null,
      after: what === 'added' ? element : null,
    };
  }
  const hasMapKey = raw.mapKey !== null;
  const before = valueText(pair.before, raw.before, hasMapKey);
  const after = valueText(pair.after, raw.after, hasMapKey);
  const fields = before === null || after === null ? [] : differingPaths(parseJson(before), parseJson(after));
  return { ...head, ...idTexts(pair, raw), before, after, fields };
}

/** The side that the parts of its id are from. */
const sideOf = ({ before, after }: StatePair, what: DifferenceKind): PartState => (what === 'removed' ? before : after);

function elementText(pair: StatePair, { what, key }: RawDifference): string {
  if (key === null) return 'null';
  return pair.id === 'meaning' ? decoder.decode(key) : (valueText(sideOf(pair, what), key, false) ?? 'null');
}

function idTexts(pair: StatePair, { what, key, namespace, mapKey }: RawDifference) {
  const state = sideOf(pair, what);
  const isTimer = state.kind === 'timer';
  const text = (codec: Codec | null, bytes: Uint8Array | null): string | null => {
    if (bytes === null) return null;
    return pair.id === 'meaning' ? decoder.decode(bytes) : partText(codec, bytes);
  };
  return {
    key: text(state.key, key),
    namespace: pair.id === 'bytes' && isVoid(state.namespace) ? null : text(state.namespace, namespace),
    mapKey: isTimer ? null : text(state.userKey, mapKey),
    timestamp: isTimer && mapKey !== null ? timeOf(mapKey) : null,
  };
}

const timeOf = (bytes: Uint8Array): bigint =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigInt64(0);

/** Any part is read as a value of its own: what cannot be read is shown as its bytes, with the reason. */
function partText(codec: Codec | null, bytes: Uint8Array): string {
  const state = { ...NO_STATE, value: codec };
  return writeJson(decodeEntry(valueEntry(state, bytes, false)).value);
}

const NO_STATE: PartState = {
  name: '',
  kind: 'value',
  meta: null,
  key: null,
  namespace: null,
  userKey: null,
  value: null,
  layout: 'whole',
};

function valueText(state: PartState, value: Uint8Array | null, hasMapKey: boolean): string | null {
  if (value === null) return null;
  const { value: decoded } = decodeEntry(valueEntry(state, value, hasMapKey));
  return decoded === undefined ? null : writeJson(decoded);
}
