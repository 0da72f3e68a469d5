import { writeKeyedHeader } from '../backends/keyedHeader';
import type { PartState, RawEntry } from '../backends/part';
import { renamedMeta } from '../backends/stateMetaForms';
import { EngineError, throwIfAborted } from '../bytes/engineError';
import { Sink } from '../bytes/sink';
import { keyGroupRange, subtaskOf } from '../keyGroups';
import type { KeyGroupsHandle } from '../metadata/model';
import type { FileStore } from '../storage/byteSource';
import type { OutputFolder } from '../storage/outputFolder';
import { type CanonicalEntry, CanonicalForm } from './canonicalEntry';
import { CanonicalWriter } from './canonicalWriter';
import type { FileNames } from './fileNames';
import type { KeyedSource, KeyedSourceState } from './keyedSource';
import type { OutputEntry } from './keyedWriter';
import { KeyGroupRule } from './keyGroupRule';
import { KeyGroupSort } from './keyGroupSort';
import { NewFile } from './newFile';
import { Tally } from './tally';

/** Changes of one state's entries. Each pass over the source begins a run of its own. */
export interface StateEdits {
  begin(state: PartState, rule: KeyGroupRule): EditRun;
}

export interface EditRun {
  /** The value of an entry from now on, null where it goes. Its key stays. */
  apply(entry: RawEntry, canonical: CanonicalEntry): Uint8Array | null;
  /** Entries that the source did not have, once all of it was seen up to this key group (both inclusive). */
  added(upTo: number): Omit<OutputEntry, 'state'>[];
}

/** What becomes of a state; states without an entry stay as they are. */
export interface StateChange {
  /** Its new name; null removes it. */
  name: string | null;
  edits: StateEdits | null;
}

export interface KeyedTarget {
  parallelism: number;
  maxParallelism: number;
  /** By the name that a state has in the source. */
  changes: ReadonlyMap<string, StateChange>;
}

/** What a pass over the source found, and what it makes of it. */
export interface KeyedOutcome {
  /** Under the source's names. */
  before: Tally;
  /** Under the new names. */
  after: Tally;
  /** Entries of each key group. */
  keyGroupsBefore: Float64Array;
  keyGroupsAfter: Float64Array;
  /** Empty lists, which the canonical layout leaves out. */
  emptyLists: number;
}

/** Bytes of a new snapshot that are still to be named. */
export interface OutputPlace {
  output: OutputFolder;
  names: FileNames;
  store: FileStore;
}

interface TargetState {
  source: KeyedSourceState;
  name: string;
  /** Its number in the new header. */
  id: number;
}

/** The same in one pass over the source. */
interface RunningState extends TargetState {
  edits: EditRun | null;
}

/**
 * Keyed state of one operator, written anew in the canonical layout, with other states, entries, parallelism or max parallelism.
 * `check` goes over everything and writes nothing; `write` does the same again into files.
 */
export class KeyedRewrite {
  private readonly rule: KeyGroupRule;

  constructor(
    readonly source: KeyedSource,
    readonly target: KeyedTarget,
  ) {
    this.rule = new KeyGroupRule(source.key, source.operator.state.maxParallelism, target.maxParallelism);
    if (this.rule.moves && source.foreign.length > 0) {
      throw new EngineError(
        'REFUSED',
        'It has raw keyed state that is not timers, whose keys nobody can move to other key groups.',
        {
          hint: 'Leave the max parallelism as it is.',
        },
      );
    }
  }

  /** Whether entries leave the order in which the source has them. */
  get isSorting(): boolean {
    return this.rule.moves || !this.source.isInKeyGroupOrder;
  }

  /** Bytes that writing takes for a while: about those of the entries, twice where they are sorted. */
  bytesNeeded(outcome: KeyedOutcome): number {
    return outcome.after.bytes * (this.isSorting ? 2 : 1);
  }

  async check(signal?: AbortSignal): Promise<KeyedOutcome> {
    const outcome = this.newOutcome();
    if (this.rule.moves && this.source.states.length > 0) this.rule.hashing();
    for await (const _ of this.pass(outcome, signal));
    return outcome;
  }

  /** One handle for each new subtask; none where no state is left. */
  async write(place: OutputPlace, signal?: AbortSignal): Promise<KeyGroupsHandle[]> {
    if (this.targetStates().length === 0) return [];
    const files = new SubtaskFiles(this.target, this.header(), place);
    try {
      const outcome = this.newOutcome();
      if (!this.isSorting) {
        for await (const entries of this.pass(outcome, signal)) await files.add(entries);
      } else {
        const sort = new KeyGroupSort(this.target.maxParallelism, place.output, place.names, place.store);
        for await (const entries of this.pass(outcome, signal)) {
          for (const entry of entries) if (sort.add(entry)) await sort.spill();
        }
        for await (const entries of sort.sorted(signal)) await files.add(entries);
        await sort.clear();
      }
      return await files.close();
    } catch (e) {
      await files.abandon();
      throw e;
    }
  }

