import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/engine/json/jsonValue';
import { toJson, writeJson } from '../../../src/engine/json/writeJson';
import { spellType } from '../../../src/engine/types/typeInfo';
import { checkLaws } from './codecLaws';
import {
  array,
  bytesOf,
  codecOf,
  composite,
  either,
  enumeration,
  hex,
  JAVA,
  linkedOptionalMap,
  list,
  map,
  nestedBlock,
  nullable,
  pojo,
  readValue,
  row,
  type Snapshot,
  set,
  simple,
  tuple,
  versioned,
  writeValue,
} from './snapshotBytes';

const INT = simple('IntSerializer');
const LONG = simple('LongSerializer');
const STRING = simple('StringSerializer');
const FIELDS = { count: INT, name: STRING };
const POJO = pojo('a.B', FIELDS, { 'a.Tagged': pojo('a.Tagged', FIELDS) }, { 'a.Other': pojo('a.Other', FIELDS) });

/** Type as it is spelled, bytes, and what they mean. Bytes are spelled out from the sources of Flink's serializers. */
const CASES: readonly [string, Snapshot, string, string][] = [
  ['string', STRING, '03 41 c3 01', '"AÃ"'],
  ['string', STRING, '00', 'null'],
  ['string', STRING, '01', '""'],
  ['string', STRING, '03 bd b0 03 80 bc 03', '"\u{1f600}"'],
  ['string', STRING, '02 bd b0 03', '"\\ud83d"'],
  ['string org.apache.flink.types.StringValue', simple('StringValueSerializer'), '02 41 42', '"AB"'],
  ['float', simple('FloatSerializer'), '7f c0 00 01', '"NaN"'],
  ['double', simple('DoubleSerializer'), '80 00 00 00 00 00 00 00', '-0.0'],
  ['double', simple('DoubleSerializer'), 'ff f8 00 00 00 00 00 00', '"NaN"'],
  ['long', LONG, '7f ff ff ff ff ff ff ff', '9223372036854775807'],
  ['biginteger', simple('BigIntSerializer'), '00 00 00 00', 'null'],
  ['biginteger', simple('BigIntSerializer'), '00 00 00 01', '"0"'],
  ['biginteger', simple('BigIntSerializer'), '00 00 00 05 00', '"0"'],
  ['biginteger', simple('BigIntSerializer'), '00 00 00 05 0a', '"10"'],
  ['biginteger', simple('BigIntSerializer'), '00 00 00 06 ff 7f', '"-129"'],
  ['biginteger', simple('BigIntSerializer'), '00 00 00 05 80', '"-128"'],
  ['bigdecimal', simple('BigDecSerializer'), '00 00 00 00', 'null'],
  ['bigdecimal', simple('BigDecSerializer'), '00 00 00 02 00 00 00 00', '"1"'],
  ['bigdecimal', simple('BigDecSerializer'), '00 00 00 05 01 00 00 00 08', '"1E-8"'],
  ['bigdecimal', simple('BigDecSerializer'), '00 00 00 05 7b ff ff ff ff', '"1.23E+3"'],
  ['date', simple('DateSerializer'), '80 00 00 00 00 00 00 00', 'null'],
  ['sql-timestamp', simple('SqlTimestampSerializer'), '80 00 00 00 00 00 00 00 00 00 00 00', 'null'],
  [
    'sql-timestamp',
    simple('SqlTimestampSerializer'),
    'ff ff ff ff ff ff ff ff 3b 9a c9 ff',
    '"1969-12-31T23:59:59.999999999Z"',
  ],
  ['instant', simple('InstantSerializer'), '80 00 00 00 00 00 00 00 80 00 00 00', 'null'],
  ['localdate', simple('LocalDateSerializer'), '00 00 07 e8 02 1d', '"2024-02-29"'],
  ['localdate', simple('LocalDateSerializer'), '80 00 00 00 80 00', 'null'],
  ['localtime', simple('LocalTimeSerializer'), '17 3b 3a 00 0f 42 40', '"23:59:58.001"'],
  ['localtime', simple('LocalTimeSerializer'), '80 80 00 80 00 00 00', 'null'],
  ['localdatetime', simple('LocalDateTimeSerializer'), '80 00 00 00 80 00 80 80 00 80 00 00 00', 'null'],
  ['byte[]', simple('array.BytePrimitiveArraySerializer'), '00 00 00 02 01 ff', '"Af8="'],
  ['string[]', simple('array.StringArraySerializer'), '00 00 00 02 00 02 41', '[null,"A"]'],
  ['array<int>', array(INT), '00 00 00 02 00 01 00 00 00 05', '[null,5]'],
  ['enum a.Color', enumeration('a.Color', ['RED', 'BLUE']), '00 00 00 01', '"BLUE"'],
  ['list<int>', list(INT), '00 00 00 01 ff ff ff ff', '[-1]'],
  ['set<string>', set(STRING), '00 00 00 02 01 00 02 41', '{"$set":[null,"A"]}'],
  ['map<string, int>', map(STRING, INT), '00 00 00 02 02 41 01 02 42 00 00 00 00 07', '{"A":null,"B":7}'],
  ['map<int, int>', map(INT, INT), '00 00 00 01 00 00 00 01 01', '{"$map":[[1,null]]}'],
  ['map<string, int>', map(STRING, INT), '00 00 00 02 02 41 01 02 41 01', '{"$map":[["A",null],["A",null]]}'],
  ['map<string, int>', map(STRING, INT), '00 00 00 01 00 01', '{"$map":[[null,null]]}'],
  ['either<string, int>', either(STRING, INT), '01 02 41', '{"left":"A"}'],
  ['either<string, int>', either(STRING, INT), '00 00 00 00 03', '{"right":3}'],
  ['long?', nullable(LONG, 8), '01 00 00 00 00 00 00 00 00', 'null'],
  ['string?', nullable(STRING), '01', 'null'],
  ['string?', nullable(STRING), '00 02 41', '"A"'],
  ['tuple<string, int>', tuple(STRING, INT), '02 41 00 00 00 05', '["A",5]'],
  ['tuple', versioned(`${JAVA}Tuple0SerializerSnapshot`, 3), '2a', '[]'],
  ['row<string, int>', row([STRING, INT]), 'd0 02 41', '{"$kind":"-D","fields":["A",null]}'],
  ['row<string, int>', row([STRING, INT]), '20 00 00 00 07', '[null,7]'],
  ['row<string, int>', row([STRING, INT], false), '80 00 00 00 07', '[null,7]'],
  ['pojo a.B {count: int, name: string}', POJO, '01', 'null'],
  ['pojo a.B {count: int, name: string}', POJO, '02 00 00 00 00 05 01', '{"count":5,"name":null}'],
  [
    'pojo a.B {count: int, name: string}',
    POJO,
    '08 00 02 01 00 02 41',
    '{"$class":"a.Tagged","count":null,"name":"A"}',
  ],
  [
    'pojo a.B {count: int, name: string}',
    POJO,
    '04 00 07 61 2e 4f 74 68 65 72 02 01 00 02 41',
    '{"$class":"a.Other","count":null,"name":"A"}',
  ],
];

