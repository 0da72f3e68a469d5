import type { GridHead } from './gridHead';
import type { GridColumn, GridRow } from './gridModel';
import { columnWidth, TextMeasure } from './measure';

/** What a column gets at most when a person asks that its texts fit. */
const MOST_FITTED = 800;
/** Px of a head's arrow: of a column that opens, or that is sorted by. */
const SIGN = 16;
const UNKNOWN = 100;

interface Places {
  head: GridHead;
  /** With the rows, whose font texts are measured in. */
  body: HTMLElement;
  /** Has the widths, for all rows. */
  canvas: HTMLElement;
  /** Rows that are seen and there. */
  seen(): Iterable<GridRow>;
  /** Widths are others now. */
  changed(): void;
}

/** How wide columns are: as a person made them, else as what is seen needs it. */
export class ColumnWidths {
  private readonly measure = new TextMeasure();
  private readonly px = new Map<string, number>();
  private columns: readonly GridColumn[] = [];

  constructor(private readonly places: Places) {}

  of(id: string): number {
    return this.px.get(id) ?? 0;
  }

  set(id: string, width: number): void {
    this.px.set(id, width);
    this.draw();
  }

  /** Columns that nobody gave a width fit what is seen, anew. */
  forget(): void {
    this.px.clear();
  }

  /** Other columns, or the same ones with other heads; those whose width is known keep it. */
  setColumns(columns: readonly GridColumn[]): void {
    this.columns = columns;
    for (const { id, width } of columns) this.px.set(id, width ?? this.px.get(id) ?? this.natural(id));
    this.draw();
  }

  /** Columns that nobody gave a width fit the rows that are seen; with `grow`, none becomes narrower. */
  fitSeen(grow: boolean): void {
    for (const { id, width } of this.columns) {
      if (width === null) this.px.set(id, Math.max(this.natural(id), grow ? this.of(id) : 0));
    }
    this.draw();
  }

  /** A number of which the end is missing would be another number: columns become wide enough for those that come. */
  growNumbers(rows: Iterable<GridRow>): void {
    const numbers = this.columns.filter(({ numeric, width }) => numeric && width === null);
    const like = this.places.body.querySelector('.grid-cell.mono');
    if (numbers.length === 0 || like === null) return;
    const longest = numbers.map(() => '');
    for (const { cells } of rows) {
      numbers.forEach(({ index }, i) => {
        const text = cells[index]?.text ?? '';
        if (text.length > (longest[i] ?? '').length) longest[i] = text;
      });
    }
    let grew = false;
    numbers.forEach(({ id }, i) => {
      const wanted = columnWidth(this.measure.width([longest[i] ?? ''], like));
      if (wanted <= this.of(id)) return;
      this.px.set(id, wanted);
      grew = true;
    });
    if (grew) this.draw();
  }

  /** The width at which the texts of a column that are seen fit, and its head. */
  fitting(id: string): number {
    return this.natural(id, MOST_FITTED);
  }

  private natural(id: string, most?: number): number {
    const { body, head } = this.places;
    const at = this.columns.findIndex((c) => c.id === id);
    const column = this.columns[at];
    const cell = head.cell(at + 1);
    if (column === undefined || cell === undefined) return columnWidth(0);
    const texts: string[] = [];
    // Of the source, not of what is painted: that may still be the rows of another query.
    for (const { cells } of this.places.seen()) {
      const text = cells[column.index]?.text;
      if (text !== undefined) texts.push(text);
    }
    const likeType = cell.querySelector('.head-type') ?? cell;
    const likeCell = body.querySelector('.grid-cell.mono') ?? likeType;
    const signs = (column.expanded === null ? 0 : SIGN) + (column.sort === null ? 0 : SIGN);
    const name = this.measure.width([column.name], cell.querySelector('.head-name') ?? cell) + signs;
    // A long type does not make a column wide: the tip has it whole.
    const type = Math.min(this.measure.width([column.type ?? ''], likeType), Math.max(name, 96));
    return columnWidth(Math.max(name, type, this.measure.width(texts, likeCell)), most);
  }

  private draw(): void {
    const px = this.columns.map(({ id }) => `${this.px.get(id) ?? UNKNOWN}px`);
    this.places.canvas.style.setProperty('--columns', `var(--ordinal) ${px.join(' ')} minmax(0, 1fr)`);
    this.places.changed();
  }
}
