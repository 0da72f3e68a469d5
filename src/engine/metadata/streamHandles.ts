import type { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import type { Sink } from '../bytes/sink';
import { readKeyGroupRange, readOffsets, readSizeOrNone, writeOffsets } from './fields';
import { HandleType } from './handleType';
import type { InlinedStream, SegmentScope, StreamHandle } from './model';

/** `CheckpointedStateScope` in the order of its ordinals. */
const SCOPES: readonly SegmentScope[] = ['exclusive', 'shared'];

/**
 * Stream state handles: where bytes lie. One byte type, then
 *
 * - 0: nothing, there is no handle
 * - 1 `ByteStreamStateHandle`: UTF name, int n, n bytes
 * - 2 `FileStateHandle`: long size (-1 unknown), UTF path
 * - 3 `KeyGroupsStateHandle` in a stream's place: int start, int n, n x long offset, stream handle
 * - 6 `RelativeFileStateHandle`, since 1.11: UTF path relative to the metadata's folder, long size
 * - 15 `SegmentFileStateHandle`, since 1.20: long start, long size, int scope, UTF path, UTF logical file id
 * - 16 `EmptySegmentFileStateHandle`, since 1.20: nothing
 *
 * Source: MetadataV2V3SerializerBase#serializeStreamStateHandle.
 */
export function readStreamHandle(cursor: Cursor): StreamHandle | null {
  const at = cursor.offset;
  const type = cursor.u8();
  switch (type) {
    case HandleType.null:
      return null;
    case HandleType.bytes: {
      const name = cursor.utf('name of inlined state');
      const data = cursor.bytes4('inlined state');
      return { type: 'bytes', name, data, offset: cursor.offset - data.length };
    }
    case HandleType.file: {
      const size = readSizeOrNone(cursor, 'Size of a state file');
      return { type: 'file', path: cursor.utf('path of a state file'), size };
    }
    case HandleType.relative: {
      const path = cursor.utf('path of a state file');
      return { type: 'relative', path, size: readSizeOrNone(cursor, 'Size of a state file') };
    }
    case HandleType.keyGroups: {
      const { start, count } = readKeyGroupRange(cursor);
      const offsets = readOffsets(cursor, count, 'Offset of a key group');
      const stream = cursor.nested(() => readStreamHandle(cursor));
      const handle = { type: 'keyGroups', startKeyGroup: start, offsets, stream, stateHandleId: null } as const;
      return { type: 'keyGroups', handle };
    }
    case HandleType.segment: {
      const start = cursor.size('Start of a segment');
      const size = cursor.size('Size of a segment');
      const ordinal = cursor.i32();
      const scope = SCOPES[ordinal];
      if (scope === undefined)
        throw cursor.corrupt(`Scope of a segment is 0 or 1, found ${ordinal}.`, cursor.offset - 4);
      const path = cursor.utf('path of a merged state file');
      return { type: 'segment', path, start, size, scope, logicalFileId: cursor.utf('logical file id') };
    }
    case HandleType.emptySegment:
      return { type: 'emptySegment' };
    default:
      throw cursor.corrupt(`A stream state handle of type ${type} does not exist.`, at);
  }
}

/** A handle that can only be inlined bytes or nothing. */
export function readInlinedStream(cursor: Cursor, what: string): InlinedStream | null {
  const at = cursor.offset;
  const handle = readStreamHandle(cursor);
  if (handle === null || handle.type === 'bytes') return handle;
  throw cursor.corrupt(`The ${what} must be inlined in the metadata, but is a handle of kind ${handle.type}.`, at);
}

export function writeStreamHandle(sink: Sink, handle: StreamHandle | null): void {
  if (handle === null) {
    sink.u8(HandleType.null);
    return;
  }
  sink.u8(HandleType[handle.type]);
  switch (handle.type) {
    case 'bytes':
      sink.utf(handle.name);
      sink.bytes4(handle.data);
      return;
    case 'file':
      sink.i64(handle.size);
      sink.utf(handle.path);
      return;
    case 'relative':
      sink.utf(handle.path);
      sink.i64(handle.size);
      return;
    case 'keyGroups': {
      const { type, startKeyGroup, offsets, stream } = handle.handle;
      if (type !== 'keyGroups') {
        throw new EngineError('BAD_VALUE', `Key groups of type ${type} cannot stand in a stream's place.`);
      }
      sink.i32(startKeyGroup);
      sink.i32(offsets.length);
      writeOffsets(sink, offsets);
      writeStreamHandle(sink, stream);
      return;
    }
    case 'segment':
      sink.i64(handle.start);
      sink.i64(handle.size);
      sink.i32(SCOPES.indexOf(handle.scope));
      sink.utf(handle.path);
      sink.utf(handle.logicalFileId);
      return;
    case 'emptySegment':
      return;
  }
}
