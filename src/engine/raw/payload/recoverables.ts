import type { Cursor } from '../../bytes/cursor';
import type { Json } from '../../json/jsonValue';
import { uuid } from '../../types/families/kryo/scalars';
import { countLe, fields, int32le, int64le, list, type PayloadFormat, utf8 } from './reading';

/** How Flink's file systems remember a file that is being written (`RecoverableWriter`), all of version 1. */

/**
 * Little-endian: `i4` magic, `i8` offset, `i4 n`, `i4 m`, n bytes of the target's and m of the temporary file's path, UTF-8.
 * Source: LocalRecoverableSerializer, HadoopRecoverableSerializer.
 */
const twoPaths =
  (magic: number) =>
  (cursor: Cursor): Json => {
    expectMagicLe(cursor, magic);
    const offset = int64le(cursor);
    const target = int32le(cursor);
    const temporary = int32le(cursor);
    return fields({
      offset,
      targetFile: utf8(cursor, target, 'path of the target file'),
      tempFile: utf8(cursor, temporary, 'path of the temporary file'),
    });
  };

/**
 * Little-endian, strings as `i4 n` and n bytes of UTF-8: `i4` 0x98761432, name of the object, id of the upload, `i4 n`, n x (`i4` part,
 * etag), `i8` bytes in parts, name of the object with the incomplete part (empty where there is none), `i8` its length (-1 then).
 * Source: S3RecoverableSerializer.
 */
function s3Recoverable(cursor: Cursor): Json {
  expectMagicLe(cursor, 0x98761432);
  const string = (what: string): string => utf8(cursor, int32le(cursor), what);
  const objectName = string('name of the object');
  const uploadId = string('id of the upload');
  const parts = Array.from({ length: countLe(cursor, 'parts', 8) }, () =>
    fields({ partNumber: BigInt(int32le(cursor)), eTag: string('etag') }),
  );
  const numBytesInParts = int64le(cursor);
  const incomplete = string('name of the incomplete object');
  return fields({
    objectName,
    uploadId,
    parts,
    numBytesInParts,
    incompleteObjectName: incomplete === '' ? null : incomplete,
    incompleteObjectLength: int64le(cursor),
  });
}

/** `UTF` bucket, `UTF` object, `i4 n`, n x 16 bytes of a UUID. Source: GSCommitRecoverableSerializer. */
const gsCommit = (cursor: Cursor): Record<string, Json> => ({
  bucketName: cursor.utf('bucket'),
  objectName: cursor.utf('object'),
  componentObjectIds: list(cursor, 'components', 16, () => uuid(cursor.i64(), cursor.i64())),
});

function expectMagicLe(cursor: Cursor, magic: number): void {
  const at = cursor.offset;
  if (int32le(cursor) >>> 0 !== magic) throw cursor.corrupt('This recoverable begins with another number.', at);
}

export const RECOVERABLES: readonly PayloadFormat[] = [
  { name: 'local recoverable', versions: [1], read: twoPaths(0x1e744b57) },
  { name: 'Hadoop recoverable', versions: [1], read: twoPaths(0xd7436c5e) },
  { name: 'S3 recoverable', versions: [1], read: s3Recoverable },
  { name: 'GCS commit recoverable', versions: [1], read: (cursor) => fields(gsCommit(cursor)) },
  {
    // Behind that of a commit: `i8` position, `boolean` closed. Source: GSResumeRecoverableSerializer.
    name: 'GCS resume recoverable',
    versions: [1],
    read: (cursor) => fields({ ...gsCommit(cursor), position: cursor.i64(), closed: cursor.bool('flag of the end') }),
  },
];
