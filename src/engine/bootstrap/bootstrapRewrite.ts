import { writeKeyedHeader } from '../backends/keyedHeader';
import { renamedMeta } from '../backends/stateMetaForms';
import { EngineError } from '../bytes/engineError';
import { Sink } from '../bytes/sink';
import { bytesOfPieces, piecesOfOperator } from '../metadata/handles';
import type { KeyGroupsHandle } from '../metadata/model';
import { findKeyHash, withKeyHash } from '../write/keyed/findKeyHash';
import type { KeyedThreads } from '../write/keyed/keyedJob';
import { type KeyedOutcome, KeyedRewrite, type KeyedTarget, type OutputPlace } from '../write/keyedRewrite';
import type { KeyedSource, KeyedSourceState } from '../write/keyedSource';
import { KeyGroupRule } from '../write/keyGroupRule';
import { type StateTally, Tally } from '../write/tally';
import type { BootstrapJob, JobResult } from './bootstrapJob';
import { listsOf, type MergeCounts, type MergedState } from './keyGroupMerge';
import { mergeInThreads } from './mergeInThreads';
import { NewFiles } from './newFiles';
import { type DescribedState, NEW_HEADER } from './newState';
import { OldEntries } from './oldEntries';
import { PutTogether } from './putTogether';
import { RowLog } from './rowLog';
import { RowRuns } from './rowRuns';
import type { RowThreads } from './rowThreads';

const MEMORY = 64 * 1024 * 1024;

/** A state in the new header, by its number. */
interface TargetState {
  name: string;
  source: KeyedSourceState | null;
  meta: Uint8Array;
}

/** What `write` found and wrote. */
export interface BootstrapOutcome extends KeyedOutcome {
  jobs: JobResult[];
  merged: MergeCounts;
}

/**
 * Keyed state of one operator, written anew in the canonical layout: what it has, with the entries that rows of data make.
 * Both are brought into the order of key groups first, what does not fit the memory by way of temporary files; then one key
 * group after the other is put together.
 */
export class BootstrapRewrite {
  private rule: KeyGroupRule;
  private readonly targets: readonly TargetState[];
  /** How the job's own class computes the hash code of its keys, where that had to be found. */
  keyHash: string | null = null;
  /** Of the last `write`. */
  written: BootstrapOutcome | null = null;

  constructor(
    readonly source: KeyedSource,
    readonly target: KeyedTarget,
    readonly jobs: readonly BootstrapJob[],
    private readonly threads: KeyedThreads | null = null,
    /** Bytes of entries that are held in memory at a time; what is more goes to temporary files. */
    private readonly memory = MEMORY,
    /** Bytes of one key group that are put together in memory. */
    private readonly largest = MEMORY,
  ) {
    this.rule = new KeyGroupRule(source.key, source.operator.state.maxParallelism, target.maxParallelism);
    if (this.rule.moves && source.foreign.length > 0) {
      throw new EngineError(
        'REFUSED',
        'It has raw keyed state, of its own or timers of Flink 1.7 or older, whose keys nobody can move to other key groups.',
        { hint: 'Leave the max parallelism as it is.' },
      );
    }
    this.targets = this.targetStates();
    const filled = jobs.flatMap((job) => job.filled);
    const twice = filled.find((name, i) => filled.indexOf(name) !== i);
    if (twice !== undefined) {
      throw new EngineError('BAD_ARGUMENT', `Two steps of the plan fill the state ${twice}.`, {
        hint: 'Put their data into one step, or run two plans one after the other.',
      });
    }
  }

  /** Names of the states that rows have entries for. */
  get filled(): ReadonlySet<string> {
    return new Set(this.jobs.flatMap((job) => job.filled));
  }

  /** States that are not in the source. */
  get added(): readonly string[] {
    return this.targets.flatMap(({ name, source }) => (source === null ? [name] : []));
  }

  /** Those of rows are computed when they are read, and proved with the result. */
  readonly keysChecked = 0;

  /** No key group stays as it is. */
  get isCarried(): boolean {
    return false;
  }

  proveCarried(): number {
    return 0;
  }

  /** Bytes that writing takes for a while, about: what is there is sorted, and the rows are too, to be written then. */
  bytesNeeded(outcome: KeyedOutcome | null): number {
    const rows = this.jobs.reduce((sum, { data }) => sum + data.bytes, 0);
    return 2 * ((outcome?.after.bytes ?? 0) + rows);
  }

  /** Goes over all entries of the source, and some rows of each step. What rows will add is not counted. */
  async check(_: boolean, signal?: AbortSignal): Promise<KeyedOutcome> {
    await this.provideHash(signal);
    for (const job of this.jobs) await job.sample(this.target.maxParallelism, signal);
    if (this.source.states.length === 0) return this.newOutcome();
    return new KeyedRewrite(this.source, this.target, this.threads).count(signal);
  }

