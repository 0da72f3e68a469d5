/**
 * A hash of `[from, to)` in 32 bits, for tables in memory: FNV-1a, after which the last bytes reach the low bits too, which
 * choose the slot. Seeds make hashes that know nothing of one another.
 */
export function byteHash(bytes: Uint8Array, from: number, to: number, seed = 0): number {
  let hash = seed ^ 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) ^ (hash >>> 12);
}

/** The last step of MurmurHash3: every bit of the input changes about half of the output's. */
export function mixed(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
