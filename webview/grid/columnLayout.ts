/** How a person laid the columns of a table out. What is not named in it stands as the table has it. */
export interface ColumnLayout {
  /** Width in px by the column's id. */
  widths: Record<string, number>;
  /** Ids from left to right; columns that are not in it follow their neighbour of the table. */
  order: string[];
  hidden: string[];
}

export const freshLayout = (): ColumnLayout => ({ widths: {}, order: [], hidden: [] });

export const LEAST_WIDTH = 40;
export const MOST_WIDTH = 2000;
/** Columns beyond these are no longer remembered: a state with a million map keys as columns there is not. */
const MOST_REMEMBERED = 500;

export const fitWidth = (width: number): number => Math.round(Math.max(LEAST_WIDTH, Math.min(width, MOST_WIDTH)));

/** The ids of a table in the person's order. A column that the layout does not name stands after the one it follows in the table. */
export function ordered(ids: readonly string[], { order }: ColumnLayout): string[] {
  const named = order.filter((id) => ids.includes(id));
  const result = [...named];
  ids.forEach((id, index) => {
    if (named.includes(id)) return;
    const before = ids
      .slice(0, index)
      .reverse()
      .find((other) => result.includes(other));
    result.splice(before === undefined ? 0 : result.indexOf(before) + 1, 0, id);
  });
  return result;
}

export function visible(ids: readonly string[], layout: ColumnLayout): string[] {
  const seen = ordered(ids, layout).filter((id) => !layout.hidden.includes(id));
  // A table without any column would have no way to be told from one without rows.
  return seen.length > 0 ? seen : ids.slice(0, 1);
}

/** The layout with a column moved by some places among all columns, hidden ones too. */
export function moved(ids: readonly string[], layout: ColumnLayout, id: string, by: number): ColumnLayout {
  const order = ordered(ids, layout);
  const from = order.indexOf(id);
  const to = Math.max(0, Math.min(from + by, order.length - 1));
  if (from < 0 || from === to) return layout;
  order.splice(from, 1);
  order.splice(to, 0, id);
  return { ...layout, order };
}

/** The same among those that are seen: who moves a column past a hidden one means the next that can be seen. */
export function movedAmongVisible(ids: readonly string[], layout: ColumnLayout, id: string, by: 1 | -1): ColumnLayout {
  const seen = visible(ids, layout);
  const other = seen[seen.indexOf(id) + by];
  if (other === undefined) return layout;
  const order = ordered(ids, layout);
  return moved(ids, layout, id, order.indexOf(other) - order.indexOf(id));
}

export function withHidden(layout: ColumnLayout, id: string, isHidden: boolean): ColumnLayout {
  const others = layout.hidden.filter((other) => other !== id);
  return { ...layout, hidden: isHidden ? [...others, id] : others };
}

export const withWidth = (layout: ColumnLayout, id: string, width: number): ColumnLayout => ({
  ...layout,
  widths: { ...layout.widths, [id]: fitWidth(width) },
});

/** A layout as it was kept; what is not as expected is left out. */
export function restoreLayout(kept: unknown): ColumnLayout {
  if (typeof kept !== 'object' || kept === null) return freshLayout();
  const { widths, order, hidden } = kept as Partial<Record<keyof ColumnLayout, unknown>>;
  const ids = (list: unknown): string[] =>
    Array.isArray(list) ? list.filter((id) => typeof id === 'string').slice(0, MOST_REMEMBERED) : [];
  const pairs = typeof widths === 'object' && widths !== null ? Object.entries(widths) : [];
  return {
    widths: Object.fromEntries(
      pairs
        .filter((pair): pair is [string, number] => typeof pair[1] === 'number' && Number.isFinite(pair[1]))
        .slice(0, MOST_REMEMBERED)
        .map(([id, width]) => [id, fitWidth(width)]),
    ),
    order: [...new Set(ids(order))],
    hidden: [...new Set(ids(hidden))],
  };
}
