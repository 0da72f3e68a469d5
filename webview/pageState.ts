import type { SortColumn } from './model/rows';

/** What a page remembers of itself when VS Code throws it away and makes it anew. Nothing of the snapshot's content. */
export interface PageState {
  expanded: string[];
  selected: string | null;
  sort: { column: SortColumn; descending: boolean };
  filter: string;
  scrollTop: number;
}

const FRESH: PageState = {
  expanded: [],
  selected: null,
  sort: { column: 'bytes', descending: true },
  filter: '',
  scrollTop: 0,
};

/** The state as it was kept. Another version may have kept it: what is not as expected is left out. */
export function restoreState(kept: unknown): PageState {
  if (typeof kept !== 'object' || kept === null) return { ...FRESH };
  const { expanded, selected, sort, filter, scrollTop } = kept as Partial<Record<keyof PageState, unknown>>;
  return {
    expanded: Array.isArray(expanded) ? expanded.filter((key) => typeof key === 'string') : FRESH.expanded,
    selected: typeof selected === 'string' ? selected : null,
    sort: isSort(sort) ? sort : FRESH.sort,
    filter: typeof filter === 'string' ? filter : FRESH.filter,
    scrollTop: typeof scrollTop === 'number' && scrollTop >= 0 ? scrollTop : 0,
  };
}

function isSort(sort: unknown): sort is PageState['sort'] {
  if (typeof sort !== 'object' || sort === null) return false;
  const { column, descending } = sort as { column?: unknown; descending?: unknown };
  return (column === 'name' || column === 'parallelism' || column === 'bytes') && typeof descending === 'boolean';
}
