import { throwIfAborted } from '../bytes/engineError';
import type { StateKind } from '../description';
import { Findings } from '../query/findings';
import { kryoOf, type Snapshot, type SnapshotOperator } from '../snapshot';
import type { ShareOutcome } from './compareShare';
import type { Change, OperatorDiff, SnapshotDiff, StateDiff } from './diffResult';
import { type DiffShare, OperatorPair } from './operatorPair';
import { OperatorSide, problemOfSide } from './operatorSide';
import { isOperatorState } from './statePair';

export interface ComparisonOptions {
  /** Only operators that it accepts. */
  isWanted?: ((operator: SnapshotOperator) => boolean) | undefined;
  signal?: AbortSignal | undefined;
  /** Bytes of one side in a share. */
  shareBytes?: number | undefined;
}

/**
 * The comparison of two snapshots of any format: operators are recognised by their ids, states by their names; elements of
 * operator lists are compared as a whole list, whichever subtask has them, and broadcast state once. What the headers say is
 * known when it is open; entries are compared share by share, in any order, here or in threads, and what each share found is
 * added.
 */
export class SnapshotComparison {
  readonly operators: OperatorDiff[] = [];
  readonly shares: DiffShare[] = [];
  private readonly byId = new Map<string, OperatorPair>();
  private readonly findings = new Findings();

  private constructor(
    readonly before: Snapshot,
    readonly after: Snapshot,
  ) {}

  static async open(
    before: Snapshot,
    after: Snapshot,
    { isWanted = () => true, signal, shareBytes }: ComparisonOptions = {},
  ): Promise<SnapshotComparison> {
    const comparison = new SnapshotComparison(before, after);
    const now = after.operators.filter(isWanted);
    for (const operator of before.operators.filter(isWanted)) {
      throwIfAborted(signal);
      const other = now.find(({ id }) => id === operator.id);
      if (other === undefined) await comparison.addAlone(operator, 'before', signal);
      else await comparison.addPair(operator, other, shareBytes, signal);
    }
    for (const operator of now) {
      throwIfAborted(signal);
      if (!before.operators.some(({ id }) => id === operator.id)) await comparison.addAlone(operator, 'after', signal);
    }
    return comparison;
  }

  /** An operator that both have. */
  pair(operator: string): OperatorPair {
    const pair = this.byId.get(operator);
    if (pair === undefined) throw new RangeError(`There is no operator ${operator} in both snapshots.`);
    return pair;
  }

  /** The state of a pair's number. */
  state(operator: string, number: number): StateDiff {
    const pair = this.pair(operator).pairs[number];
    const of = isOperatorState(pair.after) ? 'operator' : 'keyed';
    const states = this.operators.find(({ id }) => id === operator)?.states ?? [];
    const state = states.find((candidate) => candidate.name === pair.name && candidate.of === of);
    if (state === undefined) throw new RangeError(`There is no state ${pair.name} in both snapshots.`);
    return state;
  }

  add({ operator }: DiffShare, { counts, problems, incomplete }: ShareOutcome): void {
    for (const [number, count] of counts) {
      const state = this.state(operator, number);
      state.added += count.added;
      state.removed += count.removed;
      state.changed += count.changed;
    }
    for (const number of incomplete) this.state(operator, number).incomplete = true;
    // Several shares may need what cannot be read.
    for (const problem of problems) this.findings.tell(problem);
  }

  /** What was found so far. */
  diff(): SnapshotDiff {
    const { operators } = this;
    const problems = this.findings.problems();
    return { same: problems.length === 0 && operators.every(isSame), operators, problems };
  }

  private async addPair(
    before: SnapshotOperator,
    after: SnapshotOperator,
    shareBytes: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const pair = await openPair(this.before, this.after, before, after, signal);
    this.byId.set(after.id, pair);
    for (const side of ['before', 'after'] as const) {
      for (const failure of pair[side].failures) this.findings.tell(problemOfSide(side, pair[side], failure));
    }
    const name = changeOf(before.name, after.name);
    const uid = changeOf(before.uid, after.uid);
    this.operators.push({
      id: after.id,
      uid: after.uid ?? before.uid,
      name: after.name ?? before.name,
      in: 'both',
      // Of one that only one side says nothing is known.
      renamed: [name, uid].find((change) => change !== null && change.before !== null && change.after !== null) ?? null,
      parallelism: changeOf(before.state.parallelism, after.state.parallelism),
      maxParallelism: changeOf(before.state.maxParallelism, after.state.maxParallelism),
      states: statesOf(pair),
    });
    this.shares.push(...pair.shares(this.shares.length, shareBytes));
  }

  /** An operator that only one of the snapshots has. Its entries are not read. */
  private async addAlone(operator: SnapshotOperator, where: 'before' | 'after', signal?: AbortSignal): Promise<void> {
    const side = await OperatorSide.open(operator, signal);
    const { id, uid, name } = operator;
    const states = (['keyed', 'operator'] as const).flatMap((of) =>
      [...side.states(of).values()].map(({ name, kind }) => stateDiff(name, kind, of, where)),
    );
    this.operators.push({
      id,
      uid,
      name,
      in: where,
      renamed: null,
      parallelism: null,
      maxParallelism: null,
      states,
    });
  }
}

/** An operator's pair, as every thread opens it. */
export function openPair(
  { metadata: { version: a } }: Snapshot,
  { metadata: { version: b } }: Snapshot,
  before: SnapshotOperator,
  after: SnapshotOperator,
  signal?: AbortSignal,
): Promise<OperatorPair> {
  return OperatorPair.open(before, after, kryoOf(a) === kryoOf(b), signal);
}

export function isSame(operator: OperatorDiff): boolean {
  const { renamed, parallelism, maxParallelism, states } = operator;
  const isChanged = renamed !== null || parallelism !== null || maxParallelism !== null;
  return operator.in === 'both' && !isChanged && states.every(isSameState);
}

export const isSameState = ({ in: where, types, added, removed, changed }: StateDiff): boolean =>
  where === 'both' && types.length === 0 && added + removed + changed === 0;

function statesOf({ before, after, pairs }: OperatorPair): StateDiff[] {
  const states: StateDiff[] = [];
  for (const of of ['keyed', 'operator'] as const) {
    const [old, now] = [before.states(of), after.states(of)];
    for (const { name, kind } of old.values()) {
      const other = now.get(name);
      if (other === undefined) states.push(stateDiff(name, kind, of, 'before', after.lacksAny(of)));
      else {
        const pair = pairs.find((candidate) => candidate.before === old.get(name));
        states.push({ ...stateDiff(name, other.kind, of, 'both'), types: pair?.changes ?? [] });
      }
    }
    for (const { name, kind } of now.values()) {
      if (!old.has(name)) states.push(stateDiff(name, kind, of, 'after', before.lacksAny(of)));
    }
  }
  return states;
}

const stateDiff = (
  name: string,
  kind: StateKind,
  of: StateDiff['of'],
  where: StateDiff['in'],
  incomplete = false,
): StateDiff => ({ name, kind, of, in: where, types: [], added: 0, removed: 0, changed: 0, incomplete });

const changeOf = <T>(before: T, after: T): Change<T> | null => (before === after ? null : { before, after });
