import type { EntryColumn } from '../../src/view/shownEntries';
import type { RowSort } from '../../src/view/shownRows';
import type { Strings } from '../../src/view/strings';
import { type ColumnLayout, ordered, visible } from '../grid/columnLayout';
import type { GridColumn } from '../grid/gridModel';

/** The columns of a state as the grid draws them: in the person's order and widths, without those that are hidden. */
export function gridColumns(
  columns: readonly EntryColumn[],
  layout: ColumnLayout,
  sort: RowSort | null,
  expand: readonly string[],
  strings: Strings,
): GridColumn[] {
  const ids = columns.map(({ id }) => id);
  const order = ordered(ids, layout);
  return visible(ids, layout).flatMap((id) => {
    const index = ids.indexOf(id);
    const column = columns[index];
    if (column === undefined) return [];
    return [
      {
        id,
        name: columnName(column, columns, strings),
        type: column.type,
        numeric: column.numeric,
        index,
        position: order.indexOf(id),
        width: layout.widths[id] ?? null,
        sort: sort?.column === id ? (sort.descending ? 'descending' : 'ascending') : null,
        expanded: expandedState(column, expand),
      } satisfies GridColumn,
    ];
  });
}

/** A column that stands for one field of another is open already: it is the way back. */
function expandedState({ expandable, parent }: EntryColumn, expand: readonly string[]): boolean | null {
  if (expandable) return false;
  return parent !== null && expand.includes(parent) ? true : null;
}

/** The ids that are split after a person opened or closed a column. */
export function toggledExpand(columns: readonly EntryColumn[], expand: readonly string[], id: string): string[] {
  const column = columns.find((c) => c.id === id);
  if (column === undefined) return [...expand];
  if (column.expandable) return [...expand, id];
  // The parent closes, and with it all that is open below it.
  const { parent } = column;
  return parent === null ? [...expand] : expand.filter((open) => open !== parent && !open.startsWith(`${parent}.`));
}

/** A field of the value goes by its own name; fields of other parts say whose they are. */
export function columnName({ part, field }: EntryColumn, columns: readonly EntryColumn[], strings: Strings): string {
  const words: Record<EntryColumn['part'], string> = {
    key: strings.key,
    namespace: strings.namespace,
    mapKey: strings.mapKey,
    timestamp: strings.timestamp,
    value: strings.value,
    lastAccess: strings.lastAccess,
    index: strings.index,
    keyGroup: strings.keyGroup,
    subtask: strings.subtask,
  };
  if (field === null) return words[part];
  const isAmbiguous = columns.some((other) => other.part !== part && other.field === field);
  return part === 'value' && !isAmbiguous ? field : `${words[part]}.${field}`;
}
