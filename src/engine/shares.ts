import type { KeyGroupSpan } from './backends/part';
import type { Snapshot } from './snapshot';

/**
 * One of the shares into which the reading of a snapshot is divided, so that several threads may take part: a subtask's state,
 * or the `number`th of `count` stretches of its key groups. State that can only be read as a whole belongs to the first.
 * Plain data, so that it can be sent to another thread.
 */
export interface Share {
  /** Positions in the snapshot's operators, and in the operator's subtasks. */
  readonly operator: number;
  readonly subtask: number;
  readonly number: number;
  readonly count: number;
}

/** Shares that together are everything, in the order of a dump; about `wanted` of them, more where there are more subtasks. */
export function sharesOf(snapshot: Snapshot, wanted: number): Share[] {
  const subtasks = snapshot.operators.flatMap(({ subtasks }, operator) =>
    subtasks.map((of, subtask) => ({ operator, subtask, of })),
  );
  const keyed = subtasks.filter(({ of }) => of.managedKeyedState !== null).length;
  const stretches = Math.max(1, Math.ceil(wanted / Math.max(1, keyed)));
  return subtasks.flatMap(({ operator, subtask, of }) => {
    const count = of.managedKeyedState === null ? 1 : stretches;
    return Array.from({ length: count }, (_, number) => ({ operator, subtask, number, count }));
  });
}

/** The key groups of a share; null where it has none. */
export function spanOf({ number, count }: Share, { first, last }: KeyGroupSpan): KeyGroupSpan | null {
  const size = last - first + 1;
  const from = first + Math.floor((size * number) / count);
  const to = first + Math.floor((size * (number + 1)) / count) - 1;
  return from > to ? null : { first: from, last: to };
}
