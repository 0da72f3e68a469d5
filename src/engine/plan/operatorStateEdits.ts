import type { PartState, RawEntry } from '../backends/part';
import { joinBytes, sameBytes } from '../bytes/byteStrings';
import { EngineError } from '../bytes/engineError';
import { bytesToHex } from '../bytes/hex';
import { type DecodedEntry, decodeEntry } from '../decodeEntry';
import { pairsFrom } from '../types/families/collections';
import { inside } from '../types/jsonInput';
import type { OperatorEditRun, OperatorStateEdits } from '../write/operatorStateRewrite';
import { EditSamples, shown } from './editSamples';
import { countedMatch, type EntryMatch } from './entryMatch';
import type { EntryEdit } from './keyedEdits';
import { expectAbsent, needed, stampOf } from './newEntries';
import { partBytes } from './partBytes';
import type { NewEntryText } from './plan';
import { stamped } from './timeToLive';
import { ValueForm } from './valueForm';
import { ValueUpdate } from './valueUpdate';

/** Elements that each subtask of the source has of a list or union state. */
export type ElementCounts = ReadonlyMap<number, number>;

type Operation =
  | { kind: 'set'; matches: EntryMatch; value: Uint8Array }
  | { kind: 'append'; subtask: number; value: Uint8Array }
  | { kind: 'place'; subtask: number; index: number; value: Uint8Array }
  | { kind: 'put'; id: string; userKey: Uint8Array; value: Uint8Array }
  | { kind: 'delete'; matches: EntryMatch }
  | { kind: 'update'; matches: EntryMatch; update: ValueUpdate };

/**
 * The changes of one operator state, in their order. `subtask` and `index` are those of the source whatever the steps before
 * did; elements that are added come behind those of their subtask. A broadcast state changes in every subtask alike.
 */
export class OperatorStateEditList implements OperatorStateEdits {
  readonly samples = new EditSamples();
  private readonly operations: Operation[] = [];
  private readonly form: ValueForm;
  private isCounting = true;

  constructor(
    private readonly state: PartState,
    /** Of the subtasks that have the state. */
    private readonly counts: ElementCounts,
    private readonly now: bigint,
  ) {
    this.form = new ValueForm(state);
  }

  /** Fails with `BAD_VALUE` where a value does not fit its type, and with `BAD_ARGUMENT` where the state has no such elements. */
  push(edit: EntryEdit): void {
    const { form, operations } = this;
    switch (edit.kind) {
      case 'put':
        if (this.state.kind === 'broadcast') operations.push(...this.broadcastPuts(edit));
        else operations.push(this.listPut(edit));
        return;
      case 'delete':
        operations.push({ kind: 'delete', matches: this.matchOf(edit) });
        return;
      case 'setBytes':
        operations.push({ kind: 'set', matches: this.matchOf(edit), value: form.given(edit.bytes) });
        return;
      case 'update':
        operations.push({
          kind: 'update',
          matches: this.matchOf(edit),
          update: inside('set', () => new ValueUpdate(edit.set, this.now)),
        });
    }
  }

  /** What follows is the same again: no change is counted twice. */
  stopCounting(): void {
    this.isCounting = false;
  }

  begin(_state: PartState, subtask: number): OperatorEditRun {
    // The copies of a broadcast state change alike: one of them is told of.
    const isTold = this.isCounting && (this.state.kind !== 'broadcast' || subtask === [...this.counts.keys()][0]);
    return new Run(
      this.state,
      this.form,
      this.operations,
      subtask,
      this.counts.get(subtask) ?? 0,
      isTold ? this.samples : null,
    );
  }

  private matchOf(edit: EntryEdit): EntryMatch {
    return countedMatch(edit, this.form, this.samples.step(edit.place));
  }

  private listPut(put: NewEntryText): Operation {
    const { state } = this;
    expectAbsent(put, ['key', 'namespace', 'mapKey', 'timestamp'], state);
    const value = this.valueOf(put);
    const [first] = this.counts.keys();
    const { index } = put;
    if (put.subtask !== undefined && !this.counts.has(put.subtask)) {
      throw new EngineError('BAD_ARGUMENT', `Subtask ${put.subtask} has no state ${state.name}.`, {
        where: 'subtask',
        hint: `It is in the subtasks ${[...this.counts.keys()].join(', ')}.`,
      });
    }
    const subtask = put.subtask ?? first ?? 0;
    if (index === undefined) return { kind: 'append', subtask, value };
    if (put.subtask === undefined && this.counts.size > 1) {
      throw new EngineError('BAD_ARGUMENT', '"subtask" is missing: each subtask counts its elements by itself.');
    }
    const count = this.counts.get(subtask) ?? 0;
    if (index < count) return { kind: 'place', subtask, index, value };
    throw new EngineError('BAD_ARGUMENT', `Subtask ${subtask} has ${count} elements of ${state.name}.`, {
      where: 'index',
      hint: 'Without an index the element is added behind them.',
    });
  }

