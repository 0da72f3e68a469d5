import { describe, expect, it } from 'vitest';
import { keyGroupOf, keyGroupPrefixBytes, keyGroupRange, murmurHash, subtaskOf } from '../../src/engine/keyGroups';

/* Reference numbers are those of KeyGroupRangeAssignment of Flink 2.3.0. */

/** Hash code, max parallelism, key group. */
const KEY_GROUPS = [
  [0, 1, 0],
  [0, 4, 2],
  [0, 128, 94],
  [0, 129, 94],
  [0, 32768, 31198],
  [1, 1, 0],
  [1, 4, 2],
  [1, 128, 86],
  [1, 129, 114],
  [1, 32768, 16342],
  [-1, 1, 0],
  [-1, 4, 0],
  [-1, 128, 80],
  [-1, 129, 85],
  [-1, 32768, 15184],
  [42, 1, 0],
  [42, 4, 1],
  [42, 128, 29],
  [42, 129, 58],
  [42, 32768, 28189],
  [97, 1, 0],
  [97, 4, 1],
  [97, 128, 81],
  [97, 129, 16],
  [97, 32768, 19409],
  [1000003, 1, 0],
  [1000003, 4, 0],
  [1000003, 128, 12],
  [1000003, 129, 111],
  [1000003, 32768, 19084],
  [2147483647, 1, 0],
  [2147483647, 4, 2],
  [2147483647, 128, 62],
  [2147483647, 129, 92],
  [2147483647, 32768, 19646],
  [-2147483648, 1, 0],
  [-2147483648, 4, 0],
  [-2147483648, 128, 108],
  [-2147483648, 129, 27],
  [-2147483648, 32768, 10348],
  [123456789, 1, 0],
  [123456789, 4, 1],
  [123456789, 128, 81],
  [123456789, 129, 23],
  [123456789, 32768, 22865],
  [-987654321, 1, 0],
  [-987654321, 4, 2],
  [-987654321, 128, 10],
  [-987654321, 129, 53],
  [-987654321, 32768, 12554],
  [97520992, 1, 0],
  [97520992, 4, 2],
  [97520992, 128, 98],
  [97520992, 129, 54],
  [97520992, 32768, 16610],
  [6, 1, 0],
  [6, 4, 2],
  [6, 128, 18],
  [6, 129, 63],
  [6, 32768, 19602],
];

/** Max parallelism, parallelism, subtask, first and last key group. */
const RANGES = [
  [128, 1, 0, 0, 127],
  [128, 3, 0, 0, 42],
  [128, 3, 1, 43, 85],
  [128, 3, 2, 86, 127],
  [128, 128, 0, 0, 0],
  [128, 128, 32, 32, 32],
  [128, 128, 64, 64, 64],
  [128, 128, 96, 96, 96],
  [10, 4, 0, 0, 2],
  [10, 4, 1, 3, 4],
  [10, 4, 2, 5, 7],
  [10, 4, 3, 8, 9],
  [32768, 7, 0, 0, 4681],
  [32768, 7, 1, 4682, 9362],
  [32768, 7, 2, 9363, 14043],
  [32768, 7, 3, 14044, 18724],
  [32768, 7, 4, 18725, 23405],
  [32768, 7, 5, 23406, 28086],
  [32768, 7, 6, 28087, 32767],
  [4, 4, 0, 0, 0],
  [4, 4, 1, 1, 1],
  [4, 4, 2, 2, 2],
  [4, 4, 3, 3, 3],
  [5, 2, 0, 0, 2],
  [5, 2, 1, 3, 4],
];

/** Max parallelism, parallelism, key group, subtask. */
const OWNERS = [
  [128, 3, 0, 0],
  [128, 3, 42, 0],
  [128, 3, 43, 1],
  [128, 3, 127, 2],
  [10, 4, 2, 0],
  [10, 4, 3, 1],
  [32768, 7, 32767, 6],
  [5, 2, 2, 0],
];

describe('key groups', () => {
  it.each(KEY_GROUPS)('of hash code %i with max parallelism %i is %i', (hash, maxParallelism, keyGroup) => {
    expect(keyGroupOf(hash, maxParallelism)).toBe(keyGroup);
  });

  it.each(RANGES)(
    'of max parallelism %i, parallelism %i, subtask %i are %i to %i',
    (max, parallelism, subtask, start, end) => {
      expect(keyGroupRange(subtask, max, parallelism)).toEqual({ start, end });
    },
  );

  it.each(OWNERS)(
    'max parallelism %i, parallelism %i: key group %i belongs to subtask %i',
    (max, parallelism, group, subtask) => {
      expect(subtaskOf(group, max, parallelism)).toBe(subtask);
    },
  );

  it('are owned by the subtask in whose range they are', () => {
    for (const [max, parallelism] of [
      [128, 3],
      [10, 4],
      [4, 4],
      [1000, 7],
    ]) {
      for (let subtask = 0; subtask < parallelism; subtask++) {
        const { start, end } = keyGroupRange(subtask, max, parallelism);
        for (let group = start; group <= end; group++) expect(subtaskOf(group, max, parallelism)).toBe(subtask);
      }
    }
  });

  it('hash to numbers that are not negative', () => {
    for (let i = -50_000; i < 50_000; i++) expect(murmurHash(i * 42_949)).toBeGreaterThanOrEqual(0);
  });

  it('take a second byte above max parallelism 128', () => {
    expect(keyGroupPrefixBytes(128)).toBe(1);
    expect(keyGroupPrefixBytes(129)).toBe(2);
  });
});
