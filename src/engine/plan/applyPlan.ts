import { BootstrapRewrite } from '../bootstrap/bootstrapRewrite';
import { sameBytes } from '../bytes/byteStrings';
import { EngineError } from '../bytes/engineError';
import { writeMetadata } from '../metadata/metadataFile';
import type {
  InlinedStream,
  KeyGroupsHandle,
  MetadataVersion,
  OperatorState,
  OperatorStateHandle,
  SnapshotMetadata,
  SubtaskState,
} from '../metadata/model';
import { savepointProperties } from '../metadata/savepointProperties';
import { statelessSubtask } from '../metadata/subtaskStates';
import { kryoOf, openSnapshot } from '../snapshot';
import type { FileStore } from '../storage/byteSource';
import type { OutputFolder } from '../storage/outputFolder';
import { heapFromCanonical } from '../write/heapFromCanonical';
import { KeyedRewrite, type OutputPlace } from '../write/keyedRewrite';
import { absoluteIn, mapOperator, type StreamMapping } from '../write/mapStreams';
import {
  FIRST_WITH_NAMES,
  FIRST_WITH_PROPERTIES,
  FIRST_WITH_RELATIVE_PATHS,
  toMetadataVersion,
  withPlainKeyGroups,
} from '../write/metadataVersions';
import { dealRawOperatorState, splitRawKeyedState } from '../write/rawState';
import { SnapshotDraft, type WriteOptions, type WriteProgress } from '../write/snapshotDraft';
import { RECORD_NAME, recordBytes, type WriteRecord } from '../write/writeRecord';
import { isNothing } from './nothing';
import type { OperatorDraft } from './operatorDraft';
import type { SnapshotFormat } from './plan';
import type { PreparedPlan } from './preparePlan';
import { type PlanProof, provePlan } from './provePlan';

/** How long a subtask's state took to write, in metadata that has a place for it. */
const UNKNOWN_DURATION = -1n;

export interface ApplyOptions extends WriteOptions {
  /** Kept beside the new snapshot with the proof; absent: nothing is kept. */
  record?: Pick<WriteRecord, 'program' | 'plan'> | undefined;
  /** Whether files that nothing touches are copied even where they could be shared with their origin. */
  copies?: boolean | undefined;
}

/**
 * Writes what a prepared plan says into a new folder, its metadata last, and proves the result by reading it back. On any
 * failure nothing is left behind. Files of state that no step touches are shared with their origin where the disk can.
 */
export async function applyPlan(
  plan: PreparedPlan,
  output: OutputFolder,
  store: FileStore,
  options: ApplyOptions = {},
): Promise<PlanProof> {
  const draft = new SnapshotDraft(output, options.copies === true ? 'copy' : 'link');
  let metadata: SnapshotMetadata;
  const toWrite = plan.operators.reduce(
    (sum, { rewrite, outcome }) => sum + (outcome?.after.bytes ?? rewrite?.bytesNeeded(null) ?? 0),
    0,
  );
  let written = 0;
  try {
    await checkSpace(plan, output);
    metadata = await writtenMetadata(plan, draft, store, options.signal, (bytes) => {
      written += bytes;
      options.progress?.({ bytes: written, totalBytes: Math.max(written, toWrite) });
    });
    // There before the metadata is, so that no snapshot of a plan is ever without it.
    await keepRecord(plan, null, output, options);
  } catch (e) {
    await output.abandon();
    throw e;
  }
  // Files that are carried come behind what was written.
  const progress = ({ bytes, totalBytes }: WriteProgress): void =>
    options.progress?.({ bytes: written + bytes, totalBytes: written + totalBytes });
  await draft.write(metadata, { ...options, progress });
  try {
    const result = await openSnapshot(output.path, store, { signal: options.signal });
    try {
      expectSameBytes(writeMetadata(metadata), writeMetadata(result.metadata), result.metadataPath);
      const carriedBytes = await draft.prove(result.files);
      const proof: PlanProof = { ...(await provePlan(plan, result, options.signal, options.threads)), carriedBytes };
      await plan.stamps.expectUnchanged();
      await keepRecord(plan, proof, output, options);
      return proof;
    } finally {
      await result.close();
    }
  } catch (e) {
    // A snapshot that is not proved must not look like one.
    await output.abandon();
    throw e;
  }
}

/** Told of bytes as they are written. */
type Written = (bytes: number) => void;

async function keepRecord(
  { from }: PreparedPlan,
  proof: PlanProof | null,
  output: OutputFolder,
  { record }: ApplyOptions,
): Promise<void> {
  if (record === undefined) return;
  const kept: WriteRecord = {
    ...record,
    from: isNothing(from) ? null : from.path,
    proof: proof === null ? null : { ...proof },
  };
  await output.publish(RECORD_NAME, recordBytes(kept));
}

