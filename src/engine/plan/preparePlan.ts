import { EngineError, throwIfAborted } from '../bytes/engineError';
import { isFileStream, statePieces } from '../metadata/handles';
import type { MetadataVersion } from '../metadata/model';
import { openSnapshot, type Snapshot } from '../snapshot';
import type { FileStore } from '../storage/byteSource';
import { FIRST_WITH_RELATIVE_PATHS } from '../write/metadataVersions';
import { OperatorDraft } from './operatorDraft';
import type { Plan, PlanStep } from './plan';

/** A plan whose every step was tried on its snapshots: what is left to do is to write. */
export interface PreparedPlan {
  from: Snapshot;
  operators: OperatorDraft[];
  /** Operators of `from` that will not be there. */
  removed: OperatorDraft[];
  checkpointId: bigint;
  version: MetadataVersion;
  close(): Promise<void>;
}

/** The snapshots that a plan names, each opened once. */
class Sources {
  private readonly opened = new Map<string, Snapshot>();

  constructor(
    private readonly store: FileStore,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async open(path: string): Promise<Snapshot> {
    const known = this.opened.get(path);
    if (known !== undefined) return known;
    const snapshot = await openSnapshot(path, this.store, { signal: this.signal });
    this.opened.set(path, snapshot);
    if (snapshot.metadata.version === 1) {
      throw new EngineError(
        'UNSUPPORTED_VERSION',
        'The snapshot of Flink 1.2 knows tasks and not operators; plans need operators.',
        {
          file: snapshot.metadataPath,
        },
      );
    }
    return snapshot;
  }

  async close(): Promise<void> {
    for (const snapshot of this.opened.values()) await snapshot.close();
  }
}

/**
 * Goes through a plan without writing anything: every step, then every entry of the state that is to be written anew. An error
 * names the step's place in the plan.
 */
export async function preparePlan(plan: Plan, store: FileStore, signal?: AbortSignal): Promise<PreparedPlan> {
  const sources = new Sources(store, signal);
  try {
    const from = await sources.open(plan.from);
    const state = new PlanState(from, sources);
    for (const step of plan.steps) {
      throwIfAborted(signal);
      await located(`step at ${step.place}`, () => state.take(step, signal));
    }
    state.expectDistinct();
    for (const draft of state.operators) {
      await located(`operator ${draft.title}`, () => draft.check(signal));
    }
    return {
      from,
      operators: state.operators,
      removed: state.removed,
      checkpointId: state.checkpointId,
      version: versionOf(plan, state),
      close: () => sources.close(),
    };
  } catch (e) {
    await sources.close();
    throw e;
  }
}

/**
 * Everything that is wrong with the steps of a plan, without reading entries: names, types and values. A step that fails is
 * as if it were not there for those behind it.
 */
export async function checkSteps(plan: Plan, store: FileStore, signal?: AbortSignal): Promise<EngineError[]> {
  const sources = new Sources(store, signal);
  const faults: EngineError[] = [];
  const attempt = async (where: string, run: () => void | Promise<void>): Promise<boolean> => {
    throwIfAborted(signal);
    try {
      await located(where, run);
      return true;
    } catch (e) {
      if (!(e instanceof EngineError) || e.code === 'CANCELLED') throw e;
      faults.push(e);
      return false;
    }
  };
  try {
    let state: PlanState | null = null;
    await attempt('from', async () => {
      state = new PlanState(await sources.open(plan.from), sources);
    });
    if (state === null) return faults;
    const tried: PlanState = state;
    for (const step of plan.steps) await attempt(`step at ${step.place}`, () => tried.take(step, signal));
    if (faults.length === 0) await attempt('steps', () => tried.expectDistinct());
    await attempt('metadataVersion', () => void versionOf(plan, tried));
    return faults;
  } finally {
    await sources.close();
  }
}

async function located(where: string, run: () => void | Promise<void>): Promise<void> {
  try {
    await run();
  } catch (e) {
    if (e instanceof EngineError && e.code !== 'CANCELLED') throw e.at({ where });
    throw e;
  }
}

function versionOf({ metadataVersion }: Plan, { from, operators }: PlanState): MetadataVersion {
  const written = { ...from.metadata, operators: operators.map((draft) => draft.operator.state) };
  const namesFiles =
    operators.some((draft) => draft.isKeyedRewritten) || [...statePieces(written)].some(({ at }) => isFileStream(at));
  const least = namesFiles ? FIRST_WITH_RELATIVE_PATHS : 2;
  const wanted = metadataVersion ?? from.metadata.version;
  if (wanted >= least) return wanted;
  if (metadataVersion === null) return FIRST_WITH_RELATIVE_PATHS;
  throw new EngineError(
    'BAD_ARGUMENT',
    `Metadata of version ${wanted} has no relative paths, which came with version ${least}.`,
    {
      hint: `Choose metadata version ${least} or a newer one.`,
    },
  );
}

/** The operators as they are after the steps taken so far. */
class PlanState {
  operators: OperatorDraft[];
  readonly removed: OperatorDraft[] = [];
  checkpointId: bigint;

