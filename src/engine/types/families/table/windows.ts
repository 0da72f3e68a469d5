import type { Codec } from '../../codec';
import type { TypeFamily } from '../../family';
import { longHash } from '../../javaHash';
import { longFrom } from '../../jsonInput';
import type { RecordValue } from '../../values';
import { longShape } from '../basic';
import { codecOf, RecordPart } from '../fields';
import { composite, serializerWith, simple } from '../snapshotForms';
import { globalWindow, timeWindow } from '../streaming';

/** SQL's windows and the serializers of its operators (`org.apache.flink.table.runtime`, since 1.9). */

/** `CountWindow.Serializer`: `i8 id`. */
function countWindow(serializer: string): Codec {
  const part = new RecordPart('count window', [{ name: 'id', part: longShape }]);
  return codecOf({ name: 'countwindow', serializer }, part) as Codec;
}

/** `WindowKeySerializer` (1.13): `i8 window`, key. */
function windowKey(key: Codec, serializer: string): Codec {
  const part = new RecordPart('window key', [
    { name: 'window', part: longShape },
    { name: 'key', part: key },
  ]);
  const type = {
    name: 'windowkey',
    serializer,
    fields: [
      { name: 'window', type: { name: 'long', serializer } },
      { name: 'key', type: key.type },
    ],
  };
  return { ...codecOf(type, part), parts: [key] } as Codec;
}

const SIGN = 1n << 63n;

/** `SortedLongSerializer` (2.2): `i8` with its sign bit flipped, so that the bytes sort as the numbers do. */
function sortedLong(serializer: string): Codec {
  return {
    type: { name: 'long', serializer },
    length: 8,
    read: (cursor) => BigInt.asIntN(64, cursor.i64() ^ SIGN),
    skip: (cursor) => cursor.skip(8, 'long'),
    write: (sink, value) => sink.i64(BigInt.asIntN(64, (value as bigint) ^ SIGN)),
    fromJson: longFrom,
    hash: (value) => longHash(value as bigint),
  };
}

/** `NullSerializer`: one byte, which its writer makes 0 and its reader ignores. */
function nullCodec(serializer: string): Codec {
  return {
    type: { name: 'null', serializer },
    length: 1,
    read: (cursor) => {
      const byte = cursor.u8();
      if (byte !== 0) throw cursor.corrupt(`A null is written as 0, found ${byte}.`, cursor.offset - 1);
      return null;
    },
    skip: (cursor) => cursor.skip(1, 'null'),
    write: (sink) => sink.u8(0),
    fromJson: () => null,
  };
}

/** Flink's `CompositeSerializer` without null fields: its fields one behind the other. */
function record(
  what: string,
  names: readonly string[],
  codecs: readonly Codec[],
  serializer: string,
): Codec<RecordValue> {
  const fields = names.map((name, i) => ({ name, part: codecs[i] }));
  const type = { name: 'record', serializer, fields: names.map((name, i) => ({ name, type: codecs[i].type })) };
  return { ...codecOf(type, new RecordPart(what, fields)), parts: codecs };
}

const META_SQN = ['highSqn', 'size'];
const ROW_SQN = ['firstSqn', 'lastSqn'];
const NODE = ['row', 'sqn', 'prevSqn', 'nextSqn', 'nextSqnForRecord', 'timestamp'];

const WINDOW = 'org.apache.flink.table.runtime.operators.window.';
const LINKED = 'org.apache.flink.table.runtime.sequencedmultisetstate.linked.';
const SORTED_LONG = 'org.apache.flink.table.runtime.operators.sink.SortedLongSerializer';
const WINDOW_KEY = 'org.apache.flink.table.runtime.typeutils.WindowKeySerializer';
const NULL = 'org.apache.flink.table.dataview.NullSerializer';

export const tableOperatorsFamily: TypeFamily = {
  snapshots: {
    [`${WINDOW}TimeWindow$Serializer$TimeWindowSerializerSnapshot`]: simple(timeWindow),
    [`${WINDOW}GlobalWindow$Serializer$GlobalWindowSerializerSnapshot`]: simple(globalWindow),
    [`${WINDOW}CountWindow$Serializer$CountWindowSerializerSnapshot`]: simple(countWindow),
    [`${WINDOW_KEY}$WindowKeySerializerSnapshot`]: composite(1, 1, ([key], name) => windowKey(key, name)),
    [`${SORTED_LONG}$SortedLongSerializerSnapshot`]: simple(sortedLong),
    [`${NULL}$NullSerializerSnapshot`]: simple(nullCodec),
    [`${LINKED}MetaSqnInfoSerializer$MetaSqnInfoSerializerSnapshot`]: composite(
      2,
      0,
      (nested, name) => record('sequence of a multiset', META_SQN, nested, name) as Codec,
    ),
    [`${LINKED}RowSqnInfoSerializer$RowSqnInfoSerializerSnapshot`]: composite(
      2,
      0,
      (nested, name) => record('sequence of a row', ROW_SQN, nested, name) as Codec,
    ),
    [`${LINKED}NodeSerializer$NodeSerializerSnapshot`]: composite(
      NODE.length,
      0,
      (nested, name) => record('node of a multiset', NODE, nested, name) as Codec,
    ),
    // The generated equaliser and hash function as Java objects, each behind its length; then the row's snapshot.
    [`${LINKED}RowDataKeySerializerSnapshot`]: (input) => {
      if (input.version !== 0)
        throw input.cursor.error('UNSUPPORTED_VERSION', `Version ${input.version} of ${input.className} is not known.`);
      input.cursor.bytes4('generated equaliser');
      input.cursor.bytes4('generated hash function');
      const row = input.nested();
      return { ...row, type: { ...row.type, serializer: input.className } };
    },
  },
  serializers: {
    [`${WINDOW}TimeWindow$Serializer`]: (input) => timeWindow(input.className),
    [`${WINDOW}GlobalWindow$Serializer`]: (input) => globalWindow(input.className),
    [`${WINDOW}CountWindow$Serializer`]: (input) => countWindow(input.className),
    [WINDOW_KEY]: serializerWith(['keySerializer'], ([key], name) => windowKey(key, name)),
    [SORTED_LONG]: (input) => sortedLong(input.className),
    [NULL]: (input) => nullCodec(input.className),
  },
};
