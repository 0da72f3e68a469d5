import type { PartState, RawEntry } from '../backends/part';
import { sameBytes } from '../bytes/byteStrings';
import { EngineError } from '../bytes/engineError';
import { bytesToHex } from '../bytes/hex';
import { type DecodedEntry, decodeEntry } from '../decodeEntry';
import { inside, longFrom } from '../types/jsonInput';
import { type CanonicalEntry, CanonicalForm, type KeyParts } from '../write/canonicalEntry';
import type { EditedEntry, EditRun } from '../write/keyedRewrite';
import type { KeyGroupRule } from '../write/keyGroupRule';
import { EditSamples, shown } from './editSamples';
import { ChangedKeys, countedMatch, type EntryMatch, unreadableKey } from './entryMatch';
import type { EntryEdit, KeyedEdits } from './keyedEdits';
import { newTimer } from './newEntries';
import { partBytes } from './partBytes';
import type { NewValue } from './plan';
import { ValueForm } from './valueForm';
import { type Computed, computed, evaluate } from './valueUpdate';

/** A timer: nothing but its key, its namespace and its time, each of which it cannot have twice. */
interface Timer {
  readonly parts: KeyParts;
  readonly timestamp: bigint;
}

type Operation =
  | { kind: 'put'; timer: Timer; keyValue: unknown }
  | { kind: 'delete'; matches: EntryMatch }
  | { kind: 'update'; matches: EntryMatch; timestamp: Computed | null; namespace: Computed | null };

/** Changes of a queue of timers. */
export class TimerEdits implements KeyedEdits {
  readonly samples = new EditSamples();
  private readonly operations: Operation[] = [];
  private readonly form: ValueForm;
  private readonly keys = new ChangedKeys();

  constructor(private readonly state: PartState) {
    this.form = new ValueForm(state);
  }

  push(edit: EntryEdit): void {
    this.keys.add(edit.key, this.state);
    switch (edit.kind) {
      case 'put': {
        const { parts, timestamp, keyValue } = newTimer(this.state, edit);
        this.operations.push({ kind: 'put', timer: { parts, timestamp }, keyValue });
        return;
      }
      case 'delete':
        this.operations.push({ kind: 'delete', matches: this.matchOf(edit) });
        return;
      case 'update':
        this.operations.push({
          kind: 'update',
          matches: this.matchOf(edit),
          ...inside('set', () => newParts(edit.set)),
        });
        return;
      case 'setBytes':
        throw new EngineError('BAD_ARGUMENT', `${this.state.name} is a queue of timers, which have no value.`);
    }
  }

  private matchOf(edit: EntryEdit): EntryMatch {
    return countedMatch(edit, this.form, this.samples.step(edit.place));
  }

  begin(state: PartState, rule: KeyGroupRule): EditRun {
    this.samples.clear();
    return new TimerRun(state, this.operations, rule, this.samples, this.keys.keyGroups(rule));
  }
}

/** What an update sets: `timestamp`, `namespace` or both. A whole new value is the timestamp. */
function newParts(set: NewValue): { timestamp: Computed | null; namespace: Computed | null } {
  if (set.kind === 'whole') return { timestamp: computed(set.expression), namespace: null };
  const parts = { timestamp: null as Computed | null, namespace: null as Computed | null };
  for (const [name, given] of set.expressions) {
    if (name !== 'timestamp' && name !== 'namespace') {
      throw new EngineError('BAD_ARGUMENT', `A timer has a timestamp and a namespace to set, no ${name}.`, {
        where: name,
        hint: 'Its key cannot change: delete the timer, and put another.',
      });
    }
    parts[name] = inside(name, () => computed(given));
  }
  return parts;
}

interface Changed {
  readonly keyGroup: number;
  readonly key: Uint8Array;
  /** Null where a put made it. */
  readonly before: Timer | null;
  readonly after: Timer;
}

/**
 * Timers are a set, and each step a change of each of its elements alone, so that every timer goes through all steps by itself;
 * those that are another one afterwards wait until their key group has been seen, and are left out if it is there already.
 */
class TimerRun implements EditRun {
  private readonly canonical = new CanonicalForm();
  /** By key group of the source: timers that are new there, by their keys. */
  private readonly waiting = new Map<number, Map<string, Changed>>();
  private readonly ready: Changed[] = [];
  /** Timers of the key group at hand that stay, where another may become one of them. */
  private readonly seen = new Set<string>();
  private readonly done = new Set<number>();
  private keyGroup = -1;
  private readonly moves: boolean;

  constructor(
    private readonly state: PartState,
    private readonly operations: readonly Operation[],
    private readonly rule: KeyGroupRule,
    private readonly samples: EditSamples,
    readonly changedKeyGroups: ReadonlySet<number> | undefined,
  ) {
    this.moves = operations.some(({ kind }) => kind === 'update');
    operations.forEach((operation, i) => {
      if (operation.kind !== 'put') return;
      const after = this.flow(operation.timer, -1, i + 1);
      if (after === null) return;
      const key = this.keyOf(after);
      const id = bytesToHex(key);
      const keyGroup = rule.ofNew(operation.keyValue);
      this.groupOf(rule.sourceOfNew(operation.keyValue)).set(id, { keyGroup, key, before: null, after });
    });
  }

