import type { Cursor } from '../../bytes/cursor';
import type { Json } from '../../json/jsonValue';
import { fields, int, int32le, list, type PayloadFormat, utf8, versioned } from './reading';
import { numberSequence, PLAIN_SPLITS } from './splits';

/** Checkpoints of split enumerators, which source coordinators keep. */

/** `i4 n`, n splits. Source: NumberSequenceSource.CheckpointSerializer. */
const numberSequences = (cursor: Cursor): Json => list(cursor, 'splits', 18, () => numberSequence.read(cursor));

const PENDING_SPLITS = 0xdeadbeef;

/**
 * Little-endian: `i4` 0xDEADBEEF, `i4` version of the splits, `i4 n`, `i4 m`, n x (`i4` length, split), m x (`i4` length, UTF-8 of
 * a path that was processed). Source: PendingSplitsCheckpointSerializer.
 */
function pendingSplits(cursor: Cursor): Json {
  const at = cursor.offset;
  const magic = int32le(cursor) >>> 0;
  if (magic !== PENDING_SPLITS) throw cursor.corrupt(`Pending splits begin with another number: ${magic}.`, at);
  const version = int32le(cursor);
  const splits = countLe(cursor, 'splits');
  const paths = countLe(cursor, 'paths');
  return fields({
    splits: Array.from({ length: splits }, () =>
      versioned(version, cursor.frame(int32le(cursor), 'split'), PLAIN_SPLITS),
    ),
    alreadyProcessedPaths: Array.from({ length: paths }, () => utf8(cursor, int32le(cursor), 'path')),
  });
}

/** A little-endian number of items of at least 4 bytes each. */
function countLe(cursor: Cursor, what: string): number {
  const count = int32le(cursor);
  if (count < 0 || count * 4 > cursor.remaining) throw cursor.corrupt(`There cannot be ${count} ${what}.`);
  return count;
}

/**
 * Version 0: `i4 n`, `i4` version of the splits, n x (`i4` subtask, `i4 m`, m x (`i4` length, split)). 1: `i4 n`, n x (`UTF`
 * topic, `i4` partition). 2: each with `i4` status behind it, then `boolean` initial discovery finished. 3 (connector 5.0):
 * `i4 n`, `i4` version of the splits, n x (`i4` length, split, `i4` status), `boolean`. Status 0 is assigned, 1 is not.
 * Source: KafkaSourceEnumStateSerializer, SerdeUtils.
 */
function kafkaEnumerator(cursor: Cursor, version: number): Json {
  if (version === 0) {
    const count = cursor.count('subtasks', 8);
    const splitVersion = cursor.i32();
    return fields({
      assignments: Array.from({ length: count }, () =>
        fields({
          subtask: int(cursor),
          splits: list(cursor, 'splits', 4, () =>
            versioned(splitVersion, cursor.frame(cursor.i32(), 'split'), PLAIN_SPLITS),
          ),
        }),
      ),
    });
  }
  const count = cursor.count('partitions', version === 1 ? 6 : 8);
  const splitVersion = version === 3 ? cursor.i32() : 0;
  const partitions = Array.from({ length: count }, () => {
    const partition =
      version === 3
        ? { split: versioned(splitVersion, cursor.frame(cursor.i32(), 'split'), PLAIN_SPLITS) }
        : { topic: cursor.utf('topic'), partition: int(cursor) };
    return fields({ ...partition, ...(version > 1 && { assigned: assignmentStatus(cursor) }) });
  });
  if (version === 1) return fields({ partitions });
  return fields({ partitions, initialDiscoveryFinished: cursor.bool('flag of the initial discovery') });
}

function assignmentStatus(cursor: Cursor): boolean {
  const at = cursor.offset;
  const status = cursor.i32();
  if (status !== 0 && status !== 1) throw cursor.corrupt(`An assignment status is 0 or 1, found ${status}.`, at);
  return status === 0;
}

const PLAIN_ENUMERATORS: readonly PayloadFormat[] = [
  { name: 'NumberSequenceSource enumerator', versions: [1], read: numberSequences },
  { name: 'FileSource enumerator', versions: [1], read: pendingSplits },
  { name: 'KafkaSource enumerator', versions: [0, 1, 2, 3], read: kafkaEnumerator },
];

/** `i4` source index, `i4` version, `i4` n, n bytes of the wrapped state. Source: HybridSourceEnumeratorStateSerializer. */
const hybridEnumerator = (cursor: Cursor): Json =>
  fields({
    currentSourceIndex: int(cursor),
    state: versioned(cursor.i32(), cursor.frame(cursor.i32(), 'wrapped state'), PLAIN_ENUMERATORS),
  });

export const ENUMERATOR_FORMATS: readonly PayloadFormat[] = [
  ...PLAIN_ENUMERATORS,
  { name: 'HybridSource enumerator', versions: [0], read: hybridEnumerator },
];
