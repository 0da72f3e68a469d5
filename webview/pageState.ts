import type { StateBackendKind } from '../src/engine/description';
import type { StateTarget } from '../src/view/shownEntries';
import type { SortColumn } from './model/rows';

/** What a page remembers of itself when VS Code throws it away and makes it anew. Nothing of the snapshot's content but what a person wrote. */
export interface PageState {
  expanded: string[];
  selected: string | null;
  sort: { column: SortColumn; descending: boolean };
  filter: string;
  scrollTop: number;
  /** The state whose entries are seen; null on the page of the snapshot. */
  entries: EntriesState | null;
}

export type EntryView = 'value' | 'json' | 'bytes';

/** What the page of a state's entries remembers. */
export interface EntriesState {
  target: StateTarget;
  page: number;
  row: number;
  key: string | null;
  filter: string | null;
  view: EntryView;
}

export const freshEntries = (target: StateTarget): EntriesState => ({
  target,
  page: 0,
  row: 0,
  key: null,
  filter: null,
  view: 'value',
});

const FRESH: PageState = {
  expanded: [],
  selected: null,
  sort: { column: 'bytes', descending: true },
  filter: '',
  scrollTop: 0,
  entries: null,
};

/** The state as it was kept. Another version may have kept it: what is not as expected is left out. */
export function restoreState(kept: unknown): PageState {
  if (typeof kept !== 'object' || kept === null) return { ...FRESH };
  const { expanded, selected, sort, filter, scrollTop, entries } = kept as Partial<Record<keyof PageState, unknown>>;
  return {
    expanded: Array.isArray(expanded) ? expanded.filter((key) => typeof key === 'string') : FRESH.expanded,
    selected: typeof selected === 'string' ? selected : null,
    sort: isSort(sort) ? sort : FRESH.sort,
    filter: typeof filter === 'string' ? filter : FRESH.filter,
    scrollTop: typeof scrollTop === 'number' && scrollTop >= 0 ? scrollTop : 0,
    entries: restoreEntries(entries),
  };
}

function restoreEntries(kept: unknown): EntriesState | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const { target, page, row, key, filter, view } = kept as Partial<Record<keyof EntriesState, unknown>>;
  if (typeof target !== 'object' || target === null) return null;
  const { operator, state, backend } = target as Partial<Record<keyof StateTarget, unknown>>;
  if (typeof operator !== 'string' || typeof state !== 'string' || typeof backend !== 'string') return null;
  return {
    // A backend that is none finds no state, and so the page of the snapshot is shown.
    target: { operator, state, backend: backend as StateBackendKind },
    page: isIndex(page) ? page : 0,
    row: isIndex(row) ? row : 0,
    key: typeof key === 'string' ? key : null,
    filter: typeof filter === 'string' ? filter : null,
    view: view === 'json' || view === 'bytes' ? view : 'value',
  };
}

const isIndex = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

function isSort(sort: unknown): sort is PageState['sort'] {
  if (typeof sort !== 'object' || sort === null) return false;
  const { column, descending } = sort as { column?: unknown; descending?: unknown };
  return (column === 'name' || column === 'parallelism' || column === 'bytes') && typeof descending === 'boolean';
}
