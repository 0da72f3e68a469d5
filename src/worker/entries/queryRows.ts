import type { PartState, StatePart } from '../../engine/backends/part';
import { SlicedEntry } from '../../engine/backends/slicedEntry';
import { sameStretch } from '../../engine/bytes/byteStrings';
import { EngineError } from '../../engine/bytes/engineError';
import { EntryDecoder } from '../../engine/decodeEntry';
import { entryFilter, type FilterMisfit } from '../../engine/query/filter';
import type { KeyLookup } from '../../engine/query/lookup';
import type { BlockReader } from '../../engine/rows/blockReader';
import type { RowQuery } from '../../view/shownRows';
import type { Columns } from './columns';
import type { KeyWanted, Wanted } from './matcher';
import { type SortKey, sortKeyOf } from './sortKey';
import { typedText } from './typedText';

/** What a query asks of entries, made ready for a state. */
export interface PreparedQuery {
  readonly key: KeyWanted | null;
  /** The key and where it lies, which may be null: only a class of the job could tell. */
  readonly lookup: KeyLookup | null;
  /** Null where every entry (of the key) is wanted. */
  readonly wanted: Wanted | null;
  /** What the filter could not make of entries. */
  readonly misfit: FilterMisfit;
  readonly sort: {
    readonly keyOf: (entry: Parameters<Wanted>[0], subtask: number) => SortKey;
    readonly descending: boolean;
  } | null;
}

/** Fails with `BAD_VALUE` where something does not fit its type, with `BAD_ARGUMENT` where the filter is no CEL. */
export function prepareQuery(
  { key, namespace, mapKey, filter, sort }: RowQuery,
  state: PartState,
  part: StatePart,
  reader: BlockReader,
  columns: () => Columns,
): PreparedQuery {
  const { maxParallelism } = reader.operator.state;
  const lookup = key === null ? null : typedText(key, 'key', part.key ?? state.key, maxParallelism);
  const tests: Wanted[] = [];
  if (namespace !== null)
    tests.push(isPart('namespace', typedText(namespace, 'namespace', state.namespace, maxParallelism).bytes));
  if (mapKey !== null) tests.push(isPart('userKey', typedText(mapKey, 'map key', state.userKey, maxParallelism).bytes));
  const misfit: FilterMisfit = { why: null };
  if (filter !== null) {
    const matches = entryFilter(filter, misfit);
    const decoder = new EntryDecoder();
    tests.push((entry, subtask) => matches(entry, decoder.decode(entry), subtask));
  }
  return {
    key: lookup === null ? null : keyWanted(lookup.bytes, lookup.keyGroup, reader),
    lookup,
    wanted: tests.length === 0 ? null : (entry, subtask) => tests.every((test) => test(entry, subtask)),
    misfit,
    sort:
      sort === null ? null : { keyOf: sortKeyOfColumn(sort.column, columns(), reader), descending: sort.descending },
  };
}

/** The blocks that may have a key: those of its key group, or all where nobody knows it. */
export function keyWanted(bytes: Uint8Array, keyGroup: number | null, { blocks }: BlockReader): KeyWanted {
  const isOfKey = (of: number | null): boolean => of !== null && (keyGroup === null || of === keyGroup);
  return { bytes, blocks: blocks.flatMap((block, i) => (isOfKey(block.keyGroup) ? [i] : [])) };
}

function isPart(part: 'namespace' | 'userKey', wanted: Uint8Array): Wanted {
  return (entry) => {
    const { bytes, namespaceBytes, namespaceFrom, namespaceTo, userKeyFrom, userKeyTo } = SlicedEntry.of(entry);
    return part === 'namespace'
      ? sameStretch(namespaceBytes, namespaceFrom, namespaceTo, wanted, 0, wanted.length)
      : sameStretch(bytes, userKeyFrom, userKeyTo, wanted, 0, wanted.length);
  };
}

function sortKeyOfColumn(
  id: string,
  columns: Columns,
  reader: BlockReader,
): (entry: Parameters<Wanted>[0], subtask: number) => SortKey {
  const column = columns.find(id);
  if (column === undefined) throw new EngineError('BAD_ARGUMENT', `There is no column ${id} to sort by.`);
  const subtasks = new Map(reader.operator.subtasks.map((subtask) => [subtask.index, subtask]));
  const decoder = new EntryDecoder();
  const { part } = column.shown;
  const isDecoded = part !== 'timestamp' && part !== 'index' && part !== 'keyGroup' && part !== 'subtask';
  const nothing = { key: undefined, namespace: undefined, userKey: undefined, value: undefined };
  return (raw, index) => {
    const subtask = subtasks.get(index);
    if (subtask === undefined) return null;
    return sortKeyOf(column.value({ raw, subtask }, isDecoded ? decoder.decode(raw) : nothing));
  };
}
