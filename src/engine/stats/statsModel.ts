import type { Problem, StateKind } from '../description';
import type { Distinct } from './distinctCount';
import type { SizeBin } from './sizeHistogram';
import type { Times } from './timeHistogram';

/** Where the bytes of a snapshot are. Plain data. */
export interface SnapshotStats {
  entries: number;
  bytes: number;
  operators: OperatorStats[];
  /** What could not be read, and so was not counted. */
  problems: Problem[];
}

export interface OperatorStats extends Spread {
  id: string;
  uid: string | null;
  name: string | null;
  parallelism: number;
  maxParallelism: number;
  entries: number;
  bytes: number;
  /** Different keys of all its states together; null without keyed state. */
  keys: Distinct | null;
  states: StateStats[];
}

export interface StateStats extends Spread {
  name: string;
  kind: StateKind;
  entries: number;
  /** Of keys, namespaces, map keys and values, as their serializers write them. */
  bytes: number;
  valueBytes: number;
  keys: Distinct | null;
  valueSizes: SizeBin[];
  /** Keys (of each namespace) that hold the most bytes. */
  largest: LargeKey[];
  /** When values with a time-to-live were last used; null where there are none. */
  lastUsed: Times | null;
  /** When timers are due. */
  due: Times | null;
}

/** How entries spread. Those that are not listed hold nothing. */
export interface Spread {
  subtasks: Portion[];
  keyGroups: Portion[];
  /** Of subtasks and of key groups; null where there is one only, or nothing in any. */
  subtaskSkew: Skew | null;
  keyGroupSkew: Skew | null;
}

/** The fullest of several, by bytes, against what each would hold were they equal. */
export interface Skew {
  number: number;
  bytes: number;
  /** 1: all are equal; 2: the fullest holds twice its share. */
  ratio: number;
}

/** What one key of a state (in one namespace) holds. */
export interface LargeKey {
  /** JSON, cut off where it is very long. */
  readonly key: string;
  readonly namespace: string | null;
  /** -1 in operator state. */
  readonly keyGroup: number;
  readonly subtask: number;
  readonly entries: number;
  readonly bytes: number;
}

/** How much of something lies in one subtask or key group. */
export interface Portion {
  number: number;
  entries: number;
  bytes: number;
}
