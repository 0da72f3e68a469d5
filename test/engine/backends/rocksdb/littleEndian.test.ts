import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RocksCursor } from '../../../../src/engine/backends/rocksdb/littleEndian';

/** `PutVarint64` of `util/coding.cc`. */
function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.of(...bytes, Number(rest));
}

describe('a varint64', () => {
  test('that is a size is the number that was written, and reading goes on behind it', () => {
    const anySize = fc.oneof(
      fc.maxSafeNat(),
      fc.nat(300),
      fc.nat(50).map((bits) => 2 ** bits),
    );
    fc.assert(
      fc.property(anySize, (size) => {
        const cursor = new RocksCursor(Uint8Array.of(...varint(BigInt(size)), 42));
        expect(cursor.varintSize('size')).toBe(size);
        expect(cursor.u8()).toBe(42);
      }),
    );
  });

  test('that no number can hold exactly is corrupt as a size', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }), (size) => {
        const cursor = new RocksCursor(varint(size), { file: 'f', offset: 5 });
        const error = expect.objectContaining({ code: 'CORRUPT', file: 'f', offset: 5 });
        expect(() => cursor.varintSize('size')).toThrow(error as Error);
      }),
    );
  });

  test('that is cut short says so', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0x80n, max: 2n ** 64n - 1n }), fc.nat(8), (size, left) => {
        const bytes = varint(size);
        const cursor = new RocksCursor(bytes.subarray(0, Math.min(left, bytes.length - 1)));
        expect(() => cursor.varintSize('size')).toThrow(expect.objectContaining({ code: 'TRUNCATED' }) as Error);
      }),
    );
  });
});