  /** Every entry that is to be written, in the order of the source. What it gives is good until the next list is asked for. */
  private async *pass(outcome: KeyedOutcome, signal: AbortSignal | undefined): AsyncGenerator<OutputEntry[]> {
    const targets = new Map<string, RunningState>();
    for (const state of this.targetStates()) {
      const edits = this.target.changes.get(state.source.name)?.edits ?? null;
      targets.set(state.source.name, { ...state, edits: edits?.begin(state.source.canonical, this.rule) ?? null });
    }
    const { isSorting } = this;
    const form = new CanonicalForm();
    const all = this.target.maxParallelism - 1;
    let reached = -1;
    for await (const batch of this.source.entries(signal)) {
      const out: OutputEntry[] = [];
      for (const entry of batch.entries) {
        const target = targets.get(entry.state.name);
        const state = target?.source ?? this.stateNamed(entry.state.name);
        const canonical = form.of(entry, state.canonical);
        if (canonical === null) {
          outcome.emptyLists++;
          continue;
        }
        outcome.before.add(state.name, canonical.key, canonical.value);
        outcome.keyGroupsBefore[entry.keyGroup]++;
        if (target === undefined) continue;
        const value = target.edits === null ? canonical.value : target.edits.apply(entry, canonical);
        if (value === null) continue;
        const keyGroup = this.rule.of(entry);
        if (!isSorting && keyGroup > reached) {
          this.add(targets, keyGroup - 1, out, outcome);
          reached = keyGroup;
        }
        this.emit({ keyGroup, state: target.id, key: canonical.key, value }, target, out, outcome);
      }
      if (out.length > 0) yield out;
    }
    throwIfAborted(signal);
    const rest: OutputEntry[] = [];
    this.add(targets, all, rest, outcome);
    if (rest.length > 0) yield rest;
  }

  private add(
    targets: ReadonlyMap<string, RunningState>,
    upTo: number,
    out: OutputEntry[],
    outcome: KeyedOutcome,
  ): void {
    const added: [RunningState, Omit<OutputEntry, 'state'>][] = [];
    for (const target of targets.values()) {
      for (const entry of target.edits?.added(upTo) ?? []) added.push([target, entry]);
    }
    added.sort(([, a], [, b]) => a.keyGroup - b.keyGroup);
    for (const [target, entry] of added) this.emit({ ...entry, state: target.id }, target, out, outcome);
  }

  private emit(entry: OutputEntry, target: RunningState, out: OutputEntry[], outcome: KeyedOutcome): void {
    outcome.after.add(target.name, entry.key, entry.value);
    outcome.keyGroupsAfter[entry.keyGroup]++;
    out.push(entry);
  }

  private newOutcome(): KeyedOutcome {
    return {
      before: new Tally(),
      after: new Tally(),
      keyGroupsBefore: new Float64Array(this.source.operator.state.maxParallelism),
      keyGroupsAfter: new Float64Array(this.target.maxParallelism),
      emptyLists: 0,
    };
  }

  private stateNamed(name: string): KeyedSourceState {
    const state = this.source.states.find((s) => s.name === name);
    if (state === undefined)
      throw new EngineError('CORRUPT', `There is an entry of a state ${name} that no header has.`);
    return state;
  }

  private targetStates(): TargetState[] {
    const states: TargetState[] = [];
    for (const source of this.source.states) {
      const change = this.target.changes.get(source.name);
      const name = change === undefined ? source.name : change.name;
      if (name === null) continue;
      states.push({ source, name, id: states.length });
    }
    return states;
  }

  private header(): Uint8Array {
    const { headerVersion: version, keyBytes } = this.source;
    const states = this.targetStates().map(({ source: { meta }, name }) =>
      name === meta.name ? meta.bytes : renamedMeta(meta, version, name),
    );
    const sink = new Sink();
    writeKeyedHeader(sink, { version, keyBytes, states });
    return sink.toBytes();
  }
}

/** The files of the new subtasks, written one after the other. */
class SubtaskFiles {
  private readonly handles: KeyGroupsHandle[] = [];
  private current: { writer: CanonicalWriter; file: NewFile } | null = null;

  constructor(
    private readonly target: KeyedTarget,
    private readonly header: Uint8Array,
    private readonly place: OutputPlace,
  ) {}

  async add(entries: readonly OutputEntry[]): Promise<void> {
    const { maxParallelism, parallelism } = this.target;
    for (const entry of entries) {
      const subtask = subtaskOf(entry.keyGroup, maxParallelism, parallelism);
      if (this.current === null || this.handles.length !== subtask) await this.open(subtask);
      if (this.current?.writer.entry(entry) === true) await this.current.writer.flush();
    }
  }

  async close(): Promise<KeyGroupsHandle[]> {
    if (this.handles.length + (this.current === null ? 0 : 1) < this.target.parallelism) {
      await this.open(this.target.parallelism - 1);
    }
    await this.closeCurrent();
    return this.handles;
  }

  async abandon(): Promise<void> {
    await this.current?.file.abandon();
  }

  /** Goes on to a subtask; those between have no entries, but the same header. */
  private async open(subtask: number): Promise<void> {
    const { maxParallelism, parallelism } = this.target;
    await this.closeCurrent();
    for (;;) {
      const file = new NewFile(this.place.output, this.place.names);
      const range = keyGroupRange(this.handles.length, maxParallelism, parallelism);
      this.current = { writer: await CanonicalWriter.begin(file, this.header, range, maxParallelism), file };
      if (this.handles.length >= subtask) return;
      await this.closeCurrent();
    }
  }

  private async closeCurrent(): Promise<void> {
    if (this.current === null) return;
    this.handles.push(await this.current.writer.close());
    this.current = null;
  }
}
