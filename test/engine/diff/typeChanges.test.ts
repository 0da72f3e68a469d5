import { describe, expect, test } from 'vitest';
import { partChanges } from '../../../src/engine/diff/typeChanges';
import type { TypeInfo } from '../../../src/engine/types/typeInfo';

const of = (name: string, more: Partial<TypeInfo> = {}): TypeInfo => ({ name, serializer: 'S', ...more });
const pojo = (fields: Record<string, TypeInfo>, className = 'com.acme.A'): TypeInfo =>
  of('pojo', { className, fields: Object.entries(fields).map(([name, type]) => ({ name, type })) });
const list = (element: TypeInfo) => of('list', { arguments: [element] });
const map = (key: TypeInfo, value: TypeInfo) => of('map', { arguments: [key, value] });

describe('parts of a type that differ', () => {
  test.each<[string, TypeInfo, TypeInfo, string[]]>([
    ['a field', pojo({ a: of('int'), b: of('long') }), pojo({ a: of('long'), b: of('long') }), ['a: int -> long']],
    ['a new field', pojo({ a: of('int') }), pojo({ a: of('int'), b: of('string') }), ['b: null -> string']],
    ['a lost field', pojo({ a: of('int'), b: of('string') }), pojo({ a: of('int') }), ['b: string -> null']],
    [
      'deep inside',
      pojo({ items: list(pojo({ price: of('double') }, 'I')) }),
      pojo({ items: list(pojo({ price: of('decimal', { parameters: [10, 2] }) }, 'I')) }),
      ['items[].price: double -> decimal(10, 2)'],
    ],
    ['the value of a map', map(of('string'), of('int')), map(of('string'), of('long')), ['value: int -> long']],
    [
      'a field of a tuple',
      of('tuple', { arguments: [of('int'), of('int')] }),
      of('tuple', { arguments: [of('int'), of('long')] }),
      ['f1: int -> long'],
    ],
    ['the whole', of('int'), of('long'), []],
    ['another class', pojo({ a: of('int') }, 'A'), pojo({ a: of('int') }, 'B'), []],
    ['more arguments', of('tuple', { arguments: [of('int')] }), of('tuple', { arguments: [of('int'), of('int')] }), []],
    ['null as well', pojo({ a: of('long') }), pojo({ a: of('long', { nullable: true }) }), ['a: long -> long?']],
    ['nothing', pojo({ a: of('int') }), pojo({ a: of('int') }), []],
  ])('%s', (_, before, after, expected) => {
    const found = partChanges(before, after).map(({ path, before: a, after: b }) => `${path}: ${a} -> ${b}`);
    expect(found).toEqual(expected);
  });

  test('the same fields in another order are no change of theirs', () => {
    const [a, b] = [pojo({ x: of('int'), y: of('long') }), pojo({ y: of('long'), x: of('int') })];
    expect(partChanges(a, b)).toEqual([]);
  });
});
