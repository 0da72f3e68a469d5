import type { BootstrapJob } from '../bootstrap/bootstrapJob';
import { BootstrapRewrite } from '../bootstrap/bootstrapRewrite';
import type { DataPlaces } from '../bootstrap/data/openData';
import { NEW_HEADER } from '../bootstrap/newState';
import { type PreparedRows, prepareBootstrap } from '../bootstrap/prepareBootstrap';
import type { BootstrapStep } from '../bootstrap/step';
import type { TypePlaces } from '../bootstrap/typeReferences';
import { EngineError } from '../bytes/engineError';
import { suggestion } from '../json/closest';
import { operatorIdOfUid } from '../metadata/operatorId';
import { operatorName } from '../operatorName';
import type { Snapshot, SnapshotOperator } from '../snapshot';
import type { FlinkLine } from '../types/describe/flinkLine';
import { expectSplit } from '../write/expectSplit';
import type { KeyedThreads } from '../write/keyed/keyedJob';
import type { KeyedOutcome, StateChange } from '../write/keyedRewrite';
import { KeyedRewrite } from '../write/keyedRewrite';
import { KeyedSource } from '../write/keyedSource';
import { layoutForOldest } from '../write/layoutForOldest';
import { FIRST_WITH_RELATIVE_PATHS } from '../write/metadataVersions';
import { type KeyedEdits, keyedEdits } from './keyedEdits';
import { OperatorStateDraft } from './operatorStateDraft';
import type { OperatorName, SnapshotFormat, StateStep } from './plan';
import { RawChanges } from './rawChanges';

/** One operator of the snapshot to be: where it comes from, and what is to become of it. */
export class OperatorDraft {
  id: string;
  uid: string | null;
  name: string | null;
  parallelism: number;
  maxParallelism: number;
  /** Set by `check` where keyed state is written anew. */
  rewrite: KeyedRewrite | BootstrapRewrite | null = null;
  /** Of keyed state that is written anew; null where its key groups are carried whole and nobody counted. */
  outcome: KeyedOutcome | null = null;
  /** Steps that make keyed state of rows. */
  readonly jobs: BootstrapJob[] = [];
  readonly operatorState: OperatorStateDraft;
  readonly raw: RawChanges;
  /** How keyed state is to be laid out; null: as it is where nothing changes it. */
  format: SnapshotFormat | null = null;
  /** For Flink 1.10 and older, whose backends read each their own layout of keyed state and no other. */
  keepsLayout = false;
  /** Flink that is to read serializers which 1.6 and older described; null: these are carried as they are. */
  line: FlinkLine | null = null;
  private source: Promise<KeyedSource | null> | null = null;
  private readonly changes = new Map<string, { name: string | null; edits: KeyedEdits | null }>();

  /** `now`: stamp of values with a time-to-live that a step gives none. */
  constructor(
    readonly snapshot: Snapshot,
    readonly operator: SnapshotOperator,
    private readonly now: bigint,
  ) {
    const { state } = operator;
    this.operatorState = new OperatorStateDraft(operator, now);
    this.raw = new RawChanges(snapshot, operator);
    this.id = operator.id;
    this.uid = operator.uid;
    this.name = operator.name;
    this.parallelism = state.parallelism;
    this.maxParallelism = state.maxParallelism;
  }

  get title(): string {
    return operatorName(this);
  }

  get isKeyedRewritten(): boolean {
    return this.isChanged || this.hasOtherFormat;
  }

  /** Whether any of its state is written anew, and so may become a file. */
  get isRewritten(): boolean {
    return this.isKeyedRewritten || this.operatorState.isChanged || !this.raw.isEmpty;
  }

  /** Where the handles say so; what a heap backend wrote may be in its format already. */
  private get hasOtherFormat(): boolean {
    if (this.format === null) return false;
    return this.operator.subtasks.some(
      ({ managedKeyedState: managed, rawKeyedState: raw }) =>
        (managed !== null && (this.format === 'heap' || managed.type !== 'savepointKeyGroups')) || raw !== null,
    );
  }

  private get isChanged(): boolean {
    return this.changes.size > 0 || this.jobs.length > 0 || this.isRescaled;
  }

  get isRescaled(): boolean {
    return this.hasOtherParallelism || this.maxParallelism !== this.operator.state.maxParallelism;
  }

  get hasOtherParallelism(): boolean {
    return this.parallelism !== this.operator.state.parallelism;
  }

