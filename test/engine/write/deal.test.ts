import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { deal } from '../../../src/engine/write/deal';

test('every element is dealt once, in its order, in shares that differ by one at most', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(20), { maxLength: 8 }),
      fc.integer({ min: 1, max: 12 }),
      fc.nat(11),
      (counts, parallelism, start) => {
        const { shares, next } = deal(counts, parallelism, start % parallelism);
        const turns = shares.map((_, i) => shares[(i + (start % parallelism)) % parallelism]);
        const dealt = turns
          .flat()
          .flatMap(({ of, from, to }) => Array.from({ length: to - from }, (_, i) => [of, from + i]));
        expect(dealt).toEqual(counts.flatMap((count, of) => Array.from({ length: count }, (_, i) => [of, i])));
        const sizes = shares.map((mine) => mine.reduce((sum, { from, to }) => sum + to - from, 0));
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        const total = counts.reduce((sum, count) => sum + count, 0);
        expect(next).toBe((start + total) % parallelism);
      },
    ),
  );
});
