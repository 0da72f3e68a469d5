import type {
  ChangelogBytesHandle,
  ChannelStateHandle,
  KeyedStateHandle,
  OperatorState,
  OperatorStateHandle,
  SnapshotMetadata,
  StreamHandle,
  SubtaskState,
} from './model';

/** What state a piece belongs to. */
export type StateRole =
  | 'coordinator'
  | 'legacy'
  | 'managedOperator'
  | 'rawOperator'
  | 'managedKeyed'
  | 'rawKeyed'
  | 'inputChannel'
  | 'resultSubpartition';

/** A stream handle that names bytes itself, where `keyGroups` only wraps another handle. */
export type PlainStream = Exclude<StreamHandle, { type: 'keyGroups' }>;

/** A stream handle that names a file. */
export type FileStream = Extract<StreamHandle, { type: 'file' | 'relative' | 'segment' }>;

/** One place that holds bytes of state. */
export interface StatePiece {
  operator: OperatorState;
  /** Null for the coordinator's state. */
  subtask: SubtaskState | null;
  role: StateRole;
  /** Where the bytes lie; changes that are inlined in the metadata have no stream handle of their own. */
  at: PlainStream | ChangelogBytesHandle;
}

/**
 * Files whose size in the metadata is not that of the file: a changelog file counts what was written into it before
 * compression, without the byte in front (`OutputStreamWithPos`). By `sharedKey`.
 */
export function filesOfChangelogs(metadata: SnapshotMetadata): Set<string> {
  const keys = new Set<string>();
  const collect = (handle: KeyedStateHandle | null): void => {
    if (handle?.type === 'changelog' || handle?.type === 'changelogV2') {
      for (const part of handle.nonMaterialized) collect(part);
    } else if (handle?.type === 'changelogFiles' || handle?.type === 'changelogFilesV2') {
      for (const at of keyedPieces(handle)) if (isFileStream(at)) keys.add(sharedKey(at));
    }
  };
  for (const { subtasks } of metadata.operators) {
    for (const { managedKeyedState } of subtasks) collect(managedKeyedState);
  }
  return keys;
}

/** Key groups that a handle has, or may have. */
export function keyGroupsOf(handle: KeyedStateHandle): { first: number; last: number } {
  const count = 'offsets' in handle ? handle.offsets.length : handle.keyGroupCount;
  return { first: handle.startKeyGroup, last: handle.startKeyGroup + count - 1 };
}

export const isFileStream = (handle: StreamHandle | ChangelogBytesHandle): handle is FileStream =>
  handle.type === 'file' || handle.type === 'relative' || handle.type === 'segment';

/** Every place that holds state of the snapshot's operators, in file order. A file may be named many times. */
export function* statePieces(metadata: SnapshotMetadata): Generator<StatePiece> {
  for (const operator of metadata.operators) yield* piecesOfOperator(operator);
}

/** The same for one operator. */
export function* piecesOfOperator(operator: OperatorState): Generator<StatePiece> {
  const { coordinatorState } = operator;
  if (coordinatorState !== null) yield { operator, subtask: null, role: 'coordinator', at: coordinatorState };
  for (const subtask of operator.subtasks) {
    for (const [role, at] of piecesOfSubtask(subtask)) yield { operator, subtask, role, at };
  }
}

function* piecesOfSubtask(subtask: SubtaskState): Generator<[StateRole, StatePiece['at']]> {
  for (const stream of subtask.legacyState) for (const at of plain(stream)) yield ['legacy', at];
  for (const at of operatorPieces(subtask.managedOperatorState)) yield ['managedOperator', at];
  for (const at of operatorPieces(subtask.rawOperatorState)) yield ['rawOperator', at];
  for (const at of keyedPieces(subtask.managedKeyedState)) yield ['managedKeyed', at];
  for (const at of keyedPieces(subtask.rawKeyedState)) yield ['rawKeyed', at];
  for (const at of channelPieces(subtask.inputChannelState)) yield ['inputChannel', at];
  for (const at of channelPieces(subtask.resultSubpartitionState)) yield ['resultSubpartition', at];
}

function* operatorPieces(handles: (OperatorStateHandle | null)[]): Generator<PlainStream> {
  for (const handle of handles) yield* plain(handle?.stream ?? null);
}

function* channelPieces(handles: ChannelStateHandle[]): Generator<PlainStream> {
  for (const handle of handles) yield* plain(handle.stream);
}

/** Every place that holds bytes of a keyed state handle. */
export function* keyedPieces(handle: KeyedStateHandle | null): Generator<StatePiece['at']> {
  switch (handle?.type) {
    case undefined:
      return;
    case 'keyGroups':
    case 'savepointKeyGroups':
    case 'keyGroupsV2':
      yield* plain(handle.stream);
      return;
    case 'incremental':
    case 'incrementalV2':
      yield* plain(handle.meta);
      for (const { stream } of handle.shared) yield* plain(stream);
      for (const { stream } of handle.private) yield* plain(stream);
      return;
    case 'changelog':
    case 'changelogV2':
      for (const part of handle.materialized) yield* keyedPieces(part);
      for (const part of handle.nonMaterialized) yield* keyedPieces(part);
      return;
    case 'changelogBytes':
      yield handle;
      return;
    case 'changelogFiles':
    case 'changelogFilesV2':
      for (const { stream } of handle.streams) yield* plain(stream);
      return;
  }
}

/** The handle inside of any number of `keyGroups` wrappers; null where there is none. */
export function unwrapStream(handle: StreamHandle | null): PlainStream | null {
  let inner = handle;
  while (inner?.type === 'keyGroups') inner = inner.handle.stream;
  return inner;
}

function* plain(handle: StreamHandle | null): Generator<PlainStream> {
  const inner = unwrapStream(handle);
  if (inner !== null) yield inner;
}

/** Bytes of one place, as the metadata counts them; 0 where it does not know a file's size. */
export function bytesAt(at: StatePiece['at']): number {
  switch (at.type) {
    case 'bytes':
      return at.data.length;
    case 'file':
    case 'relative':
      return Math.max(at.size, 0);
    case 'segment':
      return at.size;
    case 'emptySegment':
      return 0;
    case 'changelogBytes':
      return at.changes.reduce((sum, { change }) => sum + change.length, 0);
  }
}

/** Equal for two handles of the same bytes of the same file; null for inlined bytes, which every handle has for itself. */
export function sharedKey(at: FileStream): string;
export function sharedKey(at: StatePiece['at']): string | null;
export function sharedKey(at: StatePiece['at']): string | null {
  switch (at.type) {
    case 'file':
    case 'relative':
      return `${at.type}:${at.path}`;
    case 'segment':
      return `segment:${at.start}:${at.size}:${at.path}`;
    default:
      return null;
  }
}

/** Bytes of all these pieces together. */
export const bytesOfPieces = (pieces: Iterable<StatePiece>): number => totalBytes([...pieces].map(({ at }) => at));

/** Bytes of all these places together; what several of them share counts once. */
export function totalBytes(places: Iterable<StatePiece['at']>): number {
  const counted = new Set<string>();
  let total = 0;
  for (const at of places) {
    const key = sharedKey(at);
    if (key !== null) {
      if (counted.has(key)) continue;
      counted.add(key);
    }
    total += bytesAt(at);
  }
  return total;
}
