import type { Cursor } from '../../bytes/cursor';
import type { Sink } from '../../bytes/sink';
import type { Json } from '../../json/jsonValue';
import { readStringValue, writeStringValue } from '../../types/families/stringValue';
import { arrayFrom, badValue, inside, intFrom, longFrom, recordFrom, stringFrom } from '../../types/jsonInput';
import { fields, int, list, optional, type PayloadFormat, versioned, writeVersioned } from './reading';

/** Splits, as source readers keep them in `SourceReaderState`. */

/** One layout: JSON of what the bytes say, and the bytes again. */
interface Form {
  read(cursor: Cursor): Json;
  write(sink: Sink, json: Json): void;
}

/** `UTF` id, `i8` from, `i8` to, both inclusive. Source: NumberSequenceSource.SplitSerializer. */
export const numberSequence: Form = {
  read: (cursor) => fields({ splitId: cursor.utf('split id'), from: cursor.i64(), to: cursor.i64() }),
  write(sink, json) {
    const field = recordFrom(json, ['splitId', 'from', 'to'], 'a number sequence split');
    sink.utf(field('splitId', stringFrom));
    sink.i64(field('from', longFrom));
    sink.i64(field('to', longFrom));
  },
};

/** `UTF` topic, `i4` partition, `i8` starting and `i8` stopping offset. Source: KafkaPartitionSplitSerializer. */
const kafkaSplit: Form = {
  read(cursor) {
    const topic = cursor.utf('topic');
    const partition = cursor.i32();
    if (partition < 0) throw cursor.corrupt(`A partition is negative: ${partition}.`);
    return fields({
      topic,
      partition: BigInt(partition),
      startingOffset: cursor.i64(),
      stoppingOffset: cursor.i64(),
    });
  },
  write(sink, json) {
    const field = recordFrom(json, ['topic', 'partition', 'startingOffset', 'stoppingOffset'], 'a Kafka split');
    sink.utf(field('topic', stringFrom));
    sink.i32(field('partition', partitionFrom));
    const starting = field('startingOffset', (offset) => offsetFrom(offset, STARTING));
    const stopping = field('stoppingOffset', (offset) => offsetFrom(offset, STOPPING));
    sink.i64(starting);
    sink.i64(stopping);
  },
};

/** `UTF` cluster, `i4` version, then the bytes of a split of KafkaSource. Source: DynamicKafkaSourceSplitSerializer. */
const dynamicKafkaSplit: Form = {
  read(cursor) {
    const kafkaClusterId = cursor.utf('cluster');
    const at = cursor.offset;
    const version = cursor.i32();
    if (version !== 0) throw cursor.corrupt(`Splits of KafkaSource have version 0, found ${version}.`, at);
    return fields({ kafkaClusterId, split: kafkaSplit.read(cursor) });
  },
  write(sink, json) {
    const field = recordFrom(json, ['kafkaClusterId', 'split'], 'a split of a dynamic Kafka source');
    sink.utf(field('kafkaClusterId', stringFrom));
    sink.i32(0);
    field('split', (split) => kafkaSplit.write(sink, split));
  },
};

/** Offsets that are no places in a partition. Source: KafkaPartitionSplit. */
const EARLIEST = -2n;
const LATEST = -1n;
const COMMITTED = -3n;
const NO_STOP = -(1n << 63n);
const STARTING: readonly bigint[] = [EARLIEST, LATEST, COMMITTED];
const STOPPING: readonly bigint[] = [LATEST, COMMITTED, NO_STOP];

function partitionFrom(json: Json): number {
  const partition = intFrom(json);
  if (partition < 0) throw badValue(`A partition is 0 or more, found ${partition}.`);
  return partition;
}

/** What Flink's own check takes (KafkaPartitionSplit#verifyInitialOffset, #verifyStoppingOffset): else it fails to restore. */
function offsetFrom(json: Json, special: readonly bigint[]): bigint {
  const offset = longFrom(json);
  if (offset >= 0n || special.includes(offset)) return offset;
  throw badValue(`An offset here is 0 or more, or one of ${special.join(', ')}; found ${offset}.`);
}

const nullableString: Form = {
  read: (cursor) => optional(cursor, 'string', () => readStringValue(cursor)),
  write: (sink, json) => writeOptional(sink, json, () => writeStringValue(sink, stringFrom(json))),
};

const PATH_FIELDS = ['scheme', 'userInfo', 'host', 'port', 'path', 'query', 'fragment'] as const;

