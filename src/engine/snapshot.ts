import { HeaderReader } from './backends/openHeader';
import { openKeyedState, openOperatorState, openRawKeyedState } from './backends/openPart';
import type { StatePart } from './backends/part';
import type { PartContext } from './backends/partContext';
import { asEngineError, type EngineError, throwIfAborted } from './bytes/engineError';
import type {
  KeyedStateHandle,
  MetadataVersion,
  OperatorState,
  OperatorStateHandle,
  SnapshotMetadata,
  StreamHandle,
  SubtaskState,
} from './metadata/model';
import { loadMetadata, openPointer } from './metadata/pointer';
import { SnapshotFiles } from './metadata/resolve';
import type { FileStore } from './storage/byteSource';
import type { DecoderChoices } from './types/decoderChoices';
import { decodersOf } from './types/describe/decoders';
import { flinkLineOf } from './types/describe/flinkLine';
import type { TypeOptions } from './types/family';

export interface OpenOptions {
  signal?: AbortSignal | undefined;
  /** What becomes of the codecs of its states. */
  wrap?: TypeOptions['wrap'];
  /** How values are read that only a class of the job can read. */
  decoders?: DecoderChoices | undefined;
}

/** A snapshot whose metadata is read; its state files are opened when something asks for what is in them. */
export interface Snapshot {
  /** Folder of the snapshot, or its single file (Flink 1.2). */
  path: string;
  metadataPath: string;
  metadataBytes: number;
  metadata: SnapshotMetadata;
  files: SnapshotFiles;
  operators: SnapshotOperator[];
  close(): Promise<void>;
}

/** One operator; in metadata of Flink 1.2, which knows tasks only, one position in a task's chain. */
export interface SnapshotOperator {
  /** 32 hex digits; in Flink 1.2 `vertexId/position`. */
  id: string;
  uid: string | null;
  name: string | null;
  /** The entry of the metadata; several operators of a task share it in Flink 1.2. */
  state: OperatorState;
  subtasks: SnapshotSubtask[];
}

/** What one subtask of one operator left behind. */
export interface SnapshotSubtask {
  index: number;
  /** The entry of the metadata; several operators of a task share it in Flink 1.2. */
  state: SubtaskState;
  managedOperatorState: OperatorStateHandle | null;
  rawOperatorState: OperatorStateHandle | null;
  managedKeyedState: KeyedStateHandle | null;
  rawKeyedState: KeyedStateHandle | null;
  /** State of the `Checkpointed` interface of Flink 1.2. */
  legacyState: StreamHandle[];
  /** Opens all state that the engine can take apart. What cannot be opened costs only itself. */
  open(signal?: AbortSignal): Promise<OpenedSubtask>;
}

export interface OpenedSubtask {
  parts: StatePart[];
  /** Why parts are missing. */
  failures: PartFailure[];
}

export interface PartFailure {
  what: 'operator state' | 'keyed state' | 'raw keyed state';
  error: EngineError;
}

/** Opens the snapshot at `path`: its folder, its `_metadata`, or the single file of Flink 1.2. */
export async function openSnapshot(path: string, store: FileStore, options: OpenOptions = {}): Promise<Snapshot> {
  const { folder, metadataPath } = await openPointer(store, path);
  const { metadata, bytes } = await loadMetadata(store, metadataPath, options.signal);
  const files = new SnapshotFiles(store, metadataPath, metadata);
  const { wrap, decoders } = options;
  const types: TypeOptions = {
    kryo: kryoOf(metadata.version),
    wrap,
    ...(decoders !== undefined && { decoders: decodersOf(decoders, flinkLineOf(metadata.version), wrap) }),
  };
  return {
    path: metadata.version === 1 ? metadataPath : folder,
    metadataPath,
    metadataBytes: bytes,
    metadata,
    files,
    operators: metadata.operators.flatMap((state) => operatorsOf(state, metadata.version, files, types)),
    close: () => files.close(),
  };
}

/** Kryo 5 came with Flink 2.0, whose metadata has version 5. */
export const kryoOf = (version: MetadataVersion): 2 | 5 => (version >= 5 ? 5 : 2);

function operatorsOf(
  state: OperatorState,
  version: MetadataVersion,
  files: SnapshotFiles,
  types: TypeOptions,
): SnapshotOperator[] {
  // Subtasks have the same headers, so that one reader with its memory serves the operator.
  const context: PartContext = {
    open: (stream) => files.open(stream),
    headers: new HeaderReader(types),
    maxParallelism: state.maxParallelism,
    metadataVersion: version,
  };
  const { uid, name } = state;
  if (version > 1) {
    return [
      {
        id: state.id,
        uid,
        name,
        state,
        subtasks: state.subtasks.map((s) => subtaskOf(s, 0, s.legacyState, true, context)),
      },
    ];
  }
  const length = chainLength(state);
  return Array.from({ length }, (_, position) => ({
    id: `${state.id}/${position}`,
    uid,
    name,
    state,
    // Keyed state belongs to the head of the chain, which stands last.
    subtasks: state.subtasks.map((s) =>
      subtaskOf(s, position, s.legacyState.slice(position, position + 1), position === length - 1, context),
    ),
  }));
}

function chainLength(state: OperatorState): number {
  return state.subtasks.reduce(
    (most, s) => Math.max(most, s.managedOperatorState.length, s.rawOperatorState.length, s.legacyState.length),
    1,
  );
}

function subtaskOf(
  state: SubtaskState,
  position: number,
  legacy: readonly (StreamHandle | null)[],
  isHead: boolean,
  context: PartContext,
): SnapshotSubtask {
  const handles = {
    managedOperatorState: state.managedOperatorState[position] ?? null,
    rawOperatorState: state.rawOperatorState[position] ?? null,
    managedKeyedState: isHead ? state.managedKeyedState : null,
    rawKeyedState: isHead ? state.rawKeyedState : null,
    legacyState: legacy.filter((stream) => stream !== null),
  };
  return { index: state.index, state, ...handles, open: (signal) => openSubtask(handles, context, signal) };
}

type Handles = Pick<SnapshotSubtask, 'managedOperatorState' | 'managedKeyedState' | 'rawKeyedState'>;

async function openSubtask(handles: Handles, context: PartContext, signal?: AbortSignal): Promise<OpenedSubtask> {
  const opened: OpenedSubtask = { parts: [], failures: [] };
  const attempt = async (what: PartFailure['what'], open: () => Promise<StatePart | null>): Promise<void> => {
    throwIfAborted(signal);
    try {
      const part = await open();
      if (part !== null) opened.parts.push(part);
    } catch (e) {
      const error = asEngineError(e);
      if (error.code === 'CANCELLED') throw error;
      opened.failures.push({ what, error });
    }
  };
  const { managedOperatorState, managedKeyedState, rawKeyedState } = handles;
  if (managedOperatorState !== null) {
    await attempt('operator state', () => openOperatorState(managedOperatorState, context, signal));
  }
  if (managedKeyedState !== null) {
    await attempt('keyed state', () => openKeyedState(managedKeyedState, context, signal));
  }
  if (rawKeyedState !== null) {
    await attempt('raw keyed state', () => openRawKeyedState(rawKeyedState, context, signal));
  }
  return opened;
}
