import type { PartState, RawEntry } from '../backends/part';
import { EngineError } from '../bytes/engineError';
import { bytesToHex } from '../bytes/hex';
import type { DecodedEntry } from '../decodeEntry';
import { decodeEntry } from '../decodeEntry';
import type { Json } from '../json/jsonValue';
import { writeJson } from '../json/writeJson';
import { type EntryFilter, entryFilter } from '../query/filter';
import { type CanonicalEntry, CanonicalForm, type KeyParts } from '../write/canonicalEntry';
import type { EditRun, StateEdits } from '../write/keyedRewrite';
import type { KeyGroupRule } from '../write/keyGroupRule';
import { type NewEntry, newEntries, type PartCodecs, partBytes } from './newEntries';
import type { EntrySelection } from './plan';
import type { ValueUpdate } from './valueUpdate';

/** One change of a state's entries, in the words of a plan. */
export type EntryEdit =
  | { kind: 'put'; key: Json; namespace?: Json; mapKey?: Json; value: Json }
  | ({ kind: 'delete' } & EntrySelection)
  | ({ kind: 'update'; update: ValueUpdate } & EntrySelection);

/** An entry before and after, as a dry run shows it. */
export interface EntrySample {
  state: string;
  key: string;
  before: string | null;
  after: string | null;
}

/** Samples that are kept of each state. */
const MAX_SAMPLES = 5;
/** Of a key of many changes at most so much text is shown. */
const MAX_SAMPLE_TEXT = 200;

type Operation =
  | { kind: 'put'; id: string; value: Uint8Array }
  | { kind: 'delete'; matches: Match }
  | { kind: 'update'; matches: Match; update: ValueUpdate };
type Match = (parts: KeyParts, entry: RawEntry, decoded: () => DecodedEntry) => boolean;

/** The changes of one state, in their order. */
export class EditList implements StateEdits {
  readonly samples: EntrySample[] = [];
  changed = 0;
  private readonly edits: EntryEdit[] = [];

  constructor(private readonly state: PartState) {}

  /** Fails with `BAD_VALUE` where a value does not fit its type, and with `BAD_ARGUMENT` where the state has no such entries. */
  push(edit: EntryEdit): void {
    if (this.state.kind === 'timer') {
      throw new EngineError('BAD_ARGUMENT', `${this.state.name} is a queue of timers, whose entries are not edited.`);
    }
    operationsOf(edit, this.state, new Map());
    this.edits.push(edit);
  }

  begin(state: PartState, rule: KeyGroupRule): EditRun {
    this.samples.length = 0;
    this.changed = 0;
    const news = new Map<string, NewEntry>();
    const operations = this.edits.flatMap((edit) => operationsOf(edit, state, news));
    return new Run(state, operations, news, rule, (before, after, key) => this.note(before, after, key));
  }

  private note(before: Uint8Array | null, after: Uint8Array | null, parts: KeyParts): void {
    this.changed++;
    if (this.samples.length >= MAX_SAMPLES) return;
    const text = (value: Uint8Array | null): string | null =>
      value === null ? null : shown(decodeEntry(storedEntry(this.state, parts, value)).value);
    const { key, userKey } = decodeEntry(storedEntry(this.state, parts, before ?? after ?? new Uint8Array(0)));
    const name = userKey === undefined ? shown(key) : `${shown(key)} / ${shown(userKey)}`;
    this.samples.push({ state: this.state.name, key: name, before: text(before), after: text(after) });
  }
}

class Run implements EditRun {
  private readonly form = new CanonicalForm();
  private readonly keyGroups = new Map<NewEntry, number>();

  constructor(
    private readonly state: PartState,
    private readonly operations: readonly Operation[],
    /** Puts whose keys were not met yet, by their keys. */
    private readonly unseen: Map<string, NewEntry>,
    private readonly rule: KeyGroupRule,
    private readonly note: (before: Uint8Array | null, after: Uint8Array | null, parts: KeyParts) => void,
  ) {}

  apply(entry: RawEntry, canonical: CanonicalEntry): Uint8Array | null {
    const { parts, value } = canonical;
    if (parts === null) {
      throw new EngineError('REFUSED', `An entry's key cannot be read: ${entry.fault}.`, {
        where: this.state.name,
        hint: 'Entries of this state can only be carried over.',
      });
    }
    const id = this.unseen.size > 0 || this.hasPuts ? idOf(canonical.key) : '';
    this.unseen.delete(id);
    const result = this.run(parts, value, id, entry.keyGroup);
    if (result === null || !isSame(result, value)) this.note(value, result, parts);
    return result;
  }

