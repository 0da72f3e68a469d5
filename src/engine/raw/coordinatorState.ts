import { Cursor } from '../bytes/cursor';
import { toValue } from '../java/jdk';
import { readJavaObject } from '../java/objectStream';
import type { Json } from '../json/jsonValue';
import { toJson } from '../json/writeJson';
import { ENUMERATOR_FORMATS } from './payload/enumerators';
import { fields, list, versioned } from './payload/reading';
import { SPLIT_FORMATS } from './payload/splits';

/** Header of Java's object serialization: magic number and version 5. */
const JAVA_STREAM = 0xaced0005;

/**
 * State of an operator's coordinator. That of a source (SourceCoordinator):
 *
 *     i4 version (0 in 1.11, later 1), i4 version of the enumerator, i4 n, n bytes of the enumerator
 *     version 0 goes on: i4 n, n x (i4 subtask, UTF location) registered readers, i4 version of the splits,
 *     i4 n, n x (i8 checkpoint, i4 m, m x (i4 subtask, i4 k, k x (i4 length, split)))
 *
 * A collecting sink's (CollectSinkOperatorCoordinator) is a Java object: the address of the sink. Any other is its job's own.
 * Source: SourceCoordinatorSerdeUtils of 1.11 and 2.3.
 */
export function readCoordinatorState(bytes: Uint8Array): Json {
  const cursor = new Cursor(bytes);
  if (bytes.length >= 4 && new Cursor(bytes).u32() === JAVA_STREAM) {
    const value = toJson(toValue(readJavaObject(cursor)));
    cursor.expectEnd('the Java object');
    return fields({ format: 'Java object', value });
  }
  const at = cursor.offset;
  const version = cursor.i32();
  if (version !== 0 && version !== 1) {
    throw cursor.error('UNSUPPORTED', `State of source coordinators has version 0 or 1, found ${version}.`, at);
  }
  const enumerator = versioned(cursor.i32(), cursor.frame(cursor.i32(), 'enumerator'), ENUMERATOR_FORMATS);
  const state = { format: 'SourceCoordinator', coordinatorVersion: BigInt(version), enumerator };
  const decoded = version === 0 ? { ...state, ...readTracker(cursor) } : state;
  cursor.expectEnd("the coordinator's state");
  return fields(decoded);
}

function readTracker(cursor: Cursor): Record<string, Json> {
  const registeredReaders = list(cursor, 'readers', 6, () =>
    fields({ subtask: BigInt(cursor.i32()), location: cursor.utf('location') }),
  );
  const splitVersion = cursor.i32();
  const assignmentsByCheckpoint = list(cursor, 'checkpoints', 12, () =>
    fields({
      checkpointId: cursor.i64(),
      subtasks: list(cursor, 'subtasks', 8, () =>
        fields({
          subtask: BigInt(cursor.i32()),
          splits: list(cursor, 'splits', 4, () =>
            versioned(splitVersion, cursor.frame(cursor.i32(), 'split'), SPLIT_FORMATS),
          ),
        }),
      ),
    }),
  );
  return { registeredReaders, assignmentsByCheckpoint };
}
