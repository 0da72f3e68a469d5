import type { EntryCell } from '../../src/view/shownEntries';
import type { Strings } from '../../src/view/strings';

/** Px of a row, as in the style sheet. */
export const ROW_HEIGHT = 24;

/** A column as it stands in the grid; the grid has those that are seen, from left to right. */
export interface GridColumn {
  id: string;
  /** Above the cells. */
  name: string;
  /** Below the name; null for what is no value. */
  type: string | null;
  numeric: boolean;
  /** Of its cell among those of a row. */
  index: number;
  /** Among all columns, hidden ones too, from 0: what screen readers hear. */
  position: number;
  /** Null while nobody chose one: then it fits what is seen first. */
  width: number | null;
  sort: 'ascending' | 'descending' | null;
  /** Whether its fields stand in columns of their own; null where it has none. */
  expanded: boolean | null;
}

export interface GridRow {
  /** One for each column of the source, hidden ones too. */
  readonly cells: readonly EntryCell[];
}

/** Where rows come from. They need not be there when they are to be seen: the grid draws a gap, and is told by `refresh`. */
export interface GridSource {
  /** How many there are, or may be. */
  readonly rows: number;
  /** Whether `rows`, and the numbers of rows, are more than an estimate. */
  readonly exact: boolean;
  /** Null while it is not there. */
  at(row: number): GridRow | null;
  /** Rows from `first` to before `end` are seen now. */
  wanted(first: number, end: number): void;
}

/** What a person did in the grid. */
export interface GridEvents {
  /** Another row has the focus, or it is the same one with other content. */
  focused(row: number): void;
  /** Another selection. */
  selected(): void;
  /** Enter, or a double click. */
  opened(row: number): void;
  copy(): void;
  sort(id: string): void;
  /** Its fields into columns of their own, or back. */
  expand(id: string): void;
  resized(id: string, width: number): void;
  /** To the left or to the right of its neighbour. */
  moved(id: string, by: 1 | -1): void;
  hidden(id: string): void;
}

/** What the grid says by itself. */
export interface GridWords {
  strings: Strings;
  count(value: number): string;
}

/** A cell by row and column as a person sees them; column 0 has the row's number. */
export const NUMBER_COLUMN = 0;
