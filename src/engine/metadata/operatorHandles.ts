import type { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import type { Sink } from '../bytes/sink';
import { readCountedOffsets, readList, writeCountedOffsets, writeList } from './fields';
import { HandleType } from './handleType';
import type { DistributionMode, OperatorStateHandle } from './model';
import { readStreamHandle, writeStreamHandle } from './streamHandles';

/** `OperatorStateHandle.Mode` in the order of its ordinals. Before Flink 1.5, ordinal 1 was called BROADCAST. */
const MODES: readonly DistributionMode[] = ['splitDistribute', 'union', 'broadcast'];

/**
 * Operator state handles. One byte type, then
 *
 * - 0: nothing, there is no handle
 * - 4 `OperatorStreamStateHandle`: int n, n x (UTF state name, byte mode, int n, n x long offset), stream handle
 * - 17 `FileMergingOperatorStreamStateHandle`, since 1.20: as 4, but before the stream handle stand UTF task-owned folder,
 *   UTF shared folder, boolean empty; the stream handle is a segment
 *
 * Source: MetadataV2V3SerializerBase#serializeOperatorStateHandle.
 */
export function readOperatorStateHandle(cursor: Cursor): OperatorStateHandle | null {
  const at = cursor.offset;
  const type = cursor.u8();
  if (type === HandleType.null) return null;
  if (type !== HandleType.partitionable && type !== HandleType.segmentPartitionable) {
    throw cursor.corrupt(`An operator state handle of type ${type} does not exist.`, at);
  }
  // UTF length, mode and number of offsets.
  const states = readList(cursor, 'operator states', 7, () => {
    const name = cursor.utf('state name');
    const ordinal = cursor.u8();
    const mode = MODES[ordinal];
    if (mode === undefined) {
      throw cursor.corrupt(`Distribution mode of state "${name}" is 0, 1 or 2, found ${ordinal}.`, cursor.offset - 1);
    }
    return { name, mode, offsets: readCountedOffsets(cursor, 'operator state') };
  });
  if (type === HandleType.partitionable) {
    return { type: 'partitionable', states, segment: null, stream: readStreamHandle(cursor) };
  }
  const taskOwnedDirectory = cursor.utf('task-owned folder');
  const sharedDirectory = cursor.utf('shared folder');
  const isEmpty = cursor.bool('flag of empty operator state');
  const segment = { taskOwnedDirectory, sharedDirectory, isEmpty };
  return { type: 'segmentPartitionable', states, segment, stream: readStreamHandle(cursor) };
}

export function writeOperatorStateHandle(sink: Sink, handle: OperatorStateHandle | null): void {
  if (handle === null) {
    sink.u8(HandleType.null);
    return;
  }
  sink.u8(HandleType[handle.type]);
  writeList(sink, handle.states, ({ name, mode, offsets }) => {
    sink.utf(name);
    sink.u8(MODES.indexOf(mode));
    writeCountedOffsets(sink, offsets);
  });
  if (handle.type === 'segmentPartitionable') {
    if (handle.segment === null) {
      throw new EngineError('BAD_VALUE', 'A segmented operator state handle needs its folders.');
    }
    sink.utf(handle.segment.taskOwnedDirectory);
    sink.utf(handle.segment.sharedDirectory);
    sink.bool(handle.segment.isEmpty);
  }
  writeStreamHandle(sink, handle.stream);
}
