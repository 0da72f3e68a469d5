import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBytes } from '../../../../src/engine/backends/rocksdb/internalKey';
import { rangesWithout } from '../../../../src/engine/backends/rocksdb/lostFiles';
import type { KeyRange } from '../../../../src/engine/backends/rocksdb/sortedRun';

const compare = (a: Uint8Array, b: Uint8Array): number => compareBytes(a, a.length, b, b.length);
const key = fc.array(fc.constantFrom(0, 1, 2, 255), { maxLength: 3 }).map((bytes) => Uint8Array.from(bytes));
const pair = fc.tuple(key, key).map(([a, b]) => (compare(a, b) <= 0 ? { low: a, high: b } : { low: b, high: a }));

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  return Uint8Array.from([...a, ...b]);
}

const isIn = (k: Uint8Array, { from, to }: KeyRange): boolean =>
  (from === null || compare(k, from) >= 0) && (to === null || compare(k, to) < 0);

test('what is left of a range are the keys between no smallest and largest of a lost file', () => {
  const ranges = fc.tuple(pair, fc.boolean(), fc.boolean()).map(([{ low, high }, open, end]) => ({
    from: open ? null : low,
    to: end ? null : high,
  }));
  fc.assert(
    fc.property(ranges, fc.array(pair, { maxLength: 4 }), fc.array(key, { minLength: 1 }), (range, lost, keys) => {
      const overlapping = lost.filter(({ low }) => range.to === null || compare(low, range.to) < 0);
      const files = overlapping.map(({ low: smallest, high: largest }) => ({
        number: 1,
        level: 0,
        size: 1,
        smallest,
        largest,
        largestIsExcluded: false,
        largestSequence: null,
      }));
      const left = rangesWithout(range, files);
      const all = [...keys, ...overlapping.flatMap(({ low, high }) => [low, high, join(high, Uint8Array.of(0))])];
      for (const k of all) {
        const isLost = overlapping.some(({ low, high }) => compare(k, low) >= 0 && compare(k, high) <= 0);
        expect(left.filter((stretch) => isIn(k, stretch)).length).toBe(isIn(k, range) && !isLost ? 1 : 0);
      }
    }),
    { numRuns: 1000 },
  );
});
