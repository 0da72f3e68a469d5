/** What is selected in a grid: rectangles of cells by row and column number, and the cell that has the focus. Pure. */

export interface CellPlace {
  row: number;
  /** Among the columns that are seen. */
  column: number;
}

/** Both ends belong to it. */
export interface CellRange {
  readonly from: CellPlace;
  readonly to: CellPlace;
}

export interface Bounds {
  rows: number;
  columns: number;
}

/** `whole`: rows are selected, whatever columns they have. */
interface Stretch {
  anchor: CellPlace;
  end: CellPlace;
  whole: boolean;
}

const sorted = (a: number, b: number): [number, number] => (a <= b ? [a, b] : [b, a]);

export class Selection {
  /** The cell with the focus. Arrows go on from here. */
  focus: CellPlace = { row: 0, column: 0 };
  /** The last one is the one that grows. */
  private stretches: Stretch[] = [];

  /** One cell, or one whole row. */
  set(place: CellPlace, whole = false): void {
    this.focus = place;
    this.stretches = [{ anchor: place, end: place, whole }];
  }

  /** From where the selection began to a place. */
  extend(place: CellPlace, whole = false): void {
    const last = this.stretches.at(-1);
    if (last === undefined) {
      this.set(place, whole);
      return;
    }
    this.focus = place;
    this.stretches[this.stretches.length - 1] = { anchor: last.anchor, end: place, whole: whole || last.whole };
  }

  /** One more cell or row beside what is selected; one that is selected by itself no longer is. */
  toggle(place: CellPlace, whole = false): void {
    this.focus = place;
    const isThis = ({ anchor, end, whole: isWhole }: Stretch): boolean =>
      isWhole === whole &&
      anchor.row === place.row &&
      end.row === place.row &&
      (whole || (anchor.column === place.column && end.column === place.column));
    const others = this.stretches.filter((stretch) => !isThis(stretch));
    if (others.length < this.stretches.length && others.length > 0) this.stretches = others;
    else this.stretches = [...others, { anchor: place, end: place, whole }];
  }

  /** Everything; the focus stays. */
  all({ rows, columns }: Bounds): void {
    if (rows === 0) return;
    const end = { row: rows - 1, column: columns - 1 };
    this.stretches = [{ anchor: { row: 0, column: 0 }, end, whole: true }];
  }

  /** Only what has the focus. */
  collapse(): void {
    this.stretches = [{ anchor: this.focus, end: this.focus, whole: false }];
  }

  has({ row, column }: CellPlace): boolean {
    return this.stretches.some(({ anchor, end, whole }) => {
      const [top, bottom] = sorted(anchor.row, end.row);
      const [left, right] = sorted(anchor.column, end.column);
      return row >= top && row <= bottom && (whole || (column >= left && column <= right));
    });
  }

  /** The whole row is selected. */
  hasRow(row: number): boolean {
    return this.stretches.some(({ anchor, end, whole }) => {
      const [top, bottom] = sorted(anchor.row, end.row);
      return whole && row >= top && row <= bottom;
    });
  }

  /** What is selected, top left to bottom right; rows that are selected whole have all columns. */
  ranges({ columns }: Bounds): CellRange[] {
    return this.stretches.map(({ anchor, end, whole }) => {
      const [top, bottom] = sorted(anchor.row, end.row);
      const [left, right] = whole ? [0, columns - 1] : sorted(anchor.column, end.column);
      return { from: { row: top, column: left }, to: { row: bottom, column: right } };
    });
  }

  /** More than one cell. */
  get isMany(): boolean {
    const [only] = this.stretches;
    if (only === undefined || this.stretches.length > 1) return this.stretches.length > 1;
    const { anchor, end, whole } = only;
    return whole || anchor.row !== end.row || anchor.column !== end.column;
  }

  /** Rows got other numbers. */
  shift(by: number): void {
    const move = ({ row, column }: CellPlace): CellPlace => ({ row: Math.max(0, row + by), column });
    this.focus = move(this.focus);
    this.stretches = this.stretches.map(({ anchor, end, whole }) => ({ anchor: move(anchor), end: move(end), whole }));
  }

  /** There are no more rows and columns than these. */
  clamp({ rows, columns }: Bounds): void {
    const inside = ({ row, column }: CellPlace): CellPlace => ({
      row: Math.max(0, Math.min(row, rows - 1)),
      column: Math.max(0, Math.min(column, columns - 1)),
    });
    this.focus = inside(this.focus);
    this.stretches = this.stretches.map(({ anchor, end, whole }) => ({
      anchor: inside(anchor),
      end: inside(end),
      whole,
    }));
  }
}