  /** The operator's uid says its id; a snapshot before Flink 2.0 has no place for the uid itself. */
  rename(to: OperatorName): void {
    if ('uid' in to) {
      this.uid = to.uid;
      this.id = operatorIdOfUid(to.uid);
    } else {
      this.uid = null;
      this.id = to.id;
    }
  }

  async changeState(step: StateStep, signal?: AbortSignal): Promise<void> {
    const inOperator = await this.operatorState.names(signal);
    const isInOperator = step.of !== 'keyed' && inOperator.includes(step.state);
    // Keyed state that cannot be written anew does not keep operator state from being changed.
    const keyed = step.of === 'operator' ? null : await this.keyedOr(isInOperator, signal);
    const inKeyed = (keyed?.states ?? []).map(({ name }) => this.nameOf(name)).filter((name) => name !== null);
    const names = [...inKeyed, ...inOperator];
    if (isInOperator && inKeyed.includes(step.state) && step.of === undefined) {
      throw new EngineError(
        'BAD_ARGUMENT',
        `The operator ${this.title} has a keyed and an operator state ${step.state}.`,
        {
          where: 'state',
          hint: 'Say which of the two: "of": "keyed" or "of": "operator".',
        },
      );
    }
    if (step.kind === 'renameState' && step.to !== step.state && names.includes(step.to)) {
      throw new EngineError('BAD_ARGUMENT', `The operator ${this.title} has a state ${step.to} already.`, {
        where: 'to',
      });
    }
    if (this.jobs.some((job) => job.filled.includes(step.state))) {
      throw new EngineError('BAD_ARGUMENT', `A step before this one fills the state ${step.state} with rows.`, {
        where: 'state',
        hint: 'Change it before that step, or with a plan of its own.',
      });
    }
    if (isInOperator) return this.operatorState.change(step, signal);
    const found = keyed?.states.find(({ name }) => this.nameOf(name) === step.state);
    if (found === undefined) {
      const isOld = keyed?.oldTimers.some(({ part: { states } }) => states.some(({ name }) => name === step.state));
      if (isOld === true) throw oldTimers(step.state);
      throw new EngineError('NOT_FOUND', `The operator ${this.title} has no state ${step.state}.`, {
        where: 'state',
        hint: names.length === 0 ? 'It has none.' : suggestion(step.state, names),
      });
    }
    const change = this.changes.get(found.name) ?? { name: found.name, edits: null };
    if (step.kind === 'removeState') change.name = null;
    else if (step.kind === 'renameState') change.name = step.to;
    else {
      change.edits ??= keyedEdits(found.canonical, this.now);
      change.edits.push(step);
    }
    this.changes.set(found.name, change);
  }

  /** Keyed state made of rows, beside what it has or into it. */
  async bootstrap(step: BootstrapStep, places: TypePlaces & DataPlaces): Promise<PreparedRows> {
    const source = await this.keyed(places.signal);
    const states = new Map(
      (source?.states ?? []).flatMap((state) => {
        const name = this.nameOf(state.name);
        return name === null ? [] : [[name, state] as const];
      }),
    );
    const taken = new Set([...(await this.operatorState.names(places.signal))]);
    const clash = step.states.find(({ name }) => taken.has(name) && !states.has(name));
    if (clash !== undefined) {
      throw new EngineError('BAD_ARGUMENT', `The operator ${this.title} has an operator state ${clash.name}.`, {
        where: 'states',
      });
    }
    const existing = source === null ? null : { source, states };
    const rows = await prepareBootstrap(step, existing, this.jobs.at(0) ?? null, places);
    if (rows.keyed !== null) this.jobs.push(rows.keyed);
    if (rows.operator !== null) this.operatorState.rows.push(rows.operator);
    return rows;
  }

  /** Written by Flink 1.11 or newer; those before 1.7 described serializers in a form of their own. */
  private get isCurrent(): boolean {
    return this.snapshot.metadata.version >= FIRST_WITH_RELATIVE_PATHS;
  }

