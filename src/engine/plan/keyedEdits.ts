import type { PartState, RawEntry } from '../backends/part';
import { sameBytes } from '../bytes/byteStrings';
import { bytesToHex } from '../bytes/hex';
import { type DecodedEntry, decodeEntry } from '../decodeEntry';
import { inside } from '../types/jsonInput';
import { type CanonicalEntry, CanonicalForm, type KeyParts } from '../write/canonicalEntry';
import type { EditedEntry, EditRun, StateEdits } from '../write/keyedRewrite';
import type { KeyGroupRule } from '../write/keyGroupRule';
import { EditSamples, shown } from './editSamples';
import { ChangedKeys, countedMatch, type EntryMatch, unreadableKey } from './entryMatch';
import { type NewEntry, newEntries } from './newEntries';
import type { StateStep } from './plan';
import { TimerEdits } from './timerEdits';
import { ValueForm } from './valueForm';
import { ValueUpdate } from './valueUpdate';

/** A step that changes the entries of one state. */
export type EntryEdit = Extract<StateStep, { kind: 'put' | 'delete' | 'update' | 'setBytes' }>;

/** The changes of one keyed state's entries, in their order. */
export interface KeyedEdits extends StateEdits {
  readonly samples: EditSamples;
  /** Fails with `BAD_VALUE` where a value does not fit its type, and with `BAD_ARGUMENT` where the state has no such entries. */
  push(edit: EntryEdit): void;
}

/** `now`: stamp of values with a time-to-live that are given none. */
export function keyedEdits(state: PartState, now: bigint): KeyedEdits {
  return state.kind === 'timer' ? new TimerEdits(state) : new EditList(state, now);
}

type Operation =
  | { kind: 'put'; id: string; value: Uint8Array }
  | { kind: 'delete'; matches: EntryMatch }
  | { kind: 'set'; matches: EntryMatch; value: Uint8Array }
  | { kind: 'update'; matches: EntryMatch; update: ValueUpdate };

/** Changes of a state whose entries have values. */
class EditList implements KeyedEdits {
  readonly samples = new EditSamples();
  private readonly operations: Operation[] = [];
  /** Entries that puts may add, by their keys. */
  private readonly news = new Map<string, NewEntry>();
  private readonly form: ValueForm;
  private readonly keys = new ChangedKeys();

  constructor(
    state: PartState,
    private readonly now: bigint,
  ) {
    this.form = new ValueForm(state);
  }

  push(edit: EntryEdit): void {
    const { form } = this;
    this.keys.add(edit.key, form.state);
    switch (edit.kind) {
      case 'put': {
        const { entries, replaced } = newEntries(form, edit, this.now);
        for (const entry of entries) this.news.set(entry.id, entry);
        if (replaced !== null) {
          const matches: EntryMatch = ({ key, namespace }) =>
            key !== null && sameBytes(key, replaced.key) && sameBytes(namespace ?? NOTHING, replaced.namespace);
          this.operations.push({ kind: 'delete', matches });
        }
        for (const { id, value } of entries) this.operations.push({ kind: 'put', id, value });
        return;
      }
      case 'delete':
        this.operations.push({ kind: 'delete', matches: this.matchOf(edit) });
        return;
      case 'setBytes': {
        const value = form.given(edit.bytes);
        this.operations.push({ kind: 'set', matches: this.matchOf(edit), value });
        return;
      }
      case 'update': {
        const update = inside('set', () => new ValueUpdate(edit.set, this.now));
        this.operations.push({ kind: 'update', matches: this.matchOf(edit), update });
      }
    }
  }

  private matchOf(edit: EntryEdit): EntryMatch {
    return countedMatch(edit, this.form, this.samples.step(edit.place));
  }

  begin(state: PartState, rule: KeyGroupRule): EditRun {
    this.samples.clear();
    return new Run(
      state,
      this.form,
      this.operations,
      new Map(this.news),
      rule,
      this.samples,
      this.keys.keyGroups(rule),
    );
  }
}

class Run implements EditRun {
  private readonly canonical = new CanonicalForm();
  private readonly keyGroups = new Map<NewEntry, number>();
  private readonly hasPuts: boolean;

  constructor(
    private readonly state: PartState,
    private readonly form: ValueForm,
    private readonly operations: readonly Operation[],
    /** Puts whose keys were not met yet, by their keys. */
    private readonly unseen: Map<string, NewEntry>,
    private readonly rule: KeyGroupRule,
    private readonly samples: EditSamples,
    readonly changedKeyGroups: ReadonlySet<number> | undefined,
  ) {
    this.hasPuts = operations.some(({ kind }) => kind === 'put');
  }

  apply(entry: RawEntry, canonical: CanonicalEntry): EditedEntry | null {
    const { parts, value } = canonical;
    if (parts === null) throw unreadableKey(entry);
    const id = this.hasPuts ? bytesToHex(canonical.key) : '';
    this.unseen.delete(id);
    const result = this.run(parts, value, id, entry.keyGroup);
    if (result !== null && sameBytes(result, value)) return canonical;
    this.note(value, result, parts);
    return result === null ? null : { key: canonical.key, value: result };
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
      added.push({ keyGroup, key: this.canonical.keyOf(entry.parts, this.state), value });
    }
    return added;
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
      if (!operation.matches(entry, decoded)) continue;
      if (operation.kind === 'delete') value = null;
      else value = operation.kind === 'set' ? operation.value : operation.update.apply(this.form, entry, decoded());
    }
    return value;
  }

  private note(before: Uint8Array | null, after: Uint8Array | null, parts: KeyParts): void {
    this.samples.note(() => {
      const decoded = (value: Uint8Array): DecodedEntry => decodeEntry(storedEntry(this.state, parts, value));
      const text = (value: Uint8Array | null): string | null => (value === null ? null : shown(decoded(value).value));
      const { key, namespace, userKey } = decoded(before ?? after ?? NOTHING);
      const name = [key, namespace, userKey].filter((part) => part !== undefined).map(shown);
      return { state: this.state.name, key: name.join(' / '), before: text(before), after: text(after) };
    });
  }
}

function storedEntry(state: PartState, parts: KeyParts, value: Uint8Array, keyGroup = -1): RawEntry {
  return { state, keyGroup, index: -1, ...parts, value, timestamp: null, fault: null };
}

const NOTHING = new Uint8Array(0);
