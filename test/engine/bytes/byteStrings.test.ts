import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinBytes, sameBytes, sameStretch } from '../../../src/engine/bytes/byteStrings';

const bytes = fc.uint8Array({ max: 2, maxLength: 4 });

test('byte strings are the same where length and every byte are, also inside longer ones', () => {
  fc.assert(
    fc.property(bytes, bytes, bytes, (a, b, around) => {
      const expected = a.join() === b.join();
      expect(sameBytes(a, b)).toBe(expected);
      const [x, y] = [joinBytes([around, a]), joinBytes([b, around])];
      expect(sameStretch(x, around.length, x.length, y, 0, b.length)).toBe(expected);
    }),
  );
});

test('pieces are joined in their order, in bytes of their own', () => {
  fc.assert(
    fc.property(fc.array(bytes), (pieces) => {
      const all = joinBytes(pieces);
      expect([...all]).toEqual(pieces.flatMap((piece) => [...piece]));
      all.fill(9);
      expect(pieces.flatMap((piece) => [...piece])).not.toContain(9);
    }),
  );
});
