import { isByChance } from '../../engine/stats/snapshotStats';
import type { OperatorStats, SnapshotStats, Spread, StateStats } from '../../engine/stats/statsModel';
import { portionBars } from '../../view/portionBars';
import type { ShownSpread, ShownStats, Spreading, StatsDetail, StatsTarget } from '../../view/shownStats';

/** Bars of a picture in a table's cell, and of one in full. */
const SMALL_BARS = 24;
const MOST_BARS = 128;
/** A damaged snapshot can have a fault in each of a thousand places. */
const MOST_PROBLEMS = 60;

/** What a page shows of all that was counted. */
export function showStats({ entries, bytes, operators, problems }: SnapshotStats, isComplete: boolean): ShownStats {
  return {
    isComplete,
    entries,
    bytes,
    operators: operators.map((operator) => ({
      id: operator.id,
      entries: operator.entries,
      bytes: operator.bytes,
      keys: operator.keys,
      ...shownSpread(operator, operator, isComplete),
      states: operator.states.map((state) => ({
        name: state.name,
        kind: state.kind,
        entries: state.entries,
        bytes: state.bytes,
        keys: state.keys,
        ...shownSpread(state, operator, isComplete),
      })),
    })),
    problems: problems.slice(0, MOST_PROBLEMS),
  };
}

/** The pictures of an operator or a state; null where nothing of it was counted. */
export function showDetail(
  { operators }: SnapshotStats,
  { operator: id, state: wanted }: StatsTarget,
  isComplete: boolean,
): StatsDetail | null {
  const operator = operators.find((of) => of.id === id);
  if (operator === undefined) return null;
  const spread = (of: Spread & { entries: number }): Pick<StatsDetail, 'subtasks' | 'keyGroups'> => ({
    subtasks: spreading(of.subtasks, operator.parallelism, of.entries, isComplete ? of.subtaskSkew : null),
    keyGroups:
      of.keyGroups.length === 0
        ? null
        : spreading(of.keyGroups, operator.maxParallelism, of.entries, isComplete ? of.keyGroupSkew : null),
  });
  if (wanted === null) {
    const { entries, bytes, keys } = operator;
    const none = { valueBytes: null, valueSizes: [], largest: [], lastUsed: null, due: null };
    return { isComplete, entries, bytes, keys, ...none, ...spread(operator) };
  }
  const state = operator.states.find(({ name, kind }) => name === wanted.name && kind === wanted.kind);
  if (state === undefined) return null;
  const { entries, bytes, keys, valueBytes, valueSizes, largest, lastUsed, due } = state;
  return { isComplete, entries, bytes, keys, valueBytes, valueSizes, largest, lastUsed, due, ...spread(state) };
}

/** One subtask is counted before the other: until the end, that one has more says nothing. */
function shownSpread(of: OperatorStats | StateStats, { parallelism }: OperatorStats, isComplete: boolean): ShownSpread {
  if (parallelism < 2 || of.entries === 0 || !isComplete) return { bars: [], skew: null };
  return {
    bars: portionBars(of.subtasks, parallelism, SMALL_BARS),
    skew: isByChance(of.entries, parallelism) ? null : of.subtaskSkew,
  };
}

function spreading(portions: Spread['subtasks'], of: number, entries: number, skew: Spread['subtaskSkew']): Spreading {
  return {
    of,
    used: portions.length,
    bars: portionBars(portions, of, MOST_BARS),
    skew: isByChance(entries, of) ? null : skew,
  };
}
