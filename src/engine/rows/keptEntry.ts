import type { RawEntry, StatePart } from '../backends/part';
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
  readonly raw: RawEntry;
  readonly at: BlockRow;
  /** Where its parts are stored, as far as that is known. */
  readonly places: EntryPlaces;
  /** Bytes that it holds, about. */
  readonly size: number;
}

/** What an entry takes in memory beside its bytes. */
const OBJECTS = 400;

export function keepEntry(entry: RawEntry, { operator, subtask, part }: EntryOwner, at: BlockRow): KeptEntry {
  const raw = copyOf(entry);
  const size = sizeOf(raw) + OBJECTS;
  return { raw, operator, subtask, part, at, places: placesOf(entry), size };
}

/** Bytes of an entry's parts. */
export function sizeOf({ key, namespace, userKey, value }: RawEntry): number {
  return (key?.length ?? 0) + (namespace?.length ?? 0) + (userKey?.length ?? 0) + (value?.length ?? 0);
}

function copyOf({ state, keyGroup, index, key, namespace, userKey, value, timestamp, fault }: RawEntry): RawEntry {
  return {
    state,
    keyGroup,
    index,
    key: key?.slice() ?? null,
    namespace: namespace?.slice() ?? null,
    userKey: userKey?.slice() ?? null,
    value: value?.slice() ?? null,
    timestamp,
    fault,
  };
}
