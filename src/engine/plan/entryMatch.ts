import type { PartState, RawEntry } from '../backends/part';
import { sameBytes } from '../bytes/byteStrings';
import { EngineError } from '../bytes/engineError';
import type { DecodedEntry } from '../decodeEntry';
import type { Json } from '../json/jsonValue';
import { parseJson } from '../json/parseJson';
import { printJson } from '../json/printJson';
import { writeJson } from '../json/writeJson';
import { type EntryFilter, entryExpression } from '../query/filter';
import { celMessage } from '../query/parseCel';
import type { Codec } from '../types/codec';
import { inside } from '../types/jsonInput';
import type { KeyGroupRule } from '../write/keyGroupRule';
import type { StepCount } from './editSamples';
import { expectAbsent } from './newEntries';
import { isShownOnly, partBytes } from './partBytes';
import type { EntrySelection, NewEntryText } from './plan';
import type { ValueForm } from './valueForm';

/** Whether a step is about an entry; `decoded` is asked only where an expression needs it. */
export type EntryMatch = (entry: RawEntry, decoded: () => DecodedEntry, subtask?: number) => boolean;

/** Fails with `BAD_ARGUMENT` where entries of the state have no such part, and with `BAD_VALUE` where it does not fit its type. */
function entryMatch(selection: EntrySelection, form: ValueForm, count: StepCount): EntryMatch {
  const { state } = form;
  expectAbsent(selection, ABSENT[state.kind] ?? KEYED_ABSENT, state);
  const { key, namespace, mapKey, timestamp, subtask: wantedSubtask, index, where } = selection;
  const isKey = partMatch(state.key, key, 'key');
  const isNamespace = partMatch(state.namespace, namespace, 'namespace');
  const isMapKey = partMatch(state.userKey, mapKey, 'mapKey');
  const filter = where === undefined ? null : filterOf(where, count);
  return (entry, decoded, subtask) =>
    (isKey === null || isKey(entry.key, () => decoded().key)) &&
    (isNamespace === null || isNamespace(entry.namespace, () => decoded().namespace)) &&
    (isMapKey === null || isMapKey(entry.userKey, () => decoded().userKey)) &&
    (timestamp === undefined || entry.timestamp === timestamp) &&
    (index === undefined || entry.index === index) &&
    (wantedSubtask === undefined || subtask === wantedSubtask) &&
    (filter === null || filter(entry, form.shown(decoded()), subtask));
}

/** The same, counted. */
export function countedMatch(selection: EntrySelection, form: ValueForm, count: StepCount): EntryMatch {
  const matches = entryMatch(selection, form, count);
  return (entry, decoded, subtask) => {
    const isChosen = matches(entry, decoded, subtask);
    if (isChosen) count.chosen++;
    return isChosen;
  };
}

/** The error for an entry that no step can be held against. */
export function unreadableKey({ state, fault }: RawEntry): EngineError {
  return new EngineError('REFUSED', `An entry's key cannot be read: ${fault}.`, {
    where: state.name,
    hint: 'Entries of this state can only be carried over.',
  });
}

/** The keys whose entries steps change, where all of the steps name one. */
export class ChangedKeys {
  private values: unknown[] | null = [];

  /** A step about the entries of one key; of all keys where it names none. */
  add(key: Json | undefined, { key: codec }: PartState): void {
    const value = key === undefined || isShownOnly(codec) ? undefined : partBytes(codec, key, 'key').value;
    if (value === undefined) this.values = null;
    else this.values?.push(value);
  }

  /** The key groups of the source that they lie in; undefined where that is not known. */
  keyGroups(rule: KeyGroupRule): ReadonlySet<number> | undefined {
    if (this.values === null || !rule.isKnown) return undefined;
    return new Set(this.values.map((value) => rule.sourceOfNew(value)));
  }
}

/** What entries of a state do not have. */
const KEYED_ABSENT = ['timestamp', 'subtask', 'index'] as const;
const LIST_ABSENT = ['key', 'namespace', 'mapKey', 'timestamp'] as const;
const ABSENT: Readonly<Record<string, readonly (keyof NewEntryText)[]>> = {
  timer: ['mapKey', 'subtask', 'index'],
  'operator-list': LIST_ABSENT,
  'operator-union': LIST_ABSENT,
  broadcast: ['key', 'namespace', 'timestamp', 'subtask', 'index'],
};

/** As a filter, but one state's entries are of one type: what gives neither true nor false, or never has a value, is told of. */
function filterOf(where: string, count: StepCount): EntryFilter {
  const evaluate = inside('where', () => entryExpression(where));
  return (entry, decoded, subtask) => {
    let result: unknown;
    try {
      result = evaluate(entry, decoded, subtask);
    } catch (e) {
      count.failure ??= celMessage(e);
      return false;
    }
    if (typeof result === 'boolean') return result;
    throw new EngineError('BAD_VALUE', 'The condition gives neither true nor false.', {
      where: `${entry.state.name} / where`,
    });
  };
}

type PartMatch = (part: Uint8Array | null, value: () => unknown) => boolean;

/** Whether a part of an entry is the given one: by its bytes, or by how it is shown where nobody can make these of JSON. */
function partMatch(codec: Codec | null, json: Json | undefined, what: string): PartMatch | null {
  if (json === undefined) return null;
  if (isShownOnly(codec)) {
    const wanted = printJson(json);
    return (part, value) => part !== null && printJson(parseJson(writeJson(value()))) === wanted;
  }
  const { bytes } = partBytes(codec, json, what);
  return (part) => part !== null && sameBytes(part, bytes);
}
