import type { Cursor } from '../../bytes/cursor';
import type { Json } from '../../json/jsonValue';
import { readStringValue } from '../../types/families/stringValue';
import { fields, int, int32le, list, optional, type PayloadFormat, utf8, versioned } from './reading';

/** Splits, as source readers keep them in `SourceReaderState`. */

/** `UTF` id, `i8` from, `i8` to, both inclusive. Source: NumberSequenceSource.SplitSerializer. */
const numberSequence = (cursor: Cursor): Json =>
  fields({ splitId: cursor.utf('split id'), from: cursor.i64(), to: cursor.i64() });

/** `UTF` topic, `i4` partition, `i8` starting and `i8` stopping offset. Source: KafkaPartitionSplitSerializer. */
const kafkaSplit = (cursor: Cursor): Json => {
  const topic = cursor.utf('topic');
  const partition = cursor.i32();
  if (partition < 0) throw cursor.corrupt(`A partition is negative: ${partition}.`);
  return fields({
    topic,
    partition: BigInt(partition),
    startingOffset: cursor.i64(),
    stoppingOffset: cursor.i64(),
  });
};

const nullableString = (cursor: Cursor): Json => optional(cursor, 'string', () => readStringValue(cursor));

/** `boolean` and, if that is 1, the parts of its URI: three nullable strings, `i4` port, three more. Source: Path. */
const flinkPath = (cursor: Cursor): Json =>
  optional(cursor, 'path', () =>
    fields({
      scheme: nullableString(cursor),
      userInfo: nullableString(cursor),
      host: nullableString(cursor),
      port: int(cursor),
      path: nullableString(cursor),
      query: nullableString(cursor),
      fragment: nullableString(cursor),
    }),
  );

/**
 * `UTF` id, path, `i8` offset, `i8` length, `i8` modification time and `i8` size of the file (1.14 has neither), `i4 n` and n `UTF`
 * host names, `boolean` and, if that is 1, `i8` offset and `i8` records behind it. The version is 1 with and without the two
 * fields: which of the two it is shows in where the bytes end. Source: FileSourceSplitSerializer.
 */
const fileSplit =
  (withFileStatus: boolean) =>
  (cursor: Cursor): Json =>
    fields({
      splitId: cursor.utf('split id'),
      path: flinkPath(cursor),
      offset: cursor.i64(),
      length: cursor.i64(),
      ...(withFileStatus && { fileModificationTime: cursor.i64(), fileSize: cursor.i64() }),
      hostnames: list(cursor, 'host names', 2, () => cursor.utf('host name')),
      readerPosition: optional(cursor, 'reader position', () =>
        fields({ offset: cursor.i64(), recordsAfterOffset: cursor.i64() }),
      ),
    });

const PLAIN_SPLITS: readonly PayloadFormat[] = [
  { name: 'NumberSequenceSource split', versions: [1], read: numberSequence },
  { name: 'FileSource split', versions: [1], read: fileSplit(true) },
  { name: 'FileSource split', versions: [1], read: fileSplit(false) },
  { name: 'KafkaSource split', versions: [0], read: kafkaSplit },
];

/** `i4` source index, `UTF` split id, `i4` version, `i4` n, n bytes of the wrapped split. Source: HybridSourceSplitSerializer. */
const hybridSplit = (cursor: Cursor): Json =>
  fields({
    sourceIndex: int(cursor),
    splitId: cursor.utf('split id'),
    split: versioned(cursor.i32(), cursor.frame(cursor.i32(), 'wrapped split'), PLAIN_SPLITS),
  });

export const SPLIT_FORMATS: readonly PayloadFormat[] = [
  ...PLAIN_SPLITS,
  { name: 'HybridSource split', versions: [0], read: hybridSplit },
];

/** Checkpoints of split enumerators, which source coordinators keep. */

/** `i4 n`, n splits. Source: NumberSequenceSource.CheckpointSerializer. */
const numberSequences = (cursor: Cursor): Json => list(cursor, 'splits', 18, () => numberSequence(cursor));

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
