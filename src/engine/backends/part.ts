import type { EngineError, EngineErrorCode } from '../bytes/engineError';
import type { StateBackendKind, StateKind } from '../description';
import type { Codec } from '../types/codec';
import type { StateMeta } from './stateMeta';

/** How the bytes of one entry's value are laid out. */
export type ValueLayout =
  /** What the value serializer writes. */
  | 'whole'
  /** Elements with one byte `,` between them (ListDelimitedSerializer). */
  | 'delimited'
  /**
   * `boolean isNull`, then what the value serializer writes: the value under one user key of a map. Behind a null stand the
   * bytes that the serializer makes of a null, where it makes any; Flink writes them and never reads them.
   */
  | 'nullable'
  /** No value: timers. */
  | 'none';

/** Whether the `nullable` value from `from` to `to` is a null. */
export function isNullValue(bytes: Uint8Array, from: number, to: number): boolean {
  return to > from && bytes[from] === 1;
}

/** One state as one subtask's header has it, with the codecs that take its entries apart. */
export interface PartState {
  readonly name: string;
  readonly kind: StateKind;
  /** Null for timers in raw keyed state, which have no header. */
  readonly meta: StateMeta | null;
  /** Null for operator state; for broadcast state `userKey` is the map's key. */
  readonly key: Codec | null;
  readonly namespace: Codec | null;
  readonly userKey: Codec | null;
  /** Codec of a value (`whole`), of an element (`delimited`) or of a user value (`nullable`). */
  readonly value: Codec | null;
  readonly layout: ValueLayout;
}

/**
 * One entry as it lies in a file. The byte strings are views into a window, good until the next batch is asked for; who
 * keeps one longer copies it.
 */
export interface RawEntry {
  readonly state: PartState;
  /** -1 in operator state. */
  readonly keyGroup: number;
  /** Position of the element in this subtask's list; -1 in keyed and broadcast state. */
  readonly index: number;
  readonly key: Uint8Array | null;
  readonly namespace: Uint8Array | null;
  readonly userKey: Uint8Array | null;
  readonly value: Uint8Array | null;
  /** Of a timer, in milliseconds. */
  readonly timestamp: bigint | null;
  /** Why `key` holds all of a composite key: it could not be taken apart. */
  readonly fault: string | null;
}

/** A stretch of state that cannot be read. */
export interface Unread {
  readonly state: PartState;
  readonly keyGroup: number;
  readonly bytes: number;
  readonly code: EngineErrorCode;
  readonly reason: string;
}

export function unreadBecause(state: PartState, keyGroup: number, bytes: number, why: EngineError): Unread {
  return { state, keyGroup, bytes, code: why.code, reason: why.message };
}

/** Errors that say that these bytes cannot be read, and not that the file cannot. */
export function isOfTheBytes(e: EngineError): boolean {
  return ['UNREADABLE', 'CORRUPT', 'TRUNCATED', 'UNSUPPORTED', 'LIMIT'].includes(e.code);
}

export interface Batch {
  readonly entries: readonly RawEntry[];
  readonly unread: readonly Unread[];
}

/**
 * Entries in a batch, about: enough to make the cost of a batch small, few enough to keep a window's memory small. Entries that
 * are large end a batch earlier, with the window that they lie in: they would keep it, and all before it, in memory.
 */
export const BATCH_SIZE = 1024;

/** Key groups `first` to `last`, both of them included. */
export interface KeyGroupSpan {
  readonly first: number;
  readonly last: number;
}

export interface Selection {
  /** Only these states; all of them where it is absent. */
  readonly states?: ReadonlySet<string>;
  /** Only this key group. */
  readonly keyGroup?: number;
  /** Together with `keyGroup`: only entries under this key are wanted, as its serializer writes it. Others may come too. */
  readonly key?: Uint8Array;
  /** Only these, asked of a part that says which it has. */
  readonly keyGroups?: KeyGroupSpan;
}

/** Whether a key group is wanted. */
export function isSelected({ keyGroup, keyGroups }: Selection, candidate: number): boolean {
  if (keyGroup !== undefined && keyGroup !== candidate) return false;
  return keyGroups === undefined || (candidate >= keyGroups.first && candidate <= keyGroups.last);
}

/** Told of a state of which something cannot be read, because of a file that others do not need. */
export type LostState = (state: PartState, error: EngineError) => void;

/** The state that one handle of one subtask holds: what its header says, and its entries. */
export interface StatePart {
  readonly backend: StateBackendKind;
  /** The file that holds the header. */
  readonly file: string;
  /** The backend's key serializer; null for operator state, and where the snapshot does not say. */
  readonly key: Codec | null;
  readonly states: readonly PartState[];
  /** The key groups that it may hold, where any of them can be read without the others. */
  readonly keyGroups?: KeyGroupSpan;
  /** Bytes of a state (by its name) where the layout keeps them apart, else null. */
  bytesOf(state: PartState): number | null;
  /** Number of entries of a state where a header or the metadata says it. */
  entriesOf(state: PartState): number | null;
  /** Entries of a state by key group, as far as the layout says so without their being read; absent where it never does. */
  entriesByKeyGroup?(state: PartState, signal?: AbortSignal): Promise<ReadonlyMap<number, number>>;
  /** A layout that keeps states in files of their own tells `lost` of them, where it is given, and reads on; else it throws. */
  entries(selection: Selection, signal?: AbortSignal, lost?: LostState): AsyncGenerator<Batch>;
}
