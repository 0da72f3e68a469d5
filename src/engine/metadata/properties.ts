import { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import { type JavaObject, type JavaValue, javaField } from '../java/javaValue';
import { readJavaObject } from '../java/objectStream';

/** A Java object stream that holds null: what the State Processor API writes for properties. Flink restores from it. */
export const NULL_PROPERTIES: Uint8Array = Uint8Array.of(0xac, 0xed, 0x00, 0x05, 0x70);

/** What kind of snapshot it is, as far as the properties say it. */
export interface SnapshotType {
  kind: 'savepoint' | 'checkpoint' | 'unknown';
  /** A checkpoint is always in the state backend's own format; of savepoints the properties say it. */
  format: 'canonical' | 'native' | 'unknown';
  /** Flink's own name: `Checkpoint`, `Full Checkpoint`, `Savepoint`, `Terminate Savepoint`, `Suspend Savepoint`. */
  name: string | null;
  /** `SnapshotType.SharingFilesStrategy`; a savepoint shares no files. */
  sharing: 'FORWARD_BACKWARD' | 'FORWARD' | 'NO_SHARING' | null;
}

const UNKNOWN: SnapshotType = { kind: 'unknown', format: 'unknown', name: null, sharing: null };

/**
 * Reads the Java object stream of `CheckpointProperties`. Nobody needs it to read the state, so an object that this program
 * cannot take apart is no error; a stream that Java could not read either is. With `exactly`, the stream must end with the
 * object.
 */
export function readProperties(
  properties: Uint8Array | null,
  file: string | undefined,
  { offset = 0, exactly = false } = {},
): JavaValue {
  if (properties === null) return null;
  const cursor = new Cursor(properties, file === undefined ? { offset } : { file, offset });
  try {
    const value = readJavaObject(cursor);
    if (exactly) cursor.expectEnd('the checkpoint properties');
    return value;
  } catch (e) {
    if (e instanceof EngineError && e.code === 'UNREADABLE' && !exactly) return null;
    if (e instanceof EngineError) throw e.at({ where: 'checkpoint properties' });
    throw e;
  }
}

/**
 * The snapshot's type from the Java object stream at the end of the metadata, since version 4. Older snapshots do not say
 * what they are, and those of the State Processor API hold null.
 *
 * Source: org.apache.flink.runtime.checkpoint.CheckpointProperties, CheckpointType and SavepointType.
 */
export function snapshotTypeOf(properties: Uint8Array | null): SnapshotType {
  const value = readProperties(properties, undefined);
  if (!isObject(value)) return UNKNOWN;
  const type = javaField(value, 'checkpointType');
  if (!isObject(type)) return UNKNOWN;
  const name = stringOf(javaField(type, 'name'));
  switch (type.className) {
    case 'org.apache.flink.runtime.checkpoint.CheckpointType':
      return {
        kind: 'checkpoint',
        format: 'native',
        name,
        sharing: sharingOf(javaField(type, 'sharingFilesStrategy')),
      };
    case 'org.apache.flink.runtime.checkpoint.SavepointType':
      return { kind: 'savepoint', format: formatOf(javaField(type, 'formatType')), name, sharing: 'NO_SHARING' };
    default:
      return { ...UNKNOWN, name };
  }
}

const isObject = (value: JavaValue | undefined): value is JavaObject =>
  typeof value === 'object' && value !== null && value.kind === 'object';

const stringOf = (value: JavaValue | undefined): string | null => (typeof value === 'string' ? value : null);

const enumOf = (value: JavaValue | undefined): string | null =>
  typeof value === 'object' && value !== null && value.kind === 'enum' ? value.constant : null;

function formatOf(value: JavaValue | undefined): SnapshotType['format'] {
  const constant = enumOf(value);
  return constant === 'CANONICAL' ? 'canonical' : constant === 'NATIVE' ? 'native' : 'unknown';
}

function sharingOf(value: JavaValue | undefined): SnapshotType['sharing'] {
  const constant = enumOf(value);
  return constant === 'FORWARD_BACKWARD' || constant === 'FORWARD' || constant === 'NO_SHARING' ? constant : null;
}
