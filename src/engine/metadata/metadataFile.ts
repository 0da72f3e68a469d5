import { Cursor } from '../bytes/cursor';
import { asEngineError, EngineError } from '../bytes/engineError';
import { Sink } from '../bytes/sink';
import { type Dialect, dialectsOf } from './dialect';
import { readList, writeList } from './fields';
import { notASnapshot } from './foreignFile';
import { MINIMUM_MASTER_STATE_BYTES, readMasterState, writeMasterState } from './masterState';
import type { MetadataVersion, SnapshotMetadata } from './model';
import { readOperatorStates, writeOperatorStates } from './operatorStates';
import { readProperties } from './properties';

/** First four bytes of a metadata file (`Checkpoints.HEADER_MAGIC_NUMBER`). */
export const METADATA_MAGIC = 0x4960672d;

/** Releases that write each version. */
export const WRITTEN_BY: Readonly<Record<MetadataVersion, string>> = {
  1: 'Flink 1.2',
  2: 'Flink 1.3 to 1.10',
  3: 'Flink 1.11 to 1.15',
  4: 'Flink 1.16 to 1.20',
  5: 'Flink 2.0',
  6: 'Flink 2.1 and later',
};

export const NEWEST_VERSION = 6 satisfies MetadataVersion;

const isKnown = (version: number): version is MetadataVersion => version in WRITTEN_BY;

/**
 * Reads a `_metadata` file (Flink 1.2: the savepoint's single file): int magic 0x4960672D, int version, long checkpoint id,
 * since version 2 int n master states and those, int n operators and those, since version 4 the checkpoint's properties as a
 * Java object stream. Byte strings of the result are views of `bytes`.
 *
 * A file of a newer version is read with the newest known layout, and taken where that consumes it to the last byte.
 *
 * Fails with `NOT_A_SNAPSHOT`, `UNSUPPORTED_VERSION`, `TRUNCATED`, `CORRUPT` or `LIMIT`.
 * Source: org.apache.flink.runtime.checkpoint.Checkpoints and .metadata.MetadataSerializers (before 1.11: SavepointStore).
 */
export function readMetadata(bytes: Uint8Array, file: string): SnapshotMetadata {
  const declared = readHeader(bytes, file);
  if (isKnown(declared)) return readKnown(bytes, file, declared);
  if (declared > NEWEST_VERSION) return readNewer(bytes, file, declared);
  const what = declared === 0 ? 'was written by Flink 1.1' : 'does not exist';
  throw new EngineError('UNSUPPORTED_VERSION', `Version ${declared} of snapshot metadata ${what}. ${KNOWN_VERSIONS}`, {
    file,
    offset: 4,
    hint: declared === 0 ? 'Restore it with Flink 1.2 and take a new savepoint there.' : DAMAGED,
  });
}

const KNOWN_VERSIONS = `Versions 1 to ${NEWEST_VERSION} can be read.`;
const DAMAGED =
  'The file was damaged after Flink wrote it. Take the snapshot from its origin again and compare the sizes.';
const INCOMPLETE = 'The file is not complete. Take the snapshot from its origin again and compare the sizes.';

/** What to tell of a file whose version is newer than those known; null for others. */
export function newerVersionWarning(metadata: SnapshotMetadata): string | null {
  const { declaredVersion, version } = metadata;
  if (declaredVersion === version) return null;
  return `The metadata has version ${declaredVersion}, which is newer than ${version}, the newest known. It was read as version ${version}, whose layout fits it to the last byte.`;
}

function readHeader(bytes: Uint8Array, file: string): number {
  checkMagic(bytes, file);
  const cursor = new Cursor(bytes, { file });
  try {
    cursor.skip(4, 'magic number');
    return cursor.i32();
  } catch (e) {
    throw asEngineError(e, { hint: INCOMPLETE });
  }
}

/** Fails with `NOT_A_SNAPSHOT` unless a file that begins with these bytes can be a metadata file. */
export function checkMagic(head: Uint8Array, file: string): void {
  const magic = new Sink(4);
  magic.i32(METADATA_MAGIC);
  if (head.length === 0 || magic.toBytes().some((byte, i) => i < head.length && head[i] !== byte)) {
    throw notASnapshot(head, file);
  }
}

/** In the first dialect that fits; where none does, the error of the one that came furthest, for it is the likeliest. */
function readKnown(bytes: Uint8Array, file: string, version: MetadataVersion): SnapshotMetadata {
  let furthest: EngineError | null = null;
  for (const dialect of dialectsOf(version)) {
    try {
      return readBody(new Cursor(bytes, { file }, 8), dialect);
    } catch (e) {
      const error = asEngineError(e, { file });
      if (furthest === null || (error.offset ?? 0) > (furthest.offset ?? 0)) furthest = error;
    }
  }
  if (furthest === null) throw new EngineError('INTERNAL', `Version ${version} has no dialect.`, { file });
  throw furthest.at({ hint: furthest.code === 'TRUNCATED' ? INCOMPLETE : DAMAGED });
}

function readNewer(bytes: Uint8Array, file: string, declared: number): SnapshotMetadata {
  try {
    const metadata = readKnown(bytes, file, NEWEST_VERSION);
    readProperties(metadata.properties, file, { exactly: true });
    return { ...metadata, declaredVersion: declared };
  } catch (e) {
    throw new EngineError(
      'UNSUPPORTED_VERSION',
      `The metadata has version ${declared}, and it cannot be read as version ${NEWEST_VERSION}, the newest known.`,
      { file, offset: 4, hint: 'A newer release of this program may know it.', cause: e },
    );
  }
}

function readBody(cursor: Cursor, dialect: Dialect): SnapshotMetadata {
  const { version } = dialect;
  const checkpointId = cursor.i64();
  if (version >= 2 && checkpointId < 0n) {
    throw cursor.corrupt(`The checkpoint id is negative: ${checkpointId}.`, cursor.offset - 8);
  }
  const masterStates =
    version >= 2 ? readList(cursor, 'master states', MINIMUM_MASTER_STATE_BYTES, () => readMasterState(cursor)) : [];
  const operators = readOperatorStates(cursor, dialect);
  let properties: Uint8Array | null = null;
  if (version >= 4) {
    properties = cursor.take(cursor.remaining);
    readProperties(properties, cursor.file, { offset: cursor.offset - properties.length });
  } else {
    cursor.expectEnd('the last operator');
  }
  return { version, declaredVersion: version, checkpointId, masterStates, operators, properties };
}

/**
 * The bytes of a `_metadata` file. What was read by `readMetadata` gives the same bytes again. Fails with `BAD_VALUE` where
 * the model holds what its version has no place for, and with `LIMIT` for strings that are too long.
 */
export function writeMetadata(metadata: SnapshotMetadata): Uint8Array {
  const { version, declaredVersion, checkpointId, masterStates, operators, properties } = metadata;
  const refuse = (what: string) => new EngineError('BAD_VALUE', `Version ${version} of the metadata ${what}.`);
  if (version < 2 && masterStates.length > 0) throw refuse('has no place for master states');
  if (version < 4 && properties !== null) throw refuse('has no place for checkpoint properties');
  const sink = new Sink(1024);
  sink.i32(METADATA_MAGIC);
  sink.i32(declaredVersion);
  sink.i64(checkpointId);
  if (version >= 2) writeList(sink, masterStates, (state) => writeMasterState(sink, state));
  writeOperatorStates(sink, operators, version);
  if (version >= 4) {
    if (properties === null) throw refuse('needs checkpoint properties');
    sink.raw(properties);
  }
  return sink.toBytes();
}
