import type { PartState, RawEntry } from '../backends/part';
import { ABSENT, SlicedEntry } from '../backends/slicedEntry';
import { type EntryDecoder, isVoid } from '../decodeEntry';
import type { StateKind } from '../description';
import { writeJson } from '../json/writeJson';
import { hasTtl } from '../types/typeInfo';
import { TtlValue } from '../types/values';
import { type Distinct, DistinctCount } from './distinctCount';
import { Largest } from './largest';
import { type SizeBin, SizeHistogram } from './sizeHistogram';
import type { LargeKey, Portion } from './statsModel';
import { TimeHistogram, type Times } from './timeHistogram';

/** Keys that are named of each state. */
export const MOST_LARGEST = 10;
/** Of a key that is longer, so much is named. */
const MOST_KEY_TEXT = 1000;

/** What was counted of one state in one share of a snapshot: plain data, so that it can be sent to another thread. */
export interface StateCount {
  readonly name: string;
  readonly kind: StateKind;
  readonly entries: number;
  /** Of keys, namespaces, map keys and values, as their serializers write them; a timer's stamp counts eight. */
  readonly bytes: number;
  readonly valueBytes: number;
  /** Null for operator state. */
  readonly keys: Distinct | null;
  readonly keyGroups: readonly Portion[];
  readonly subtasks: readonly Portion[];
  readonly valueSizes: readonly SizeBin[];
  readonly largest: readonly LargeKey[];
  /** When values with a time-to-live were last used. */
  readonly lastUsed: Times | null;
  /** When timers are due. */
  readonly due: Times | null;
}

const STAMP_BYTES = 8;

/** Counts the entries of one state. Entries of one key and namespace lie side by side in every layout. */
export class StateCollector {
  private entries = 0;
  private bytes = 0;
  private valueBytes = 0;
  /** Times that another key came. */
  private runs = 0;
  /** Where a key may come again: under another namespace, or with another timer. */
  private readonly keys: DistinctCount | null;
  private readonly keyGroups = new Portions();
  private readonly subtasks = new Portions();
  private readonly valueSizes = new SizeHistogram();
  private readonly largest = new Largest<LargeKey>(MOST_LARGEST);
  private readonly lastUsed = new TimeHistogram();
  private readonly due = new TimeHistogram();
  private readonly hasTtl: boolean;
  /** The key and namespace whose entries are coming. */
  private run: { entry: SlicedEntry; subtask: number; entries: number; bytes: number } | null = null;

  constructor(
    private readonly state: PartState,
    private readonly decoder: EntryDecoder,
  ) {
    this.hasTtl = state.value !== null && hasTtl(state.value.type);
    this.keys = isVoid(state.namespace) && state.kind !== 'timer' ? null : new DistinctCount();
  }

  /** True if the entry's key is another than that of the entry before. */
  add(raw: RawEntry, subtask: number): boolean {
    const entry = SlicedEntry.of(raw);
    const valueBytes = entry.valueTo - entry.valueFrom;
    const bytes = sizeOf(entry);
    this.entries++;
    this.bytes += bytes;
    this.valueBytes += valueBytes;
    this.subtasks.add(subtask, 1, bytes);
    if (entry.keyGroup >= 0) this.keyGroups.add(entry.keyGroup, 1, bytes);
    if (entry.timestamp === null) this.valueSizes.add(valueBytes);
    else this.due.add(entry.timestamp);
    if (this.hasTtl) this.noteUse(this.decoder.decode(entry).value);
    return this.follow(entry, subtask, bytes);
  }

  /** Must be called at the end of each batch: its bytes are gone with it. */
  endBatch(): void {
    if (this.run !== null) this.run.entry = keyOf(this.run.entry);
  }

  /** Must be called after the last batch: the last key is one of those that may be the largest. */
  end(): void {
    this.endRun();
  }

  /** What was counted until now. */
  count(): StateCount {
    const { name, kind } = this.state;
    return {
      name,
      kind,
      entries: this.entries,
      bytes: this.bytes,
      valueBytes: this.valueBytes,
      keys: this.distinctKeys(),
      keyGroups: this.keyGroups.all(),
      subtasks: this.subtasks.all(),
      valueSizes: this.valueSizes.bins(),
      largest: this.largest.all(),
      lastUsed: this.lastUsed.times(),
      due: this.due.times(),
    };
  }

  private follow(entry: SlicedEntry, subtask: number, bytes: number): boolean {
    const { run } = this;
    // Elements of a list in operator state have no key: each is for itself.
    if (run !== null && entry.keyFrom !== ABSENT && entry.hasKeyOf(run.entry)) {
      if (entry.hasNamespaceOf(run.entry)) {
        run.entries++;
        run.bytes += bytes;
      } else this.begin(entry, subtask, bytes);
      return false;
    }
    this.begin(entry, subtask, bytes);
    this.runs++;
    if (entry.keyFrom !== ABSENT) this.keys?.add(entry.bytes, entry.keyFrom, entry.keyTo);
    return true;
  }

  private distinctKeys(): Distinct | null {
    if (this.state.key === null) return null;
    return this.keys?.distinct ?? { count: this.runs, exact: true };
  }

  private begin(entry: SlicedEntry, subtask: number, bytes: number): void {
    this.endRun();
    this.run = { entry, subtask, entries: 1, bytes };
  }

  private endRun(): void {
    const { run } = this;
    this.run = null;
    if (run === null || !this.largest.takes(run.bytes)) return;
    const { key, namespace } = this.decoder.decode(run.entry);
    const named = run.entry.keyFrom !== ABSENT;
    this.largest.add({
      key: named ? textOf(key) : String(run.entry.index),
      namespace: namespace === undefined ? null : textOf(namespace),
      keyGroup: run.entry.keyGroup,
      subtask: run.subtask,
      entries: run.entries,
      bytes: run.bytes,
    });
  }

  private noteUse(value: unknown): void {
    if (value instanceof TtlValue) this.lastUsed.add(value.lastAccess);
    else if (Array.isArray(value)) for (const element of value) this.noteUse(element);
  }
}

/** Entries and bytes by number. */
export class Portions {
  private readonly portions = new Map<number, Portion>();

  add(number: number, entries: number, bytes: number): void {
    let portion = this.portions.get(number);
    if (portion === undefined) {
      portion = { number, entries: 0, bytes: 0 };
      this.portions.set(number, portion);
    }
    portion.entries += entries;
    portion.bytes += bytes;
  }

  /** Ascending. */
  all(): Portion[] {
    return [...this.portions.values()].sort((a, b) => a.number - b.number);
  }
}

function sizeOf(entry: SlicedEntry): number {
  const { keyFrom, keyTo, namespaceFrom, namespaceTo, userKeyFrom, userKeyTo, valueFrom, valueTo } = entry;
  const stamp = entry.timestamp === null ? 0 : STAMP_BYTES;
  return stamp + keyTo - keyFrom + namespaceTo - namespaceFrom + userKeyTo - userKeyFrom + valueTo - valueFrom;
}

/** Key and namespace of an entry in bytes of their own. */
function keyOf(entry: SlicedEntry): SlicedEntry {
  const { state, keyGroup, index, key, namespace, fault } = entry;
  const own = { key: key?.slice() ?? null, namespace: namespace?.slice() ?? null };
  return SlicedEntry.of({ state, keyGroup, index, ...own, userKey: null, value: null, timestamp: null, fault });
}

function textOf(value: unknown): string {
  const text = writeJson(value);
  return text.length > MOST_KEY_TEXT ? `${text.slice(0, MOST_KEY_TEXT)}…` : text;
}
