const MASK = 0xffff_ffff_ffff_ffffn;
const C1 = 0x87c37b91114253d5n;
const C2 = 0x4cf5ad432745937fn;

const rotate = (v: bigint, bits: bigint): bigint => ((v << bits) | (v >> (64n - bits))) & MASK;
const mixK1 = (k: bigint): bigint => (rotate((k * C1) & MASK, 31n) * C2) & MASK;
const mixK2 = (k: bigint): bigint => (rotate((k * C2) & MASK, 33n) * C1) & MASK;

function finalMix(v: bigint): bigint {
  let k = v;
  k = ((k ^ (k >> 33n)) * 0xff51afd7ed558ccdn) & MASK;
  k = ((k ^ (k >> 33n)) * 0xc4ceb9fe1a85ec53n) & MASK;
  return k ^ (k >> 33n);
}

/**
 * MurmurHash3 for x64 with 128 bits of result and seed 0, as Guava's `Hashing.murmur3_128(0)` computes it. The 16 bytes are
 * those of Guava's `HashCode.asBytes()`: both halves little-endian, the first half first.
 */
export function murmur3x64(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks = bytes.length - (bytes.length % 16);
  let h1 = 0n;
  let h2 = 0n;
  for (let i = 0; i < blocks; i += 16) {
    h1 ^= mixK1(view.getBigUint64(i, true));
    h1 = ((rotate(h1, 27n) + h2) * 5n + 0x52dce729n) & MASK;
    h2 ^= mixK2(view.getBigUint64(i + 8, true));
    h2 = ((rotate(h2, 31n) + h1) * 5n + 0x38495ab5n) & MASK;
  }
  // The rest, filled up with zeros: a zero block mixes to zero and leaves the hash alone.
  const tail = new DataView(new ArrayBuffer(16));
  for (let i = blocks; i < bytes.length; i++) tail.setUint8(i - blocks, bytes[i]);
  h1 ^= mixK1(tail.getBigUint64(0, true));
  h2 ^= mixK2(tail.getBigUint64(8, true));

  const length = BigInt(bytes.length);
  h1 ^= length;
  h2 ^= length;
  h1 = (h1 + h2) & MASK;
  h2 = (h2 + h1) & MASK;
  h1 = finalMix(h1);
  h2 = finalMix(h2);
  h1 = (h1 + h2) & MASK;
  h2 = (h2 + h1) & MASK;

  const result = new DataView(new ArrayBuffer(16));
  result.setBigUint64(0, h1, true);
  result.setBigUint64(8, h2, true);
  return new Uint8Array(result.buffer);
}
