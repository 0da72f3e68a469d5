import { writeKeyedHeader } from '../backends/keyedHeader';
import type { PartState } from '../backends/part';
import { renamedMeta } from '../backends/stateMetaForms';
import { EngineError } from '../bytes/engineError';
import { Sink } from '../bytes/sink';
import type { KeyGroupsHandle } from '../metadata/model';
import type { FileStore } from '../storage/byteSource';
import type { OutputFolder } from '../storage/outputFolder';
import type { FileNames } from './fileNames';
import { type CarriedKeyGroups, carryKeyGroups, expectCarried } from './keyed/carryKeyGroups';
import type { Census } from './keyed/census';
import { ChunkSizes, ChunkWriter } from './keyed/chunks';
import { findKeyHash, withKeyHash } from './keyed/findKeyHash';
import { type KeyedJob, type KeyedTask, type KeyedThreads, KeyedWorker } from './keyed/keyedJob';
import { layOut } from './keyed/keyedLayout';
import type { EditedEntry, EntryEdits } from './keyed/keyedPass';
import { doAll, type KeyedWork, lookThrough, threadsFor } from './keyed/lookThrough';
import { MovedTimers } from './keyed/movedTimers';
import { SubtaskFiles } from './keyed/subtaskFiles';
import type { KeyedShare, KeyedSource, KeyedSourceState } from './keyedSource';
import { KeyGroupRule } from './keyGroupRule';
import type { OutputEntry } from './outputEntry';
import { Tally } from './tally';

export type { EditedEntry };

/** Changes of one state's entries. Each pass over the source begins a run of its own. */
export interface StateEdits {
  begin(state: PartState, rule: KeyGroupRule): EditRun;
}

export interface EditRun extends EntryEdits {
  /** Entries that the source did not have, once all of it was seen; all key groups up to this one, which is the last. */
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
  /** How it is laid out in the end; null: as key groups that are carried whole are, else canonical. */
  format?: 'canonical' | 'heap' | null;
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
  edits: StateEdits | null;
}

/** What a look at the source gave for writing it. */
interface Looked {
  groups: readonly (readonly KeyedShare[])[];
  /** By group of shares, and at last of the entries that are new: bytes in each key group. */
  sizes: readonly Float64Array[];
}

/** Memory for entries that the source did not have. */
const MEMORY_FOR_NEW = 16 * 1024 * 1024;

/**
 * Keyed state of one operator, written anew in the canonical layout, with other states, entries, parallelism or max parallelism.
 * `check` goes over everything and writes nothing: it proves that every key lies where its hash says, and finds where each
 * entry will go. `write` then brings them there, in any order, and needs no room but for the result.
 */
export class KeyedRewrite {
  /** How the job's own class computes the hash code of keys, where the check had to find it. */
  keyHash: string | null = null;
  /** Keys whose key group the check computed, and found to be the one in which the source has them. */
  keysChecked = 0;
  /** Timers of Flink 1.7 or older that go to other key groups; null where there are none, or they stay. */
  movedTimers: MovedTimers | null = null;
  private rule: KeyGroupRule;
  private readonly targets: readonly TargetState[];
  private looked: Looked | null = null;
  private carried: CarriedKeyGroups | null = null;

  constructor(
    readonly source: KeyedSource,
    readonly target: KeyedTarget,
    private readonly threads: KeyedThreads | null = null,
  ) {
    this.rule = new KeyGroupRule(source.key, source.operator.state.maxParallelism, target.maxParallelism);
    if (this.rule.moves && source.foreign.length > source.oldTimers.length) {
      throw new EngineError(
        'REFUSED',
        'It has raw keyed state of its own, whose keys nobody can move to other key groups.',
        {
          hint: 'Leave the max parallelism as it is.',
        },
      );
    }
    this.targets = this.targetStates();
  }