async function checkSpace({ operators }: PreparedPlan, output: OutputFolder): Promise<void> {
  let needed = 0;
  for (const { rewrite, outcome, format } of operators) {
    if (rewrite !== null) needed += rewrite.bytesNeeded(outcome) * (format === 'heap' && !rewrite.isCarried ? 2 : 1);
  }
  const free = await output.freeBytes();
  if (free === null || free >= needed) return;
  throw new EngineError('IO', `The snapshot takes ${needed} bytes, but only ${free} are free.`, {
    file: output.path,
    hint: 'Free some space, or write to another disk.',
  });
}

async function writtenMetadata(
  plan: PreparedPlan,
  draft: SnapshotDraft,
  store: FileStore,
  signal: AbortSignal | undefined,
  written: Written,
): Promise<SnapshotMetadata> {
  const { from, checkpointId, version } = plan;
  const mappings = new Map<OperatorDraft['snapshot'], StreamMapping>();
  const place: OutputPlace = { output: draft.output, names: draft.names, store };
  const operators: OperatorState[] = [];
  for (const operator of plan.operators) {
    const mapping = mappings.get(operator.snapshot) ?? draft.carry(operator.snapshot.files);
    mappings.set(operator.snapshot, mapping);
    operators.push(await writtenOperator(operator, mapping, place, signal, written));
  }
  // Each operator in the form of its own snapshot's version, which may be another.
  const converted = plan.operators.map(({ snapshot, uid, name }, i) => {
    const made = version < FIRST_WITH_RELATIVE_PATHS ? withPlainKeyGroups(operators[i]) : operators[i];
    const alone = { ...snapshot.metadata, operators: [made] };
    const [operator] = toMetadataVersion(alone, version).operators;
    if (version < FIRST_WITH_RELATIVE_PATHS) return mapOperator(operator, absoluteIn(draft.output.path));
    return version < FIRST_WITH_NAMES ? operator : { ...operator, uid, name };
  });
  const masterStates = from.metadata.masterStates.map((state) => ({
    ...state,
    payload: plan.masterStates.get(state.name) ?? state.payload,
  }));
  const head = toMetadataVersion({ ...from.metadata, masterStates, operators: [] }, version);
  const properties = plan.format === null ? head.properties : propertiesOf(plan.format, version);
  return { ...head, checkpointId, operators: converted, properties };
}

/** With a format of its own the snapshot is a savepoint, whatever it was. */
function propertiesOf(format: SnapshotFormat, version: MetadataVersion): Uint8Array | null {
  if (version < FIRST_WITH_PROPERTIES) return null;
  return savepointProperties(format === 'heap' ? 'NATIVE' : 'CANONICAL');
}

async function writtenOperator(
  draft: OperatorDraft,
  mapping: StreamMapping,
  place: OutputPlace,
  signal: AbortSignal | undefined,
  told: Written,
): Promise<OperatorState> {
  const { id, parallelism, maxParallelism, snapshot, operator, raw } = draft;
  const written = await writtenState(draft, place, signal, told);
  const carried = mapOperator(
    { ...operator.state, subtasks: operator.state.subtasks.map((subtask) => withoutWritten(subtask, draft, written)) },
    mapping,
  );
  const { coordinatorState } = carried;
  const head = {
    ...carried,
    id,
    parallelism,
    maxParallelism,
    coordinatorState: raw.coordinator === null ? coordinatorState : inlined(coordinatorState, raw.coordinator),
  };
  if (written === null) return head;
  const byIndex = new Map(carried.subtasks.map((subtask) => [subtask.index, subtask]));
  const subtasks: SubtaskState[] = [];
  for (let index = 0; index < parallelism; index++) {
    const before = draft.hasOtherParallelism ? undefined : byIndex.get(index);
    if (before?.finished === true) {
      subtasks.push(before);
      continue;
    }
    const duration = snapshot.metadata.version <= 2 ? UNKNOWN_DURATION : null;
    const base = before ?? { ...statelessSubtask(index), duration };
    subtasks.push({
      ...base,
      managedKeyedState: written.keyed[index] ?? base.managedKeyedState,
      rawKeyedState: written.rawKeyed[index] ?? base.rawKeyedState,
      managedOperatorState: handleList(written.operator.get(index)) ?? base.managedOperatorState,
      rawOperatorState: handleList(written.rawOperator.get(index)) ?? base.rawOperatorState,
    });
  }
  return { ...head, subtasks: subtasks.filter((subtask) => byIndex.has(subtask.index) || hasState(subtask)) };
}

/** State that was written anew, a handle for each subtask; empty where that state is carried, or not there. */
interface WrittenState {
  keyed: KeyGroupsHandle[];
  rawKeyed: KeyGroupsHandle[];
  /** By subtask: null where it has none any more. */
  operator: ReadonlyMap<number, OperatorStateHandle | null>;
  rawOperator: ReadonlyMap<number, OperatorStateHandle>;
}

