import type { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import type { Sink } from '../bytes/sink';
import { readChangelogBytes, readChangelogFiles, writeChangelogBytes, writeChangelogFiles } from './changelogHandles';
import type { Dialect } from './dialect';
import { readKeyGroupRange, readList, readOffsets, writeList, writeOffsets } from './fields';
import { HandleType } from './handleType';
import type { ChangelogHandle, IncrementalHandle, KeyedStateHandle, KeyGroupsHandle, NamedStream } from './model';
import { readStreamHandle, writeStreamHandle } from './streamHandles';

/**
 * Keyed state handles. One byte type, then
 *
 * - 0: nothing, there is no handle
 * - 3, 7, 12 `KeyGroupsStateHandle`: int start, int n, n x long offset, stream handle, [12: UTF state handle id]
 * - 5, 11 `IncrementalRemoteKeyedStateHandle`: long checkpoint id, UTF backend id, int start, int n,
 *   [11: long checkpointed size], stream handle of the metadata, shared files, private files, [11: UTF state handle id];
 *   files: int n, n x (UTF name, stream handle)
 * - 8, 14 `ChangelogStateBackendHandle`: int start, int n, [since 1.15: long checkpointed size],
 *   int n, n x keyed handle (materialized), int n, n x keyed handle (changes),
 *   [since 1.15: long materialization id, 14: long checkpoint id, UTF state handle id]
 * - 9, 10, 13: changes, see changelogHandles.ts
 *
 * Source: MetadataV2V3SerializerBase#serializeKeyedStateHandle.
 */
export function readKeyedHandle(cursor: Cursor, dialect: Dialect): KeyedStateHandle | null {
  const at = cursor.offset;
  const type = cursor.u8();
  switch (type) {
    case HandleType.null:
      return null;
    case HandleType.keyGroups:
      return readKeyGroups(cursor, 'keyGroups');
    case HandleType.savepointKeyGroups:
      return readKeyGroups(cursor, 'savepointKeyGroups');
    case HandleType.keyGroupsV2:
      return readKeyGroups(cursor, 'keyGroupsV2');
    case HandleType.incremental:
      return readIncremental(cursor, 'incremental');
    case HandleType.incrementalV2:
      return readIncremental(cursor, 'incrementalV2');
    case HandleType.changelog:
      return readChangelog(cursor, 'changelog', dialect);
    case HandleType.changelogV2:
      return readChangelog(cursor, 'changelogV2', dialect);
    case HandleType.changelogBytes:
      return readChangelogBytes(cursor, dialect);
    case HandleType.changelogFiles:
      return readChangelogFiles(cursor, 'changelogFiles', dialect);
    case HandleType.changelogFilesV2:
      return readChangelogFiles(cursor, 'changelogFilesV2', dialect);
    default:
      throw cursor.corrupt(`A keyed state handle of type ${type} does not exist.`, at);
  }
}

export function writeKeyedHandle(sink: Sink, handle: KeyedStateHandle | null): void {
  if (handle === null) {
    sink.u8(HandleType.null);
    return;
  }
  sink.u8(HandleType[handle.type]);
  switch (handle.type) {
    case 'keyGroups':
    case 'savepointKeyGroups':
    case 'keyGroupsV2':
      writeKeyGroups(sink, handle);
      return;
    case 'incremental':
    case 'incrementalV2':
      writeIncremental(sink, handle);
      return;
    case 'changelog':
    case 'changelogV2':
      writeChangelog(sink, handle);
      return;
    case 'changelogBytes':
      writeChangelogBytes(sink, handle);
      return;
    case 'changelogFiles':
    case 'changelogFilesV2':
      writeChangelogFiles(sink, handle);
      return;
  }
}

function readKeyGroups(cursor: Cursor, type: KeyGroupsHandle['type']): KeyGroupsHandle {
  const { start, count } = readKeyGroupRange(cursor);
  const offsets = readOffsets(cursor, count, 'Offset of a key group');
  const stream = readStreamHandle(cursor);
  const stateHandleId = type === 'keyGroupsV2' ? cursor.utf('state handle id') : null;
  return { type, startKeyGroup: start, offsets, stream, stateHandleId };
}

function writeKeyGroups(sink: Sink, handle: KeyGroupsHandle): void {
  sink.i32(handle.startKeyGroup);
  sink.i32(handle.offsets.length);
  writeOffsets(sink, handle.offsets);
  writeStreamHandle(sink, handle.stream);
  if (handle.type === 'keyGroupsV2') sink.utf(present(handle.stateHandleId, 'state handle id', handle));
}

/** Shared or private files: a UTF name takes two bytes at least and a handle one. */
const readNamedStreams = (cursor: Cursor): NamedStream[] =>
  readList(cursor, 'state files', 3, () => ({ name: cursor.utf('name of a file'), stream: readStreamHandle(cursor) }));

function writeNamedStreams(sink: Sink, files: NamedStream[]): void {
  writeList(sink, files, (file) => {
    sink.utf(file.name);
    writeStreamHandle(sink, file.stream);
  });
}

function readIncremental(cursor: Cursor, type: IncrementalHandle['type']): IncrementalHandle {
  const isV2 = type === 'incrementalV2';
  const checkpointId = cursor.i64();
  const backendId = cursor.utf('backend id');
  const { start, count } = readKeyGroupRange(cursor);
  const checkpointedSize = isV2 ? cursor.i64() : null;
  const meta = readStreamHandle(cursor);
  const shared = readNamedStreams(cursor);
  const own = readNamedStreams(cursor);
  const stateHandleId = isV2 ? cursor.utf('state handle id') : null;
  return {
    type,
    checkpointId,
    backendId,
    startKeyGroup: start,
    keyGroupCount: count,
    checkpointedSize,
    meta,
    shared,
    private: own,
    stateHandleId,
  };
}

function writeIncremental(sink: Sink, handle: IncrementalHandle): void {
  const isV2 = handle.type === 'incrementalV2';
  sink.i64(handle.checkpointId);
  sink.utf(handle.backendId);
  sink.i32(handle.startKeyGroup);
  sink.i32(handle.keyGroupCount);
  if (isV2) sink.i64(present(handle.checkpointedSize, 'checkpointed size', handle));
  writeStreamHandle(sink, handle.meta);
  writeNamedStreams(sink, handle.shared);
  writeNamedStreams(sink, handle.private);
  if (isV2) sink.utf(present(handle.stateHandleId, 'state handle id', handle));
}

function readChangelog(cursor: Cursor, type: ChangelogHandle['type'], dialect: Dialect): ChangelogHandle {
  const isV2 = type === 'changelogV2';
  const hasIds = isV2 || dialect.changelogIds;
  const { start, count } = readKeyGroupRange(cursor);
  const checkpointedSize = hasIds ? cursor.i64() : null;
  const readHandle = () => cursor.nested(() => readKeyedHandle(cursor, dialect));
  const materialized = readList(cursor, 'materialized state handles', 1, readHandle);
  const nonMaterialized = readList(cursor, 'changelog handles', 1, readHandle);
  const materializationId = hasIds ? cursor.i64() : null;
  const checkpointId = isV2 ? cursor.i64() : null;
  const stateHandleId = hasIds ? cursor.utf('state handle id') : null;
  return {
    type,
    startKeyGroup: start,
    keyGroupCount: count,
    checkpointedSize,
    materialized,
    nonMaterialized,
    materializationId,
    checkpointId,
    stateHandleId,
  };
}

/** A handle of type 8 without a state handle id is written in the form of Flink 1.14. */
function writeChangelog(sink: Sink, handle: ChangelogHandle): void {
  const isV2 = handle.type === 'changelogV2';
  const hasIds = isV2 || handle.stateHandleId !== null;
  sink.i32(handle.startKeyGroup);
  sink.i32(handle.keyGroupCount);
  if (hasIds) sink.i64(present(handle.checkpointedSize, 'checkpointed size', handle));
  writeList(sink, handle.materialized, (h) => writeKeyedHandle(sink, h));
  writeList(sink, handle.nonMaterialized, (h) => writeKeyedHandle(sink, h));
  if (hasIds) sink.i64(present(handle.materializationId, 'materialization id', handle));
  if (isV2) sink.i64(present(handle.checkpointId, 'checkpoint id', handle));
  if (hasIds) sink.utf(present(handle.stateHandleId, 'state handle id', handle));
}

/** A field that the layout of this handle type has. */
function present<T>(value: T | null, what: string, handle: KeyedStateHandle): T {
  if (value === null) throw new EngineError('BAD_VALUE', `A handle of type ${handle.type} needs a ${what}.`);
  return value;
}