  constructor(
    readonly from: Snapshot,
    private readonly sources: Sources,
  ) {
    this.operators = from.operators.map((operator) => new OperatorDraft(from, operator));
    this.checkpointId = from.metadata.checkpointId;
  }

  async take(step: PlanStep, signal: AbortSignal | undefined): Promise<void> {
    switch (step.kind) {
      case 'removeOperator': {
        const draft = find(this.operators, step.operator);
        this.operators = this.operators.filter((other) => other !== draft);
        this.removed.push(draft);
        return;
      }
      case 'changeUid':
        find(this.operators, step.operator).rename(step.to);
        this.expectDistinct();
        return;
      case 'copyOperator': {
        let other = this.from;
        await located('from', async () => {
          other = await this.sources.open(step.from);
        });
        const draft = find(
          other.operators.map((operator) => new OperatorDraft(other, operator)),
          step.operator,
        );
        if (step.to !== null) draft.rename(step.to);
        this.operators.push(draft);
        this.expectDistinct();
        return;
      }
      case 'setCheckpointId':
        this.checkpointId = step.checkpointId;
        return;
      case 'rescale': {
        const chosen = step.operators?.map((name) => find(this.operators, name)) ?? this.operators;
        for (const draft of chosen) {
          draft.parallelism = step.parallelism ?? draft.parallelism;
          draft.maxParallelism = step.maxParallelism ?? draft.maxParallelism;
        }
        return;
      }
      default:
        return find(this.operators, step.operator).changeState(step, signal);
    }
  }

  /** Fails with `BAD_ARGUMENT` where two operators have one id, which is the same as one uid. */
  expectDistinct(): void {
    const seen = new Map<string, OperatorDraft>();
    for (const draft of this.operators) {
      const other = seen.get(draft.id);
      if (other !== undefined) {
        throw new EngineError(
          'BAD_ARGUMENT',
          `Two operators would have the id ${draft.id}: ${other.title} and ${draft.title}.`,
          {
            hint: 'Remove one of them first, or give it another uid.',
          },
        );
      }
      seen.set(draft.id, draft);
    }
  }
}

function find(drafts: readonly OperatorDraft[], wanted: string): OperatorDraft {
  const byId = drafts.filter(({ id, uid }) => id === wanted || uid === wanted);
  const found = byId.length > 0 ? byId : drafts.filter(({ name }) => name === wanted);
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  const names = drafts.slice(0, 10).map(({ uid, id }) => uid ?? id);
  if (first === undefined) {
    throw new EngineError('NOT_FOUND', `The snapshot has no operator ${wanted}.`, {
      where: 'operator',
      hint: `It has: ${names.join(', ')}`,
    });
  }
  throw new EngineError('BAD_ARGUMENT', `${found.length} operators are called ${wanted}.`, {
    where: 'operator',
    hint: `Name one by its id: ${found.map(({ id }) => id).join(', ')}`,
  });
}
