/** A stretch of the elements of one old subtask. */
export interface Share {
  /** Index of the old subtask in the list that was given. */
  of: number;
  from: number;
  to: number;
}

/**
 * Deals the elements of one list state to new subtasks, as Flink does when it restores with another parallelism: all elements
 * in the order of the old subtasks, in equal shares one behind the other; the subtask `start` is the first to get one of
 * those that are left over. Gives the shares of each new subtask, and where the next state should start.
 * Source: RoundRobinOperatorStateRepartitioner#repartitionSplitState.
 */
export function deal(
  counts: readonly number[],
  parallelism: number,
  start: number,
): { shares: Share[][]; next: number } {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const base = Math.floor(total / parallelism);
  const remainder = total % parallelism;
  const shares: Share[][] = Array.from({ length: parallelism }, () => []);
  let of = 0;
  let from = 0;
  for (let i = 0; i < parallelism; i++) {
    let wanted = base + (i < remainder ? 1 : 0);
    const mine = shares[(i + start) % parallelism];
    while (wanted > 0) {
      const to = Math.min(counts[of], from + wanted);
      if (to > from) mine.push({ of, from, to });
      wanted -= to - from;
      from = to;
      if (from === counts[of]) {
        of++;
        from = 0;
      }
    }
  }
  return { shares, next: (remainder + start) % parallelism };
}
