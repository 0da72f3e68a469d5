import { keyGroupRange } from '../keyGroups';
import { Findings } from '../query/findings';
import type { Snapshot, SnapshotOperator } from '../snapshot';
import { countShare, type OperatorCount, type ShareCount } from './countShare';
import type { Distinct } from './distinctCount';
import { Largest } from './largest';
import { joinSizes } from './sizeHistogram';
import { MOST_LARGEST, Portions, type StateCount } from './stateCollector';
import type { LargeKey, OperatorStats, Portion, Skew, SnapshotStats, Spread, StateStats } from './statsModel';
import { statsShares } from './statsShares';
import { TimeHistogram, type Times } from './timeHistogram';

/** With so few entries for each of several, that some hold more than others says nothing. */
export const isByChance = (entries: number, several: number): boolean => entries < 20 * several;

/** What must be known of an operator beside its entries. */
export interface CountedOperator extends Pick<SnapshotOperator, 'id' | 'uid' | 'name'> {
  readonly state: Pick<SnapshotOperator['state'], 'parallelism' | 'maxParallelism'>;
}

/** Counts the entries of all `statsShares`, in their order, here or in threads. */
export type CountAll = (snapshot: Snapshot, signal?: AbortSignal) => Promise<readonly ShareCount[]>;

const countHere: CountAll = async (snapshot, signal) => {
  const all: ShareCount[] = [];
  for (const share of statsShares(snapshot)) all.push(await countShare(snapshot, share, { signal }));
  return all;
};

/** Reads every entry and says where they are: by operator, state, subtask and key group, and which keys are the largest. */
export async function snapshotStats(
  snapshot: Snapshot,
  count: CountAll = countHere,
  signal?: AbortSignal,
): Promise<SnapshotStats> {
  return joinCounts(snapshot, await count(snapshot, signal));
}

/** What was counted in `statsShares`, in their order, as one; where some are missing yet, so far. */
export function joinCounts(
  { operators: all }: { readonly operators: readonly CountedOperator[] },
  shares: readonly ShareCount[],
): SnapshotStats {
  const findings = new Findings();
  const counts = all.map((): OperatorCount[] => []);
  for (const share of shares) {
    for (const count of share.operators) counts[count.operator]?.push(count);
    findings.merge(share.findings);
  }
  const operators = all.map((operator, position) => operatorStats(operator, counts[position] ?? []));
  return { ...sumOf(operators), operators, problems: findings.problems() };
}

function operatorStats(operator: CountedOperator, counts: readonly OperatorCount[]): OperatorStats {
  const { id, uid, name, state } = operator;
  const { parallelism, maxParallelism } = state;
  const byState = new Map<string, StateCount[]>();
  for (const count of counts.flatMap(({ states }) => states)) {
    const key = `${count.kind} ${count.name}`;
    byState.set(key, [...(byState.get(key) ?? []), count]);
  }
  const states = [...byState.values()].map((parts) => stateStats(parts, parallelism, maxParallelism));
  const spread = spreadOf(states, parallelism, maxParallelism);
  const keys = joinDistinct(counts.map((count) => count.keys));
  if (keys?.exact === false)
    keys.count = Math.max(keys.count, ...states.map((of) => (of.keys?.exact ? of.keys.count : 0)));
  return { id, uid, name, parallelism, maxParallelism, ...sumOf(states), keys, states, ...spread };
}

function stateStats(parts: readonly StateCount[], parallelism: number, maxParallelism: number): StateStats {
  const [{ name, kind }] = parts;
  const largest = new Largest<LargeKey>(MOST_LARGEST);
  for (const key of parts.flatMap((part) => part.largest)) largest.add(key);
  return {
    name,
    kind,
    ...sumOf(parts),
    valueBytes: parts.reduce((sum, { valueBytes }) => sum + valueBytes, 0),
    keys: joinDistinct(parts.map(({ keys }) => keys)),
    valueSizes: joinSizes(parts.map(({ valueSizes }) => valueSizes)),
    largest: largest.all(),
    lastUsed: joinTimes(parts.map(({ lastUsed }) => lastUsed)),
    due: joinTimes(parts.map(({ due }) => due)),
    ...spreadOf(parts, parallelism, maxParallelism),
  };
}

function sumOf(parts: readonly { entries: number; bytes: number }[]): { entries: number; bytes: number } {
  return parts.reduce((sum, part) => ({ entries: sum.entries + part.entries, bytes: sum.bytes + part.bytes }), {
    entries: 0,
    bytes: 0,
  });
}

/** Shares have key groups, and so keys, of their own: what each counted adds up. */
function joinDistinct(all: readonly (Distinct | null)[]): Distinct | null {
  const counts = all.filter((distinct) => distinct !== null);
  if (counts.length === 0) return null;
  return {
    count: counts.reduce((sum, { count }) => sum + count, 0),
    exact: counts.every(({ exact }) => exact),
  };
}

const joinTimes = (all: readonly (Times | null)[]): Times | null =>
  TimeHistogram.join(all.filter((times) => times !== null));

function spreadOf(
  parts: readonly { subtasks: readonly Portion[]; keyGroups: readonly Portion[] }[],
  parallelism: number,
  maxParallelism: number,
): Spread {
  const subtasks = joinPortions(parts.map((part) => part.subtasks));
  const keyGroups = joinPortions(parts.map((part) => part.keyGroups));
  // A subtask owns one key group more or less than another: that alone is no skew.
  const isKeyed = keyGroups.length > 0;
  const shareOf = (subtask: number): number => {
    const { start, end } = keyGroupRange(subtask, maxParallelism, parallelism);
    return isKeyed ? (end - start + 1) / maxParallelism : 1 / parallelism;
  };
  return {
    subtasks,
    keyGroups,
    subtaskSkew: parallelism > 1 ? skewOf(subtasks, shareOf) : null,
    keyGroupSkew: maxParallelism > 1 ? skewOf(keyGroups, () => 1 / maxParallelism) : null,
  };
}

function joinPortions(all: readonly (readonly Portion[])[]): Portion[] {
  const joined = new Portions();
  for (const { number, entries, bytes } of all.flat()) joined.add(number, entries, bytes);
  return joined.all();
}

function skewOf(portions: readonly Portion[], shareOf: (number: number) => number): Skew | null {
  const total = portions.reduce((sum, { bytes }) => sum + bytes, 0);
  let worst: Skew | null = null;
  for (const { number, bytes } of portions) {
    const ratio = bytes / (total * shareOf(number));
    if (Number.isFinite(ratio) && (worst === null || ratio > worst.ratio)) worst = { number, bytes, ratio };
  }
  return worst;
}
