import type { Problem, StateKind } from '../engine/description';
import type { EntryCell, EntryColumn, EntryDetail, StateTarget } from './shownEntries';

/**
 * Rows of a state as the engine's thread hands them to a page: any stretch of millions, by its number or by a place that
 * stays what it is while numbers are still estimated. Asking for rows never waits for a scan; `RowScan` tells of the one
 * that counts, filters or sorts meanwhile.
 */

/** Which rows of a state are wanted, and in which order. */
export interface RowQuery {
  target: StateTarget;
  /** As a person wrote it: JSON, or the text of a string. Only its key group is read. Null for every key. */
  key: string | null;
  /** Only this namespace, written alike; null for all. */
  namespace: string | null;
  /** Only this key of a map, written alike; null for all. */
  mapKey: string | null;
  /** An expression of CEL; null for all entries. */
  filter: string | null;
  /** Null for the order in which they are stored. */
  sort: RowSort | null;
  /** Ids of columns that stand the other way than they begin: split into their fields, or together again. */
  expand: string[];
}

export interface RowSort {
  /** A column's id. */
  column: string;
  descending: boolean;
}

/**
 * Where an entry lies: a stretch of the state that can be read by itself (a key group of a subtask, a subtask's operator
 * state), and its index there; among the entries of the query's key where it has one. Stays what it is as long as the snapshot does, whatever
 * filter or order it is seen through.
 */
export interface RowPlace {
  block: number;
  index: number;
}

/** An entry by its place; the key is that of the query that gave the place. */
export interface EntryAt {
  target: StateTarget;
  key: string | null;
  place: RowPlace;
}

/** IANA name of the time zone in which instants are told: `UTC`, `Europe/Berlin`. */
export interface InZone {
  zone: string;
}

/** Rows `before` to `count` around a row. Of a place that the query does not show, the next one that it shows. */
export interface RowsWanted extends RowQuery, InZone {
  at: { row: number } | { place: RowPlace };
  /** Rows wanted in front of it. */
  before: number;
  /** Rows wanted from it on, itself included. At most `MOST_ROWS` together with those in front. */
  count: number;
}

/** Rows of one answer; fewer where they are large, or where the state ends. */
export const MOST_ROWS = 1000;

export interface ShownRow {
  place: RowPlace;
  /** One for each column. */
  cells: EntryCell[];
}

export interface RowWindow {
  columns: EntryColumn[];
  rows: ShownRow[];
  /** Number of the first of these rows among all, from 0; estimated unless `exact`. */
  first: number;
  exact: boolean;
  /** Index in `rows` of the row that was asked for, or of the one that stands for it; `rows.length` where there is none. */
  at: number;
  /** Nothing comes before these rows; nothing after them (of what is found so far). */
  isStart: boolean;
  isEnd: boolean;
  scan: RowScan;
}

/** How far a query's scan has come: counting where all rows are wanted, else finding them, or sorting. */
export interface RowScan {
  /** All rows: estimated, or found so far, unless `exact`. */
  rows: number;
  exact: boolean;
  /** Entries looked at. */
  read: number;
  /** How much of what has to be read has been, from 0 to 1. */
  done: number;
  /** Bytes of files that were read, and about how many there are to read. */
  bytesRead: number;
  ofBytes: number;
  /** Nothing is left to scan. */
  ended: boolean;
  /** Of a sorted query with more rows than can be sorted: how many of the first in that order stand here; else null. */
  capped: number | null;
  /** The only key group that is read, where a key was asked for and its hash is known. */
  keyGroup: number | null;
  /** Why the filter is neither true nor false for some entry that it looked at, which is then left out; else null. */
  misfit: string | null;
  /** State that could not be read so far, and how many more problems there are than stand here. */
  problems: Problem[];
  moreProblems: number;
}

/** Full-text search among the rows of a query: in texts as cells show them, whatever their case. */
export interface RowSearch extends RowQuery {
  text: string;
}

/** The next row with a text, behind (or before) a place; `from` null for the first (or last). */
export interface SearchNext extends RowSearch {
  from: RowPlace | null;
  backwards: boolean;
}

export interface SearchScan {
  /** Rows that have the text, so far; all of them once `ended`. */
  matches: number;
  read: number;
  done: number;
  ended: boolean;
}

export interface FoundRow {
  place: RowPlace;
  /** Its number among the query's rows. */
  row: number;
  exact: boolean;
  /** Id of the first column whose cell has the text; null where the rest of the entry has it. */
  column: string | null;
  /** Its number among the matches, from 0; null while nobody knows. */
  match: number | null;
  /** The search went over the end (or the beginning) to find it. */
  wrapped: boolean;
}

/** Everything that an operator keeps under one key. */
export interface KeyLookupQuery extends InZone {
  operator: string;
  /** As a person wrote it, or that of an entry. */
  key: string | EntryAt;
  namespace: string | null;
  mapKey: string | null;
  /** Only this state; null for all of them, timers too. */
  target: StateTarget | null;
}

export interface KeyFound {
  /** The key as JSON. */
  key: string;
  /** Null where only a class of the job could tell. */
  keyGroup: number | null;
  /** The subtask that the key group belongs to; null where the snapshot has none for it. */
  subtask: number | null;
  states: StateFound[];
  millis: number;
  problems: Problem[];
}