  /** Whether key groups are carried whole: where all that changes is who owns them, and names in the header. */
  get isCarried(): boolean {
    const { source, targets, rule, target } = this;
    const { files } = source;
    if (rule.moves || files === null || files.length === 0) return false;
    const [{ layout, header: first }] = files;
    if (target.format != null && target.format !== layout) return false;
    // A heap's file has something for each key group, which a subtask without state has not.
    const groups = files.reduce((sum, { ranges }) => sum + ranges.length, 0);
    if (layout === 'heap' && groups < target.maxParallelism) return false;
    return (
      targets.length === source.states.length &&
      targets.every(({ edits }) => edits === null) &&
      files.every(
        ({ header }) =>
          header.compressed === first.compressed &&
          header.version === source.headerVersion &&
          header.states.length === targets.length &&
          header.states.every(({ name }, i) => targets[i]?.source.name === name),
      )
    );
  }

  /** Bytes that the result takes, as far as the check found them. */
  bytesNeeded(): number {
    if (this.isCarried) return this.source.bytes;
    return (this.looked?.sizes ?? []).reduce((sum, of) => of.reduce((bytes, size) => bytes + size, sum), 0);
  }

  /** Null where key groups are carried whole and nobody asks how many entries that makes (`counts`). */
  async check(counts: boolean, signal?: AbortSignal): Promise<KeyedOutcome | null> {
    return this.isCarried && !counts ? null : this.count(signal);
  }

  /** Goes over all entries. */
  async count(signal?: AbortSignal): Promise<KeyedOutcome> {
    await this.provideHash(signal);
    const edits = this.beginEdits();
    const work = { ...this.work, job: this.job({ sums: !this.isCarried }), edits };
    const { census, groups, sizes } = await lookThrough(work, signal);
    const added = new ChunkSizes(this.target.maxParallelism);
    this.addNew(edits, (keyGroup, target, key, value) => {
      census.kept(target.source.name, keyGroup, key, value);
      added.entry(keyGroup, target.id, key, value);
    });
    this.looked = { groups, sizes: [...sizes, added.bytes] };
    await this.checkOldTimers(signal);
    this.keysChecked = census.keysChecked + (this.movedTimers?.count ?? 0);
    return this.outcome(census);
  }

  /** One handle for each new subtask; none where no state is left. To be called after `check`. `written` is told of bytes as they are. */
  async write(
    place: OutputPlace,
    signal?: AbortSignal,
    written: (bytes: number) => void = () => {},
  ): Promise<KeyGroupsHandle[]> {
    if (this.targets.length === 0) return [];
    const header = this.header(this.isCarried && this.source.files?.[0]?.header.compressed === true);
    if (this.isCarried) {
      this.carried = await carryKeyGroups(this.source, header, this.target, place, signal, written);
      return this.carried.handles;
    }
    if (this.looked === null) throw new EngineError('INTERNAL', 'Internal error: nothing is written without a check.');
    const { parallelism, maxParallelism } = this.target;
    const { groups, sizes } = this.looked;
    const layout = layOut(sizes, header.length, parallelism, maxParallelism);
    const edits = this.beginEdits();
    const files = await SubtaskFiles.create(layout, place, threadsFor({ ...this.work, edits }) === 1);
    try {
      const job = this.job({ files: files.paths });
      const tasks = groups.map(
        (shares, i): KeyedTask => ({ kind: 'write', shares, positions: layout.positions[i], sizes: sizes[i] }),
      );
      const worker = new KeyedWorker(this.source, job, (subtask) => files.sink(subtask), edits);
      await doAll({ ...this.work, job, edits }, worker, tasks, signal, (task) => {
        if (task.kind === 'write') written(task.sizes.reduce((sum, size) => sum + size, 0));
        files.syncAhead();
      });
      const last = sizes.length - 1;
      const file = (keyGroup: number) => files.sinkOf(keyGroup, this.target);
      const added = new ChunkWriter(maxParallelism, { file, positions: layout.positions[last] }, MEMORY_FOR_NEW);
      this.addNew(edits, (keyGroup, target, key, value) => added.entry(keyGroup, target.id, key, value));
      added.close(sizes[last]);
      return await files.close(header);
    } catch (e) {
      await files.abandon();
      throw e;
    }
  }

