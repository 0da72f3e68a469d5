/**
 * What a `_metadata` file says, as it says it: every field is kept, in file order, so that writing the model gives the same
 * bytes. Names are those of Flink (org.apache.flink.runtime.checkpoint and org.apache.flink.runtime.state).
 */

/** Versions of the metadata format that this engine reads and writes. */
export type MetadataVersion = 1 | 2 | 3 | 4 | 5 | 6;

export interface SnapshotMetadata {
  /** The version whose layout the file has. */
  version: MetadataVersion;
  /** The version that the file's header names: larger than `version` where a newer file could be read with its layout. */
  declaredVersion: number;
  checkpointId: bigint;
  /** Since version 2. */
  masterStates: MasterState[];
  /** One for each operator since version 2; version 1 knows tasks (chains of operators) only. */
  operators: OperatorState[];
  /** Java object stream of `CheckpointProperties` (or of null) at the end of the file, since version 4; else null. */
  properties: Uint8Array | null;
}

/** State of a `MasterTriggerRestoreHook`. */
export interface MasterState {
  version: number;
  name: string;
  payload: Uint8Array;
}

export interface OperatorState {
  /** 32 hex digits, as the web UI prints them. In version 1: the job vertex id. */
  id: string;
  /** Operator name and uid, since version 5; null where the file has none. */
  name: string | null;
  uid: string | null;
  parallelism: number;
  maxParallelism: number;
  /** Number of operators in the chain. Always 1 in version 2; absent (null) since version 3. */
  chainLength: number | null;
  /** State of the operator's coordinator, since version 3. */
  coordinatorState: InlinedStream | null;
  /** The operator finished before the snapshot, in all its subtasks (Flink 1.14 and later). */
  fullyFinished: boolean;
  /** In file order. A subtask without an entry has no state. */
  subtasks: SubtaskState[];
}

export interface SubtaskState {
  index: number;
  /** The subtask finished before the snapshot; it has no state (Flink 1.14 and later). */
  finished: boolean;
  /** Milliseconds, always -1 in files written by Flink. Versions 1 and 2 only, else null. */
  duration: bigint | null;
  /** State of the `Checkpointed` interface: in version 1 one for each operator of the chain, in version 2 without their positions. */
  legacyState: (StreamHandle | null)[];
  /** At most one since version 2; in version 1 one for each operator of the chain. */
  managedOperatorState: (OperatorStateHandle | null)[];
  rawOperatorState: (OperatorStateHandle | null)[];
  managedKeyedState: KeyedStateHandle | null;
  rawKeyedState: KeyedStateHandle | null;
  /** State of unaligned checkpoints, since version 3. */
  inputChannelState: ChannelStateHandle[];
  resultSubpartitionState: ChannelStateHandle[];
}

/** Bytes in the metadata file itself. */
export type InlinedStream = Extract<StreamHandle, { type: 'bytes' }>;

/** Bytes somewhere. `type` is the handle type code on disk (MetadataV2V3SerializerBase). */
export type StreamHandle =
  /** Inlined bytes (type 1, `ByteStreamStateHandle`). `offset` is where they lie in the metadata file. */
  | { type: 'bytes'; name: string; data: Uint8Array; offset: number }
  /** A file by absolute path (type 2, `FileStateHandle`). A size of -1 means that it is not known. */
  | { type: 'file'; path: string; size: number }
  /** A file beside the metadata (type 6, `RelativeFileStateHandle`, since 1.11). */
  | { type: 'relative'; path: string; size: number }
  /** Key groups used as a plain stream (type 3 in a stream's place). */
  | { type: 'keyGroups'; handle: KeyGroupsHandle }
  /** A stretch of a file that holds the state of several (type 15, `SegmentFileStateHandle`, since 1.20). */
  | { type: 'segment'; path: string; start: number; size: number; scope: SegmentScope; logicalFileId: string }
  /** No bytes at all (type 16, `EmptySegmentFileStateHandle`, since 1.20). */
  | { type: 'emptySegment' };

/** `CheckpointedStateScope` by ordinal. */
export type SegmentScope = 'exclusive' | 'shared';

/** How the elements of an operator state are dealt to subtasks (`OperatorStateHandle.Mode`, ordinals 0 to 2). */
export type DistributionMode = 'splitDistribute' | 'union' | 'broadcast';