/** `boolean` and, if that is 1, the parts of its URI: three nullable strings, `i4` port, three more. Source: Path. */
const flinkPath: Form = {
  read: (cursor) =>
    optional(cursor, 'path', () =>
      fields({
        scheme: nullableString.read(cursor),
        userInfo: nullableString.read(cursor),
        host: nullableString.read(cursor),
        port: int(cursor),
        path: nullableString.read(cursor),
        query: nullableString.read(cursor),
        fragment: nullableString.read(cursor),
      }),
    ),
  write: (sink, json) =>
    writeOptional(sink, json, () => {
      const field = recordFrom(json, PATH_FIELDS, 'a path');
      for (const name of PATH_FIELDS) {
        if (name === 'port') sink.i32(field(name, intFrom));
        else field(name, (part) => nullableString.write(sink, part));
      }
    }),
};

/**
 * `UTF` id, path, `i8` offset, `i8` length, `i8` modification time and `i8` size of the file (1.14 has neither), `i4 n` and n `UTF`
 * host names, `boolean` and, if that is 1, `i8` offset and `i8` records behind it. The version is 1 with and without the two
 * fields: which of the two it is shows in where the bytes end. Source: FileSourceSplitSerializer.
 */
const fileSplit = (withFileStatus: boolean): Form => ({
  read: (cursor) =>
    fields({
      splitId: cursor.utf('split id'),
      path: flinkPath.read(cursor),
      offset: cursor.i64(),
      length: cursor.i64(),
      ...(withFileStatus && { fileModificationTime: cursor.i64(), fileSize: cursor.i64() }),
      hostnames: list(cursor, 'host names', 2, () => cursor.utf('host name')),
      readerPosition: optional(cursor, 'reader position', () =>
        fields({ offset: cursor.i64(), recordsAfterOffset: cursor.i64() }),
      ),
    }),
  write(sink, json) {
    const status = withFileStatus ? (['fileModificationTime', 'fileSize'] as const) : [];
    const longs = ['offset', 'length', ...status];
    const field = recordFrom(json, ['splitId', 'path', ...longs, 'hostnames', 'readerPosition'], 'a file split');
    sink.utf(field('splitId', stringFrom));
    field('path', (path) => flinkPath.write(sink, path));
    for (const name of longs) sink.i64(field(name, longFrom));
    const hosts = field('hostnames', arrayFrom);
    sink.i32(hosts.length);
    for (const [i, host] of hosts.entries()) inside(`hostnames / [${i}]`, () => sink.utf(stringFrom(host)));
    field('readerPosition', (position) =>
      writeOptional(sink, position, () => {
        const part = recordFrom(position, ['offset', 'recordsAfterOffset'], 'a position');
        sink.i64(part('offset', longFrom));
        sink.i64(part('recordsAfterOffset', longFrom));
      }),
    );
  },
});

/** `boolean`, and what `write` writes unless it is null. */
function writeOptional(sink: Sink, json: Json, write: () => void): void {
  sink.bool(json !== null);
  if (json !== null) write();
}

export const PLAIN_SPLITS: readonly PayloadFormat[] = [
  { name: 'NumberSequenceSource split', versions: [1], ...numberSequence },
  { name: 'FileSource split', versions: [1], ...fileSplit(true) },
  { name: 'FileSource split', versions: [1], ...fileSplit(false) },
  { name: 'KafkaSource split', versions: [0], ...kafkaSplit },
  { name: 'DynamicKafkaSource split', versions: [1], ...dynamicKafkaSplit },
];

/** `i4` source index, `UTF` split id, `i4` version, `i4` n, n bytes of the wrapped split. Source: HybridSourceSplitSerializer. */
const hybridSplit: Form = {
  read: (cursor) =>
    fields({
      sourceIndex: int(cursor),
      splitId: cursor.utf('split id'),
      split: versioned(cursor.i32(), cursor.frame(cursor.i32(), 'wrapped split'), PLAIN_SPLITS),
    }),
  write(sink, json) {
    const field = recordFrom(json, ['sourceIndex', 'splitId', 'split'], 'a hybrid split');
    sink.i32(field('sourceIndex', intFrom));
    sink.utf(field('splitId', stringFrom));
    field('split', (split) => writeVersioned(sink, split, PLAIN_SPLITS));
  },
};

export const SPLIT_FORMATS: readonly PayloadFormat[] = [
  ...PLAIN_SPLITS,
  { name: 'HybridSource split', versions: [0], ...hybridSplit },
];
