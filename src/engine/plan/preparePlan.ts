import type { BootstrapJob } from '../bootstrap/bootstrapJob';
import type { DataSource } from '../bootstrap/data/dataSource';
import type { BootstrapStep, BootstrapTarget } from '../bootstrap/step';
import { EngineError, throwIfAborted } from '../bytes/engineError';
import { isOperatorId } from '../entries';
import { suggestion } from '../json/closest';
import { isFileStream, statePieces } from '../metadata/handles';
import { NEWEST_VERSION } from '../metadata/metadataFile';
import type { MetadataVersion } from '../metadata/model';
import { operatorIdOfUid } from '../metadata/operatorId';
import { openSnapshot, type Snapshot } from '../snapshot';
import type { FileStore } from '../storage/byteSource';
import { flinkLineOf } from '../types/describe/flinkLine';
import type { KeyedThreads } from '../write/keyed/keyedJob';
import { checkPlace, FIRST_WITH_RELATIVE_PATHS, mayHaveOldForms } from '../write/metadataVersions';
import { SourceStamps } from '../write/sourceStamps';
import { isNothing, newOperatorOf, nothing } from './nothing';
import { OperatorDraft } from './operatorDraft';
import type { Plan, PlanStep, SnapshotFormat } from './plan';
import { placeInStep } from './readPlan';

/** A plan whose every step was tried on its snapshots: what is left to do is to write. */
export interface PreparedPlan {
  /** Without operators where the plan starts from nothing (`isNothing`). */
  from: Snapshot;
  operators: OperatorDraft[];
  /** Operators of `from` that will not be there. */
  removed: OperatorDraft[];
  checkpointId: bigint;
  /** Bytes of master hooks that are replaced, by the hook's name. */
  masterStates: ReadonlyMap<string, Uint8Array>;
  version: MetadataVersion;
  /** How all keyed state is to be laid out; null: as it is where no step changes it. */
  format: SnapshotFormat | null;
  /** How the files of the source were before the check. */
  stamps: SourceStamps;
  close(): Promise<void>;
}

export interface PrepareOptions {
  signal?: AbortSignal | undefined;
  /** Where entries are read in several threads. */
  threads?: KeyedThreads | null | undefined;
  /** Whether entries are counted for a report also where they are carried with their key groups (true). */
  counts?: boolean | undefined;
}

/** The snapshots that a plan names, each opened once. */
class Sources {
  private readonly opened = new Map<string, Snapshot>();
  /** Rows of steps, which are open until the plan is done. */
  readonly data: DataSource[] = [];

