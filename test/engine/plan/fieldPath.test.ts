import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../../src/engine/bytes/engineError';
import { parseJson } from '../../../src/engine/json/parseJson';
import { printJson } from '../../../src/engine/json/printJson';
import { parsePath, setAt } from '../../../src/engine/plan/fieldPath';
import type { TypeInfo } from '../../../src/engine/types/typeInfo';

const type = (name: string, more: Partial<TypeInfo> = {}): TypeInfo => ({ name, serializer: '', ...more });
const LONG = type('long');

describe('paths of fields', () => {
  test.each<[string, string[]]>([
    ['amount', ['amount']],
    ['address.city', ['address', 'city']],
    ['items[0].price', ['items', '0', 'price']],
    ['[1][2]', ['1', '2']],
    ['tags["a.b"].x', ['tags', 'a.b', 'x']],
    ['["a\\"b"]', ['a"b']],
    ['["\\\\b"]', ['\\b']],
    ['["\\u0041\\n"]', ['A\n']],
    ['$ttl', ['$ttl']],
    ['items.0', ['items', '0']],
  ])('%s', (text, path) => {
    expect(parsePath(text)).toEqual(path);
  });

  test.each(['', '.', 'a.', '.a', 'a..b', 'a[', 'a[x]', 'a]b', '["a', 'a[0]b', '["\\x"]'])('%j is none', (text) => {
    expect(() => parsePath(text)).toThrowError(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
  });

  test('any name can be given in brackets, and any text is a path or an error', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), (name) => {
        expect(parsePath(`[${JSON.stringify(name)}]`)).toEqual([name]);
        try {
          parsePath(name);
        } catch (e) {
          expect(e).toBeInstanceOf(EngineError);
        }
      }),
    );
  });
});

describe('a part of a value is set', () => {
  const list = type('list', { arguments: [LONG] });
  const row = type('row', {
    fields: [
      { name: 'id', type: LONG },
      { name: 'tags', type: list },
    ],
  });
  test.each<[string, string, TypeInfo | undefined, string, string]>([
    ['a field', '{"a":1,"b":{"c":2}}', undefined, 'b.c', '{"a":1,"b":{"c":7}}'],
    ['an element', '[1,2,3]', list, '[1]', '[1,7,3]'],
    ['the next element', '[1]', list, '[1]', '[1,7]'],
    ['a field of a row by its name', '[1,[2]]', row, 'tags[0]', '[1,[7]]'],
    ['the same by number', '[1,[2]]', row, 'f1[0]', '[1,[7]]'],
    ['a row with its kind', '{"$kind":"-D","fields":[1,[2]]}', row, 'id', '{"$kind":"-D","fields":[7,[2]]}'],
    ['a key of a map', '{"x":1}', type('map', { arguments: [type('string'), LONG] }), 'x', '{"x":7}'],
    ['a new key of a map', '{}', type('map', { arguments: [type('string'), LONG] }), '["a.b"]', '{"a.b":7}'],
    ['a map by other keys', '{"$map":[[5,1],[6,2]]}', type('map'), '[6]', '{"$map":[[5,1],[6,7]]}'],
    ['one side', '{"left":{"x":1}}', undefined, 'left.x', '{"left":{"x":7}}'],
  ])('%s', (_, before, of, path, after) => {
    const json = parseJson(before);
    setAt(json, of, parsePath(path), 7n);
    expect(printJson(json)).toBe(after);
  });

  test.each<[string, string, TypeInfo | undefined, string]>([
    ['a field that is not there', '{"amount":1}', undefined, 'amuont'],
    ['a field of a number', '5', undefined, 'a'],
    ['an element beyond the end', '[1]', list, '[2]'],
    ['a further field of a row', '[1,[2]]', row, '[2]'],
    ['a key that a map has not', '{"$map":[[5,1]]}', type('map'), '[7]'],
    ['something below a key that is not there', '{}', type('map'), 'x.y'],
  ])('%s is refused', (_, before, of, path) => {
    expect(() => setAt(parseJson(before), of, parsePath(path), 7n)).toThrowError(
      expect.objectContaining({ code: 'REFUSED' }),
    );
  });

  test('who mistypes a name is told of the one that is there', () => {
    expect(() => setAt(parseJson('{"amount":1,"memo":2}'), undefined, ['amuont'], 7n)).toThrowError(
      expect.objectContaining({ hint: 'Did you mean "amount"?' }),
    );
  });
});
