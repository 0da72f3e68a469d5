import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowMap } from '../../../src/engine/rows/rowMap';

describe('numbers of rows in blocks', () => {
  it('estimates what is not counted by its bytes', () => {
    const map = new RowMap([100, 300, 100]);
    map.counted(0, 50);
    expect([map.rows, map.isExact]).toEqual([250, false]);
    expect(map.placeOf(199)).toEqual({ block: 1, index: 149 });
    expect(map.numberOf({ block: 1, index: 7 })).toEqual({ row: 57, exact: true });
    expect(map.numberOf({ block: 2, index: 0 })).toEqual({ row: 200, exact: false });
  });

  it('knows at least the rows that were seen', () => {
    const map = new RowMap([100, 100]);
    map.saw(0, 40, 20);
    expect(map.rows).toBe(400);
    map.saw(1, 1000, 1000);
    expect(map.sizeOf(1)).toBe(1000);
  });

  it('steps over empty blocks', () => {
    const map = new RowMap([1, 1, 1, 1]);
    for (const [block, rows] of [0, 3, 0, 2].entries()) map.counted(block, rows);
    expect([0, 2, 3, 4, 5].map((row) => map.placeOf(row))).toEqual([
      { block: 1, index: 0 },
      { block: 1, index: 2 },
      { block: 3, index: 0 },
      { block: 3, index: 1 },
      null,
    ]);
  });

  it('is empty without blocks', () => {
    const map = new RowMap([]);
    expect([map.rows, map.isExact, map.placeOf(0)]).toEqual([0, true, null]);
  });

  const counts = fc.array(fc.oneof(fc.constant(0), fc.nat(1000), fc.nat(2 ** 31)), { minLength: 1, maxLength: 40 });

  it('finds every row again, to 2^31 rows in a block and beyond', () => {
    fc.assert(
      fc.property(counts, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (rows, at) => {
        const map = new RowMap(rows.map((_, i) => i + 1));
        for (const [block, count] of rows.entries()) map.counted(block, count);
        const total = rows.reduce((sum, count) => sum + count, 0);
        expect([map.rows, map.isExact]).toEqual([total, true]);
        const row = Math.floor(at * total);
        const place = map.placeOf(row);
        expect(place === null).toBe(total === 0);
        if (place === null) return;
        expect(place.index).toBeLessThan(rows[place.block]);
        expect(map.numberOf(place)).toEqual({ row, exact: true });
      }),
    );
  });

  it('is consistent while only some blocks are counted, in whatever order', () => {
    fc.assert(
      fc.property(counts, fc.infiniteStream(fc.nat()), (rows, picks) => {
        const map = new RowMap(rows.map((count) => Math.max(1, count * 17)));
        const left = rows.map((_, i) => i);
        while (left.length > 0) {
          const [block] = left.splice(picks.next().value % left.length, 1);
          map.counted(block, rows[block]);
          expect(map.isExact).toBe(left.length === 0);
          for (let i = 0; i < rows.length; i++) {
            const { row, exact } = map.numberOf({ block: i, index: 0 });
            expect(Number.isSafeInteger(row)).toBe(true);
            expect(exact).toBe(left.every((uncounted) => uncounted >= i));
            if (map.sizeOf(i) > 0) expect(map.placeOf(row)).toEqual({ block: i, index: 0 });
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});
