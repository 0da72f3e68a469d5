import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterScroll,
  centering,
  clampTop,
  isScaled,
  MOST_CANVAS,
  revealing,
  rowsOfScreen,
  scaleOf,
  scrollOfTop,
  shifted,
  topOfScroll,
  windowAt,
} from '../../../webview/grid/scale';

const ROW = 24;
const VIEW = 600;
const MOST_ROWS = 2 ** 31;

const anyScale = fc
  .record({
    rows: fc.oneof(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: MOST_ROWS }), fc.constant(MOST_ROWS)),
    rowHeight: fc.integer({ min: 16, max: 48 }),
    viewport: fc.integer({ min: 0, max: 4000 }),
  })
  .map(({ rows, rowHeight, viewport }) => scaleOf(rows, rowHeight, viewport));
/** A scale, and a share of its way. */
const anyPlace = fc.tuple(anyScale, fc.double({ min: 0, max: 1, noNaN: true }));

describe('a list that is scrolled', () => {
  it('has an element for the scroll bar that a browser can lay out, up to 2^31 rows', () => {
    expect(scaleOf(MOST_ROWS, ROW, VIEW)).toMatchObject({
      height: 51_539_607_552,
      canvas: MOST_CANVAS,
      lastTop: 51_539_606_952,
      lastScroll: MOST_CANVAS - VIEW,
    });
    fc.assert(fc.property(anyScale, ({ canvas }) => canvas <= MOST_CANVAS));
  });

  it('is not scaled while it is short: a px is a px', () => {
    const scale = scaleOf(1000, ROW, VIEW);
    expect(isScaled(scale)).toBe(false);
    expect(topOfScroll(scale, 1234)).toBe(1234);
    expect(scrollOfTop(scale, 1234)).toBe(1234);
    expect(isScaled(scaleOf(MOST_CANVAS / ROW, ROW, VIEW))).toBe(false);
    expect(isScaled(scaleOf(MOST_CANVAS / ROW + 1, ROW, VIEW))).toBe(true);
  });

  it('reaches the first and the last row exactly', () => {
    fc.assert(
      fc.property(anyScale, (scale) => {
        expect(topOfScroll(scale, 0)).toBe(0);
        expect(topOfScroll(scale, scale.lastScroll)).toBe(scale.lastTop);
        expect(scrollOfTop(scale, scale.lastTop)).toBe(scale.lastScroll);
        const { first, end, offset } = windowAt(scale, scale.lastTop, 0);
        expect(end).toBe(scale.rows);
        // The last row's end is the end of what is seen.
        if (scale.height >= scale.viewport) expect(offset + (end - first) * scale.rowHeight).toBe(scale.viewport);
      }),
    );
  });

  it('comes from a top to the scroll bar and back to the same row', () => {
    fc.assert(
      fc.property(anyPlace, ([scale, share]) => {
        const top = share * scale.lastTop;
        const back = topOfScroll(scale, scrollOfTop(scale, top));
        expect(Math.abs(back - top)).toBeLessThan(0.001);
      }),
    );
  });

  it('moves the thumb down when the rows go down', () => {
    fc.assert(
      fc.property(anyPlace, fc.nat(100_000), ([scale, share], by) => {
        const top = share * scale.lastTop;
        expect(scrollOfTop(scale, clampTop(scale, top + by))).toBeGreaterThanOrEqual(scrollOfTop(scale, top));
      }),
    );
  });

  it('moves row by row where the browser scrolls a little, and far where the thumb is dragged', () => {
    const scale = scaleOf(MOST_ROWS, ROW, VIEW);
    const top = 1_000_000 * ROW;
    const from = scrollOfTop(scale, top);
    expect(afterScroll(scale, top, from, from + 120)).toBe(top + 120);
    expect(afterScroll(scale, top, from, from - 120)).toBe(top - 120);
    expect(afterScroll(scale, top, from, MOST_CANVAS / 2)).toBeCloseTo(topOfScroll(scale, MOST_CANVAS / 2), 0);
    // The ends of the bar are the ends of the list, however little it moved.
    expect(afterScroll(scale, top, 5, 0)).toBe(0);
    expect(afterScroll(scale, top, scale.lastScroll - 5, scale.lastScroll)).toBe(scale.lastTop);
    const short = scaleOf(1000, ROW, VIEW);
    expect(afterScroll(short, 0, 0, 120)).toBe(120);
    expect(afterScroll(short, 0, 0, 9000)).toBe(9000);
  });

  it('draws the rows that are seen, a few in reserve, and none twice', () => {
    expect(windowAt(scaleOf(1000, ROW, VIEW), 0, 4)).toEqual({ first: 0, end: 29, offset: 0 });
    expect(windowAt(scaleOf(1000, ROW, VIEW), 250, 4)).toEqual({ first: 6, end: 40, offset: -106 });
    expect(windowAt(scaleOf(3, ROW, VIEW), 0, 4)).toEqual({ first: 0, end: 3, offset: 0 });
    expect(windowAt(scaleOf(0, ROW, VIEW), 0, 4)).toEqual({ first: 0, end: 0, offset: 0 });
    fc.assert(
      fc.property(anyPlace, fc.nat(20), ([scale, share], reserve) => {
        const top = share * scale.lastTop;
        const { first, end, offset } = windowAt(scale, top, reserve);
        expect(Number.isSafeInteger(first) && Number.isSafeInteger(end)).toBe(true);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(scale.rows);
        expect(end - first).toBeLessThanOrEqual(Math.ceil(scale.viewport / scale.rowHeight) + 1 + 2 * reserve);
        // What is seen is covered: nothing is blank above or below, but beyond the ends.
        if (first > 0) expect(offset).toBeLessThanOrEqual(0);
        if (end < scale.rows) {
          expect(offset + (end - first) * scale.rowHeight).toBeGreaterThanOrEqual(scale.viewport - 0.001);
        }
      }),
    );
  });

  it('brings a row into sight and moves no further than needed', () => {
    fc.assert(
      fc.property(anyPlace, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), ([scale, share], at) => {
        fc.pre(scale.rows > 0);
        const top = share * scale.lastTop;
        const row = Math.floor(at * scale.rows);
        const after = revealing(scale, top, row);
        expect(after).toBe(clampTop(scale, after));
        if (scale.viewport < scale.rowHeight) return;
        expect(row * scale.rowHeight).toBeGreaterThanOrEqual(after - 0.001);
        expect((row + 1) * scale.rowHeight).toBeLessThanOrEqual(after + scale.viewport + 0.001);
        const wasSeen = row * scale.rowHeight >= top && (row + 1) * scale.rowHeight <= top + scale.viewport;
        if (wasSeen) expect(after).toBe(top);
      }),
    );
    const scale = scaleOf(MOST_ROWS, ROW, VIEW);
    expect(revealing(scale, 0, MOST_ROWS - 1)).toBe(scale.lastTop);
    expect(centering(scale, 1000)).toBe(1000 * ROW - (VIEW - ROW) / 2);
    expect(centering(scale, 0)).toBe(0);
  });

  it('keeps what is seen where it is when rows get other numbers', () => {
    const scale = scaleOf(MOST_ROWS, ROW, VIEW);
    const top = 1_000_000 * ROW + 7.5;
    const before = windowAt(scale, top, 0);
    const after = windowAt(scale, shifted(scale, top, 123_457), 0);
    expect(after.first - before.first).toBe(123_457);
    expect(after.offset).toBe(before.offset);
  });

  it('knows how many rows a screen has', () => {
    expect(rowsOfScreen(scaleOf(10, ROW, VIEW))).toBe(25);
    expect(rowsOfScreen(scaleOf(10, ROW, 0))).toBe(1);
  });
});