  constructor(
    readonly store: FileStore,
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

  /** The snapshot that a plan starts from. */
  start({ from, metadataVersion }: Plan): Promise<Snapshot> {
    return from === null ? Promise.resolve(nothing(metadataVersion ?? NEWEST_VERSION, this.store)) : this.open(from);
  }

  stamps(): Promise<SourceStamps> {
    return SourceStamps.of(
      this.opened.values(),
      this.store,
      this.data.map(({ file }) => file),
    );
  }

  async close(): Promise<void> {
    for (const data of this.data) await data.close();
    for (const snapshot of this.opened.values()) await snapshot.close();
  }
}

/**
 * Goes through a plan without writing anything: every step, then every entry of the state that is to be written anew. An error
 * names the step's place in the plan.
 */
export async function preparePlan(
  plan: Plan,
  store: FileStore,
  { signal, threads = null, counts = true }: PrepareOptions = {},
): Promise<PreparedPlan> {
  const sources = new Sources(store, signal);
  try {
    const from = await sources.start(plan);
    const state = new PlanState(plan, from, sources);
    for (const step of plan.steps) {
      throwIfAborted(signal);
      await located(
        (inner) => placeInStep(step, inner),
        () => state.take(step, signal),
      );
    }
    state.expectDistinct();
    const stamps = await sources.stamps();
    const version = versionOf(plan, state);
    for (const draft of state.operators) {
      draft.format = plan.format ?? null;
      draft.keepsLayout = version < FIRST_WITH_RELATIVE_PATHS;
      draft.line = mayHaveOldForms(draft.snapshot.metadata.version, version) ? flinkLineOf(version) : null;
      await located(`operator ${draft.title}`, () => draft.check(counts, signal, threads));
    }
    return {
      from,
      operators: state.operators,
      removed: state.removed,
      checkpointId: state.checkpointId,
      masterStates: state.masterStates,
      version,
      format: plan.format ?? null,
      stamps,
      close: () => sources.close(),
    };
  } catch (e) {
    await sources.close();
    throw e;
  }
}

/** The rows of one step `bootstrap`, of which the steps before it say what they go into. To be closed by who asks for it. */
export async function openBootstrap(
  plan: Plan,
  step: number,
  store: FileStore,
): Promise<{ job: BootstrapJob; close(): Promise<void> }> {
  const sources = new Sources(store, undefined);
  try {
    const state = new PlanState(plan, await sources.start(plan), sources);
    for (const before of plan.steps.slice(0, step + 1)) await state.take(before, undefined);
    const job = state.operators.flatMap(({ jobs }) => jobs).find(({ origin }) => origin?.step === step);
    if (job === undefined) throw new EngineError('INTERNAL', 'Internal error: the step makes no state of rows.');
    return { job, close: () => sources.close() };
  } catch (e) {
    await sources.close();
    throw e;
  }
}

/** Reads all rows that a plan makes state of, so that a report can say how many there are and which of them are bad. */
export async function countRows({ operators }: PreparedPlan, signal?: AbortSignal): Promise<void> {
  for (const { jobs, maxParallelism } of operators) for (const job of jobs) await job.count(maxParallelism, signal);
}

/**
 * Everything that is wrong with the steps of a plan, without reading entries: names, types and values. A step that fails is
 * as if it were not there for those behind it.
 */
export async function checkSteps(plan: Plan, store: FileStore, signal?: AbortSignal): Promise<EngineError[]> {
  const sources = new Sources(store, signal);
  const faults: EngineError[] = [];
  const attempt = async (where: Where, run: () => void | Promise<void>): Promise<boolean> => {
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
      state = new PlanState(plan, await sources.start(plan), sources);
    });
    if (state === null) return faults;
    const tried: PlanState = state;
    for (const step of plan.steps) {
      await attempt(
        (inner) => placeInStep(step, inner),
        () => tried.take(step, signal),
      );
    }
    if (faults.length === 0) await attempt('steps', () => tried.expectDistinct());
    await attempt('metadataVersion', () => void versionOf(plan, tried));
    return faults;
  } finally {
    await sources.close();
  }
}

/** Said in front of an error's own place, or found from it. */
type Where = string | ((inner: string | undefined) => string);

async function located(where: Where, run: () => void | Promise<void>): Promise<void> {
  try {
    await run();
  } catch (e) {
    if (!(e instanceof EngineError) || e.code === 'CANCELLED') throw e;
    throw e.at({ where: typeof where === 'string' ? where : where(e.where) });
  }
}

/** A version that nobody asks for leaves the new folder one that can be moved. */
function versionOf({ metadataVersion }: Plan, { from, operators }: PlanState): MetadataVersion {
  if (metadataVersion !== null) {
    for (const { operator } of operators) checkPlace(operator.state, metadataVersion);
    return metadataVersion;
  }
  const written = { ...from.metadata, operators: operators.map((draft) => draft.operator.state) };
  const namesFiles =
    operators.some((draft) => draft.isRewritten) || [...statePieces(written)].some(({ at }) => isFileStream(at));
  const { version } = from.metadata;
  return namesFiles && version < FIRST_WITH_RELATIVE_PATHS ? FIRST_WITH_RELATIVE_PATHS : version;
}

/** The operators as they are after the steps taken so far. */
class PlanState {
  operators: OperatorDraft[];
  readonly removed: OperatorDraft[] = [];
  checkpointId: bigint;
  /** Bytes of master hooks that are replaced, by the hook's name. */
  readonly masterStates = new Map<string, Uint8Array>();
  /** The same for all steps. */
  private readonly now = BigInt(Date.now());

