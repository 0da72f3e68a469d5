import type { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import type { Sink } from '../bytes/sink';
import type { Dialect } from './dialect';
import { readKeyGroupRange, readList, readSizeOrNone, writeList } from './fields';
import type { ChangelogBytesHandle, ChangelogFilesHandle } from './model';
import { readStreamHandle, writeStreamHandle } from './streamHandles';

/**
 * Changes since the last materialization, type 9 `InMemoryChangelogStateHandle`: int start, int n key groups, long from,
 * long to, int n, n x (int key group or -1, int n, n bytes), [since 1.15: UTF state handle id].
 */
export function readChangelogBytes(cursor: Cursor, dialect: Dialect): ChangelogBytesHandle {
  const { start, count } = readKeyGroupRange(cursor);
  const fromSequence = cursor.i64();
  const toSequence = cursor.i64();
  const changes = readList(cursor, 'changes', 8, () => {
    const keyGroup = cursor.i32();
    const change = cursor.bytes4('change');
    return { keyGroup, change, offset: cursor.offset - change.length };
  });
  const stateHandleId = dialect.changelogIds ? cursor.utf('state handle id') : null;
  return {
    type: 'changelogBytes',
    startKeyGroup: start,
    keyGroupCount: count,
    fromSequence,
    toSequence,
    changes,
    stateHandleId,
  };
}

/** Without a state handle id, the form of Flink 1.14. */
export function writeChangelogBytes(sink: Sink, handle: ChangelogBytesHandle): void {
  sink.i32(handle.startKeyGroup);
  sink.i32(handle.keyGroupCount);
  sink.i64(handle.fromSequence);
  sink.i64(handle.toSequence);
  writeList(sink, handle.changes, ({ keyGroup, change }) => {
    sink.i32(keyGroup);
    sink.bytes4(change);
  });
  if (handle.stateHandleId !== null) sink.utf(handle.stateHandleId);
}

/**
 * Types 10 and 13 `ChangelogStateHandleStreamImpl`: int start, int n key groups, int n, n x (long offset, stream handle),
 * long size, [since 1.15: long checkpointed size, UTF state handle id], [13: UTF storage identifier].
 */
export function readChangelogFiles(
  cursor: Cursor,
  type: ChangelogFilesHandle['type'],
  dialect: Dialect,
): ChangelogFilesHandle {
  const isV2 = type === 'changelogFilesV2';
  const hasIds = isV2 || dialect.changelogIds;
  const { start, count } = readKeyGroupRange(cursor);
  const streams = readList(cursor, 'changelog streams', 9, () => {
    const offset = readSizeOrNone(cursor, 'Offset of changes');
    return { offset, stream: readStreamHandle(cursor) };
  });
  const size = cursor.i64();
  const checkpointedSize = hasIds ? cursor.i64() : null;
  const stateHandleId = hasIds ? cursor.utf('state handle id') : null;
  const storageIdentifier = isV2 ? cursor.utf('storage identifier') : null;
  return {
    type,
    startKeyGroup: start,
    keyGroupCount: count,
    streams,
    size,
    checkpointedSize,
    stateHandleId,
    storageIdentifier,
  };
}

/** A handle of type 10 without a state handle id is written in the form of Flink 1.14. */
export function writeChangelogFiles(sink: Sink, handle: ChangelogFilesHandle): void {
  const { type, checkpointedSize, stateHandleId, storageIdentifier } = handle;
  const isV2 = type === 'changelogFilesV2';
  sink.i32(handle.startKeyGroup);
  sink.i32(handle.keyGroupCount);
  writeList(sink, handle.streams, ({ offset, stream }) => {
    sink.i64(offset);
    writeStreamHandle(sink, stream);
  });
  sink.i64(handle.size);
  if (!isV2 && stateHandleId === null) return;
  if (checkpointedSize === null || stateHandleId === null) {
    throw new EngineError('BAD_VALUE', `A handle of type ${type} needs a checkpointed size and a state handle id.`);
  }
  sink.i64(checkpointedSize);
  sink.utf(stateHandleId);
  if (!isV2) return;
  if (storageIdentifier === null) {
    throw new EngineError('BAD_VALUE', `A handle of type ${type} needs a storage identifier.`);
  }
  sink.utf(storageIdentifier);
}
