import type { Problem, SnapshotDescription, StateBackendKind } from '../engine/description';
import type { OperatorDiff } from '../engine/diff/diffResult';

/** Two snapshots compared, as the engine's thread hands it to the page: texts that are ready to be shown, and counts. */

export type DifferenceKind = 'added' | 'removed' | 'changed';

export const DIFFERENCE_KINDS: readonly DifferenceKind[] = ['added', 'removed', 'changed'];

/** Differences that are listed, for each state and kind. More are counted, and can be exported. */
export const MOST_LISTED = 1_000_000;

/** One side of a comparison. */
export interface ComparedSide extends Pick<SnapshotDescription, 'kind' | 'format' | 'incremental' | 'metadataVersion'> {
  /** Folder of the snapshot; for Flink 1.2 its single file. */
  path: string;
  metadataPath: string;
  checkpointId: bigint;
  bytes: number;
  operators: number;
}

/** What the headers say. Counts in it are those of the moment. */
export interface ComparisonOutline {
  before: ComparedSide;
  after: ComparedSide;
  operators: OperatorDiff[];
}

/** What was found until now. */
export interface ComparisonFound {
  /** Counts of all states in the order of the outline, three for each: added, removed, changed. */
  counts: number[];
  /** Positions of states, in the order of the outline, of which something could not be read. */
  incomplete: number[];
  problems: Problem[];
  /** Entries of both sides that were compared. */
  entries: number;
  /** How much of the bytes of both sides is behind it. */
  bytes: number;
  totalBytes: number;
  millis: number;
  /** Not all differences are listed. */
  capped: boolean;
}

export interface ComparisonProgress extends ComparisonFound {
  /** At first, and never again. */
  outline: ComparisonOutline | null;
}

export interface ComparisonEnd extends ComparisonFound {
  outline: ComparisonOutline;
  /** It was stopped before the end; asked again, it goes on. */
  stopped: boolean;
}

/** A state that both sides have. */
export interface ComparedState {
  operator: string;
  state: string;
  of: 'keyed' | 'operator';
}

export interface DifferenceQuery {
  target: ComparedState;
  kinds: DifferenceKind[];
}

/** A piece of a text, marked where it differs from the other side. */
export interface TextPiece {
  text: string;
  marked: boolean;
}

export interface DifferenceRow {
  what: DifferenceKind;
  key: string | null;
  namespace: string | null;
  mapKey: string | null;
  /** Of a timer: milliseconds, and the instant in UTC. */
  time: { millis: string; instant: string } | null;
  before: TextPiece[] | null;
  after: TextPiece[] | null;
  /** How often an element of a list is there, or was. */
  times: number;
}

export interface DifferenceWindow {
  /** Number of the first row, from 0. */
  first: number;
  rows: DifferenceRow[];
  /** Rows that there are until now. */
  total: number;
}

/** One line of two values that stand side by side. */
export interface SideBySide {
  /** Name of the field, index of the element, key of the map's entry; empty for the value itself. */
  label: string;
  depth: number;
  /** Null where this side has nothing there. What holds others has an empty text. */
  before: string | null;
  after: string | null;
  is: 'same' | DifferenceKind;
}

/** Everything about one difference. */
export interface DifferenceDetail {
  row: DifferenceRow;
  keyGroup: number | null;
  lines: SideBySide[];
  /** Lines that are left out. */
  more: number;
  /** Where each side shows this state; null where it does not have it. */
  backends: { before: StateBackendKind | null; after: StateBackendKind | null };
  /** The old value can be put back by a plan. */
  canPutBack: boolean;
  /** As one line of JSON. */
  json: string;
}

export interface DifferencesExported {
  written: number;
}

/** What a page asks of the extension, and the extension of the engine's thread, about the comparison that is looked at. */
export type DifferenceMethods = {
  differences: {
    params: DifferenceQuery & { first: number; count: number };
    result: DifferenceWindow;
    progress: never;
  };
  differenceDetail: { params: DifferenceQuery & { row: number }; result: DifferenceDetail; progress: never };
};
