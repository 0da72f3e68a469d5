import { EngineError } from '../bytes/engineError';
import { operatorIdOfUid } from '../metadata/operatorId';
import type { Snapshot, SnapshotOperator } from '../snapshot';
import { OperatorStateDeal } from '../write/dealOperatorState';
import type { KeyedOutcome, StateChange } from '../write/keyedRewrite';
import { KeyedRewrite } from '../write/keyedRewrite';
import { KeyedSource } from '../write/keyedSource';
import { EditList } from './keyedEdits';
import type { OperatorName, StateStep } from './plan';
import { ValueUpdate } from './valueUpdate';

/** One operator of the snapshot to be: where it comes from, and what is to become of it. */
export class OperatorDraft {
  id: string;
  uid: string | null;
  name: string | null;
  parallelism: number;
  maxParallelism: number;
  /** Set by `check` where keyed state is written anew. */
  rewrite: KeyedRewrite | null = null;
  outcome: KeyedOutcome | null = null;
  /** Set by `check` where operator state is dealt anew. */
  deal: OperatorStateDeal | null = null;
  private source: Promise<KeyedSource | null> | null = null;
  private readonly changes = new Map<string, { name: string | null; edits: EditList | null }>();

  constructor(
    readonly snapshot: Snapshot,
    readonly operator: SnapshotOperator,
  ) {
    const { state } = operator;
    this.id = operator.id;
    this.uid = operator.uid;
    this.name = operator.name;
    this.parallelism = state.parallelism;
    this.maxParallelism = state.maxParallelism;
  }

  get title(): string {
    return this.name ?? this.uid ?? this.id;
  }

  get isKeyedRewritten(): boolean {
    return this.changes.size > 0 || this.isRescaled;
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
    const source = await this.keyed(signal);
    const found = source?.states.find(({ name }) => this.nameOf(name) === step.state);
    if (source === null || found === undefined) {
      const names = (source?.states ?? []).map(({ name }) => this.nameOf(name)).filter((name) => name !== null);
      throw new EngineError('NOT_FOUND', `The operator ${this.title} has no keyed state ${step.state}.`, {
        where: 'state',
        hint: names.length === 0 ? 'It has none.' : `It has: ${names.join(', ')}`,
      });
    }
    const change = this.changes.get(found.name) ?? { name: found.name, edits: null };
    this.changes.set(found.name, change);
    if (step.kind === 'removeState') {
      change.name = null;
    } else if (step.kind === 'renameState') {
      if (source.states.some(({ name }) => this.nameOf(name) === step.to)) {
        throw new EngineError('BAD_ARGUMENT', `The operator ${this.title} has a state ${step.to} already.`, {
          where: 'to',
        });
      }
      change.name = step.to;
    } else {
      change.edits ??= new EditList(found.canonical);
      if (step.kind === 'update') {
        const { set, ...edit } = step;
        change.edits.push({ ...edit, update: new ValueUpdate(set) });
      } else change.edits.push(step);
    }
  }

  /** Everything that could keep it from being written is found here. */
  async check(signal?: AbortSignal): Promise<void> {
    if (this.isRescaled) this.checkRescale();
    if (this.isKeyedRewritten) {
      const source = await this.keyed(signal);
      if (source !== null) {
        const { parallelism, maxParallelism } = this;
        const changes: ReadonlyMap<string, StateChange> = this.changes;
        this.rewrite = new KeyedRewrite(source, { parallelism, maxParallelism, changes });
        this.outcome = await this.rewrite.check(signal);
      }
    }
    if (this.hasOtherParallelism) this.deal = await OperatorStateDeal.open(this.operator, signal);
  }

  /** States by the names they had and will have, with the changes of their entries. */
  states(): { from: string; to: string | null; edits: EditList | null }[] {
    return (this.rewrite?.source.states ?? []).map(({ name }) => ({
      from: name,
      to: this.nameOf(name),
      edits: this.changes.get(name)?.edits ?? null,
    }));
  }

  private nameOf(source: string): string | null {
    const change = this.changes.get(source);
    return change === undefined ? source : change.name;
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
