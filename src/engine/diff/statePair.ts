import type { PartState } from '../backends/part';
import { spellType } from '../types/typeInfo';
import type { How } from './entryIdentity';

/** One state as both snapshots have it. */
export interface StatePair {
  /** Its number among the states of the operator. */
  readonly number: number;
  readonly name: string;
  readonly before: PartState;
  readonly after: PartState;
  readonly how: How;
  /** What differs between its types; empty where nothing does. */
  readonly changes: readonly TypeChange[];
}

export interface TypeChange {
  readonly what: 'kind' | 'key' | 'namespace' | 'type';
  readonly before: string;
  readonly after: string;
}

/** `isSameKryo`: both snapshots were written with the same Kryo, whose versions write different bytes. */
export function pairOf(number: number, before: PartState, after: PartState, isSameKryo: boolean): StatePair {
  const changes: TypeChange[] = [];
  const compare = (what: TypeChange['what'], a: string, b: string): void => {
    if (a !== b) changes.push({ what, before: a, after: b });
  };
  compare('kind', before.kind, after.kind);
  compare('key', spelled(before, 'key'), spelled(after, 'key'));
  compare('namespace', spelled(before, 'namespace'), spelled(after, 'namespace'));
  compare('type', typeOf(before), typeOf(after));
  const isAlike =
    changes.length === 0 && before.layout === after.layout && (isSameKryo || !typeOf(before).includes('kryo'));
  return { number, name: before.name, before, after, how: isAlike ? 'bytes' : 'meaning', changes };
}

function typeOf(state: PartState): string {
  const value = spelled(state, 'value');
  if (state.kind === 'map' || state.kind === 'broadcast') return `map<${spelled(state, 'userKey')}, ${value}>`;
  // Elements stand one behind the other there; a heap's value is the list.
  return state.layout === 'delimited' ? `list<${value}>` : value;
}

const spelled = (state: PartState, part: 'key' | 'namespace' | 'userKey' | 'value'): string => {
  const codec = state[part];
  return codec === null ? '(none)' : spellType(codec.type);
};
