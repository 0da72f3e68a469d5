import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DistinctCount } from '../../../src/engine/stats/distinctCount';
import { Largest } from '../../../src/engine/stats/largest';
import { joinSizes, SizeHistogram } from '../../../src/engine/stats/sizeHistogram';
import { TimeHistogram } from '../../../src/engine/stats/timeHistogram';

const numbered = (i: number): Uint8Array => new TextEncoder().encode(`account-${i}`);

describe('different keys', () => {
  test('few are counted exactly, however often they come', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 12 }), { maxLength: 2000 }), (all) => {
        const count = new DistinctCount();
        for (const bytes of [...all, ...all]) count.add(bytes);
        const expected = new Set(all.map((bytes) => bytes.join()));
        expect(count.distinct).toEqual({ count: expected.size, exact: true });
      }),
      { numRuns: 50 },
    );
  });

  test('a part of a window counts as its bytes', () => {
    const count = new DistinctCount();
    const window = new TextEncoder().encode('..key..key');
    count.add(window, 2, 5);
    count.add(window, 7, 10);
    count.add(new TextEncoder().encode('key'));
    expect(count.distinct.count).toBe(1);
  });

  test('many are estimated, and said to be, in a table that stays small', () => {
    const count = new DistinctCount(1 << 14);
    const expected = 200_000;
    for (let i = 0; i < expected; i++) count.add(numbered(i));
    for (let i = 0; i < expected; i += 3) count.add(numbered(i));
    const { count: estimate, exact } = count.distinct;
    expect(exact).toBe(false);
    // Six standard deviations of 1.2 / sqrt(half of the table at least).
    expect(Math.abs(estimate / expected - 1)).toBeLessThan((6 * 1.2) / Math.sqrt(1 << 12));
  });
});

test('sizes are counted between powers of two, and parts join to the whole', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5000)), fc.array(fc.nat(5000)), (a, b) => {
      const of = (sizes: number[]) => {
        const histogram = new SizeHistogram();
        for (const size of sizes) histogram.add(size);
        return histogram.bins();
      };
      const whole = of([...a, ...b]);
      expect(joinSizes([of(a), of(b)])).toEqual(whole);
      for (const { from, count } of whole) {
        const inBin = [...a, ...b].filter((size) => (from === 0 ? size === 0 : size >= from && size < 2 * from));
        expect(inBin.length).toBe(count);
      }
      expect(whole.reduce((sum, { count }) => sum + count, 0)).toBe(a.length + b.length);
    }),
  );
});

test('points in time from the first to the last long fall into few bins, and parts join to the whole', () => {
  const time = fc.oneof(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), fc.bigInt({ min: -5n, max: 5n }));
  fc.assert(
    fc.property(fc.array(time, { maxLength: 300 }), fc.array(time, { maxLength: 300 }), (a, b) => {
      const of = (times: bigint[]) => {
        const histogram = new TimeHistogram();
        for (const t of times) histogram.add(t);
        return histogram.times();
      };
      const all = [...a, ...b];
      const joined = TimeHistogram.join([of(a), of(b)].filter((times) => times !== null));
      if (all.length === 0) {
        expect(joined).toBeNull();
        return;
      }
      const sorted = all.sort((x, y) => (x < y ? -1 : 1));
      expect(joined).toMatchObject({ count: all.length, first: sorted[0], last: sorted[sorted.length - 1] });
      expect(joined?.bins.length).toBeLessThanOrEqual(64);
      for (const { from, count } of joined?.bins ?? []) {
        expect(sorted.filter((t) => t >= from && t < from + (joined?.width ?? 0n)).length).toBe(count);
      }
    }),
  );
});

test('the largest are kept, of equal ones the first', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), fc.integer({ min: 1, max: 8 }), (sizes, most) => {
      const largest = new Largest<{ bytes: number; at: number }>(most);
      for (const [at, bytes] of sizes.entries()) largest.add({ bytes, at });
      const sorted = sizes.map((bytes, at) => ({ bytes, at })).sort((a, b) => b.bytes - a.bytes || a.at - b.at);
      expect(largest.all()).toEqual(sorted.slice(0, most));
    }),
  );
});
