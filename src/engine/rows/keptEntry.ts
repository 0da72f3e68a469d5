import type { RawEntry, StatePart } from '../backends/part';
import { SlicedEntry } from '../backends/slicedEntry';
import { type EntryPlaces, placesOf } from '../entryPlaces';
import type { SnapshotOperator, SnapshotSubtask } from '../snapshot';
import type { BlockRow } from './rowMap';

/** Whose an entry is. */
export interface EntryOwner {
  readonly operator: SnapshotOperator;
  readonly subtask: SnapshotSubtask;
  readonly part: StatePart;
}

/** One entry, copied out of the engine's window: good for as long as somebody holds it. */
export interface KeptEntry extends EntryOwner {
  readonly raw: SlicedEntry;
  readonly at: BlockRow;
  /** Where its parts are stored, as far as that is known. */
  readonly places: EntryPlaces;
  /** Bytes that it holds, about. */
  readonly size: number;
}

/** What an entry takes in memory beside its bytes, about. */
const OBJECTS = 700;

export function keepEntry(entry: RawEntry, { operator, subtask, part }: EntryOwner, at: BlockRow): KeptEntry {
  const raw = copyOf(entry);
  const size = sizeOf(raw) + OBJECTS;
  return { raw, operator, subtask, part, at, places: placesOf(entry), size };
}

/** Bytes of an entry's parts. */
export function sizeOf({ key, namespace, userKey, value }: RawEntry): number {
  return (key?.length ?? 0) + (namespace?.length ?? 0) + (userKey?.length ?? 0) + (value?.length ?? 0);
}

/** The entry in bytes of its own, of which it holds one buffer; as of another state, where one is given. */
export function copyOf(entry: RawEntry, state = entry.state): SlicedEntry {
  const { keyGroup, index, key, namespace, userKey, value, timestamp, fault } = entry;
  const common = { state, keyGroup, index, timestamp, fault };
  const parts = { key, namespace, userKey, value };
  // One part alone makes no buffer of its own.
  const isAlone = Object.values(parts).filter((part) => part !== null).length === 1;
  if (!isAlone) return SlicedEntry.of({ ...common, ...parts });
  const own = (part: Uint8Array | null): Uint8Array | null => part?.slice() ?? null;
  return SlicedEntry.of({
    ...common,
    key: own(key),
    namespace: own(namespace),
    userKey: own(userKey),
    value: own(value),
  });
}