  /**
   * Everything that could keep it from being written is found here. `counts`: whether entries are counted also where no step
   * asks for them.
   */
  async check(counts: boolean, signal?: AbortSignal, threads: KeyedThreads | null = null): Promise<void> {
    if (this.isRescaled) this.checkRescale();
    if (this.isKeyedRewritten || this.line !== null) {
      const stored = (await this.keyedOr(!this.isKeyedRewritten && this.isCurrent, signal)) ?? this.sourceOfRows();
      const source =
        stored === null || this.line === null ? stored : stored.modern(this.line, (name) => this.nameOf(name) !== null);
      const isHeap = !this.isChanged && this.format === 'heap' && source?.isOfHeap === true;
      const isThere = source === stored && (isHeap || !this.isKeyedRewritten);
      if (source !== null && !isThere) {
        if (this.keepsLayout) this.format = layoutForOldest(source, this.format);
        const { parallelism, maxParallelism } = this;
        const changes: ReadonlyMap<string, StateChange> = this.changes;
        const target = { parallelism, maxParallelism, changes, format: this.format };
        this.rewrite =
          this.jobs.length > 0
            ? new BootstrapRewrite(source, target, this.jobs, threads)
            : new KeyedRewrite(source, target, threads);
        this.outcome = await this.rewrite.check(counts, signal);
        if (this.format === 'heap' && !this.rewrite.isCarried && !source.isOfHeap) {
          await expectSplit(source, (name) => this.nameOf(name) !== null, signal);
        }
      }
    }
    const parallelism = this.hasOtherParallelism ? this.parallelism : null;
    await this.operatorState.check(parallelism, signal, this.line, this.isCurrent);
    await this.operatorState.checkRows(this.parallelism, signal);
  }

  /** States by the names they had and will have, with the changes of their entries, and whether rows fill them. */
  states(): { from: string; to: string | null; edits: KeyedEdits | null; isFilled: boolean }[] {
    const filled = new Set(this.jobs.flatMap((job) => job.filled));
    const states = (this.rewrite?.source.states ?? []).map(({ name }) => ({
      from: name,
      to: this.nameOf(name),
      edits: this.changes.get(name)?.edits ?? null,
      isFilled: filled.has(this.nameOf(name) ?? ''),
    }));
    const added = this.jobs.flatMap((job) => job.newStates);
    return [...states, ...added.map(({ name }) => ({ from: name, to: name, edits: null, isFilled: true }))];
  }

  /** What rows alone make. */
  private sourceOfRows(): KeyedSource | null {
    const [job] = this.jobs;
    if (job === undefined) return null;
    return KeyedSource.nothing(this.snapshot, this.operator, NEW_HEADER, job.keyBytes, job.keyCodec);
  }

  private nameOf(source: string): string | null {
    const change = this.changes.get(source);
    return change === undefined ? source : change.name;
  }

  /** Null instead of an error where `isOptional`. */
  private async keyedOr(isOptional: boolean, signal: AbortSignal | undefined): Promise<KeyedSource | null> {
    try {
      return await this.keyed(signal);
    } catch (e) {
      if (!isOptional || (e instanceof EngineError && e.code === 'CANCELLED')) throw e;
      return null;
    }
  }

  private keyed(signal: AbortSignal | undefined): Promise<KeyedSource | null> {
    this.source ??= KeyedSource.open(this.snapshot, this.operator, signal);
    return this.source;
  }

  private checkRescale(): void {
    const { subtasks, fullyFinished } = this.operator.state;
    if (this.parallelism > this.maxParallelism) {
      throw new EngineError(
        'BAD_ARGUMENT',
        `The parallelism ${this.parallelism} is larger than the max parallelism ${this.maxParallelism}.`,
      );
    }
    const refuse = (what: string, hint: string) =>
      new EngineError('REFUSED', `It cannot be rescaled: ${what}.`, { hint });
    if (subtasks.some((s) => s.inputChannelState.length > 0 || s.resultSubpartitionState.length > 0)) {
      throw refuse(
        'it has records in flight, which belong to the channels between its subtasks',
        'Take a savepoint, or an aligned checkpoint, and rescale that.',
      );
    }
    if (subtasks.some((s) => s.legacyState.some((stream) => stream !== null))) {
      throw refuse('it has state of the Checkpointed interface of Flink 1.2', 'Leave this operator out.');
    }
    if (!fullyFinished && subtasks.some((s) => s.finished)) {
      throw refuse('some of its subtasks have finished', 'Flink restores it with its own parallelism only.');
    }
  }
}

function oldTimers(state: string): EngineError {
  return new EngineError(
    'REFUSED',
    `The timers of ${state} lie in raw keyed state in the form of Flink 1.7 or older.`,
    {
      where: 'state',
      hint: 'They can be carried over as they are. Change them in a copy in the canonical format with metadata of version 4 or newer, where they are managed state.',
    },
  );
}