  apply(entry: RawEntry, canonical: CanonicalEntry): EditedEntry | null {
    const { parts } = canonical;
    const { timestamp, keyGroup } = entry;
    if (parts === null || timestamp === null) throw unreadableKey(entry);
    if (keyGroup !== this.keyGroup) this.enter(keyGroup);
    const before = { parts, timestamp };
    const after = this.flow(before, keyGroup, 0);
    const id = bytesToHex(canonical.key);
    if (after === before || (after !== null && sameBytes(this.keyOf(after), canonical.key))) {
      const same = this.groupOf(keyGroup).get(id);
      // Another became this one.
      if (same !== undefined && same.before !== null) this.note(same.before, null);
      this.groupOf(keyGroup).delete(id);
      if (this.moves) this.seen.add(id);
      return canonical;
    }
    const kept = { parts: copied(parts), timestamp };
    if (after === null) {
      this.note(kept, null);
      return null;
    }
    const key = this.keyOf(after);
    const target = this.rule.of(entry);
    const changed = { keyGroup: target, key, before: kept, after: { ...after, parts: copied(after.parts) } };
    if (this.seen.has(bytesToHex(key))) this.note(kept, null);
    else this.groupOf(keyGroup).set(bytesToHex(key), changed);
    return null;
  }

  added(upTo: number): { keyGroup: number; key: Uint8Array; value: Uint8Array }[] {
    const isEnd = upTo >= this.rule.lastGroup;
    if (isEnd) for (const keyGroup of [...this.waiting.keys()]) this.leave(keyGroup);
    else if (!this.rule.moves) {
      for (const keyGroup of [...this.waiting.keys()]) if (keyGroup <= upTo) this.leave(keyGroup);
    }
    const added = this.ready.splice(0).map(({ keyGroup, key, before, after }) => {
      this.note(before, after);
      return { keyGroup, key, value: NOTHING };
    });
    return added.sort((a, b) => a.keyGroup - b.keyGroup);
  }

  /** The entries of a key group come one behind the other: the one before is complete. */
  private enter(keyGroup: number): void {
    if (this.keyGroup >= 0) {
      this.done.add(this.keyGroup);
      this.leave(this.keyGroup);
    }
    if (this.moves && this.done.has(keyGroup)) {
      throw new EngineError('REFUSED', `The timers of key group ${keyGroup} lie in several places.`, {
        where: this.state.name,
      });
    }
    this.keyGroup = keyGroup;
    this.seen.clear();
  }

  private leave(keyGroup: number): void {
    this.ready.push(...(this.waiting.get(keyGroup)?.values() ?? []));
    this.waiting.delete(keyGroup);
  }

  private groupOf(keyGroup: number): Map<string, Changed> {
    let group = this.waiting.get(keyGroup);
    if (group === undefined) {
      group = new Map();
      this.waiting.set(keyGroup, group);
    }
    return group;
  }

  /** What becomes of a timer in the steps from `first` on; the same object where nothing does. */
  private flow(timer: Timer, keyGroup: number, first: number): Timer | null {
    let current = timer;
    for (const operation of this.operations.slice(first)) {
      if (operation.kind === 'put') continue;
      const entry = timerEntry(this.state, current, keyGroup);
      let known: DecodedEntry | null = null;
      const decoded = (): DecodedEntry => {
        known ??= decodeEntry(entry);
        return known;
      };
      if (!operation.matches(entry, decoded)) continue;
      if (operation.kind === 'delete') return null;
      current = this.update(operation, current, entry, decoded());
    }
    return current;
  }

  private update(
    { timestamp, namespace }: Extract<Operation, { kind: 'update' }>,
    timer: Timer,
    entry: RawEntry,
    decoded: DecodedEntry,
  ): Timer {
    const { key } = decoded;
    return inside(`${this.state.name} / key ${shown(key)}`, () => ({
      timestamp:
        timestamp === null ? timer.timestamp : inside('timestamp', () => longFrom(evaluate(timestamp, entry, decoded))),
      parts:
        namespace === null
          ? timer.parts
          : {
              ...timer.parts,
              namespace: partBytes(this.state.namespace, evaluate(namespace, entry, decoded), 'namespace').bytes,
            },
    }));
  }

  private keyOf(timer: Timer): Uint8Array {
    return this.canonical.timerKey(timer.timestamp, timer.parts);
  }

  private note(before: Timer | null, after: Timer | null): void {
    this.samples.note(() => {
      const any = before ?? after;
      const { key = null } = any === null ? {} : decodeEntry(timerEntry(this.state, any, -1));
      const text = (timer: Timer | null): string | null => (timer === null ? null : this.textOf(timer));
      return { state: this.state.name, key: shown(key), before: text(before), after: text(after) };
    });
  }

  private textOf(timer: Timer): string {
    const { namespace } = decodeEntry(timerEntry(this.state, timer, -1));
    return namespace === undefined ? String(timer.timestamp) : `${timer.timestamp} in ${shown(namespace)}`;
  }
}

function timerEntry(state: PartState, { parts, timestamp }: Timer, keyGroup: number): RawEntry {
  return { state, keyGroup, index: -1, ...parts, value: null, timestamp, fault: null };
}

const copied = ({ key, namespace }: KeyParts): KeyParts => ({
  key: key.slice(),
  namespace: namespace.slice(),
  userKey: null,
});

const NOTHING = new Uint8Array(0);
