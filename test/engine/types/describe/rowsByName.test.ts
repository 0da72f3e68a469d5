import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../../src/engine/json/parseJson';
import { writeJson } from '../../../../src/engine/json/writeJson';
import { newSerializer } from '../../../../src/engine/types/describe/newSerializer';
import { parseTypeText } from '../../../../src/engine/types/describe/typeText';
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