  /** Bytes of key groups that were carried whole and that the new snapshot names; `CHECKSUM` where it names others. */
  proveCarried(written: KeyedSource | null): number {
    if (this.carried === null) throw new EngineError('INTERNAL', 'Internal error: nothing was carried.');
    return expectCarried(this.carried, written);
  }

  /** Keys that move need a hash; where the snapshot does not tell it, it is looked for. */
  private async provideHash(signal: AbortSignal | undefined): Promise<void> {
    const { rule, source, target } = this;
    if (!rule.moves || rule.isKnown || source.states.length === 0) return;
    if (source.key === null) throw new EngineError('REFUSED', 'The snapshot does not say how keys are serialized.');
    const { maxParallelism } = source.operator.state;
    this.keyHash = await findKeyHash(source, source.key, target.maxParallelism, signal);
    this.rule = new KeyGroupRule(withKeyHash(source.key, this.keyHash), maxParallelism, target.maxParallelism);
  }

  private async checkOldTimers(signal: AbortSignal | undefined): Promise<void> {
    const { source, target, keyHash } = this;
    if (!this.rule.moves || source.oldTimers.length === 0) return;
    const { maxParallelism } = source.operator.state;
    this.movedTimers = new MovedTimers(
      source.oldTimers.map(({ part }) => part),
      maxParallelism,
      target,
      keyHash,
    );
    await this.movedTimers.check(signal);
  }

  private get work(): KeyedWork {
    return { source: this.source, job: this.job({}), threads: this.threads };
  }

  private job(options: { sums?: boolean; files?: readonly string[] }): KeyedJob {
    const { snapshot, operator, states } = this.source;
    const ids = new Map(this.targets.map(({ source, id }) => [source.name, id]));
    return {
      snapshot: snapshot.metadataPath,
      operator: snapshot.operators.indexOf(operator),
      parallelism: this.target.parallelism,
      maxParallelism: this.target.maxParallelism,
      states: new Map(states.map(({ name }) => [name, ids.get(name) ?? null])),
      keyHash: this.keyHash,
      line: this.source.line,
      provesKeys: false,
      sums: options.sums ?? false,
      ...(options.files !== undefined && { files: options.files }),
    };
  }

  private beginEdits(): Map<string, EditRun> {
    const runs = new Map<string, EditRun>();
    for (const { source, edits } of this.targets) {
      if (edits !== null) runs.set(source.name, edits.begin(source.canonical, this.rule));
    }
    return runs;
  }

  private addNew(
    runs: ReadonlyMap<string, EditRun>,
    add: (keyGroup: number, target: TargetState, key: Uint8Array, value: Uint8Array) => void,
  ): void {
    for (const target of this.targets) {
      const added = runs.get(target.source.name)?.added(this.target.maxParallelism - 1) ?? [];
      for (const { keyGroup, key, value } of added) add(keyGroup, target, key, value);
    }
  }

  private outcome(census: Census): KeyedOutcome {
    const after = new Tally();
    for (const { source, name, edits } of this.targets) {
      const of = edits === null ? census.before : census.after;
      after.addAll({ states: new Map([[name, of.of(source.name)]]) });
    }
    const { before, keyGroupsBefore, keyGroupsAfter, emptyLists } = census;
    return { before, after, keyGroupsBefore, keyGroupsAfter, emptyLists };
  }

  private targetStates(): TargetState[] {
    const states: TargetState[] = [];
    for (const source of this.source.states) {
      const change = this.target.changes.get(source.name);
      const name = change === undefined ? source.name : change.name;
      if (name === null) continue;
      states.push({ source, name, id: states.length, edits: change?.edits ?? null });
    }
    return states;
  }

  private header(compressed: boolean): Uint8Array {
    const { headerVersion: version, keyBytes } = this.source;
    const states = this.targets.map(({ source: { meta }, name }) =>
      name === meta.name ? meta.bytes : renamedMeta(meta, version, name),
    );
    const sink = new Sink();
    writeKeyedHeader(sink, { version, keyBytes, states, compressed });
    return sink.toBytes();
  }
}
