import { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import type { Sink } from '../bytes/sink';
import type { Dialect } from './dialect';
import { readCountedOffsets, readList, writeCountedOffsets } from './fields';
import type { ChannelStateHandle, MetadataVersion } from './model';
import { readStreamHandle, writeStreamHandle } from './streamHandles';

export type ChannelDirection = 'input' | 'result';

/** Type bytes of version 6 (`ChannelStateHandleSerializerV2`). */
const CHANNEL = { input: 1, result: 2 } as const;
const MERGED = { input: 3, result: 4 } as const;

/** Least bytes of a handle: a merged one with its type, subtask index, size, no stream and no offsets. */
export const MINIMUM_CHANNEL_HANDLE_BYTES = 18;

/**
 * Handles of records in flight, which unaligned checkpoints take along.
 *
 * - Versions 3 to 5: [since 1.12: int subtask index], int input gate or result partition, int input channel or result
 *   subpartition, int n, n x long offset, long size, stream handle
 * - Version 6, after a type byte: 1 input or 2 result as above; 3 input or 4 result merged: int subtask index, long size,
 *   stream handle, int n, n bytes of offsets
 *
 * Source: ChannelStateHandleSerializer of 1.11, ChannelStateHandleSerializerV1 and V2 of 2.1.
 */
export function readChannelHandle(cursor: Cursor, dialect: Dialect, direction: ChannelDirection): ChannelStateHandle {
  if (dialect.version >= 6) {
    const at = cursor.offset;
    const type = cursor.u8();
    if (type === MERGED[direction]) return readMerged(cursor);
    if (type !== CHANNEL[direction]) {
      throw cursor.corrupt(`A channel state handle of type ${type} does not exist for ${direction} channels.`, at);
    }
  }
  const subtaskIndex = dialect.channelSubtask ? cursor.i32() : null;
  const gate = cursor.i32();
  const channel = cursor.i32();
  const offsets = readCountedOffsets(cursor, 'channel state');
  const size = cursor.i64();
  return { type: 'channel', subtaskIndex, gate, channel, offsets, size, stream: readStreamHandle(cursor) };
}

function readMerged(cursor: Cursor): ChannelStateHandle {
  const subtaskIndex = cursor.i32();
  const size = cursor.i64();
  const stream = readStreamHandle(cursor);
  return { type: 'mergedChannels', subtaskIndex, size, stream, offsets: cursor.bytes4('offsets of merged channels') };
}

export function writeChannelHandle(
  sink: Sink,
  handle: ChannelStateHandle,
  version: MetadataVersion,
  direction: ChannelDirection,
): void {
  if (handle.type === 'mergedChannels') {
    if (version < 6) throw new EngineError('BAD_VALUE', `Version ${version} has no merged channel state handles.`);
    sink.u8(MERGED[direction]);
    sink.i32(handle.subtaskIndex);
    sink.i64(handle.size);
    writeStreamHandle(sink, handle.stream);
    sink.bytes4(handle.offsets);
    return;
  }
  if (version >= 6) sink.u8(CHANNEL[direction]);
  if (handle.subtaskIndex !== null) sink.i32(handle.subtaskIndex);
  else if (version > 3) {
    throw new EngineError('BAD_VALUE', `A channel state handle of version ${version} needs a subtask index.`);
  }
  sink.i32(handle.gate);
  sink.i32(handle.channel);
  writeCountedOffsets(sink, handle.offsets);
  sink.i64(handle.size);
  writeStreamHandle(sink, handle.stream);
}

/** One channel's part of a merged handle. */
export interface MergedChannel {
  gate: number;
  channel: number;
  size: bigint;
  offsets: number[];
}

/**
 * The channels of a merged handle: int n, n x (int gate or partition, int channel or subpartition, long size, int n,
 * n x long offset). Source: AbstractMergedChannelStateHandle, since 2.1.
 */
export function readMergedChannels(
  handle: Extract<ChannelStateHandle, { type: 'mergedChannels' }>,
  file?: string,
): MergedChannel[] {
  const cursor = new Cursor(handle.offsets, file === undefined ? {} : { file });
  const channels = readList(cursor, 'merged channels', 20, () => ({
    gate: cursor.i32(),
    channel: cursor.i32(),
    size: cursor.i64(),
    offsets: readCountedOffsets(cursor, 'channel state'),
  }));
  cursor.expectEnd('the offsets of merged channels');
  return channels;
}