export interface OperatorStateHandle {
  /** 17 where checkpoint files are merged (`FileMergingOperatorStreamStateHandle`, since 1.20), else 4. */
  type: 'partitionable' | 'segmentPartitionable';
  states: { name: string; mode: DistributionMode; offsets: number[] }[];
  /** Type 17 only. */
  segment: { taskOwnedDirectory: string; sharedDirectory: string; isEmpty: boolean } | null;
  stream: StreamHandle | null;
}

/** Types 3, 7 (savepoint, since 1.13) and 12 (with a state handle id, since 1.15). */
export interface KeyGroupsHandle {
  type: 'keyGroups' | 'savepointKeyGroups' | 'keyGroupsV2';
  startKeyGroup: number;
  /**
   * Offset of each key group's data in the stream, from `startKeyGroup` on. Raw keyed state has -1 where a key group has
   * nothing (`KeyedStateCheckpointOutputStream`); the full-snapshot layout has 0 there.
   */
  offsets: number[];
  stream: StreamHandle | null;
  /** Type 12 only. */
  stateHandleId: string | null;
}

export interface NamedStream {
  /** Name of the file in the state backend's own folder, for example `000010.sst`. */
  name: string;
  stream: StreamHandle | null;
}

/** Files of a RocksDB or ForSt instance (types 5 and, since 1.15, 11). */
export interface IncrementalHandle {
  type: 'incremental' | 'incrementalV2';
  checkpointId: bigint;
  backendId: string;
  startKeyGroup: number;
  keyGroupCount: number;
  /** Type 11 only. */
  checkpointedSize: bigint | null;
  meta: StreamHandle | null;
  shared: NamedStream[];
  private: NamedStream[];
  /** Type 11 only. */
  stateHandleId: string | null;
}

/** A materialized state and the changes since (types 8 and, since 1.16, 14). */
export interface ChangelogHandle {
  type: 'changelog' | 'changelogV2';
  startKeyGroup: number;
  keyGroupCount: number;
  /** Null in the form of Flink 1.14, as are the next two. */
  checkpointedSize: bigint | null;
  /** Flink leaves a null out when it restores. */
  materialized: (KeyedStateHandle | null)[];
  nonMaterialized: (KeyedStateHandle | null)[];
  materializationId: bigint | null;
  /** Type 14 only. */
  checkpointId: bigint | null;
  stateHandleId: string | null;
}

/** Changes inlined in the metadata (type 9, `InMemoryChangelogStateHandle`). */
export interface ChangelogBytesHandle {
  type: 'changelogBytes';
  startKeyGroup: number;
  keyGroupCount: number;
  fromSequence: bigint;
  toSequence: bigint;
  /** Key group -1 is a change of the states' metadata. `offset` is where `change` lies in the metadata file. */
  changes: { keyGroup: number; change: Uint8Array; offset: number }[];
  /** Null in the form of Flink 1.14. */
  stateHandleId: string | null;
}

/** Changes in files (types 10 and, since 1.16, 13; `ChangelogStateHandleStreamImpl`). */
export interface ChangelogFilesHandle {
  type: 'changelogFiles' | 'changelogFilesV2';
  startKeyGroup: number;
  keyGroupCount: number;
  streams: { offset: number; stream: StreamHandle | null }[];
  size: bigint;
  /** Null in the form of Flink 1.14, as is the next. */
  checkpointedSize: bigint | null;
  stateHandleId: string | null;
  /** Type 13 only. */
  storageIdentifier: string | null;
}

export type KeyedStateHandle =
  | KeyGroupsHandle
  | IncrementalHandle
  | ChangelogHandle
  | ChangelogBytesHandle
  | ChangelogFilesHandle;

/** Records in flight that an unaligned checkpoint took along. */
export type ChannelStateHandle =
  | {
      type: 'channel';
      /** Absent (null) in the form of Flink 1.11. */
      subtaskIndex: number | null;
      /** Input gate or result partition. */
      gate: number;
      /** Input channel or result subpartition. */
      channel: number;
      offsets: number[];
      size: bigint;
      stream: StreamHandle | null;
    }
  /**
   * Several channels of a subtask in one stream (version 6, `AbstractMergedChannelStateHandle`). `offsets` is kept as
   * written; `readMergedChannels` takes it apart.
   */
  | { type: 'mergedChannels'; subtaskIndex: number; size: bigint; stream: StreamHandle | null; offsets: Uint8Array };
