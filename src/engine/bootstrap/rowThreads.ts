import type { Plan } from '../plan/plan';
import type { StateTally } from '../write/tally';
import type { DataShare } from './data/dataSource';
import type { RunShape } from './rowLog';

/** Rows of one step of a plan that become entries elsewhere. Plain data, so that it can be sent to another thread. */
export interface EncodeJob {
  readonly plan: Plan;
  /** Position of the step in the plan. */
  readonly step: number;
  /** Numbers of the states by their names. */
  readonly ids: ReadonlyMap<string, number>;
  readonly maxParallelism: number;
  /** How the class of the keys computes their hash code, where that was found. */
  readonly keyHash: string | null;
}

/** Entries of a share, or of a part of it. */
export interface EncodedRun {
  /** As `RowLog` makes it. */
  readonly bytes: Uint8Array;
  /** Number of the share, and of the part in it. */
  readonly share: number;
  readonly part: number;
  /** With the last part of a share: of all of it. */
  readonly counts: EncodedCounts | null;
}

export interface EncodedCounts {
  /** Rows that became entries, and rows that `where` left out. */
  readonly rows: number;
  readonly leftOut: number;
  /** Of each state, before those of one key are put together. */
  readonly entries: ReadonlyMap<string, number>;
}

/** Sorted runs of entries that are put together elsewhere, key group by key group. Plain data. */
export interface MergeJob {
  readonly shape: RunShape;
  /** Those of the runs, in the order of their entries. */
  readonly files: readonly string[];
  /** Numbers of the states that are lists. */
  readonly lists: readonly number[];
}

/** Key groups of a stretch, both included. */
export interface KeyGroupTask {
  readonly first: number;
  readonly last: number;
}

/** Key groups put together, in the canonical layout. */
export interface MergedKeyGroups {
  readonly task: number;
  /** One behind the other; key groups without entries are left out. */
  readonly bytes: Uint8Array;
  readonly blocks: readonly { keyGroup: number; length: number; count: number }[];
  /** By number of the state. */
  readonly tallies: readonly StateTally[];
}

/**
 * Does the work on rows in threads. Results come in any order; a thread waits while too many of its own are not taken. Once a
 * result is taken its bytes are used for another.
 */
export interface RowThreads {
  /** How many threads so many bytes are worth; 1 where they are not worth their start. */
  count(bytes: number): number;
  /** Bytes of data, and of entries, that one task is about: small enough for all threads to be busy to the end. */
  readonly shareBytes: number;
  readonly taskBytes: number;
  encode(
    job: EncodeJob,
    shares: readonly DataShare[],
    count: number,
    take: (run: EncodedRun) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<void>;
  merge(
    job: MergeJob,
    tasks: readonly KeyGroupTask[],
    count: number,
    take: (merged: MergedKeyGroups) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<void>;
}
