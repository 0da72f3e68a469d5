import { h } from '../dom';
import { ColumnWidths } from './columnWidths';
import { GridHead } from './gridHead';
import { keyMove } from './gridKeys';
import {
  type GridColumn,
  type GridEvents,
  type GridRow,
  type GridSource,
  type GridWords,
  NUMBER_COLUMN,
  ROW_HEIGHT,
} from './gridModel';
import { GridPointer } from './gridPointer';
import { GridRowElement } from './gridRow';
import { GridScroll } from './gridScroll';
import { centering, revealing, rowsOfScreen, windowAt } from './scale';
import { type CellPlace, Selection } from './selection';

/** Rows drawn beyond what is seen, above and below. */
const RESERVE = 4;
/** Rows are placed by their distance to a row nearby, as an element must not stand thousands of millions of px away. */
const NEARBY = 20_000;

/**
 * Rows without end as an ARIA grid: only those that are seen are elements, and those are used again and again. What is above
 * says where rows stand; here the document follows it, once a frame.
 */
export class GridView {
  readonly element: HTMLElement;
  readonly selection = new Selection();
  private readonly canvas = h('div', { class: 'grid-canvas', role: 'presentation' });
  private readonly pane = h('div', { class: 'grid-pane', role: 'presentation' });
  private readonly body = h('div', { class: 'grid-body', role: 'rowgroup' });
  private readonly head: GridHead;
  private readonly scroll: GridScroll;
  private readonly widths: ColumnWidths;
  private readonly resizes = new ResizeObserver(() => this.resize());
  private readonly pointer: GridPointer;
  private readonly live = new Map<number, GridRowElement>();
  private readonly free: GridRowElement[] = [];
  private columns: readonly GridColumn[] = [];
  private frame = 0;
  private base = 0;
  private headColumn: number | null = null;
  private hadFocus = false;

  constructor(
    private readonly words: GridWords,
    label: string,
    private readonly source: GridSource,
    private readonly events: GridEvents,
  ) {
    this.head = new GridHead(
      words,
      {
        ...events,
        resizing: (id, width) => this.widths.set(id, width),
        autofit: (id) => events.resized(id, this.widths.fitting(id)),
        headFocused: (column) => this.headFocused(column),
        down: (column) => {
          if (this.source.rows > 0) this.moveTo({ row: this.topRow, column });
        },
      },
      (id) => this.widths.of(id),
    );
    this.head.draw([]);
    this.pane.append(this.head.element, this.body);
    this.canvas.append(this.pane);
    this.element = h(
      'div',
      { role: 'grid', class: 'grid', 'aria-label': label, 'aria-readonly': 'true', 'aria-multiselectable': 'true' },
      this.canvas,
    );
    this.scroll = new GridScroll(
      this.element,
      this.canvas,
      () => this.source.rows,
      () => this.invalidate(),
    );
    this.widths = new ColumnWidths({
      head: this.head,
      body: this.body,
      canvas: this.canvas,
      seen: () => this.seenRows(),
      changed: () => this.invalidate(),
    });
    this.body.addEventListener('keydown', (event) => this.onKey(event));
    this.body.addEventListener('focusin', (event) => this.onFocus(event));
    this.pointer = new GridPointer(this.element, this.body, {
      placeOf: (target) => this.placeOf(target),
      rowAt: (y) => this.rowAt(y),
      select: (place, how) => this.select(place, how),
      scrollBy: (px) => this.scroll.by(px),
      opened: (row) => this.events.opened(row),
    });
    this.resizes.observe(this.element);
    this.resizes.observe(this.head.element);
  }

  stop(): void {
    this.resizes.disconnect();
    this.pointer.stop();
    cancelAnimationFrame(this.frame);
    this.scroll.stop();
  }

  /** What commands in the context menu of a row are given. */
  setMenu(context: object): void {
    this.body.setAttribute('data-vscode-context', JSON.stringify(context));
  }

  /** Other columns, or the same ones with other heads. */
  setColumns(columns: readonly GridColumn[], all: number): void {
    this.columns = columns;
    this.element.setAttribute('aria-colcount', String(all + 1));
    this.head.draw(columns);
    this.selection.clamp({ rows: Number.MAX_SAFE_INTEGER, columns: columns.length + 1 });
    this.widths.setColumns(columns);
    this.refresh();
  }

  /** The columns that are seen; column 0 of the grid, the row's number, is none of them. */
  columnAt(column: number): GridColumn | undefined {
    return this.columns[column - 1];
  }

  indexOf(id: string): number {
    return this.columns.findIndex((column) => column.id === id) + 1;
  }

  /** Rows came, went, or became others. */
  refresh(): void {
    this.element.setAttribute('aria-rowcount', String(this.source.exact ? this.source.rows + 1 : -1));
    if (this.source.rows > 0) this.selection.clamp({ rows: this.source.rows, columns: this.columns.length + 1 });
    this.invalidate();
  }

