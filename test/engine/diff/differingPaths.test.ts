import { describe, expect, test } from 'vitest';
import { differingPaths } from '../../../src/engine/diff/differingPaths';
import { parseJson } from '../../../src/engine/json/parseJson';

const paths = (a: string, b: string): string[] => differingPaths(parseJson(a), parseJson(b));

describe('where two values differ', () => {
  test.each([
    ['1', '1', []],
    ['1', '2', ['']],
    ['1', '1.0', ['']],
    ['{"a":1,"b":[1,{"c":2}]}', '{"b":[1,{"c":3}],"a":1}', ['b[1].c']],
    ['{"a":1}', '{"b":1}', ['a', 'b']],
    ['{"a":null}', '{}', ['a']],
    ['[1,2]', '[1]', ['[1]']],
    ['{"$map":[[1,"x"],[2,"y"]]}', '{"$map":[[2,"y"],[1,"x"]]}', []],
    ['{"$map":[[1,"x"],[2,"y"]]}', '{"$map":[[2,"x"],[1,"y"]]}', ['']],
    ['{"tags":{"$set":["a","b"]}}', '{"tags":{"$set":["b","a","c"]}}', ['tags']],
    ['"NaN"', '"NaN"', []],
    ['9223372036854775807', '9223372036854775806', ['']],
  ])('%s and %s: %j', (a, b, expected) => {
    expect(paths(a, b)).toEqual(expected);
  });

  test('of very many, the first are named', () => {
    const many = (n: number): string => JSON.stringify(Array.from({ length: 500 }, () => n));
    expect(paths(many(1), many(2))).toHaveLength(20);
  });
});
