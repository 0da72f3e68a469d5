import type { Cursor } from '../../bytes/cursor';
import type { Json } from '../../json/jsonValue';
import {
  envelope,
  envelopeList,
  expectMagic,
  fields,
  int32le,
  list,
  optional,
  type PayloadFormat,
  utf8,
  versioned,
} from './reading';
import { RECOVERABLES } from './recoverables';

/** What FileSink and StreamingFileSink keep of the files that they write. */

/**
 * `i4` magic; version 2: `boolean` and `UTF` target path if that is 1, and for a pending file `i8` size; then the versioned
 * recoverable. Source: OutputStreamBasedPartFileWriter.
 */
const recoverableFile = (what: string, magic: number, hasSize: boolean): PayloadFormat => ({
  name: what,
  versions: [1, 2],
  read: (cursor, version) => {
    expectMagic(cursor, magic, what);
    if (version === 1) return fields({ recoverable: envelope(cursor, RECOVERABLES) });
    return fields({
      targetPath: optional(cursor, 'target path', () => cursor.utf('target path')),
      ...(hasSize && { size: cursor.i64() }),
      recoverable: envelope(cursor, RECOVERABLES),
    });
  },
});

const IN_PROGRESS: readonly PayloadFormat[] = [recoverableFile('in-progress file', 0xb3a4073d, false)];
const PENDING: readonly PayloadFormat[] = [recoverableFile('pending file', 0x2c853c89, true)];

/** Little-endian `i4 n`, n bytes of UTF-8. Source: SimpleVersionedStringSerializer. */
const bucketIdString: PayloadFormat = {
  name: 'string',
  versions: [1],
  read: (cursor) => utf8(cursor, int32le(cursor), 'bucket id'),
};

/**
 * `i4` 0x1E764B79, bucket id with its version, `UTF` path, `i8` creation time, `boolean` and the file in progress if that is 1;
 * up to version 2: `i4` version of the pending files, `i4 n`, n x (`i8` checkpoint, `i4 m`, m x (`i4` length, bytes)). In version 1
 * the recoverables stand without the frames around them. Source: BucketStateSerializer, FileWriterBucketStateSerializer.
 */
function bucketState(cursor: Cursor, version: number): Json {
  expectMagic(cursor, 0x1e764b79, 'bucket state');
  const [inProgress, pending] = version === 1 ? [RECOVERABLES, RECOVERABLES] : [IN_PROGRESS, PENDING];
  const state = {
    bucketId: envelope(cursor, [bucketIdString]),
    bucketPath: cursor.utf('bucket path'),
    inProgressFileCreationTime: cursor.i64(),
    inProgressFile: optional(cursor, 'file in progress', () => envelope(cursor, inProgress)),
  };
  if (version >= 3) return fields(state);
  const pendingVersion = cursor.i32();
  const pendingFiles = list(cursor, 'checkpoints', 12, () =>
    fields({
      checkpointId: cursor.i64(),
      files: list(cursor, 'pending files', 4, () =>
        versioned(pendingVersion, cursor.frame(cursor.i32(), 'pending file'), pending),
      ),
    }),
  );
  return fields({ ...state, pendingFiles });
}

export const BUCKET_STATE_FORMATS: readonly PayloadFormat[] = [
  { name: 'file sink bucket', versions: [1, 2, 3], read: bucketState },
];

/**
 * `i4` 0x1E765C80; version 2: `UTF` bucket id; `boolean` and the pending file; `boolean` and the file in progress to clean up;
 * version 2: `boolean` and `UTF` path of the compacted file to clean up. Source: FileSinkCommittableSerializer.
 */
function fileSinkCommittable(cursor: Cursor, version: number): Json {
  expectMagic(cursor, 0x1e765c80, 'file sink committable');
  return fields({
    ...(version >= 2 && { bucketId: cursor.utf('bucket id') }),
    pendingFile: optional(cursor, 'pending file', () => envelope(cursor, PENDING)),
    inProgressFileToCleanup: optional(cursor, 'file to clean up', () => envelope(cursor, IN_PROGRESS)),
    ...(version >= 2 && {
      compactedFileToCleanup: optional(cursor, 'compacted file', () => cursor.utf('path of the compacted file')),
    }),
  });
}

export const FILE_SINK_COMMITTABLE: PayloadFormat = {
  name: 'FileSink committable',
  versions: [1, 2],
  read: fileSinkCommittable,
};

/**
 * `i4` 0x2FC61E19, `UTF` bucket id, two versioned lists of committables. Source: CompactorRequestSerializer.
 */
const compactorRequest: PayloadFormat = {
  name: 'compactor request',
  versions: [1],
  read: (cursor) => {
    expectMagic(cursor, 0x2fc61e19, 'compactor request');
    return fields({
      bucketId: cursor.utf('bucket id'),
      committableToCompact: envelopeList(cursor, 'committables', [FILE_SINK_COMMITTABLE]),
      committableToPassthrough: envelopeList(cursor, 'committables', [FILE_SINK_COMMITTABLE]),
    });
  },
};

/** `i4` 0xA946BE83, `i4 n`, n x (`i8` checkpoint, versioned list of requests). Source: CompactorOperator.RemainingRequestsSerializer. */
export const REMAINING_REQUESTS: PayloadFormat = {
  name: 'remaining requests',
  versions: [1],
  read: (cursor) => {
    expectMagic(cursor, 0xa946be83, 'list of remaining requests');
    return list(cursor, 'checkpoints', 16, () =>
      fields({ checkpointId: cursor.i64(), requests: envelopeList(cursor, 'requests', [compactorRequest]) }),
    );
  },
};