  /** Rows have other numbers, higher by so many: what is seen stays where it is, and so does what is selected. */
  renumber(by: number): void {
    if (by === 0) return;
    this.scroll.top += by * ROW_HEIGHT;
    this.selection.shift(by);
    const rows = [...this.live.entries()];
    this.live.clear();
    for (const [row, element] of rows) this.live.set(row + by, element);
    this.base += by;
    this.invalidate();
  }

  busy(busy: boolean): void {
    this.element.setAttribute('aria-busy', String(busy));
  }

  get topRow(): number {
    return Math.floor(this.scroll.top / ROW_HEIGHT);
  }

  /** From the first row that is seen to the one after the last. */
  get seen(): { first: number; end: number } {
    return windowAt(this.scroll.scale, this.scroll.top, 0);
  }

  /** How many rows fit into what is seen. */
  get screenRows(): number {
    return rowsOfScreen(this.scroll.scale);
  }

  /** The first row, and the focus on it. */
  toStart(): void {
    this.scroll.to(0);
    this.selection.set({ row: 0, column: this.selection.focus.column });
    this.invalidate();
  }

  /** Columns, with the row's number. */
  get columnCount(): number {
    return this.columns.length + 1;
  }

  /** Columns that nobody gave a width fit what is seen, anew. */
  forgetWidths(): void {
    this.widths.forget();
  }

  /** Columns that nobody gave a width fit the rows that are seen; with `grow`, none becomes narrower. */
  fitSeen(grow: boolean): void {
    this.widths.fitSeen(grow);
  }

  /** Columns of numbers become wide enough for those that come. */
  growNumbers(rows: Iterable<GridRow>): void {
    this.widths.growNumbers(rows);
  }

  /** Shows a row in the middle, unless it is seen already, and gives it the focus that cells have. */
  goTo(place: CellPlace): void {
    this.selection.set(place, place.column === NUMBER_COLUMN);
    const { first, end } = this.seen;
    if (place.row < first + 1 || place.row >= end - 2) this.scroll.to(centering(this.scroll.scale, place.row));
    this.headColumn = null;
    this.invalidate();
    this.revealColumn(place.column);
    this.events.focused(place.row);
    this.events.selected();
  }

  /** The cell that had the focus has it again. */
  focus(): void {
    const { focus } = this.selection;
    this.hadFocus = true;
    this.headColumn = null;
    this.paintNow();
    this.live.get(focus.row)?.cell(focus.column)?.focus({ preventScroll: true });
  }

  get hasFocus(): boolean {
    return this.element.contains(document.activeElement);
  }

  private *seenRows(): Generator<GridRow> {
    const { first, end } = this.seen;
    for (let row = first; row < end; row++) {
      const data = this.source.at(row);
      if (data !== null) yield data;
    }
  }

