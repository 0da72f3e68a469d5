import { isCancelled, toProblem } from '../../src/rpc/problem';
import { fill } from '../../src/view/format';
import type { CopyFormat, RowPlace, RowQuery, RowRange } from '../../src/view/shownRows';
import type { PageContext } from '../context';
import type { CellRange } from '../grid/selection';

/** What of a grid is to be copied. */
export interface CopyWhat {
  /** Rows by number; columns of the grid, where 0 is the row's number. */
  ranges: CellRange[];
  columnId(column: number): string | null;
  columns: number;
}

/** Puts cells on the clipboard. Rows that are not on the page are copied all the same: the extension reads them. */
export class RowCopy {
  constructor(
    private readonly context: PageContext,
    private readonly events: {
      query(): RowQuery;
      zone(): string;
      placeOf(row: number): Promise<RowPlace | null>;
    },
  ) {}

  async copy({ ranges, columnId, columns }: CopyWhat, format: CopyFormat, whole: boolean): Promise<void> {
    const { host, announce, strings, count } = this.context;
    try {
      const places = await Promise.all(ranges.map((range) => this.rangeOf(range)));
      const known = places.filter((range) => range !== null);
      if (known.length === 0) return;
      const copied = await host.request('copyRows', {
        ...this.events.query(),
        zone: this.events.zone(),
        ranges: known,
        columns: whole ? null : columnsOf(ranges, columns, columnId),
        format,
      });
      if (copied.cut) announce(fill(strings.copiedFirst, count(copied.rows)));
      else announce(copied.rows === 1 ? strings.copied : fill(strings.copiedRows, count(copied.rows)));
    } catch (e) {
      if (!isCancelled(e)) announce(toProblem(e).message);
    }
  }

  private async rangeOf({ from, to }: CellRange): Promise<RowRange | null> {
    const [first, last] = await Promise.all([this.events.placeOf(from.row), this.events.placeOf(to.row)]);
    return first === null || last === null ? null : { from: first, to: last };
  }
}

/** Ids of the columns that any of the ranges has, from left to right; the row's number is of the page, not of the entry. */
function columnsOf(ranges: CellRange[], columns: number, columnId: CopyWhat['columnId']): string[] | null {
  const ids: string[] = [];
  for (let column = 1; column < columns; column++) {
    const isIn = ranges.some(({ from, to }) => column >= from.column && column <= to.column);
    const id = columnId(column);
    if (isIn && id !== null) ids.push(id);
  }
  // Of the number alone all of the row is meant.
  return ids.length === 0 ? null : ids;
}