describe('wire formats', () => {
  it.each(CASES)('%s: %#', (type, snapshot, bytes, json) => {
    const codec = codecOf(snapshot);
    expect(spellType(codec.type)).toBe(type);
    const value = readValue(codec, hex(bytes));
    expect(writeJson(value)).toBe(json);
    checkLaws(codec, hex(bytes));
  });

  it('a registered subclass that names its class is written as it was', () => {
    const codec = codecOf(POJO);
    const bytes = hex('04 00 08 61 2e 54 61 67 67 65 64 02 01 00 02 41');
    expect(writeValue(codec, readValue(codec, bytes))).toEqual(bytes);
    const edited = codec.fromJson(toJson(readValue(codec, bytes)));
    expect(writeValue(codec, edited)[0]).toBe(8);
  });

  it('a subclass that the snapshot does not have is unreadable', () => {
    const bytes = hex('04 00 03 61 2e 43 02 01 01');
    expect(() => readValue(codecOf(POJO), bytes)).toThrow(expect.objectContaining({ code: 'UNREADABLE' }));
  });

  it('a field whose class was missing when the snapshot was written stays in its place', () => {
    const snapshot = versioned(`${JAVA}PojoSerializerSnapshot`, 2, (sink) => {
      sink.utf('a.B');
      sink.i64(0x4f2c69a3d70n);
      sink.i32(2);
      sink.utf('missing-field-at-0');
      sink.bool(false);
      sink.bool(true);
      sink.bytes4(bytesOf(INT));
      sink.utf('name');
      sink.bool(false);
      sink.bool(true);
      sink.bytes4(bytesOf(STRING));
      linkedOptionalMap(sink, {}, () => {});
      linkedOptionalMap(sink, {}, () => {});
    });
    const value = readValue(codecOf(snapshot), hex('02 00 00 00 00 05 00 02 41'));
    expect(writeJson(value)).toBe('{"missing-field-at-0":5,"name":"A"}');
  });

  it('a list of elements that take a byte although their length is 0 is skipped whole', () => {
    const namespace = versioned(
      'org.apache.flink.runtime.state.VoidNamespaceSerializer$VoidNamespaceSerializerSnapshot',
      3,
    );
    checkLaws(codecOf(list(namespace)), hex('00 00 00 02 00 00'), { json: false });
  });

  it('simple snapshots of Flink 1.7 name their serializer', () => {
    const base = 'org.apache.flink.api.common.typeutils.base.';
    const old = versioned(`${base}LongSerializer$LongSerializerSnapshot`, 2, (s) => s.utf(`${base}LongSerializer`));
    expect(spellType(codecOf(old).type)).toBe('long');
  });

  it('composite snapshots of versions 1 and 2 have no magic number', () => {
    const old = versioned(`${JAVA}EitherSerializerSnapshot`, 2, (s) => nestedBlock(s, [STRING, INT]));
    expect(spellType(codecOf(old).type)).toBe('either<string, int>');
    const row1 = versioned(`${JAVA}RowSerializer$RowSerializerSnapshot`, 2, (s) => nestedBlock(s, [STRING]));
    expect(writeJson(readValue(codecOf(row1), hex('00 02 41')))).toBe('["A"]');
  });

  it('rows of 1.11 to 1.14 have a kind without saying so', () => {
    const snapshot = composite(`${JAVA}RowSerializer$RowSerializerSnapshot`, 3, [STRING]);
    expect(writeJson(readValue(codecOf(snapshot), hex('80 02 41')))).toBe('{"$kind":"-U","fields":["A"]}');
  });

  it('refuses values that do not fit, with their place', () => {
    const codec = codecOf(pojo('a.B', { counts: list(INT) }));
    const bad = new Map([['counts', [1n, 1n << 40n]]]);
    expect(() => codec.fromJson(bad)).toThrow(expect.objectContaining({ code: 'BAD_VALUE', where: 'counts / [1]' }));
  });

  it('takes a tuple as it is shown, field by field, too', () => {
    const codec = codecOf(tuple(STRING, INT));
    const bytes = hex('02 41 00 00 00 05');
    const shown = (fields: [string, Json][]) => codec.fromJson(new Map(fields));
    expect(writeValue(codec, codec.fromJson(['A', 5n]))).toEqual(bytes);
    expect(
      writeValue(
        codec,
        shown([
          ['f1', 5n],
          ['f0', 'A'],
        ]),
      ),
    ).toEqual(bytes);
    expect(() => shown([['f0', 'A']])).toThrow(/The field f1 of a tuple of 2 fields is missing/);
    expect(() =>
      shown([
        ['f0', 'A'],
        ['f1', 5n],
        ['f2', 6n],
      ]),
    ).toThrow(/A tuple of 2 fields has no field "f2"/);
  });

  it('tells a NullValue from none', () => {
    const codec = codecOf(pojo('a.B', { nothing: simple('NullValueSerializer') }));
    for (const bytes of [hex('02 00'), hex('02 01')]) {
      const value = readValue(codec, bytes);
      expect(writeJson(value)).toBe('{"nothing":null}');
      expect(writeValue(codec, value)).toEqual(bytes);
    }
  });

  it('does not allocate what a count only announces', () => {
    const codec = codecOf(list(list(simple('NullValueSerializer'))));
    expect(() => readValue(codec, hex('7f ff ff ff'))).toThrow(expect.objectContaining({ code: 'TRUNCATED' }));
    expect(() => readValue(codec, hex('00 00 00 01 7f ff ff ff'))).toThrow(
      expect.objectContaining({ code: 'TRUNCATED' }),
    );
  });

  it('what is read does not depend on where in the buffer it stands', () => {
    const codec = codecOf(POJO);
    const inner = hex('02 00 00 00 00 05 01');
    const both = bytesOf((sink) => {
      sink.raw(inner);
      sink.raw(inner);
    });
    const twice = codecOf(tuple(POJO, POJO));
    expect(writeJson(readValue(twice, both))).toBe(
      `[${Array(2)
        .fill(writeJson(readValue(codec, inner)))
        .join()}]`,
    );
  });
});
