import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Box, neighbour, squarify } from '../../../webview/model/treemap';

const area = ({ width, height }: Box): number => width * height;
const weights = fc.array(
  fc.oneof(fc.integer({ min: 0, max: 100 }), fc.double({ min: 1e-3, max: 1e12, noNaN: true }), fc.integer({ min: 0 })),
  { minLength: 1, maxLength: 60 },
);
const box = fc.record({
  x: fc.integer({ min: -500, max: 500 }),
  y: fc.integer({ min: -500, max: 500 }),
  width: fc.integer({ min: 1, max: 4000 }),
  height: fc.integer({ min: 1, max: 4000 }),
});

describe('a treemap', () => {
  it('divides its box to scale, without a gap', () => {
    fc.assert(
      fc.property(weights, box, (all, whole) => {
        const boxes = squarify(all, whole);
        expect(boxes).toHaveLength(all.length);
        const total = all.reduce((sum, weight) => sum + weight, 0);
        const tolerance = 1e-6 * area(whole);
        let sum = 0;
        for (const [i, one] of boxes.entries()) {
          expect(one.width).toBeGreaterThanOrEqual(0);
          expect(one.height).toBeGreaterThanOrEqual(0);
          const expected = total === 0 ? 0 : (area(whole) * (all[i] ?? 0)) / total;
          expect(Math.abs(area(one) - expected)).toBeLessThanOrEqual(tolerance);
          sum += area(one);
        }
        expect(Math.abs(sum - (total === 0 ? 0 : area(whole)))).toBeLessThanOrEqual(tolerance);
      }),
      { numRuns: 500 },
    );
  });

  it('has no two boxes over each other, and none outside', () => {
    fc.assert(
      fc.property(weights, box, (all, whole) => {
        const boxes = squarify(all, whole);
        const slack = 1e-6 * Math.max(whole.width, whole.height);
        for (const [i, a] of boxes.entries()) {
          if (area(a) === 0) continue;
          expect(a.x).toBeGreaterThanOrEqual(whole.x - slack);
          expect(a.y).toBeGreaterThanOrEqual(whole.y - slack);
          expect(a.x + a.width).toBeLessThanOrEqual(whole.x + whole.width + slack);
          expect(a.y + a.height).toBeLessThanOrEqual(whole.y + whole.height + slack);
          for (const b of boxes.slice(i + 1)) {
            if (area(b) === 0) continue;
            const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
            const high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
            expect(Math.min(wide, high)).toBeLessThanOrEqual(slack);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keeps boxes of like weights nearly square', () => {
    for (const count of [2, 3, 5, 8, 16, 40]) {
      for (const one of squarify(new Array<number>(count).fill(1), { x: 0, y: 0, width: 800, height: 500 })) {
        expect(Math.max(one.width / one.height, one.height / one.width)).toBeLessThan(3);
      }
    }
    // The example of the paper: the first row is two boxes of 6 in a box of 6 by 4.
    const [first, second] = squarify([6, 6, 4, 3, 2, 2, 1], { x: 0, y: 0, width: 6, height: 4 });
    expect(first).toEqual({ x: 0, y: 0, width: 3, height: 2 });
    expect(second).toEqual({ x: 0, y: 2, width: 3, height: 2 });
  });

  it('is walked with the arrows: every box is reached, and no step goes the other way', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 30 }), (all) => {
        const boxes = squarify(all, { x: 0, y: 0, width: 900, height: 200 });
        const seen = new Set([0]);
        for (const from of seen) {
          for (const direction of ['left', 'right', 'up', 'down'] as const) {
            const to = neighbour(boxes, from, direction);
            if (to !== null) seen.add(to);
          }
        }
        expect(seen.size).toBe(all.length);
      }),
      { numRuns: 200 },
    );
    expect(neighbour([], 0, 'left')).toBeNull();
  });
});
