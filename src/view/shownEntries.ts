import type { Problem, StateBackendKind } from '../engine/description';
import type { BytePlace } from '../engine/storage/bytePlaces';

/**
 * Entries of a state as the engine's thread hands them to a page: texts that are ready to be shown. Every number of a value
 * is a text, because on the way a number could lose its sign, its digits or its being a float.
 */

/** Entries that a page of the table holds; fewer where they are large. */
export const PAGE_ROWS = 100;

/** One state of one operator. A backend is named because operator state and keyed state may share a name. */
export interface StateTarget {
  operator: string;
  state: string;
  backend: StateBackendKind;
}

/** Which entries of a state are wanted. */
export interface EntryQuery {
  target: StateTarget;
  /** As a person wrote it: JSON, or the text of a string key. Only its key group is read. Null for every key. */
  key: string | null;
  /** An expression of CEL; null for all entries. */
  filter: string | null;
}

/** One entry by its place: row `row` of page `page`, both from 0. */
export interface EntryPlace extends EntryQuery {
  page: number;
  row: number;
}

/** What a value is, for its colour and for screen readers. */
export type Look =
  | 'text'
  | 'number'
  | 'boolean'
  | 'time'
  | 'bytes'
  | 'composite'
  | 'null'
  /** A string without characters. */
  | 'empty'
  /** The entry does not have this part. */
  | 'missing'
  /** Bytes that cannot be decoded. */
  | 'opaque';

export interface EntryColumn {
  id: string;
  part: 'key' | 'namespace' | 'mapKey' | 'timestamp' | 'value' | 'lastAccess' | 'index' | 'keyGroup' | 'subtask';
  /** The field of the part that stands here; null for all of it. */
  field: string | null;
  /** Spelled; null for what is no value. */
  type: string | null;
  numeric: boolean;
  /** Its fields can stand in columns of their own. */
  expandable: boolean;
  /** The column that this one is a field of; null where there is none that could be shown instead. */
  parent: string | null;
}

export interface EntryCell {
  look: Look;
  text: string;
  /** There is more of the text than stands here. */
  cut: boolean;
  /** Why it is not decoded, or the instant of a timestamp. */
  hint: string | null;
}

/** A cell for each column. */
export type EntryRow = EntryCell[];

export interface EntryProgress {
  /** Entries of the state looked at since the first page. */
  read: number;
  columns: EntryColumn[];
  /** As in the page. */
  first: number;
  /** Rows found since the last sign of progress, and the index of the first of them in the page. */
  from: number;
  rows: EntryRow[];
}

export interface EntryPage {
  page: number;
  /** Number of the first row among all rows, from 0. */
  first: number;
  columns: EntryColumn[];
  rows: EntryRow[];
  read: number;
  /** No row comes after these. */
  ended: boolean;
  /** Reading was stopped before the page was full; asking again goes on. */
  stopped: boolean;
  /** The only key group that was read, where a key was looked for and its hash is known. */
  keyGroup: number | null;
  /** State that could not be read so far, and how many more problems there are than stand here. */
  problems: Problem[];
  moreProblems: number;
}

/** A value and what is in it. */
export interface ValueNode {
  /** Name of the field, index of the element, key of the map's entry; null for the value itself. */
  label: string | null;
  look: Look;
  text: string;
  cut: boolean;
  /** Without its fields, which stand below. */
  type: string | null;
  /** Why it is not decoded, the instant of a timestamp, the class of an instance. */
  hint: string | null;
  /** Where it lies among the bytes of its part; null where its serializer does not tell. */
  bytes: { from: number; to: number } | null;
  children: ValueNode[];
  /** Children that are left out. */
  more: number;
}

export type EntryPart = 'key' | 'namespace' | 'mapKey' | 'value';

/** Everything about one entry. */
export interface EntryDetail {
  /** Parts of the entry that are there, the value first. */
  parts: ShownPart[];
  /** The value, or without one the key, as JSON in lines. */
  json: { text: string; cut: boolean };
  timestamp: { millis: string; instant: string } | null;
  keyGroup: number | null;
  index: number | null;
  subtask: number;
  /** The file that holds the header of this state. */
  file: string;
}

export interface ShownPart {
  part: EntryPart;
  node: ValueNode;
  bytes: ShownBytes;
  place: BytePlace | null;
  /** The serializer that wrote it, by its class. */
  serializer: string | null;
}

export interface ShownBytes {
  /** The first of them. */
  head: Uint8Array;
  length: number;
}
