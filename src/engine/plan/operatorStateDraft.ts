import { OPERATOR_HEADER, type OperatorRows } from '../bootstrap/operatorRows';
import { EngineError } from '../bytes/engineError';
import type { OperatorStateHandle } from '../metadata/model';
import type { SnapshotOperator } from '../snapshot';
import type { FlinkLine } from '../types/describe/flinkLine';
import type { OutputPlace } from '../write/keyedRewrite';
import { writeOperatorStateFile } from '../write/operatorStateFile';
import { type OperatorStateOutcome, OperatorStateRewrite } from '../write/operatorStateRewrite';
import { hasState, OperatorStateSource } from '../write/operatorStateSource';
import { OperatorStateEditList } from './operatorStateEdits';
import type { StateStep } from './plan';

interface Change {
  name: string | null;
  edits: OperatorStateEditList | null;
}

/** What becomes of the managed operator state of one operator. */
export class OperatorStateDraft {
  /** Set by `check` where any of it is written anew. */
  rewrite: OperatorStateRewrite | null = null;
  outcome: OperatorStateOutcome | null = null;
  /** Steps that make operator state of rows. */
  readonly rows: OperatorRows[] = [];
  private parallelism = 0;
  private source: Promise<OperatorStateSource | null> | null = null;
  private readonly changes = new Map<string, Change>();

  constructor(
    private readonly operator: SnapshotOperator,
    private readonly now: bigint,
  ) {}

  get isChanged(): boolean {
    return this.changes.size > 0 || this.rows.length > 0 || this.rewrite?.source.isDescribedAnew === true;
  }

  /** Names of the states as they are after the steps so far. */
  async names(signal?: AbortSignal): Promise<string[]> {
    // Most operators have none: their files are not opened.
    if (this.operator.subtasks.every(({ managedOperatorState }) => managedOperatorState === null)) return [];
    const states = (await this.opened(signal))?.states ?? [];
    return states.map(({ name }) => this.nameOf(name)).filter((name) => name !== null);
  }

  /** A step about one of these states. */
  async change(step: StateStep, signal?: AbortSignal): Promise<void> {
    const source = await this.opened(signal);
    const state = source?.states.find(({ name }) => this.nameOf(name) === step.state);
    if (source === null || state === undefined) throw new RangeError(`There is no operator state ${step.state}.`);
    const change = this.changes.get(state.name) ?? { name: state.name, edits: null };
    if (step.kind === 'removeState') change.name = null;
    else if (step.kind === 'renameState') change.name = step.to;
    else {
      const subtasks = source.subtasks.filter((subtask) => hasState(subtask, state.name));
      const counts = new Map(subtasks.map(({ index, part }) => [index, part.entriesOf(state) ?? 0]));
      change.edits ??= new OperatorStateEditList(state, counts, this.now);
      change.edits.push(step);
    }
    this.changes.set(state.name, change);
  }

  /**
   * `parallelism`: null where that stays. `isCurrent`: its Flink describes it as newer ones do, so that what cannot be written
   * anew, and need not be, is carried.
   */
  async check(
    parallelism: number | null,
    signal?: AbortSignal,
    line: FlinkLine | null = null,
    isCurrent = false,
  ): Promise<void> {
    if (parallelism === null && this.changes.size === 0 && line === null) return;
    const isChanged = parallelism !== null || this.changes.size > 0;
    const stored = await this.opened(signal).catch((e: unknown) => {
      if (isChanged || !isCurrent || !(e instanceof EngineError) || e.code !== 'REFUSED') throw e;
      return null;
    });
    if (stored === null) return;
    const source = line === null ? stored : stored.modern(line);
    if (source === stored && !isChanged) return;
    this.rewrite = new OperatorStateRewrite(source, { parallelism, changes: this.changes });
    this.outcome = await this.rewrite.check(signal);
    for (const { edits } of this.changes.values()) edits?.stopCounting();
  }

  /** Reads all rows that operator state is made of. `REFUSED` where the operator has operator state already. */
  async checkRows(parallelism: number, signal?: AbortSignal): Promise<void> {
    if (this.rows.length === 0) return;
    this.parallelism = parallelism;
    if ((await this.names(signal)).length > 0) {
      throw new EngineError('REFUSED', 'It has operator state already, to which rows cannot add another.', {
        hint: 'Steps "put" change what is there.',
      });
    }
    const filled = this.rows.flatMap((rows) => rows.filled);
    const twice = filled.find((name, i) => filled.indexOf(name) !== i);
    if (twice !== undefined) {
      throw new EngineError('BAD_ARGUMENT', `Two steps of the plan fill the state ${twice}.`);
    }
    for (const rows of this.rows) await rows.read(signal);
  }

  /** The handles of subtasks that are written anew; null where nothing is left of one. */
  async write(place: OutputPlace, signal?: AbortSignal): Promise<ReadonlyMap<number, OperatorStateHandle | null>> {
    if (this.rows.length > 0) return this.writeRows(place, signal);
    const { rewrite, outcome } = this;
    return rewrite === null || outcome === null ? new Map() : rewrite.write(outcome, place, signal);
  }

  /** States by the names they had and will have, with the changes of their elements. */
  states(): { from: string; to: string | null; edits: OperatorStateEditList | null; isBroadcast: boolean }[] {
    return (this.rewrite?.source.states ?? []).map(({ name, kind }) => ({
      from: name,
      to: this.nameOf(name),
      edits: this.changes.get(name)?.edits ?? null,
      isBroadcast: kind === 'broadcast',
    }));
  }

  private async writeRows(place: OutputPlace, signal?: AbortSignal): Promise<Map<number, OperatorStateHandle>> {
    const { rows, parallelism } = this;
    const handles = new Map<number, OperatorStateHandle>();
    for (let subtask = 0; subtask < parallelism; subtask++) {
      const contents = rows.flatMap((one) => one.contentsOf(subtask, parallelism));
      handles.set(subtask, await writeOperatorStateFile(OPERATOR_HEADER, contents, place, signal));
    }
    return handles;
  }

  private nameOf(source: string): string | null {
    const change = this.changes.get(source);
    return change === undefined ? source : change.name;
  }

  private opened(signal: AbortSignal | undefined): Promise<OperatorStateSource | null> {
    this.source ??= OperatorStateSource.open(this.operator, signal);
    return this.source;
  }
}
