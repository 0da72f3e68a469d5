import type { TypeInfo } from './types/typeInfo';

/**
 * What a snapshot is, told without reading its data files beyond their headers: the one model behind the editor, the tree
 * view and `inspect`. Plain data, so that it crosses threads as it is.
 */
export interface SnapshotDescription {
  /** The snapshot's folder (or, for Flink 1.2, its single file). */
  path: string;
  metadataPath: string;
  metadataVersion: number;
  /** Releases that write this metadata version: `Flink 2.1 and later`. */
  writtenBy: string;
  checkpointId: bigint;
  kind: 'savepoint' | 'checkpoint' | 'unknown';
  format: 'canonical' | 'native' | 'unknown';
  /** Some keyed state shares files with other checkpoints. */
  incremental: boolean;
  /** Bytes of all state, inlined and in files, as the metadata counts them; a file that serves several handles counts once. */
  bytes: number;
  /** Size of the metadata file itself. */
  metadataBytes: number;
  operators: OperatorDescription[];
  masterStates: { name: string; version: number; bytes: number }[];
  channelStateBytes: number;
  /** Files named by the metadata, without the metadata file itself. */
  files: FileDescription[];
  /** What is wrong or noteworthy, worst first. */
  problems: Problem[];
}

export interface FileDescription {
  /** As the metadata names it. */
  path: string;
  /** Where it was found; null if it was not. */
  location: string | null;
  /** Size that the metadata gives. */
  bytes: number;
  found: boolean;
  /** Found beside the metadata and not where the metadata says. */
  moved: boolean;
  /** The size on disk, where it differs from `bytes`. */
  actualBytes: number | null;
}

export interface OperatorDescription {
  /** 32 hex digits; for Flink 1.2 `vertexId/n`. */
  id: string;
  uid: string | null;
  name: string | null;
  parallelism: number;
  maxParallelism: number;
  /** Subtasks that have state. */
  subtasks: number;
  fullyFinished: boolean;
  finishedSubtasks: number;
  /** Spelled; null without keyed state, or where the snapshot does not say. */
  keyType: string | null;
  bytes: number;
  /** Bytes by subtask index. */
  subtaskBytes: { subtask: number; bytes: number }[];
  coordinatorBytes: number;
  channelStateBytes: number;
  rawKeyedBytes: number;
  rawOperatorBytes: number;
  /** State of the `Checkpointed` interface of Flink 1.2. */
  legacyBytes: number;
  states: StateDescription[];
  problems: Problem[];
  /** What the person's workspace says of it; the engine, which reads snapshots alone, leaves it out. */
  given?: OperatorGiven;
}

/** Where the name of an operator comes from that its snapshot knows by its hash. A uid that fits the hash stands in `uid`. */
export interface OperatorGiven {
  /** A name of the person's own, which is no uid. */
  readonly label: string | null;
  readonly by: 'settings' | 'source' | 'plan';
  readonly place: SourcePlace | null;
}

/** A place in a source file: absolute path; line and column from 1. */
export interface SourcePlace {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

export type StateKind =
  | 'value'
  | 'list'
  | 'map'
  | 'reducing'
  | 'aggregating'
  | 'folding'
  | 'timer'
  | 'operator-list'
  | 'operator-union'
  | 'broadcast'
  | 'unknown';

export type StateBackendKind = 'operator' | 'canonical' | 'heap' | 'rocksdb' | 'changelog' | 'raw';

export interface StateDescription {
  name: string;
  kind: StateKind;
  backend: StateBackendKind;
  /** Spelled; null where the state has none, or `VoidNamespace`. */
  keyType: string | null;
  namespaceType: string | null;
  /** The value's type, spelled; for a map state `map<K, V>`, for a timer its key's. */
  type: string;
  /** The same as data. */
  typeInfo: TypeInfo;
  /** Values carry a time-to-live stamp. */
  ttl: boolean;
  /** Bytes of this state; null where the format mixes states and only reading everything would tell. */
  bytes: number | null;
  /** Elements or entries, where a header says it. */
  entries: number | null;
  /** Subtasks whose header names this state. */
  subtasks: number;
  readable: boolean;
  /** Why not, where it is not. */
  why: string | null;
}

/** Plain form of an `EngineError`, or a finding of the same shape. */
export interface Problem {
  severity: 'error' | 'warning' | 'info';
  code: string;
  message: string;
  file: string | null;
  offset: number | null;
  where: string | null;
  hint: string | null;
}
