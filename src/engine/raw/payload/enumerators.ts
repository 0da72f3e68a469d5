import type { Cursor } from '../../bytes/cursor';
import { toValue } from '../../java/jdk';
import { readJavaObject } from '../../java/objectStream';
import type { Json } from '../../json/jsonValue';
import { toJson } from '../../json/writeJson';
import { countLe, fields, int, int32le, list, optional, type PayloadFormat, utf8, versioned } from './reading';
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
  const splits = countLe(cursor, 'splits', 4);
  const paths = countLe(cursor, 'paths', 4);
  return fields({
    splits: Array.from({ length: splits }, () =>
      versioned(version, cursor.frame(int32le(cursor), 'split'), PLAIN_SPLITS),
    ),
    alreadyProcessedPaths: Array.from({ length: paths }, () => utf8(cursor, int32le(cursor), 'path')),
  });
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

const KAFKA_ENUMERATOR: PayloadFormat = {
  name: 'KafkaSource enumerator',
  versions: [0, 1, 2, 3],
  read: kafkaEnumerator,
};

/**
 * `i4 n`, n streams, `i4` version of the enumerators, `i4 m`, m x (`UTF` cluster, `i4` length, enumerator). A stream is `UTF` id, `i4 n`,
 * n x (`UTF` cluster, `i4 m` and m `UTF` topics, `UTF` bootstrap servers). Version 2 (connector 5.0) has behind the servers two
 * times `boolean` and, if that is 1, `i4` length and a Java object: where to start and where to stop.
 * Source: DynamicKafkaSourceEnumStateSerializer.
 */
function dynamicKafkaEnumerator(cursor: Cursor, version: number): Json {
  const offsets = (what: string): Json => optional(cursor, what, () => javaObject(cursor.frame(cursor.i32(), what)));
  const kafkaStreams = list(cursor, 'streams', 6, () =>
    fields({
      streamId: cursor.utf('stream'),
      clusters: list(cursor, 'clusters', 8, () =>
        fields({
          kafkaClusterId: cursor.utf('cluster'),
          topics: list(cursor, 'topics', 2, () => cursor.utf('topic')),
          bootstrapServers: cursor.utf('bootstrap servers'),
          ...(version > 1 && {
            startingOffsetsInitializer: offsets('starting offsets'),
            stoppingOffsetsInitializer: offsets('stopping offsets'),
          }),
        }),
      ),
    }),
  );
  const enumeratorVersion = cursor.i32();
  const clusterEnumeratorStates = list(cursor, 'enumerators', 6, () =>
    fields({
      kafkaClusterId: cursor.utf('cluster'),
      state: versioned(enumeratorVersion, cursor.frame(cursor.i32(), 'enumerator'), [KAFKA_ENUMERATOR]),
    }),
  );
  return fields({ kafkaStreams, clusterEnumeratorStates });
}

function javaObject(frame: Cursor): Json {
  const value = toJson(toValue(readJavaObject(frame)));
  frame.expectEnd('the Java object');
  return value;
}

const PLAIN_ENUMERATORS: readonly PayloadFormat[] = [
  { name: 'NumberSequenceSource enumerator', versions: [1], read: numberSequences },
  { name: 'FileSource enumerator', versions: [1], read: pendingSplits },
  KAFKA_ENUMERATOR,
  { name: 'DynamicKafkaSource enumerator', versions: [1, 2], read: dynamicKafkaEnumerator },
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
