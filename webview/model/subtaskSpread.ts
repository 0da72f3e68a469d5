import type { OperatorDescription } from '../../src/engine/description';

/** Skew below this is ordinary hashing, not worth a word of warning. */
export const NOTABLE_SKEW = 1.5;

export interface Spread {
  /** Bytes by bar; with many subtasks a bar stands for the largest of several. */
  bars: number[];
  largest: { subtask: number; bytes: number };
  /** The largest as a multiple of the average over all subtasks with state. */
  skew: number;
}

const MOST_BARS = 24;

/** How an operator's bytes spread over its subtasks; null with fewer than two, where there is nothing to compare. */
export function spreadOf(operator: OperatorDescription): Spread | null {
  const subtasks = operator.subtaskBytes;
  const first = subtasks[0];
  if (first === undefined || operator.parallelism < 2) return null;
  const bars = new Array<number>(Math.min(operator.parallelism, MOST_BARS)).fill(0);
  let largest = first;
  let sum = 0;
  for (const subtask of subtasks) {
    sum += subtask.bytes;
    if (subtask.bytes > largest.bytes) largest = subtask;
    const bar = Math.min(bars.length - 1, Math.floor((subtask.subtask * bars.length) / operator.parallelism));
    bars[bar] = Math.max(bars[bar] ?? 0, subtask.bytes);
  }
  return sum === 0 ? null : { bars, largest, skew: (largest.bytes * subtasks.length) / sum };
}
