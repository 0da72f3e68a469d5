import type { StateBackendKind } from '../engine/description';
import type { BytePlace } from '../engine/storage/bytePlaces';

/**
 * Entries of a state as the engine's thread hands them to a page: texts that are ready to be shown. Every number of a value
 * is a text, because on the way a number could lose its sign, its digits or its being a float.
 */

/** One state of one operator. A backend is named because operator state and keyed state may share a name. */
export interface StateTarget {
  operator: string;
  state: string;
  backend: StateBackendKind;
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
  /** Classes of the job that alone can read these bytes, or whose values a person chose how to read. */
  undecoded?: string[];
  /** The class for whose values a person chose this type. */
  chosenFor?: string;
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
