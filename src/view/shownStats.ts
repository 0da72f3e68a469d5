import type { Problem, StateKind } from '../engine/description';
import type { Distinct } from '../engine/stats/distinctCount';
import type { SizeBin } from '../engine/stats/sizeHistogram';
import type { LargeKey, Skew } from '../engine/stats/statsModel';
import type { Times } from '../engine/stats/timeHistogram';
import type { Bar } from './portionBars';

/** What was counted of a snapshot, as a page shows it: the numbers of `stats`, those that fill a table at once. */
export interface ShownStats extends Amount {
  /** Whether everything was counted. */
  isComplete: boolean;
  operators: OperatorAmount[];
  /** What could not be read, and so was not counted; no more than a few. */
  problems: Problem[];
}

export interface Amount {
  entries: number;
  /** As their serializers write them. */
  bytes: number;
}

export interface OperatorAmount extends Amount, ShownSpread {
  id: string;
  keys: Distinct | null;
  states: StateAmount[];
}

export interface StateAmount extends Amount, ShownSpread {
  name: string;
  kind: StateKind;
  keys: Distinct | null;
}

/** How entries lie over subtasks, as a small picture. */
export interface ShownSpread {
  bars: Bar[];
  /** Null where nothing is to be compared, or there are so few entries that it is chance. */
  skew: Skew | null;
}

/** Which operator, or which of its states. */
export interface StatsTarget {
  operator: string;
  state: { name: string; kind: StateKind } | null;
}

/** The pictures of an operator or of one of its states. */
export interface StatsDetail extends Amount {
  /** Whether everything was counted. */
  isComplete: boolean;
  keys: Distinct | null;
  /** Null for an operator. */
  valueBytes: number | null;
  subtasks: Spreading;
  /** Null without keyed state. */
  keyGroups: Spreading | null;
  valueSizes: SizeBin[];
  largest: LargeKey[];
  lastUsed: Times | null;
  due: Times | null;
}

export interface Spreading {
  /** Of how many subtasks or key groups. */
  of: number;
  /** How many of them hold something. */
  used: number;
  bars: Bar[];
  skew: Skew | null;
}

/** How far the count is. */
export interface StatsProgress {
  stats: ShownStats;
  /** Bytes that were read, of those that there are to read. */
  read: number;
  of: number;
}

export interface CountedStats {
  stats: ShownStats;
  /** Whether all of it was known from before. */
  isKept: boolean;
  millis: number;
  read: number;
  of: number;
}

/** What a page knows of the count of its snapshot. */
export interface StatsNews {
  phase: 'none' | 'counting' | 'stopped' | 'done' | 'failed';
  stats: ShownStats | null;
  read: number;
  of: number;
  /** How long a count took that is done. */
  millis: number;
  isKept: boolean;
  problem: Problem | null;
}