  /** One handle for each new subtask. To be called after `check`. `written` is told of bytes as they are. */
  async write(place: OutputPlace, signal?: AbortSignal, written?: (bytes: number) => void): Promise<KeyGroupsHandle[]> {
    const { parallelism, maxParallelism } = this.target;
    const outcome = this.newOutcome();
    const files = new NewFiles(parallelism, maxParallelism, this.header(), place, written);
    try {
      const rows = new RowRuns({ keyGroups: maxParallelism, states: this.targets.length }, place);
      const results = await this.fill(rows, signal);
      const { mergedStates, memory } = this;
      let merged: MergeCounts = { replaced: 0, kept: 0 };
      if (!(await this.putInThreads(rows, files, outcome, signal))) {
        const old = new OldEntries(this.source, this.target, this.rule, (name) => this.idOfSource(name), outcome);
        const put = new PutTogether(mergedStates, rows, files, place, this.largest, this.sourceBytes, signal);
        this.addTallies(outcome, await put.all(old.ascending(place, memory, signal)));
        outcome.keyGroupsAfter.set(put.entries);
        merged = put.merge.counts;
      }
      await rows.clear();
      const handles = await files.close();
      this.written = { ...outcome, jobs: results, merged };
      return handles;
    } catch (e) {
      await files.abandon();
      throw e;
    }
  }

  private async fill(rows: RowRuns, signal: AbortSignal | undefined): Promise<JobResult[]> {
    const log = new RowLog(rows.shape, this.memory);
    const results: JobResult[] = [];
    for (const job of this.jobs) results.push(await job.fill(log, rows, this.ids, this.rowThreads, signal));
    if (!log.isEmpty) rows.hold(log.take());
    return results;
  }

  /** Keys of rows need a hash; where the snapshot does not tell it, it is looked for in the keys that are stored. */
  private async provideHash(signal: AbortSignal | undefined): Promise<void> {
    const { source, target } = this;
    if (source.key === null || source.key.hash !== undefined || source.states.length === 0) return;
    const { maxParallelism } = source.operator.state;
    this.keyHash = await findKeyHash(source, source.key, target.maxParallelism, signal);
    this.rule = new KeyGroupRule(withKeyHash(source.key, this.keyHash), maxParallelism, target.maxParallelism);
    for (const job of this.jobs) job.useKeyHash(this.keyHash);
  }

  private get mergedStates(): MergedState[] {
    return this.jobs.flatMap((job) => job.merged(this.ids));
  }

  private get rowThreads(): RowThreads | null {
    return this.threads?.rows ?? null;
  }

  /** Puts key groups together in threads, where there is nothing but rows and enough of them; says whether it did. */
  private async putInThreads(
    rows: RowRuns,
    files: NewFiles,
    outcome: KeyedOutcome,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const { rowThreads } = this;
    if (rowThreads === null || this.source.states.length > 0) return false;
    const merged = await mergeInThreads(rowThreads, rows, listsOf(this.mergedStates), files, this.largest, signal);
    if (merged === null) return false;
    outcome.keyGroupsAfter.set(merged.entries);
    this.addTallies(outcome, merged.tallies);
    return true;
  }

  private get sourceBytes(): number {
    return bytesOfPieces(piecesOfOperator(this.source.operator.state));
  }

  private addTallies({ after }: KeyedOutcome, tallies: readonly StateTally[]): void {
    after.addAll({ states: new Map(this.targets.map(({ name }, id) => [name, tallies[id]])) });
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

  /** Numbers of the states by the names that they will have. */
  private get ids(): ReadonlyMap<string, number> {
    return new Map(this.targets.map(({ name }, id) => [name, id]));
  }

  private idOfSource(name: string): number | null {
    const id = this.targets.findIndex(({ source }) => source?.name === name);
    return id < 0 ? null : id;
  }

  private targetStates(): TargetState[] {
    const { headerVersion } = this.source;
    const states: TargetState[] = [];
    for (const source of this.source.states) {
      const change = this.target.changes.get(source.name);
      const name = change === undefined ? source.name : change.name;
      if (name === null) continue;
      const meta = name === source.name ? source.meta.bytes : renamedMeta(source.meta, headerVersion, name);
      states.push({ name, source, meta });
    }
    for (const { name, meta } of this.jobs.flatMap((job): readonly DescribedState[] => job.newStates)) {
      if (headerVersion !== NEW_HEADER) throw oldHeader(name);
      states.push({ name, source: null, meta: meta.bytes });
    }
    return states;
  }

  private header(): Uint8Array {
    const { headerVersion: version, keyBytes } = this.source;
    const sink = new Sink();
    writeKeyedHeader(sink, { version, keyBytes, states: this.targets.map(({ meta }) => meta) });
    return sink.toBytes();
  }
}

const oldHeader = (name: string): EngineError =>
  new EngineError(
    'REFUSED',
    `The state ${name} cannot be added: the operator's state is in the form of Flink 1.6 or older.`,
    {
      hint: 'Restore it with a newer Flink and take a savepoint, or bootstrap a new operator.',
    },
  );
