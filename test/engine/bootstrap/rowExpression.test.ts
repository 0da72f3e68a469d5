import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rowExpression } from '../../../src/engine/bootstrap/cel/rowExpression';
import type { Cell, DataRow, DataSource } from '../../../src/engine/bootstrap/data/dataSource';
import { EngineError } from '../../../src/engine/bytes/engineError';

const source = (columns: readonly string[] | null): DataSource => ({
  file: 'data',
  isText: false,
  columns,
  placeName: 'row',
  bytes: 0,
  async *rows() {},
  async close() {},
});

const cell: fc.Arbitrary<Cell> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
  fc.double({ min: -1e15, max: 1e15 }),
  fc.constantFrom(
    '',
    '12',
    '-7',
    '+5',
    ' 1',
    '0b1',
    '0X1',
    'x',
    '1.5',
    '9223372036854775807',
    '99999999999999999999',
    'NaN',
  ),
  fc.array(fc.bigInt({ min: 0n, max: 9n }), { maxLength: 2 }),
  fc.constant(new Map<string, Cell>([['b', 5n]]) as Cell),
);

/** What an expression gives, or that it gives nothing. */
function outcome(expression: string, row: DataRow, from: DataSource): unknown {
  try {
    return [rowExpression(expression, from)(row)];
  } catch (e) {
    if (e instanceof EngineError && e.code === 'BAD_VALUE') return 'no value';
    throw e;
  }
}

describe('expressions over a row', () => {
  test('int() and uint() take whole numbers alone, in larger expressions too', () => {
    const of = (expression: string, a: Cell) =>
      rowExpression(expression, source(null))({ place: 1, cells: new Map([['a', a]]) });
    const failure = (expression: string, a: Cell): string => {
      try {
        return `gave ${String(of(expression, a))}`;
      } catch (e) {
        return e instanceof EngineError ? e.message : 'threw something else';
      }
    };
    const none = 'The expression has no value for this row: ';
    expect(failure('int(row.a) + 1', '')).toBe(`${none}int() type error: "" is no whole number`);
    expect(failure('int(row.a) + 1', '0b11')).toBe(`${none}int() type error: "0b11" is no whole number`);
    expect(failure('uint( row.a ) + 1u', '')).toBe(`${none}uint() type error: "" is no whole number`);
    expect(failure('int(row.a) + 1', null)).toMatch(/int\(.*null\)/);
    expect(of('int(row.a) + 1', '+41')).toBe(42n);
    expect(of('int(row.a) + 1', 41.9)).toBe(42n);
    expect(of('uint(row.a) + 1u', '41')).toBe(42n);
    expect(of('"int(" + string(int(row.a))', '1')).toBe('int(1');
    expect(of('[1, 2].map(int, int)[1]', '1')).toBe(2n);
  });

  test.each([
    'row.a',
    'row["a"]',
    "row['a'].b",
    'row.a.b',
    'int(row.a)',
    'double(row.a)',
    'string(row.a)',
    '[row.a, 1, 1.5, "x", true, null]',
    '{"a": row.a, "n": [int(row.a)]}',
    '{"a": row.missing}',
    'row.missing',
  ])('%s gives what CEL gives, and without it', (expression) => {
    fc.assert(
      fc.property(cell, (a) => {
        const row = { place: 1, cells: new Map([['a', a]]) };
        // CEL itself does what a choice is in.
        const byCel = outcome(`true ? (${expression}) : row.a`, row, source(null));
        const compiled = outcome(expression, row, source(null));
        // A text that is a number to JavaScript but not to CEL, and the other way round, is told apart below.
        if (expression === 'double(row.a)' || expression.startsWith('string(')) return;
        expect(compiled).toEqual(byCel);
      }),
    );
  });

  test('conversions', () => {
    const value = (expression: string, a: Cell) => outcome(expression, { place: 1, cells: [a] }, source(['a']));
    expect(value('int(row.a)', '9223372036854775807')).toEqual([9223372036854775807n]);
    expect(value('int(row.a)', '9223372036854775808')).toBe('no value');
    expect(value('int(row.a)', '')).toBe('no value');
    expect(value('int(row.a)', -1.9)).toEqual([-1n]);
    expect(value('double(row.a)', '1e3')).toEqual([1000]);
    expect(value('double(row.a)', 'NaN')).toEqual([Number.NaN]);
    expect(value('double(row.a)', ' ')).toBe('no value');
    expect(value('double(row.a)', 5n)).toEqual([5]);
    expect(value('string(row.a)', 9007199254740993n)).toEqual(['9007199254740993']);
    expect(value('string(row.a)', null)).toBe('no value');
  });

  test('any CEL, over columns and over fields', () => {
    const cells = new Map<string, Cell>([
      ['n', 5n],
      ['s', 'x'],
      ['m', new Map<string, Cell>([['k', 1.5]]) as Cell],
    ]);
    const value = (expression: string) => outcome(expression, { place: 1, cells }, source(null));
    expect(value('row.n * 2 + 1')).toEqual([11n]);
    expect(value('has(row.t) ? row.t : null')).toEqual([null]);
    expect(value("{'a': row.m.k, row.s: 1}")).toEqual([
      new Map<string, Cell>([
        ['a', 1.5],
        ['x', 1n],
      ]),
    ]);
    expect(value('{1: row.s}')).toEqual([new Map([['1', 'x']])]);
    expect(value("timestamp('2024-01-31T00:00:00Z')")).toEqual(['2024-01-31T00:00:00.000Z']);
    expect(value('size(row)')).toEqual([3n]);
    expect(value('row.s + 5')).toBe('no value');
  });

  test('says which columns it needs', () => {
    const columns = (expression: string) => rowExpression(expression, source(['a', 'b', 'c'])).columns;
    expect(columns('int(row.a)')).toEqual(new Set(['a']));
    expect(columns("{'x': row.a, 'y': row['c']}")).toEqual(new Set(['a', 'c']));
    expect(columns("row.a == 'x' ? 1 : 2")).toEqual(new Set(['a']));
    expect(columns('size(row)')).toBeNull();
    expect(rowExpression('int(row.b)', source(['b'])).column).toBe('b');
  });

  test.each([
    ['row.d', 'The data has no column d.'],
    ['row.d > 1', 'The data has no column d.'],
    ['row.', 'The expression cannot be understood'],
    ['col.a', 'The expression cannot be understood'],
  ])('%s is refused', (expression, message) => {
    expect(() => rowExpression(expression, source(['aa', 'bb', 'cc']))).toThrow(message);
  });
});