/** Null where all of the operator's state is carried over as it is. */
async function writtenState(
  draft: OperatorDraft,
  place: OutputPlace,
  signal: AbortSignal | undefined,
  told: Written,
): Promise<WrittenState | null> {
  const { rewrite, operatorState, hasOtherParallelism, raw } = draft;
  if (rewrite === null && !operatorState.isChanged && !hasOtherParallelism && raw.isEmpty) return null;
  return {
    keyed: rewrite === null ? [] : await writtenKeyed(draft, rewrite, place, signal, told),
    rawKeyed: await writtenRawKeyed(draft, place, signal),
    operator: await operatorState.write(place, signal),
    rawOperator: await writtenRawOperator(draft, place, signal),
  };
}

async function writtenRawKeyed(
  { rewrite, snapshot, parallelism, maxParallelism, hasOtherParallelism, raw }: OperatorDraft,
  place: OutputPlace,
  signal: AbortSignal | undefined,
): Promise<KeyGroupsHandle[]> {
  if (rewrite instanceof KeyedRewrite && rewrite.movedTimers !== null) return rewrite.movedTimers.write(place, signal);
  if (!hasOtherParallelism && raw.keyGroups.size === 0) return [];
  const handles = raw.keyGroups.size > 0 ? raw.rawKeyed : (rewrite?.source.foreign ?? []);
  if (handles.length === 0) return [];
  return splitRawKeyedState(handles, snapshot.files, { parallelism, maxParallelism }, place, signal, raw);
}

async function writtenRawOperator(
  { operator, snapshot, parallelism, hasOtherParallelism, raw }: OperatorDraft,
  place: OutputPlace,
  signal: AbortSignal | undefined,
): Promise<Map<number, OperatorStateHandle>> {
  const { files } = snapshot;
  if (hasOtherParallelism) {
    return new Map((await dealRawOperatorState(operator, files, parallelism, place, signal, raw)).entries());
  }
  const written = new Map<number, OperatorStateHandle>();
  for (const index of raw.partitions.keys()) {
    const alone = { ...operator, subtasks: operator.subtasks.filter((subtask) => subtask.index === index) };
    const [handle] = await dealRawOperatorState(alone, files, 1, place, signal, raw);
    if (handle !== undefined) written.set(index, handle);
  }
  return written;
}

/** Coordinator state always lies in the metadata. */
function inlined(before: InlinedStream | null, data: Uint8Array): InlinedStream {
  return { type: 'bytes', name: before?.name ?? '', data, offset: 0 };
}

/** What rows make is known only once they are read. */
async function writtenKeyed(
  draft: OperatorDraft,
  rewrite: NonNullable<OperatorDraft['rewrite']>,
  place: OutputPlace,
  signal: AbortSignal | undefined,
  told: Written,
): Promise<KeyGroupsHandle[]> {
  const handles = await rewrite.write(place, signal, told);
  if (rewrite instanceof BootstrapRewrite) draft.outcome = rewrite.written;
  if (draft.format !== 'heap' || rewrite.isCarried) return handles;
  const options = { kryo: kryoOf(draft.snapshot.metadata.version) };
  return heapFromCanonical(handles, draft.maxParallelism, place, options, signal);
}

/** A subtask with the state alone that is carried over. */
function withoutWritten(subtask: SubtaskState, draft: OperatorDraft, written: WrittenState | null): SubtaskState {
  if (written === null) return subtask;
  const { rewrite, hasOtherParallelism } = draft;
  const isForeign = rewrite?.source.foreign.some((handle) => handle === subtask.rawKeyedState) === true;
  const keepsRaw = written.rawKeyed.length === 0 && (rewrite === null || (isForeign && !hasOtherParallelism));
  return {
    ...subtask,
    managedKeyedState: rewrite === null ? subtask.managedKeyedState : null,
    // Timers in it were made a managed queue.
    rawKeyedState: keepsRaw ? subtask.rawKeyedState : null,
    managedOperatorState:
      hasOtherParallelism || written.operator.has(subtask.index) ? [] : subtask.managedOperatorState,
    rawOperatorState: hasOtherParallelism || written.rawOperator.has(subtask.index) ? [] : subtask.rawOperatorState,
  };
}

const handleList = <H>(handle: H | null | undefined): H[] | null => (handle == null ? null : [handle]);

function hasState(subtask: SubtaskState): boolean {
  return (
    subtask.managedKeyedState !== null ||
    subtask.rawKeyedState !== null ||
    subtask.managedOperatorState.length > 0 ||
    subtask.rawOperatorState.length > 0
  );
}

function expectSameBytes(expected: Uint8Array, actual: Uint8Array, file: string): void {
  if (sameBytes(expected, actual)) return;
  throw new EngineError('CHECKSUM', 'The metadata that was written reads back as something else.', { file });
}
