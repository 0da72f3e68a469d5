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

/** Into so many pieces the last stretch of a subtask is divided again. */
const PIECES = 4;

/**
 * Shares that together are everything; about `wanted` of them, more where there are more subtasks. The last are smaller: who
 * takes one after the other has little left to wait for at the end.
 */
export function sharesOf(snapshot: Snapshot, wanted: number): Share[] {
  const subtasks = snapshot.operators.flatMap(({ subtasks }, operator) =>
    subtasks.map((of, subtask) => ({ operator, subtask, of })),
  );
  const keyed = subtasks.filter(({ of }) => of.managedKeyedState !== null).length;
  const stretches = Math.max(1, Math.ceil(wanted / Math.max(1, keyed)));
  const large: Share[] = [];
  const small: Share[] = [];
  for (const { operator, subtask, of } of subtasks) {
    const count = of.managedKeyedState === null ? 1 : stretches;
    const whole = count === 1 ? 1 : count - 1;
    for (let number = 0; number < whole; number++) large.push({ operator, subtask, number, count });
    for (let number = whole * PIECES; number < count * PIECES; number++) {
      small.push({ operator, subtask, number, count: count * PIECES });
    }
  }
  return [...large, ...small];
}

/** The key groups of a share; null where it has none. */
export function spanOf(
  { number, count }: Pick<Share, 'number' | 'count'>,
  { first, last }: KeyGroupSpan,
): KeyGroupSpan | null {
  const size = last - first + 1;
  const from = first + Math.floor((size * number) / count);
  const to = first + Math.floor((size * (number + 1)) / count) - 1;
  return from > to ? null : { first: from, last: to };
}
