import type { OperatorDescription, StateDescription } from '../../src/engine/description';
import type { EntryColumn } from '../../src/view/shownEntries';
import type { RowSort } from '../../src/view/shownRows';

/** What a press on a column's head makes of the order: one way, the other way, and the order in which rows are stored. */
export function nextSort(sort: RowSort | null, column: string, columns: readonly EntryColumn[]): RowSort | null {
  // Of numbers people want the largest first, of names the first of the alphabet.
  const first = columns.find(({ id }) => id === column)?.numeric === true;
  const isTime = columns.find(({ id }) => id === column)?.part === 'timestamp';
  const descending = first && !isTime;
  if (sort?.column !== column) return { column, descending };
  return sort.descending === descending ? { column, descending: !descending } : null;
}

/** Timers of more bytes than these are not sorted by themselves: all of them would have to be read before the first is seen. */
const MOST_SORTED_BYTES = 32_000_000;

/** How a state is sorted when a person comes to it: timers by when they are due, where that takes no time. */
export function firstSort(operator: OperatorDescription, { kind, bytes }: StateDescription): RowSort | null {
  const isSmall = (bytes ?? operator.bytes) <= MOST_SORTED_BYTES;
  return kind === 'timer' && isSmall ? { column: 'timestamp', descending: false } : null;
}