export interface StateFound {
  target: StateTarget;
  kind: StateKind;
  columns: EntryColumn[];
  /** The first of them, at most `MOST_FOUND`. Places are those of a query with this key. */
  rows: ShownRow[];
  /** How many there are. */
  total: number;
}

export const MOST_FOUND = 100;

/** A key's type as a form: one field, or one for each field of the key. */
export interface FormField {
  /** Null for the key itself. */
  name: string | null;
  /** Spelled. */
  type: string;
  /** What to draw; `json` where only JSON says it. */
  input: 'text' | 'integer' | 'number' | 'boolean' | 'choice' | 'time' | 'json' | 'fields';
  /** Of a `choice`. */
  choices: string[];
  /** Of `fields`. */
  fields: FormField[];
  /** The JSON of `fields` is an array (of a tuple or a row), else an object by their names. */
  isArray: boolean;
  /** An example of what to write. */
  example: string;
}

/** A name that a filter may use, for completion: `value.amount`. */
export interface FilterName {
  name: string;
  /** Spelled; a function's signature. */
  type: string;
  is: 'variable' | 'field' | 'function';
}

/** Rows between two places, both of them included, in the order of the query. */
export interface RowRange {
  from: RowPlace;
  to: RowPlace;
}

export interface RowSelection extends RowQuery, InZone {
  ranges: RowRange[];
  /** Ids of the columns; null for the whole entry. */
  columns: string[] | null;
  format: CopyFormat;
}

/** `text`: as cells show it, whole, with tabs between. `json`: an array of entries as `dump` prints them, or of their columns. */
export type CopyFormat = 'text' | 'json' | 'csv';

export interface RowsCopied {
  rows: number;
  /** There are more rows than a copy takes. */
  cut: boolean;
}

/** Rows that a copy takes; more belong into a file. */
export const MOST_COPIED = 100_000;

export type ExportFormat = 'ndjson' | 'csv' | 'parquet';

export interface ExportProgress {
  rows: number;
  /** From 0 to 1. */
  done: number;
  /** Written so far. */
  bytes: number;
}

export interface ExportedRows {
  rows: number;
  bytes: number;
  /** State that could not be read, and how many more problems there are than stand here. */
  problems: Problem[];
  moreProblems: number;
}

/** Entries of a state over time: when timers are due, or values were last used. */
export interface TimeBins {
  /** Milliseconds since 1970, as text. */
  first: string;
  last: string;
  bins: { from: string; to: string; count: number }[];
  ended: boolean;
  done: number;
}

/** The entries of one namespace: of a window. */
export interface NamespaceRows {
  /** As `RowQuery.namespace` takes it. */
  namespace: string;
  /** What columns of the namespace show. */
  cells: EntryCell[];
  rows: number;
}

export interface NamespaceList {
  columns: EntryColumn[];
  /** In their order. At most `MOST_NAMESPACES`. */
  namespaces: NamespaceRows[];
  /** How many there are. */
  total: number;
  done: number;
  ended: boolean;
}

export const MOST_NAMESPACES = 10_000;

/** What an editor of its own shows: a value, or one column of an entry. */
export interface OpenValue extends EntryAt, InZone {
  /** A column's id; null for the whole entry. */
  column: string | null;
  as: 'json' | 'text' | 'hex';
}

/** What a page asks of the extension, and the extension of the engine's thread, which is told also of which snapshot. */
export type RowMethods = {
  rows: { params: RowsWanted; result: RowWindow; progress: never };
  /**
   * Goes on with a query's scan until it ends. Cancelling is no failure: the answer is how far it came, and asking again goes on
   * from there.
   */
  scanRows: { params: RowQuery; result: RowScan; progress: RowScan };
  rowDetail: { params: EntryAt & InZone; result: EntryDetail; progress: never };
  /** Null where no row has the text. */
  searchNext: { params: SearchNext; result: FoundRow | null; progress: SearchScan };
  /** Counts the rows with a text; cancelled and asked again as `scanRows`. */
  scanSearch: { params: RowSearch; result: SearchScan; progress: SearchScan };
  /** Tells of each state as soon as it was looked into. Fails with `BAD_VALUE` where the key does not fit. */
  lookUpKey: { params: KeyLookupQuery; result: KeyFound; progress: StateFound };
  /** Null where the snapshot does not say how keys are serialized. */
  keyForm: { params: { target: StateTarget }; result: FormField | null; progress: never };
  filterNames: { params: { target: StateTarget }; result: FilterName[]; progress: never };
  /** What is wrong with a filter; null where nothing is. */
  checkFilter: { params: { filter: string }; result: Problem | null; progress: never };
  /** When timers are due or values were last used. Cancelled and asked again as `scanRows`. */
  timeBins: { params: RowQuery & { of: 'timestamp' | 'lastAccess' }; result: TimeBins; progress: TimeBins };
  /** The windows of a state, or what else its namespaces are. Cancelled and asked again as `scanRows`. */
  namespaces: { params: { target: StateTarget } & InZone; result: NamespaceList; progress: NamespaceList };
};
