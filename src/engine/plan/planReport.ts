/** What a plan changes, found by its check: plain data, so that it crosses threads as it is. */
export interface PlanReport {
  /** Folder of the snapshot that the plan starts from; null where it starts from nothing. */
  from: string | null;
  metadataVersion: number;
  checkpointId: bigint;
  removed: OperatorTitle[];
  /** State of master hooks that is replaced. */
  masterStates: RawChange[];
  operators: OperatorReport[];
  /** Operators that Flink may refuse to run with others whose max parallelism changes. */
  leftBehind: LeftBehind | null;
}

/**
 * Flink asks one max parallelism of all operators that run chained in one task, also of those without state. Which do, a
 * snapshot does not say: those of the same parallelism may.
 */
export interface LeftBehind {
  changed: OperatorTitle[];
  /** Of the same parallelism as one that changes, with another max parallelism. */
  behind: OperatorTitle[];
}

export interface OperatorTitle {
  id: string;
  uid: string | null;
  name: string | null;
}

export interface OperatorReport extends OperatorTitle {
  /** The id that it has in its own snapshot. */
  idBefore: string;
  /** Snapshot that it comes from, where that is not the plan's. */
  copiedFrom: string | null;
  /** All of its state is taken over byte for byte. */
  carried: boolean;
  parallelism: Change<number>;
  maxParallelism: Change<number>;
  /** Keyed states that are written anew, and operator states that change; empty where all are carried. */
  states: StateReport[];
  /** Data that keyed state is made of, a file or another snapshot's state each. */
  rows: RowsReport[];
  /** Bytes that are no entries and are replaced: of the coordinator, of raw state. */
  raw: RawChange[];
  /** Entries by key group and by subtask; null where keyed state is carried, or nobody counted. */
  keyGroups: Change<number[]> | null;
  subtasks: Change<number[]> | null;
  /** Empty lists, which the canonical layout leaves out. */
  emptyLists: number;
  /** How the job's own class computes the hash code of keys, where that was found from the stored keys. */
  keyHash: string | null;
}

/** Rows of data that become entries. */
export interface RowsReport {
  /** The file, or the metadata of the snapshot, that they come from. */
  data: string;
  /** States that they fill. */
  states: string[];
  /** As the first rows show them: how many of these were looked at, and what they become. */
  looked: number;
  columns: ColumnReport[];
  samples: (SampleReport & { state: string })[];
  /** Of all rows; null where only the first ones were read. */
  counts: RowCounts | null;
  /** The first rows that do not fit, with their places. */
  badRows: string[];
}

export interface ColumnReport {
  name: string;
  /** In the words of plans. */
  type: string;
  hasNulls: boolean;
  samples: string[];
}

export interface RowCounts {
  rows: number;
  /** Rows that `where` leaves out. */
  leftOut: number;
  bad: number;
  /** Entries of each state before those of one key are put together. */
  entries: { state: string; entries: number }[];
  /** Entries that the operator had and that rows replaced, and entries of rows that gave way; null before they were put together. */
  merged: { replaced: number; kept: number } | null;
}

/** Bytes as a whole, and those that take their place. */
export interface RawChange {
  what: string;
  bytes: Change<number>;
}

export interface Change<T> {
  before: T;
  after: T;
}

export interface StateReport {
  from: string;
  /** Null where it is removed. */
  to: string | null;
  /** Null where the state is carried with its key groups, or filled by rows, and nobody counted. */
  entries: Change<number> | null;
  /** Rows fill it, and are not put together yet: there may be fewer entries than that afterwards. */
  isMost: boolean;
  /** Entries that were added, removed or got another value. */
  changed: number;
  /** The first of them. */
  samples: SampleReport[];
  /** Places in the plan of steps that chose no entry. */
  idleSteps: string[];
  /** Why not, for each of these, where its condition could not be computed: a field that no value has. Empty where it could. */
  idleReasons: string[];
}

/** An entry before and after; null where it is not there. Texts, as a person reads them. */
export interface SampleReport {
  key: string;
  before: string | null;
  after: string | null;
}
