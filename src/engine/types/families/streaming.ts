import type { Cursor } from '../../bytes/cursor';
import { utf8 } from '../../json/jsonBytes';
import { type Codec, VARIABLE } from '../codec';
import type { TypeFamily } from '../family';
import { badValue, inside, objectFrom } from '../jsonInput';
import { CLOSE_OBJECT, printerOf } from '../printer';
import { TtlValue } from '../values';
import { booleanShape, longShape, printLong } from './basic';
import { codecOf, type Field, type Part, RecordPart, sumOfLengths } from './fields';
import { composite, serializerWith, serializerWithArray, simple } from './snapshotForms';
import { streamElement } from './streamElement';
import { taggedUnion } from './taggedUnion';

/** Serializers of Flink's runtime: namespaces, windows, timers, time-to-live, and what stream operators keep. */

/** `VoidNamespaceSerializer`: one byte 0. Its `getLength()` is 0 all the same. */
const voidNamespace = (serializer: string): Codec<null> => ({
  type: { name: 'void-namespace', serializer },
  length: 0,
  read(cursor) {
    zero(cursor, 'VoidNamespace');
    return null;
  },
  skip: (cursor) => zero(cursor, 'VoidNamespace'),
  write: (sink) => sink.u8(0),
  fromJson(json) {
    if (json !== null) throw badValue('The only value of VoidNamespace is null.');
    return null;
  },
  hash: () => 99,
});

/** `GlobalWindow.Serializer`: one byte 0. `getLength()` was 0 before 1.15, which lays out keys in the same way. */
export const globalWindow = (serializer: string): Codec<string> => ({
  type: { name: 'global-window', serializer },
  length: 1,
  read(cursor) {
    zero(cursor, 'GlobalWindow');
    return GLOBAL_WINDOW;
  },
  skip: (cursor) => zero(cursor, 'GlobalWindow'),
  write: (sink) => sink.u8(0),
  fromJson(json) {
    if (json !== GLOBAL_WINDOW) throw badValue(`The only global window is "${GLOBAL_WINDOW}".`);
    return GLOBAL_WINDOW;
  },
  hash: () => 0,
});

const GLOBAL_WINDOW = 'GlobalWindow';

function zero(cursor: Cursor, what: string): void {
  const value = cursor.u8();
  if (value !== 0) throw cursor.corrupt(`${what} is one byte 0, found ${value}.`, cursor.offset - 1);
}

/** `TimeWindow.Serializer`: `i8 start, i8 end` (exclusive), milliseconds. */
const TIME_WINDOW = new RecordPart('time window', [
  { name: 'start', part: longShape },
  { name: 'end', part: longShape },
]);
export const timeWindow = (serializer: string): Codec => codecOf({ name: 'time-window', serializer }, TIME_WINDOW);

const LAST_ACCESS = utf8('{"$ttl":');
const VALUE = utf8(',"value":');

/** `TtlStateFactory.TtlSerializer` (1.6 and later): `i8` last access in milliseconds, then the value. */
function ttl([time, value]: Codec[], serializer: string): Codec<TtlValue> {
  const print = printerOf(value);
  return {
    type: { name: 'ttl', arguments: [value.type], serializer },
    length: sumOfLengths([time, value]),
    parts: [value],
    read(cursor) {
      const lastAccess = longShape.read(cursor);
      return new TtlValue(lastAccess, value.read(cursor));
    },
    skip(cursor) {
      longShape.skip(cursor);
      value.skip(cursor);
    },
    write(sink, v) {
      longShape.write(sink, v.lastAccess);
      value.write(sink, v.value);
    },
    print(cursor, out) {
      out.raw(LAST_ACCESS);
      printLong(cursor, out);
      out.raw(VALUE);
      print(cursor, out);
      out.byte(CLOSE_OBJECT);
    },
    fromJson(json) {
      const object = objectFrom(json, 'a value with time-to-live');
      const lastAccess = inside('$ttl', () => longShape.fromJson(object.get('$ttl') ?? null));
      return new TtlValue(
        lastAccess,
        inside('value', () => value.fromJson(object.get('value') ?? null)),
      );
    },
  };
}

/** `MathUtils.flipSignBit`: negative times sort before positive ones, byte by byte. */
const SORTED_LONG: Part<bigint> = {
  length: 8,
  read: (cursor) => BigInt.asIntN(64, cursor.i64() ^ SIGN_BIT),
  skip: longShape.skip,
  write: (sink, value) => sink.i64(BigInt.asIntN(64, value ^ SIGN_BIT)),
  fromJson: longShape.fromJson,
};
const SIGN_BIT = -(1n << 63n);

