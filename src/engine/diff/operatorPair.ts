import { keyGroupRange } from '../keyGroups';
import type { SnapshotOperator } from '../snapshot';
import { bytesOf, type KeyGroups, OperatorSide } from './operatorSide';
import { isOperatorState, pairOf, type StatePair } from './statePair';

/**
 * A piece of the comparison of one operator, which is done by itself: the operator's state, or some of its key groups. Plain
 * data, so that it can be sent to another thread.
 */
export interface DiffShare {
  /** Among all shares of a comparison. */
  readonly number: number;
  /** The operator's id. */
  readonly operator: string;
  /** Null for operator state. */
  readonly keyGroups: KeyGroups | null;
  /** How much of both sides' bytes it stands for. */
  readonly bytes: number;
}

/** Bytes of one side that a share should have: so few that its entries fit into memory, and that it is soon done. */
const SHARE_BYTES = 12 * 1024 * 1024;

/** One operator as both snapshots have it, opened. */
export class OperatorPair {
  readonly pairs: readonly StatePair[];

  private constructor(
    readonly before: OperatorSide,
    readonly after: OperatorSide,
    isSameKryo: boolean,
  ) {
    const pairs: StatePair[] = [];
    for (const which of ['keyed', 'operator'] as const) {
      const now = after.states(which);
      for (const state of before.states(which).values()) {
        const other = now.get(state.name);
        if (other !== undefined) pairs.push(pairOf(pairs.length, state, other, isSameKryo));
      }
    }
    this.pairs = pairs;
  }

  static async open(
    before: SnapshotOperator,
    after: SnapshotOperator,
    isSameKryo: boolean,
    signal?: AbortSignal,
  ): Promise<OperatorPair> {
    return new OperatorPair(
      await OperatorSide.open(before, signal),
      await OperatorSide.open(after, signal),
      isSameKryo,
    );
  }

  /** Shares that together are everything, the first of them with the given number. */
  shares(first: number, shareBytes = SHARE_BYTES): DiffShare[] {
    const { before, after, pairs } = this;
    const bytes = bytesOf(before.operator) + bytesOf(after.operator);
    const parts: (KeyGroups | null)[] = [];
    if (pairs.some((pair) => !isOperatorState(pair.after))) {
      const [a, b] = [before.operator.state, after.operator.state];
      const wanted = Math.ceil(Math.max(bytesOf(before.operator), bytesOf(after.operator)) / shareBytes);
      // What can only be read as a whole is read again for each share that has some of it.
      const most = before.isDivided && after.isDivided ? wanted : Math.min(wanted, a.parallelism, b.parallelism);
      parts.push(...keyGroupParts(a.maxParallelism, b.maxParallelism, most));
    }
    if (pairs.some((pair) => isOperatorState(pair.after))) parts.push(null);
    const { id } = after.operator;
    return parts.map((keyGroups, i) => ({ number: first + i, operator: id, keyGroups, bytes: bytes / parts.length }));
  }
}

/**
 * The key groups in about so many parts, of which each holds the same keys on both sides. With different max parallelisms a key
 * has two key groups, which are the remainders of one hash: they leave the same remainder by what divides both.
 */
export function keyGroupParts(before: number, after: number, wanted: number): KeyGroups[] {
  if (before < 1 || after < 1) return [{ is: 'all' }];
  if (before === after) {
    const count = Math.max(1, Math.min(before, wanted));
    // As Flink deals them out to so many subtasks.
    return Array.from({ length: count }, (_, i) => {
      const { start, end } = keyGroupRange(i, before, count);
      return { is: 'span', first: start, last: end };
    });
  }
  const common = greatestDivisor(before, after);
  // The fewest classes that are enough: each key group is looked up by itself.
  let modulus = 1;
  for (let divisor = 1; divisor <= common && modulus < wanted; divisor++) if (common % divisor === 0) modulus = divisor;
  if (modulus === 1) return [{ is: 'all' }];
  return Array.from({ length: modulus }, (_, remainder) => ({ is: 'class', modulus, remainder }));
}

function greatestDivisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}
