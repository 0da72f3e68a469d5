import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScratchCodec } from '../../../../src/worker/scratch/scratchCodec';

const codec = await loadScratchCodec();

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);
const leaf = fc.oneof(
  fc.constantFrom(null, true, false, -0, 0, Number.NaN, Infinity, -Infinity, 2 ** 53, -(2 ** 40), 2 ** 32),
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt(),
  fc.constantFrom(-(1n << 63n), 1n << 63n, 1n << 64n, -1n << 64n),
  text,
  fc.uint8Array(),
);
const { data } = fc.letrec((tie) => ({
  data: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.array(tie('data'), { maxLength: 6 }),
    fc.dictionary(
      text.filter((name) => name !== '__proto__' && /^[^\ud800-\udfff]*$/.test(name)),
      tie('data'),
      { maxKeys: 6, noNullPrototype: true },
    ),
  ),
}));

describe('what is kept', () => {
  it('comes back as it was: -0, NaN, integers of any size, halves of surrogate pairs, bytes', () => {
    fc.assert(
      fc.property(data, (value) => {
        expect(codec.unpack(codec.pack(value))).toStrictEqual({ value });
      }),
      { numRuns: 500 },
    );
    for (const value of [-0, 'a\ud800b', '\udc00', [-0, { x: -0 }], 1n << 200n, '']) {
      expect(codec.unpack(codec.pack(value))).toStrictEqual({ value });
    }
  });

  it('has bytes of its own', () => {
    const packed = codec.pack({ bytes: Uint8Array.of(1, 2, 3) });
    expect(packed.buffer.byteLength).toBe(packed.length);
    const found = codec.unpack(packed);
    packed.fill(0);
    expect(found).toStrictEqual({ value: { bytes: Uint8Array.of(1, 2, 3) } });
  });

  it('is known when a bit of it is another, or its end is gone', () => {
    const packed = codec.pack({ entries: 12, bytes: -0, key: '"a\ud800"', times: [1n] });
    for (let bit = 0; bit < packed.length * 8; bit++) {
      const other = packed.slice();
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(codec.unpack(other)).toBeNull();
    }
    for (let length = 0; length < packed.length; length++) expect(codec.unpack(packed.slice(0, length))).toBeNull();
  });

  it('has no field that would become a prototype', () => {
    expect(() => codec.pack(JSON.parse('{"a": {"__proto__": 1}}'))).toThrow('not kept');
  });
});
