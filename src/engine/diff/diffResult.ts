import type { Problem, StateKind } from '../description';

/** What differs between two snapshots, `before` and `after`. Plain data. */
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
  renamed: Change<string | null> | null;
  parallelism: Change<number> | null;
  maxParallelism: Change<number> | null;
  states: StateDiff[];
}

export interface StateDiff extends DifferenceCount {
  name: string;
  kind: StateKind;
  /** An operator state and a keyed state may have one name. */
  of: 'keyed' | 'operator';
  in: 'both' | 'before' | 'after';
  /** What differs between its types. */
  types: readonly TypeChange[];
  /** Entries, counted where the state is in both. */
  added: number;
  removed: number;
  changed: number;
  /** Some of it could not be read on one side: what only the other side shows there was left out. */
  incomplete: boolean;
}

export interface Change<T> {
  before: T;
  after: T;
}

/** Entries of one state that are not the same. */
export interface DifferenceCount {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

/** What differs between a state's types. */
export interface TypeChange {
  readonly what: 'kind' | 'key' | 'namespace' | 'type';
  readonly before: string;
  readonly after: string;
  /** Where inside, should only parts of it be others; empty where the whole is another. */
  readonly parts: readonly PartChange[];
}

/** A part of a type that is another, or that only one side has. */
export interface PartChange {
  /** `amount`, `items[].price`, `key`. */
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}