  /** One entry; without a key the whole map. */
  private broadcastPuts(put: NewEntryText): Operation[] {
    const { state } = this;
    expectAbsent(put, ['key', 'namespace', 'timestamp', 'subtask', 'index'], state);
    const entry = (mapKey: Parameters<typeof partBytes>[1], value: NewEntryText): Operation => {
      const userKey = partBytes(state.userKey, mapKey, 'mapKey').bytes;
      return { kind: 'put', id: bytesToHex(userKey), userKey, value: this.valueOf(value) };
    };
    if (put.mapKey !== undefined) return [entry(put.mapKey, put)];
    const pairs = inside('value', () => pairsFrom(needed(put, 'value', state)));
    const puts = pairs.map(([k, v], i) =>
      inside(typeof k === 'string' ? `value / ${k}` : `value / $map / [${i}]`, () => entry(k, { ...put, value: v })),
    );
    return [{ kind: 'delete', matches: () => true }, ...puts];
  }

  private valueOf(put: NewEntryText): Uint8Array {
    const { state } = this;
    const stamp = stampOf(put, state, this.now);
    const value = this.form.bytes(stamped(state, needed(put, 'value', state), stamp));
    if (value === null) throw new RangeError('An element has bytes.');
    return value;
  }
}

class Run implements OperatorEditRun {
  changed = 0;
  private readonly appended: { element: Uint8Array; first: number; index: number }[] = [];
  private readonly unseen = new Map<string, Uint8Array>();

  constructor(
    private readonly state: PartState,
    private readonly form: ValueForm,
    private readonly operations: readonly Operation[],
    private readonly subtask: number,
    count: number,
    private readonly samples: EditSamples | null,
  ) {
    operations.forEach((operation, i) => {
      if (operation.kind === 'put') this.unseen.set(operation.id, operation.userKey);
      if (operation.kind !== 'append' || operation.subtask !== subtask) return;
      this.appended.push({ element: operation.value, first: i + 1, index: count + this.appended.length });
    });
  }

  apply(entry: RawEntry): Uint8Array | null {
    const { userKey, value } = entry;
    const id = userKey === null ? '' : bytesToHex(userKey);
    this.unseen.delete(id);
    const result = this.run(entry, id, value, 0);
    if (value === null || result === null || !sameBytes(value, result)) this.note(entry, value, result);
    return result;
  }

  added(): readonly Uint8Array[] {
    const added: Uint8Array[] = [];
    for (const { element, first, index } of this.appended) {
      const entry = this.entry(index, null, element);
      const result = this.run(entry, '', element, first);
      if (result === null) continue;
      this.note(entry, null, result);
      added.push(result);
    }
    for (const [id, userKey] of this.unseen) {
      const entry = this.entry(-1, userKey, null);
      const result = this.run(entry, id, null, 0);
      if (result === null) continue;
      this.note(entry, null, result);
      added.push(joinBytes([userKey, result]));
    }
    return added;
  }

  private run(entry: RawEntry, id: string, stored: Uint8Array | null, first: number): Uint8Array | null {
    let value = stored;
    for (const operation of this.operations.slice(first)) {
      switch (operation.kind) {
        case 'append':
          break;
        case 'put':
          if (operation.id === id) value = operation.value;
          break;
        case 'place':
          if (operation.subtask === this.subtask && operation.index === entry.index) value = operation.value;
          break;
        default:
          if (value !== null) value = this.changedBy(operation, { ...entry, value }, value);
      }
    }
    return value;
  }

  private changedBy(
    operation: Extract<Operation, { matches: EntryMatch }>,
    entry: RawEntry,
    value: Uint8Array,
  ): Uint8Array | null {
    let known: DecodedEntry | null = null;
    const decoded = (): DecodedEntry => {
      known ??= decodeEntry(entry);
      return known;
    };
    const subtask = this.state.kind === 'broadcast' ? undefined : this.subtask;
    if (!operation.matches(entry, decoded, subtask)) return value;
    if (operation.kind === 'delete') return null;
    return operation.kind === 'set' ? operation.value : operation.update.apply(this.form, entry, decoded(), subtask);
  }

  private entry(index: number, userKey: Uint8Array | null, value: Uint8Array | null): RawEntry {
    const { state } = this;
    return { state, keyGroup: -1, index, key: null, namespace: null, userKey, value, timestamp: null, fault: null };
  }

  private note(entry: RawEntry, before: Uint8Array | null, after: Uint8Array | null): void {
    this.changed++;
    this.samples?.note(() => {
      const text = (value: Uint8Array | null): string | null =>
        value === null ? null : shown(this.form.shown(decodeEntry({ ...entry, value })).value);
      const { userKey } = decodeEntry({ ...entry, value: before ?? after });
      const key = userKey === undefined ? `subtask ${this.subtask} [${entry.index}]` : shown(userKey);
      return { state: this.state.name, key, before: text(before), after: text(after) };
    });
  }
}