  private invalidate(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.paint());
  }

  private paintNow(): void {
    cancelAnimationFrame(this.frame);
    this.paint();
  }

  private paint(): void {
    this.frame = 0;
    if (!this.element.isConnected) return;
    this.scroll.clamp();
    const { scale, top } = this.scroll;
    const view = windowAt(scale, top, RESERVE);
    this.source.wanted(view.first, view.end);
    this.scroll.draw();
    if (Math.abs(view.first - this.base) > NEARBY || this.live.size === 0) this.base = view.first;
    this.body.style.transform = `translate3d(0, ${this.base * ROW_HEIGHT - top}px, 0)`;
    this.drawRows(view.first, view.end);
  }

  private drawRows(first: number, end: number): void {
    const { focus } = this.selection;
    // The row with the focus stays an element when it leaves the screen, so that the focus is never lost.
    const holds = (row: number): boolean => row === focus.row && this.hadFocus && this.headColumn === null;
    for (const [row, element] of this.live) {
      if ((row >= first && row < end) || holds(row)) continue;
      this.live.delete(row);
      this.free.push(element);
    }
    for (let row = first; row < end; row++) if (!this.live.has(row)) this.live.set(row, this.take());
    for (const [row, element] of this.live) {
      const data = this.source.at(row);
      const isSeen = row >= first && row < end;
      // What has the focus outside is still what it was, though its source may have let go of it.
      if (isSeen || data !== null || element.row !== row) element.draw(row, data, this.columns, this.source.exact);
      const shown = row < first ? first - 2 : row >= end ? end + 2 : row;
      element.place((shown - this.base) * ROW_HEIGHT);
    }
    for (const element of this.free) if (element.row >= 0) this.putAway(element);
    this.drawMarks();
    if (!this.hadFocus || this.headColumn !== null) return;
    const cell = this.live.get(focus.row)?.cell(focus.column);
    const isElsewhere = document.activeElement !== document.body && !this.hasFocus;
    if (cell !== undefined && cell !== document.activeElement && !isElsewhere) cell.focus({ preventScroll: true });
  }

  private drawMarks(): void {
    const { selection } = this;
    for (const [row, element] of this.live) {
      element.mark(
        (column) => (column === NUMBER_COLUMN ? selection.hasRow(row) : selection.has({ row, column })),
        row === selection.focus.row && this.headColumn === null,
        selection.focus.column,
      );
    }
    // Without rows, Tab comes to the heads.
    this.head.mark(this.headColumn ?? (this.source.rows === 0 ? 1 : null));
  }

  private take(): GridRowElement {
    const element = this.free.pop() ?? new GridRowElement(this.words);
    if (!element.element.isConnected) this.body.append(element.element);
    element.element.hidden = false;
    return element;
  }

  private putAway(element: GridRowElement): void {
    element.element.hidden = true;
    element.row = -1;
    element.forget();
  }

  private resize(): void {
    this.scroll.resize(this.head.element.offsetHeight);
    this.pane.style.height = `${this.element.clientHeight}px`;
    this.invalidate();
  }

  private placeOf(target: EventTarget | null): CellPlace | null {
    if (!(target instanceof Node)) return null;
    for (const [row, element] of this.live) {
      if (!element.element.contains(target)) continue;
      // What is behind the last column belongs to it.
      return { row, column: element.columnOf(target) ?? this.columns.length };
    }
    return null;
  }

  /** The row at a height of the window, the nearest one for what is outside. */
  private rowAt(y: number): number {
    const from = this.body.parentElement?.getBoundingClientRect().top ?? 0;
    return Math.max(0, Math.min(this.scroll.rowAt(y - from), this.source.rows - 1));
  }

  private select(place: CellPlace, how: 'one' | 'extend' | 'toggle' | 'menu'): void {
    const before = this.selection.focus.row;
    const whole = place.column === NUMBER_COLUMN;
    // A menu over what is selected is about all of it.
    if (how === 'extend') this.selection.extend(place, whole);
    else if (how === 'toggle') this.selection.toggle(place, whole);
    else if (how === 'one' || !this.selection.has(place)) this.selection.set(place, whole);
    this.hadFocus = true;
    this.headColumn = null;
    this.paintNow();
    const { focus } = this.selection;
    this.live.get(focus.row)?.cell(focus.column)?.focus({ preventScroll: true });
    if (before !== focus.row) this.events.focused(focus.row);
    this.events.selected();
  }

  private moveTo(place: CellPlace, extend = false): void {
    const before = this.selection.focus.row;
    if (extend) this.selection.extend(place);
    else this.selection.set(place, place.column === NUMBER_COLUMN);
    this.hadFocus = true;
    this.headColumn = null;
    this.scroll.to(revealing(this.scroll.scale, this.scroll.top, place.row));
    this.paintNow();
    this.live.get(place.row)?.cell(place.column)?.focus({ preventScroll: true });
    this.revealColumn(place.column);
    if (before !== place.row) this.events.focused(place.row);
    this.events.selected();
  }

  private revealColumn(column: number): void {
    const head = this.head.cell(column);
    const ordinal = this.head.cell(NUMBER_COLUMN);
    if (head === undefined || ordinal === undefined) return;
    if (column === NUMBER_COLUMN) {
      this.element.scrollLeft = 0;
      return;
    }
    const left = head.offsetLeft - ordinal.offsetWidth;
    const right = head.offsetLeft + head.offsetWidth;
    if (left < this.element.scrollLeft) this.element.scrollLeft = left;
    else if (right > this.element.scrollLeft + this.element.clientWidth)
      this.element.scrollLeft = Math.min(left, right - this.element.clientWidth);
  }

  private headFocused(column: number): void {
    this.headColumn = column;
    this.hadFocus = true;
    this.drawMarks();
    this.revealColumn(column);
  }

  private onFocus(event: FocusEvent): void {
    this.hadFocus = true;
    const place = this.placeOf(event.target);
    if (place === null) return;
    this.headColumn = null;
    const { focus } = this.selection;
    if (place.row === focus.row && place.column === focus.column) return;
    this.selection.set(place);
    this.drawMarks();
    this.events.focused(place.row);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.altKey) return;
    const { focus } = this.selection;
    const bounds = { rows: this.source.rows, columns: this.columns.length + 1 };
    const command = event.ctrlKey || event.metaKey;
    const pressed = { key: event.key, command, shift: event.shiftKey };
    const move = keyMove(pressed, focus, bounds, Math.max(1, this.screenRows - 1));
    if (move === null || bounds.rows === 0) return;
    switch (move.is) {
      case 'move':
        this.moveTo(move.to, move.extend);
        break;
      case 'head':
        this.head.focus(focus.column);
        break;
      case 'row':
        this.selection.set({ row: focus.row, column: focus.column }, true);
        this.changed();
        break;
      case 'all':
        this.selection.all(bounds);
        this.changed();
        break;
      case 'collapse':
        if (!this.selection.isMany) return;
        this.selection.collapse();
        this.changed();
        break;
      case 'open':
        this.events.opened(focus.row);
        break;
      case 'copy':
        this.events.copy();
        break;
      default:
        move satisfies never;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private changed(): void {
    this.drawMarks();
    this.events.selected();
  }
}
