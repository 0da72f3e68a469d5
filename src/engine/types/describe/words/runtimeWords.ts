import { argumentOf, fieldTypes, type TypeWord } from './word';

/** Serializers of Flink's runtime: namespaces, windows, timers, values with time-to-live, and what operators of joins keep. */

const RUNTIME = 'org.apache.flink.runtime.state.';
const STREAMING = 'org.apache.flink.streaming.';
const WINDOWS = `${STREAMING}api.windowing.windows.`;

function plain(name: string, snapshotClass: string, javaClass: string, about: string): TypeWord {
  return {
    name,
    about,
    example: name,
    shape: {},
    write: (_type, out) => out.simple(snapshotClass),
    javaClass: () => javaClass,
  };
}

export const runtimeWords: readonly TypeWord[] = [
  plain(
    'void-namespace',
    `${RUNTIME}VoidNamespaceSerializer$VoidNamespaceSerializerSnapshot`,
    `${RUNTIME}VoidNamespace`,
    'the namespace of state that is in no window',
  ),
  plain(
    'time-window',
    `${WINDOWS}TimeWindow$Serializer$TimeWindowSerializerSnapshot`,
    `${WINDOWS}TimeWindow`,
    'namespace: a window of the DataStream API from start to end',
  ),
  plain(
    'global-window',
    `${WINDOWS}GlobalWindow$Serializer$GlobalWindowSerializerSnapshot`,
    `${WINDOWS}GlobalWindow`,
    'namespace: the one window of GlobalWindows',
  ),
  plain(
    'java',
    `${RUNTIME}JavaSerializer$JavaSerializerSnapshot`,
    'java.io.Serializable',
    "objects of Java's own serialization, as ListCheckpointed keeps them",
  ),
  {
    name: 'ttl',
    about: 'a value and when it was last used, as state with time-to-live keeps it',
    example: 'ttl<long>',
    shape: { arguments: [1, 1] },
    write: (type, out) =>
      out.composite(`${RUNTIME}ttl.TtlStateFactory$TtlSerializerSnapshot`, 2, [{ name: 'long' }, argumentOf(type, 0)]),
    javaClass: () => `${RUNTIME}ttl.TtlValue`,
  },
  {
    name: 'timer',
    about: 'a timer: its time, its key, its namespace',
    example: 'timer<string, void-namespace>',
    shape: { arguments: [2, 2] },
    write: (type, out) => out.composite(`${STREAMING}api.operators.TimerSerializerSnapshot`, 2, fieldTypes(type)),
    javaClass: () => `${STREAMING}api.operators.TimerHeapInternalTimer`,
  },
  {
    name: 'union',
    about: 'an element of one of the two inputs of a join or coGroup',
    example: 'union<string, long>',
    shape: { arguments: [2, 2] },
    write: (type, out) =>
      out.composite(`${STREAMING}api.datastream.CoGroupedStreams$UnionSerializerSnapshot`, 2, fieldTypes(type)),
    javaClass: () => `${STREAMING}api.datastream.CoGroupedStreams$TaggedUnion`,
  },
  {
    name: 'buffer-entry',
    about: 'an element in the buffer of an interval join',
    example: 'buffer-entry<string>',
    shape: { arguments: [1, 1] },
    write: (type, out) =>
      out.composite(
        `${STREAMING}api.operators.co.IntervalJoinOperator$BufferEntrySerializerSnapshot`,
        2,
        fieldTypes(type),
      ),
    javaClass: () => `${STREAMING}api.operators.co.IntervalJoinOperator$BufferEntry`,
  },
  {
    name: 'stream-record',
    about: 'an element and its time, as windows with an evictor keep it',
    example: 'stream-record<string>',
    shape: { arguments: [1, 1] },
    write: (type, out) =>
      out.composite(
        `${STREAMING}runtime.streamrecord.StreamElementSerializer$StreamElementSerializerSnapshot`,
        2,
        fieldTypes(type),
      ),
    javaClass: () => `${STREAMING}runtime.streamrecord.StreamElement`,
  },
  {
    name: 'array-list',
    about: 'ArrayList as the heap backend copies list state (ArrayListSerializer)',
    example: 'array-list<string>',
    shape: { arguments: [1, 1] },
    write: (type, out) => out.composite(`${RUNTIME}ArrayListSerializerSnapshot`, 1, fieldTypes(type)),
    javaClass: () => 'java.util.ArrayList',
  },
];
