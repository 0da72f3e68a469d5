/**
 * Key groups: which of `maxParallelism` groups a key belongs to, and which subtask owns a group.
 * Source: org.apache.flink.runtime.state.KeyGroupRangeAssignment and org.apache.flink.util.MathUtils, unchanged since 1.2.
 */

/** Flink's largest max parallelism, 2^15. */
export const MAX_MAX_PARALLELISM = 1 << 15;

/** `MathUtils.murmurHash(int)`: Murmur3's 32-bit hash of one 4-byte block with seed 0, made non-negative. */
export function murmurHash(code: number): number {
  let h = Math.imul(code, 0xcc9e2d51);
  h = (h << 15) | (h >>> 17);
  h = Math.imul(h, 0x1b873593);
  h = (h << 13) | (h >>> 19);
  h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  h ^= 4;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  if (h >= 0) return h;
  return h === -0x80000000 ? 0 : -h;
}

/** The key group of a key with Java hash code `hashCode`: 0 to `maxParallelism - 1`. */
export function keyGroupOf(hashCode: number, maxParallelism: number): number {
  return murmurHash(hashCode) % maxParallelism;
}

/** The subtask that owns `keyGroup`. */
export function subtaskOf(keyGroup: number, maxParallelism: number, parallelism: number): number {
  return Math.floor((keyGroup * parallelism) / maxParallelism);
}

/** First and last key group (both inclusive) of a subtask; the last is smaller than the first where it owns none. */
export function keyGroupRange(
  subtask: number,
  maxParallelism: number,
  parallelism: number,
): { start: number; end: number } {
  return {
    start: Math.floor((subtask * maxParallelism + parallelism - 1) / parallelism),
    end: Math.floor(((subtask + 1) * maxParallelism - 1) / parallelism),
  };
}

/** Bytes that a key group takes in front of a canonical or RocksDB key (CompositeKeySerializationUtils). */
export function keyGroupPrefixBytes(maxParallelism: number): 1 | 2 {
  return maxParallelism > 128 ? 2 : 1;
}