  /** New entries go where the keys' hash says; the check meets one that has none before anything is written. */
  added(upTo: number): { keyGroup: number; key: Uint8Array; value: Uint8Array }[] {
    const added: { keyGroup: number; key: Uint8Array; value: Uint8Array }[] = [];
    // Without a hash nobody knows which of them the source is still to come to.
    if (this.unseen.size === 0 || (!this.rule.isKnown && upTo < this.rule.lastGroup)) return added;
    for (const entry of [...this.unseen.values()]) {
      const keyGroup = this.keyGroups.get(entry) ?? this.rule.ofNew(entry.keyValue);
      this.keyGroups.set(entry, keyGroup);
      if (keyGroup > upTo) continue;
      this.unseen.delete(entry.id);
      const value = this.run(entry.parts, null, entry.id, keyGroup);
      if (value === null) continue;
      this.note(null, value, entry.parts);
      added.push({ keyGroup, key: this.form.keyOf(entry.parts, this.state), value });
    }
    return added;
  }

  private get hasPuts(): boolean {
    return this.operations.some(({ kind }) => kind === 'put');
  }

  private run(parts: KeyParts, stored: Uint8Array | null, id: string, keyGroup: number): Uint8Array | null {
    let value = stored;
    for (const operation of this.operations) {
      if (operation.kind === 'put') {
        if (operation.id === id) value = operation.value;
        continue;
      }
      if (value === null) continue;
      const entry = storedEntry(this.state, parts, value, keyGroup);
      let known: DecodedEntry | null = null;
      const decoded = (): DecodedEntry => {
        known ??= decodeEntry(entry);
        return known;
      };
      if (!operation.matches(parts, entry, decoded)) continue;
      value = operation.kind === 'delete' ? null : operation.update.apply(this.state, entry, decoded());
    }
    return value;
  }
}

/** What an edit does with each entry; entries that it may add go to `news`. */
function operationsOf(edit: EntryEdit, state: PartState, news: Map<string, NewEntry>): Operation[] {
  if (edit.kind !== 'put') {
    const matches = matchOf(edit, state);
    return edit.kind === 'delete' ? [{ kind: 'delete', matches }] : [{ kind: 'update', matches, update: edit.update }];
  }
  const { entries, replaced } = newEntries(state, edit);
  for (const entry of entries) news.set(entry.id, entry);
  const puts: Operation[] = entries.map(({ id, value }) => ({ kind: 'put', id, value }));
  if (replaced === null) return puts;
  const matches: Match = ({ key, namespace }) => isSame(key, replaced.key) && isSame(namespace, replaced.namespace);
  return [{ kind: 'delete', matches }, ...puts];
}

function matchOf({ key, namespace, mapKey, where }: EntrySelection, state: PartState): Match {
  const codecs: PartCodecs = state;
  const wantedKey = key === undefined ? null : partBytes(codecs.key, key, 'key').bytes;
  const wantedNamespace = namespace === undefined ? null : partBytes(codecs.namespace, namespace, 'namespace').bytes;
  const wantedMapKey = mapKey === undefined ? null : partBytes(codecs.userKey, mapKey, 'mapKey').bytes;
  const filter: EntryFilter | null = where === undefined ? null : entryFilter(where);
  return (parts, entry, decoded) =>
    (wantedKey === null || isSame(parts.key, wantedKey)) &&
    (wantedNamespace === null || isSame(parts.namespace, wantedNamespace)) &&
    (wantedMapKey === null || (parts.userKey !== null && isSame(parts.userKey, wantedMapKey))) &&
    (filter === null || filter(entry, decoded()));
}

function storedEntry(state: PartState, parts: KeyParts, value: Uint8Array, keyGroup = -1): RawEntry {
  return { state, keyGroup, index: -1, ...parts, value, timestamp: null, fault: null };
}

/** Equal for equal keys. */
export const idOf = (key: Uint8Array): string => bytesToHex(key);

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function shown(value: unknown): string {
  const text = writeJson(value);
  return text.length > MAX_SAMPLE_TEXT ? `${text.slice(0, MAX_SAMPLE_TEXT)}…` : text;
}
