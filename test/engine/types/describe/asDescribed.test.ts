import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../../src/engine/json/parseJson';
import { writeJson } from '../../../../src/engine/json/writeJson';
import { newSerializer } from '../../../../src/engine/types/describe/newSerializer';
import { parseTypeText, printType } from '../../../../src/engine/types/describe/typeText';
import { readValue, writeValue } from '../snapshotBytes';

const codecOf = (type: string) => newSerializer(parseTypeText(type), '2.1').codec;

describe('a row that is described with names', () => {
  it.each([
    ['row {a: int, b: string}', '{"b":"x","a":1}', '[1,"x"]'],
    ['row {a: int, b: string}', '[1,"x"]', '[1,"x"]'],
    ['row {a: int, b: string}', '{"$kind":"-D","fields":{"b":null,"a":1}}', '{"$kind":"-D","fields":[1,null]}'],
    ['row {a: int, b: row {c: int}}', '{"a":1,"b":{"c":2}}', '[1,[2]]'],
    ['rowData {a: int, b: row {c: bigint}}', '{"a":1,"b":{"c":2}}', '[1,[2]]'],
    ['rowData<row {c: bigint}, array<row {c: bigint}>>', '[{"c":2},[{"c":3},null]]', '[[2],[[3],null]]'],
    ['list<row {a: int}>', '[{"a":1},[2]]', '[[1],[2]]'],
    ['map<string, row {a: int}>', '{"k":{"a":1},"n":null}', '{"k":[1],"n":null}'],
    ['map<row {a: int}, row {a: int}>', '{"$map":[[{"a":1},{"a":2}]]}', '{"$map":[[[1],[2]]]}'],
    ['set<row {a: int}>', '{"$set":[{"a":1}]}', '{"$set":[[1]]}'],
    ['tuple<int, row {a: int}>', '[1,{"a":2}]', '[1,[2]]'],
    ['pojo com.acme.P {r: row {a: int}, s: int}', '{"s":3,"r":{"a":2}}', '{"r":[2],"s":3}'],
    ['either<row {a: int}, int>', '{"left":{"a":2}}', '{"left":[2]}'],
    ['ttl<row {a: int}>', '{"$ttl":5,"value":{"a":2}}', '{"$ttl":5,"value":[2]}'],
    ['row {a: int}?', '{"a":1}', '[1]'],
    ['row {a: int}?', 'null', 'null'],
  ])('%s takes %s', (type, given, written) => {
    const codec = codecOf(type);
    const value = codec.fromJson(parseJson(given));
    expect(writeJson(readValue(codec, writeValue(codec, value)))).toBe(written);
  });

  it('takes its values by name where its parts are used one by one', () => {
    const { parts } = codecOf('map<string, row {a: int}>');
    expect(writeJson(parts?.[1].fromJson(parseJson('{"a":1}')))).toBe('[1]');
  });

  it.each([
    ['row {a: int, b: int}', '{"a":1}', /The field b of the row is missing/],
    ['row {a: int}', '{"a":1,"x":2}', /The row has no field "x"/],
    ['list<row {a: int}>', '[{"a":"x"}]', /Expected an int/],
  ])('%s refuses %s', (type, given, message) => {
    expect(() => codecOf(type).fromJson(parseJson(given))).toThrow(
      expect.objectContaining({ code: 'BAD_VALUE', message: expect.stringMatching(message) }),
    );
  });
});

describe("a class of Kryo's that is described with what it holds", () => {
  it.each([
    ['kryo java.util.List<long>', '[5,null,-9223372036854775808]', '[5,null,-9223372036854775808]'],
    ['kryo java.util.Set<int>', '[5]', '{"$set":[5]}'],
    ['kryo java.util.Set<int>', '{"$set":[5]}', '{"$set":[5]}'],
    [
      'kryo java.util.Map<long, kryo java.util.List<bigdecimal>>',
      '{"7":["1.50"],"8":null}',
      '{"$map":[[7,["1.50"]],[8,null]]}',
    ],
    ['kryo java.util.Map<localdate, double>', '{"$map":[["2024-02-29",1.5]]}', '{"$map":[["2024-02-29",1.5]]}'],
    [
      'kryo java.util.Optional<kryo java.util.UUID>',
      '"123e4567-e89b-12d3-a456-426614174000"',
      '"123e4567-e89b-12d3-a456-426614174000"',
    ],
    ['kryo java.util.List<kryo java.util.Optional<long>>', '[5]', '[5]'],
    ['pojo com.acme.P {tags: kryo java.util.List<string>, n: int}', '{"n":1,"tags":["a"]}', '{"n":1,"tags":["a"]}'],
  ])('%s takes %s', (type, given, written) => {
    for (const line of ['1.16', '2.1'] as const) {
      const { codec } = newSerializer(parseTypeText(type), line);
      const value = codec.fromJson(parseJson(given));
      expect(writeJson(readValue(codec, writeValue(codec, value)))).toBe(written);
    }
  });

  it('has the snapshot of the class alone', () => {
    const snapshotOf = (type: string) => newSerializer(parseTypeText(type), '1.16').snapshot;
    expect(snapshotOf('kryo java.util.List<long>')).toEqual(snapshotOf('kryo java.util.List'));
    expect(printType(parseTypeText('kryo java.util.List'))).toBe('kryo java.util.List');
  });

  it.each(['kryo java.util.List<tuple<int>>', 'kryo java.util.List<long?>', 'kryo java.util.List<pojo a.B {c: int}>'])(
    '%s is no type',
    (type) => {
      expect(() => parseTypeText(type)).toThrow(/The elements of a java.util.List of Kryo may be of/);
    },
  );
});

it('the keys of a map of numbers are read from the names of an object', () => {
  const codec = codecOf('map<string, map<int, list<string>>>');
  const value = codec.fromJson(parseJson('{"m":{"5":["a"],"-7":[]}}'));
  expect(writeJson(value)).toBe('{"m":{"$map":[[5,["a"]],[-7,[]]]}}');
  expect(() => codec.fromJson(parseJson('{"m":{"5.0":[]}}'))).toThrow(/Expected an int/);
});

it.each(['tuple<int, string>', 'row<int, string>', 'rowData<int, varchar(9)>'])(
  '%s takes an object of f0 and f1, as Parquet has its columns',
  (type) => {
    const codec = codecOf(type);
    const value = codec.fromJson(parseJson('{"f1":"x","f0":1}'));
    expect(writeJson(readValue(codec, writeValue(codec, value)))).toBe('[1,"x"]');
    expect(() => codec.fromJson(parseJson('{"f0":1,"g":"x"}'))).toThrow(/has no field "g"/);
    expect(() => codec.fromJson(parseJson('{"f0":1}'))).toThrow(/field f1 of a (tuple|row) of 2 fields is missing/);
  },
);