  constructor(
    private readonly plan: Plan,
    readonly from: Snapshot,
    private readonly sources: Sources,
  ) {
    this.operators = from.operators.map((operator) => new OperatorDraft(from, operator, this.now));
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
          other.operators.map((operator) => new OperatorDraft(other, operator, this.now)),
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
        // A max parallelism of 1 is Flink's mark of an operator that never is parallel: who names none does not mean those.
        const isParallel = (draft: OperatorDraft) => draft.maxParallelism > 1 || step.maxParallelism !== null;
        for (const draft of step.operators === null ? chosen.filter(isParallel) : chosen) {
          draft.parallelism = step.parallelism ?? draft.parallelism;
          draft.maxParallelism = step.maxParallelism ?? draft.maxParallelism;
        }
        return;
      }
      case 'setRawBytes': {
        const { target, bytes } = step;
        if (target.what === 'master') return this.setMaster(target.name, bytes);
        return find(this.operators, target.operator).raw.set(target, bytes, signal);
      }
      case 'bootstrap':
        return this.bootstrap(step, signal);
      default:
        return find(this.operators, step.operator).changeState(step, signal);
    }
  }

  private setMaster(name: string, bytes: Uint8Array): void {
    const names = this.from.metadata.masterStates.map((state) => state.name);
    if (!names.includes(name)) {
      throw new EngineError('NOT_FOUND', `The snapshot has no master state ${name}.`, {
        where: 'name',
        hint: suggestion(name, names),
      });
    }
    this.masterStates.set(name, bytes);
  }

  private async bootstrap(step: PlanStep & BootstrapStep, signal: AbortSignal | undefined): Promise<void> {
    const { from, sources, plan } = this;
    // Not chosen, it becomes one with relative paths: see `versionOf`.
    const version = plan.metadataVersion ?? Math.max(from.metadata.version, FIRST_WITH_RELATIVE_PATHS);
    const places = {
      from: isNothing(from) ? null : from,
      snapshot: (path: string) => sources.open(path),
      store: sources.store,
      line: flinkLineOf(version as MetadataVersion),
      signal,
    };
    const known = this.operators.length;
    const draft = this.filled(step.target);
    try {
      const { data, keyed } = await draft.bootstrap(step, places);
      if (keyed !== null) keyed.origin = { plan, step: plan.steps.indexOf(step) };
      sources.data.push(data);
    } catch (e) {
      this.operators.length = known;
      throw e;
    }
  }

  /** The operator that a step fills: one that is there, or a new one. */
  private filled(target: BootstrapTarget): OperatorDraft {
    if (target.kind === 'existing') return find(this.operators, target.operator);
    const { name, parallelism, maxParallelism } = target;
    const id = 'uid' in name ? operatorIdOfUid(name.uid) : name.id;
    const found = this.operators.find((draft) => draft.id === id);
    if (found === undefined) {
      const made = newOperatorOf(name, id, parallelism, maxParallelism, this.from.metadata.version);
      const draft = new OperatorDraft(this.from, made, this.now);
      this.operators.push(draft);
      return draft;
    }
    for (const [what, wanted, has] of [
      ['parallelism', parallelism, found.parallelism],
      ['maxParallelism', maxParallelism, found.maxParallelism],
    ] as const) {
      if (wanted === null || wanted === has) continue;
      throw new EngineError('BAD_ARGUMENT', `The operator ${found.title} has the ${what} ${has}, not ${wanted}.`, {
        where: `operator / ${what}`,
        hint: 'A step "rescale" changes it.',
      });
    }
    return found;
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
  const byId = drafts.filter((draft) => isOperatorId(draft, wanted));
  const found = byId.length > 0 ? byId : drafts.filter(({ name }) => name === wanted);
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  const names = drafts.slice(0, 10).map(({ uid, id }) => uid ?? id);
  if (first === undefined) {
    throw new EngineError('NOT_FOUND', `The snapshot has no operator ${wanted}.`, {
      where: 'operator',
      hint: names.length === 0 ? 'It has none.' : `It has: ${names.join(', ')}`,
    });
  }
  throw new EngineError('BAD_ARGUMENT', `${found.length} operators are called ${wanted}.`, {
    where: 'operator',
    hint: `Name one by its id: ${found.map(({ id }) => id).join(', ')}`,
  });
}
