import type { StateBackendKind } from '../src/engine/description';
import type { StateTarget } from '../src/view/shownEntries';
import type { RowPlace, RowSort } from '../src/view/shownRows';
import type { SortColumn } from './model/rows';

/** What a page remembers of itself when VS Code throws it away and makes it anew. Nothing of the snapshot's content but what a person wrote. */
export interface PageState {
  expanded: string[];
  selected: string | null;
  sort: { column: SortColumn; descending: boolean };
  filter: string;
  scrollTop: number;
  /** What the picture of bytes shows. */
  bytes: { of: 'operators' | 'files'; asTable: boolean };
  /** The state whose entries are seen; null on the page of the snapshot. */
  entries: EntriesState | null;
}

export type EntryView = 'value' | 'json' | 'bytes' | 'states';

/** What the page of a state's entries remembers. How its columns are laid out the extension keeps, for other editors too. */
export interface EntriesState {
  target: StateTarget;
  key: string | null;
  namespace: string | null;
  mapKey: string | null;
  filter: string | null;
  sort: RowSort | null;
  /** The entry with the focus; null for the first. */
  place: RowPlace | null;
  /** The id of its column; null for the row's number. */
  column: string | null;
  view: EntryView;
}

export const freshEntries = (target: StateTarget): EntriesState => ({
  target,
  key: null,
  namespace: null,
  mapKey: null,
  filter: null,
  sort: null,
  place: null,
  column: null,
  view: 'value',
});

const FRESH: PageState = {
  expanded: [],
  selected: null,
  sort: { column: 'bytes', descending: true },
  filter: '',
  scrollTop: 0,
  bytes: { of: 'operators', asTable: false },
  entries: null,
};

/** The state as it was kept. Another version may have kept it: what is not as expected is left out. */
export function restoreState(kept: unknown): PageState {
  if (typeof kept !== 'object' || kept === null) return structuredClone(FRESH);
  const { expanded, selected, sort, filter, scrollTop, bytes, entries } = kept as Partial<
    Record<keyof PageState, unknown>
  >;
  return {
    expanded: Array.isArray(expanded) ? expanded.filter((key) => typeof key === 'string') : FRESH.expanded,
    selected: typeof selected === 'string' ? selected : null,
    sort: isSort(sort) ? sort : FRESH.sort,
    filter: typeof filter === 'string' ? filter : FRESH.filter,
    scrollTop: typeof scrollTop === 'number' && scrollTop >= 0 ? scrollTop : 0,
    bytes: restoreBytes(bytes),
    entries: restoreEntries(entries),
  };
}

function restoreBytes(kept: unknown): PageState['bytes'] {
  const { of, asTable } = (kept ?? {}) as Partial<Record<keyof PageState['bytes'], unknown>>;
  return { of: of === 'files' ? 'files' : 'operators', asTable: asTable === true };
}

function restoreEntries(kept: unknown): EntriesState | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const { target, key, namespace, mapKey, filter, sort, place, column, view } = kept as Partial<
    Record<keyof EntriesState, unknown>
  >;
  if (typeof target !== 'object' || target === null) return null;
  const { operator, state, backend } = target as Partial<Record<keyof StateTarget, unknown>>;
  if (typeof operator !== 'string' || typeof state !== 'string' || typeof backend !== 'string') return null;
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return {
    // A backend that is none finds no state, and so the page of the snapshot is shown.
    target: { operator, state, backend: backend as StateBackendKind },
    key: text(key),
    namespace: text(namespace),
    mapKey: text(mapKey),
    filter: text(filter),
    sort: restoreRowSort(sort),
    place: restorePlace(place),
    column: text(column),
    view: view === 'json' || view === 'bytes' || view === 'states' ? view : 'value',
  };
}

function restoreRowSort(kept: unknown): RowSort | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const { column, descending } = kept as Partial<Record<keyof RowSort, unknown>>;
  return typeof column === 'string' && typeof descending === 'boolean' ? { column, descending } : null;
}

function restorePlace(kept: unknown): RowPlace | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const { block, index } = kept as Partial<Record<keyof RowPlace, unknown>>;
  return isIndex(block) && isIndex(index) ? { block, index } : null;
}

const isIndex = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

function isSort(sort: unknown): sort is PageState['sort'] {
  if (typeof sort !== 'object' || sort === null) return false;
  const { column, descending } = sort as { column?: unknown; descending?: unknown };
  return ['name', 'parallelism', 'entries', 'bytes'].includes(String(column)) && typeof descending === 'boolean';
}
