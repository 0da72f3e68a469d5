import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../../src/engine/json/parseJson';
import type { TextPiece } from '../../../../src/view/shownComparison';
import { markedPieces, plainPieces, sideBySide } from '../../../../src/worker/compare/sideBySide';

const json = (value: unknown) => parseJson(typeof value === 'string' ? value : JSON.stringify(value));
/** What is marked stands in angle brackets. */
const text = (pieces: readonly TextPiece[]) => pieces.map(({ text, marked }) => (marked ? `<${text}>` : text)).join('');
const marked = (a: unknown, b: unknown) => {
  const { before, after } = markedPieces(json(a), json(b));
  return [text(before), text(after)];
};

describe('values in a row', () => {
  test.each([
    ['1', '2', '<1>', '<2>'],
    ['{"amount":1.5,"since":7}', '{"amount":2.5,"since":7}', '{amount: <1.5>, since: 7}', '{amount: <2.5>, since: 7}'],
    ['{"a":1}', '{"a":1,"b":null}', '{a: 1}', '{a: 1, <b: null>}'],
    ['[1,2,3]', '[1,3]', '[1, <2>, <3>]', '[1, <3>]'],
    ['{"a":{"b":[1,"x"]}}', '{"a":{"b":[1,"y"]}}', '{a: {b: [1, <"x">]}}', '{a: {b: [1, <"y">]}}'],
    ['{"$map":[["a",1],["b",2]]}', '{"$map":[["b",3],["a",1]]}', '{"a": 1, "b": <2>}', '{"b": <3>, "a": 1}'],
    ['{"$set":[1,2]}', '{"$set":[2,3]}', '[<1>, 2]', '[2, <3>]'],
    ['null', '{"a":1}', '<null>', '<{a: 1}>'],
    ['9007199254740993', '9007199254740992', '<9007199254740993>', '<9007199254740992>'],
    ['-0.0', '0.0', '<-0.0>', '<0.0>'],
  ])('%s and %s', (a, b, before, after) => {
    expect(marked(a, b)).toEqual([before, after]);
  });

  test('leave out what is the same where they are long', () => {
    const fields = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`field${i}`, 'the same']));
    expect(marked({ ...fields, field20: 1 }, { ...fields, field20: 2 })).toEqual([
      '{…, field20: <1>, …}',
      '{…, field20: <2>, …}',
    ]);
  });

  test('that are equal have no marks, and others have some on one side at least', () => {
    const value = fc.jsonValue({ maxDepth: 4 }).map((v) => JSON.stringify(v));
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(plainPieces(json(a)).some((piece) => piece.marked)).toBe(false);
        const { before, after } = markedPieces(json(a), json(b));
        const isMarked = [...before, ...after].some((piece) => piece.marked);
        const isCut = [before, after].some((side) => side.at(-1)?.text.endsWith('…'));
        const { lines } = sideBySide(json(a), json(b));
        expect(isMarked || isCut).toBe(lines[0]?.is !== 'same' || isCut);
      }),
    );
  });

  test('are bounded, however large they are', () => {
    const long = JSON.stringify(Array.from({ length: 100_000 }, (_, i) => `item ${i}`));
    const { before } = markedPieces(json(long), json('[]'));
    expect(text(before).length).toBeLessThan(1000);
    const { lines, more } = sideBySide(json(long), json('[]'));
    expect(lines).toHaveLength(2000);
    expect(more).toBe(100_001 - 2000);
  });
});

describe('values side by side', () => {
  const lines = (a: string, b: string | undefined) =>
    sideBySide(json(a), b === undefined ? undefined : json(b)).lines.map(
      ({ label, depth, before, after, is }) => `${' '.repeat(depth)}${label}|${before}|${after}|${is}`,
    );

  test('field by field', () => {
    expect(lines('{"a":1,"b":{"c":"x","d":2},"e":0}', '{"a":1,"b":{"c":"y","d":2},"f":0}')).toEqual([
      '|||changed',
      ' a|1|1|same',
      ' b|||changed',
      '  c|"x"|"y"|changed',
      '  d|2|2|same',
      ' e|0|null|removed',
      ' f|null|0|added',
    ]);
  });

  test('of other shapes in one line', () => {
    expect(lines('{"a":1}', '[1]')).toEqual(['|{a: 1}|[1]|changed']);
    expect(lines('{"a":1}', undefined)).toEqual(['||null|removed', ' a|1|null|removed']);
  });
});