/** `TimerSerializer` (1.6 and later): `i8` time with its sign bit flipped, key, namespace. */
function timer([key, namespace]: Codec[], serializer: string): Codec {
  const part = new RecordPart('timer', [
    { name: 'timestamp', part: SORTED_LONG },
    { name: 'key', part: key },
    { name: 'namespace', part: namespace },
  ]);
  const type = { name: 'timer', arguments: [key.type, namespace.type], serializer };
  return { ...codecOf(type, part), parts: [key, namespace] };
}

/** `IntervalJoinOperator.BufferEntrySerializer`: `boolean` whether it was joined, then the element. */
function bufferEntry([element]: Codec[], serializer: string): Codec {
  const stored: Field[] = [
    { name: 'hasBeenJoined', part: booleanShape },
    { name: 'element', part: element },
  ];
  const part = new RecordPart('buffer entry', stored, ['element', 'hasBeenJoined']);
  // BufferEntrySerializer.getLength() is -1 even where the element's length is fixed.
  return { ...codecOf({ name: 'buffer-entry', arguments: [element.type], serializer }, part), length: VARIABLE };
}

/** `CRowSerializer` of SQL's first planner (1.4 to 1.13): the row, then `boolean` whether it is added rather than taken back. */
function changedRow([row]: Codec[], serializer: string): Codec {
  const part = new RecordPart('changed row', [
    { name: 'row', part: row },
    { name: 'change', part: booleanShape },
  ]);
  return { ...codecOf({ name: 'crow', arguments: [row.type], serializer }, part), length: VARIABLE };
}

const RUNTIME = 'org.apache.flink.runtime.state.';
const CROW = 'org.apache.flink.table.runtime.types.CRowSerializer';
const STREAMING = 'org.apache.flink.streaming.';

export const streaming: TypeFamily = {
  snapshots: {
    [`${RUNTIME}VoidNamespaceSerializer$VoidNamespaceSerializerSnapshot`]: simple(voidNamespace),
    [`${STREAMING}api.windowing.windows.TimeWindow$Serializer$TimeWindowSerializerSnapshot`]: simple(timeWindow),
    [`${STREAMING}api.windowing.windows.GlobalWindow$Serializer$GlobalWindowSerializerSnapshot`]: simple(globalWindow),
    [`${RUNTIME}ttl.TtlStateFactory$TtlSerializerSnapshot`]: composite(2, 2, ttl),
    [`${RUNTIME}v2.ttl.TtlStateFactory$TtlSerializerSnapshot`]: composite(2, 2, ttl),
    [`${RUNTIME}ttl.TtlAwareSerializerSnapshot`]: (input) => {
      if (input.version !== 1)
        throw input.cursor.error('UNSUPPORTED_VERSION', `Version ${input.version} of ${input.className} is not known.`);
      input.cursor.bool('flag of time-to-live');
      return input.nested();
    },
    [`${STREAMING}api.operators.TimerSerializerSnapshot`]: composite(2, 2, timer),
    [`${STREAMING}runtime.streamrecord.StreamElementSerializer$StreamElementSerializerSnapshot`]: composite(
      1,
      2,
      streamElement,
    ),
    [`${STREAMING}api.datastream.CoGroupedStreams$UnionSerializerSnapshot`]: composite(2, 2, taggedUnion),
    [`${STREAMING}api.operators.co.IntervalJoinOperator$BufferEntrySerializerSnapshot`]: composite(1, 2, bufferEntry),
    [`${CROW}Snapshot`]: composite(1, 1, changedRow),
    'org.apache.flink.api.common.typeutils.SingleThreadAccessCheckingTypeSerializer$SingleThreadAccessCheckingTypeSerializerSnapshot':
      composite(1, 1, ([inner]) => inner),
  },
  serializers: {
    [`${RUNTIME}VoidNamespaceSerializer`]: (input) => voidNamespace(input.className),
    [`${STREAMING}api.windowing.windows.TimeWindow$Serializer`]: (input) => timeWindow(input.className),
    [`${STREAMING}api.windowing.windows.GlobalWindow$Serializer`]: (input) => globalWindow(input.className),
    [`${RUNTIME}ttl.TtlStateFactory$TtlSerializer`]: serializerWithArray('fieldSerializers', 2, (nested, input) =>
      ttl(nested, input.className),
    ),
    [`${STREAMING}api.operators.TimerSerializer`]: serializerWith(['keySerializer', 'namespaceSerializer'], timer),
    [`${STREAMING}runtime.streamrecord.StreamElementSerializer`]: serializerWith(['typeSerializer'], streamElement),
    [`${STREAMING}api.datastream.CoGroupedStreams$UnionSerializer`]: serializerWith(
      ['oneSerializer', 'twoSerializer'],
      taggedUnion,
    ),
    [`${STREAMING}api.operators.co.IntervalJoinOperator$BufferEntrySerializer`]: serializerWith(
      ['elementSerializer'],
      bufferEntry,
    ),
    [CROW]: serializerWith(['rowSerializer'], changedRow),
  },
};
