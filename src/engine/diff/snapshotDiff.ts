import { throwIfAborted } from '../bytes/engineError';
import type { Problem, StateKind } from '../description';
import { operatorName } from '../operatorName';
import { Findings } from '../query/findings';
import { kryoOf, type Snapshot, type SnapshotOperator } from '../snapshot';
import { EntryComparison } from './compareEntries';
import { describeDifference, type EntryDifference } from './difference';
import { OperatorSide } from './operatorSide';
import { pairOf, type StatePair, type TypeChange } from './statePair';

/** What differs between two snapshots, `before` and `after`. */
export interface SnapshotDiff {
  /** Nothing differs, and everything could be compared. */
  same: boolean;
  operators: OperatorDiff[];
  /** What could not be read, and so was not compared. */
  problems: Problem[];
}

/** An operator of either snapshot; recognised by its id, which follows from its uid. */
export interface OperatorDiff {
  id: string;
  uid: string | null;
  name: string | null;
  /** In which of the snapshots it is. */
  in: 'both' | 'before' | 'after';
  parallelism: Change<number> | null;
  maxParallelism: Change<number> | null;
  states: StateDiff[];
}

export interface StateDiff {
  name: string;
  kind: StateKind;
  in: 'both' | 'before' | 'after';
  /** What differs between its types. */
  types: readonly TypeChange[];
  /** Entries, counted where the state is in both. */
  added: number;
  removed: number;
  changed: number;
}

export interface Change<T> {
  before: T;
  after: T;
}

export interface DiffOptions {
  /** Only this operator's id. */
  isWanted?: (operator: SnapshotOperator) => boolean;
  /** Told of every entry that differs. */
  onDifference?: (difference: EntryDifference) => void;
  /** Bytes of entries that may be held in memory. */
  memory?: number;
  signal?: AbortSignal | undefined;
}

/**
 * Compares two snapshots of any format, entry by entry, in bounded memory. Operators are recognised by their ids, states by
 * their names; elements of operator lists are compared as a whole list, whichever subtask has them, and broadcast state once.
 */
export async function diffSnapshots(
  before: Snapshot,
  after: Snapshot,
  options: DiffOptions = {},
): Promise<SnapshotDiff> {
  const findings = new Findings();
  const wanted = options.isWanted ?? (() => true);
  const [old, now] = [before.operators.filter(wanted), after.operators.filter(wanted)];
  const isSameKryo = kryoOf(before.metadata.version) === kryoOf(after.metadata.version);
  const operators: OperatorDiff[] = [];
  for (const operator of old) {
    throwIfAborted(options.signal);
    const other = now.find(({ id }) => id === operator.id);
    operators.push(
      other === undefined
        ? await alone(operator, 'before', options.signal)
        : await new OperatorComparison(operator, other, isSameKryo, findings, options).run(),
    );
  }
  for (const operator of now) {
    if (!old.some(({ id }) => id === operator.id)) operators.push(await alone(operator, 'after', options.signal));
  }
  const problems = findings.problems();
  return { same: problems.length === 0 && operators.every(isSame), operators, problems };
}

export function isSame(operator: OperatorDiff): boolean {
  const { parallelism, maxParallelism, states } = operator;
  return operator.in === 'both' && parallelism === null && maxParallelism === null && states.every(isSameState);
}

export const isSameState = ({ in: where, types, added, removed, changed }: StateDiff): boolean =>
  where === 'both' && types.length === 0 && added + removed + changed === 0;

/** An operator that only one of the snapshots has. Its entries are not read. */
async function alone(
  operator: SnapshotOperator,
  where: 'before' | 'after',
  signal?: AbortSignal,
): Promise<OperatorDiff> {
  const side = await OperatorSide.open(operator, () => {}, signal);
  const states = [...side.states().values()].map(({ name, kind }) => stateDiff(name, kind, where));
  const { id, uid, name } = operator;
  return { id, uid, name, in: where, parallelism: null, maxParallelism: null, states };
}

class OperatorComparison {
  constructor(
    private readonly before: SnapshotOperator,
    private readonly after: SnapshotOperator,
    private readonly isSameKryo: boolean,
    private readonly findings: Findings,
    private readonly options: DiffOptions,
  ) {}

  async run(): Promise<OperatorDiff> {
    const { signal, memory } = this.options;
    const before = await this.open(this.before, 'before');
    const after = await this.open(this.after, 'after');
    const [old, now] = [before.states(), after.states()];
    const pairs: StatePair[] = [];
    const states = new Map<string, StateDiff>();
    for (const state of old.values()) {
      const other = now.get(state.name);
      states.set(state.name, stateDiff(state.name, state.kind, other === undefined ? 'before' : 'both'));
      if (other !== undefined) pairs.push(pairOf(pairs.length, state, other, this.isSameKryo));
    }
    for (const { name, kind } of now.values()) if (!old.has(name)) states.set(name, stateDiff(name, kind, 'after'));
    for (const { name, changes, after: state } of pairs) {
      states.set(name, { ...stateDiff(name, state.kind, 'both'), types: changes });
    }
    const comparison = new EntryComparison(
      before,
      after,
      pairs,
      (pair, raw) => {
        const difference = describeDifference(this.after.id, pair, raw);
        const state = states.get(pair.name);
        if (difference === null || state === undefined) return;
        state[difference.what] += difference.times;
        this.options.onDifference?.(difference);
      },
      memory,
    );
    await comparison.run(signal);
    const { id, uid, name } = this.after;
    return {
      id,
      uid: uid ?? this.before.uid,
      name: name ?? this.before.name,
      in: 'both',
      parallelism: changeOf(this.before.state.parallelism, this.after.state.parallelism),
      maxParallelism: changeOf(this.before.state.maxParallelism, this.after.state.maxParallelism),
      states: [...states.values()],
    };
  }

  private open(operator: SnapshotOperator, which: string): Promise<OperatorSide> {
    const title = operatorName(operator);
    return OperatorSide.open(
      operator,
      (subtask, what, error) =>
        this.findings.error('error', error, `${which} / ${title} / subtask ${subtask} / ${what}`),
      this.options.signal,
    );
  }
}

const stateDiff = (name: string, kind: StateKind, where: StateDiff['in']): StateDiff => ({
  name,
  kind,
  in: where,
  types: [],
  added: 0,
  removed: 0,
  changed: 0,
});

const changeOf = (before: number, after: number): Change<number> | null =>
  before === after ? null : { before, after };
