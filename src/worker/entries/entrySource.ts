import type { RawEntry, StatePart } from '../../engine/backends/part';
import { SlicedEntry } from '../../engine/backends/slicedEntry';
import { EngineError } from '../../engine/bytes/engineError';
import { decodeEntry } from '../../engine/decodeEntry';
import { type EntryBatch, snapshotEntries } from '../../engine/entries';
import { type EntryPlaces, placesOf } from '../../engine/entryPlaces';
import type { EntryFilter } from '../../engine/query/filter';
import type { KeyLookup } from '../../engine/query/lookup';
import type { Snapshot, SnapshotOperator, SnapshotSubtask } from '../../engine/snapshot';
import type { StateTarget } from '../../view/shownEntries';

/** The one place where pages of entries meet the engine's batches. */

/** One entry, copied out of the engine's window: good for as long as somebody holds it. */
export interface KeptEntry {
  readonly raw: RawEntry;
  readonly operator: SnapshotOperator;
  readonly subtask: SnapshotSubtask;
  readonly part: StatePart;
  /** Where its parts are stored, as far as that is known. */
  readonly places: EntryPlaces;
  /** Bytes that it holds. */
  readonly size: number;
}

/** Some entries, good until the next ones are asked for. */
export interface EntryStretch {
  readonly length: number;
  /** The entry at `index` if it is wanted, else null. */
  take(index: number): KeptEntry | null;
}

export interface SourceOptions {
  target: StateTarget;
  filter: EntryFilter | null;
  /** What to look for, given the operator and the part that hold the keys; null for every key. */
  lookup: ((operator: SnapshotOperator, part: StatePart) => KeyLookup) | null;
  /** Told of state that cannot be read. */
  failed(error: EngineError, where: string): void;
}

/** The entries of one state, subtask by subtask. */
export async function* readState(
  snapshot: Snapshot,
  options: SourceOptions,
  signal: AbortSignal,
): AsyncGenerator<EntryStretch> {
  const { target, lookup, failed } = options;
  if (!snapshot.operators.some((operator) => operator.id === target.operator)) {
    throw new EngineError('NOT_FOUND', `The snapshot has no operator ${target.operator}.`);
  }
  const query = {
    operator: (operator: SnapshotOperator) => operator.id === target.operator,
    states: new Set([target.state]),
    ...(lookup !== null && {
      keyGroup: (operator: SnapshotOperator, part: StatePart) =>
        part.backend === target.backend ? (lookup(operator, part).keyGroup ?? 'any') : 'none',
      key: (operator: SnapshotOperator, part: StatePart) => lookup(operator, part).bytes,
    }),
  };
  const batches = snapshotEntries(
    snapshot,
    query,
    ({ subtask, error }) => failed(error, `subtask ${subtask.index}`),
    signal,
  );
  for await (const batch of batches) {
    const { operator, subtask, part } = batch;
    if (part.backend !== target.backend) continue;
    for (const { keyGroup, bytes, code, reason } of batch.unread) {
      const where = keyGroup < 0 ? `subtask ${subtask.index}` : `subtask ${subtask.index} / key group ${keyGroup}`;
      failed(new EngineError(code, `${bytes} bytes could not be read: ${reason}`, { file: part.file }), where);
    }
    yield stretchOf(batch, options.filter, lookup === null ? null : lookup(operator, part));
  }
}

function stretchOf(batch: EntryBatch, filter: EntryFilter | null, wanted: KeyLookup | null): EntryStretch {
  const { operator, subtask, part, entries } = batch;
  return {
    length: entries.length,
    take(index) {
      const entry = entries[index];
      if (wanted !== null && !SlicedEntry.of(entry).hasKey(wanted.bytes)) return null;
      if (filter !== null && !filter(entry, decodeEntry(entry), subtask.index)) return null;
      const raw = copyOf(entry);
      const size = [raw.key, raw.namespace, raw.userKey, raw.value].reduce((sum, b) => sum + (b?.length ?? 0), 0);
      return { raw, operator, subtask, part, places: placesOf(entry), size };
    },
  };
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
