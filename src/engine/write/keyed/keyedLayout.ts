import { CANONICAL_ABSENT } from '../../backends/canonicalMarks';
import { keyGroupRange } from '../../keyGroups';

/** Bytes of the mark that ends a key group. */
const END_MARK = 2;

/** The file of a new subtask, before any of it is written. */
export interface SubtaskLayout {
  readonly start: number;
  /** By key group, from `start` on: where its data begins, or `CANONICAL_ABSENT`. */
  readonly offsets: number[];
  /** Where the end marks of the key groups go. */
  readonly ends: readonly number[];
  readonly bytes: number;
}

/** Where everything goes: the chunks of every share, in each file one key group behind the other. */
export interface KeyedLayout {
  readonly subtasks: readonly SubtaskLayout[];
  /** By share, then by key group: the place of the chunk in the subtask's file. */
  readonly positions: readonly Float64Array[];
  readonly bytes: number;
}

/** `sizes`: by share, then by key group, the bytes of its chunk. Each file begins with `header` bytes. */
export function layOut(
  sizes: readonly Float64Array[],
  header: number,
  parallelism: number,
  maxParallelism: number,
): KeyedLayout {
  const positions = sizes.map(() => new Float64Array(maxParallelism));
  const subtasks: SubtaskLayout[] = [];
  let bytes = 0;
  for (let subtask = 0; subtask < parallelism; subtask++) {
    const { start, end } = keyGroupRange(subtask, maxParallelism, parallelism);
    const offsets: number[] = [];
    const ends: number[] = [];
    let at = header;
    for (let keyGroup = start; keyGroup <= end; keyGroup++) {
      const from = at;
      for (let share = 0; share < sizes.length; share++) {
        positions[share][keyGroup] = at;
        at += sizes[share][keyGroup];
      }
      offsets.push(at === from ? CANONICAL_ABSENT : from);
      if (at === from) continue;
      ends.push(at);
      at += END_MARK;
    }
    subtasks.push({ start, offsets, ends, bytes: at });
    bytes += at;
  }
  return { subtasks, positions, bytes };
}
