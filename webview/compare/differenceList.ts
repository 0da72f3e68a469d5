import type { DifferenceQuery, DifferenceRow, DifferenceWindow } from '../../src/view/shownComparison';
import type { PageWords } from '../context';
import { h, setAttributes, spoken } from '../dom';
import {
  afterScroll,
  clampTop,
  isScaled,
  revealing,
  rowsOfScreen,
  type Scale,
  scaleOf,
  scrollOfTop,
  windowAt,
} from '../grid/scale';
import { columnsWith, differenceCells, type PartColumn } from './differenceRow';

const ROW_HEIGHT = 24;
/** Rows drawn above and below what is seen. */
const RESERVE = 8;
/** Rows that are asked for together. */
const PAGE = 100;
/** Pages that are kept; of more, those that were not looked at for the longest go. */
const MOST_PAGES = 24;

export interface ListEvents {
  load(query: DifferenceQuery, first: number, count: number, signal: AbortSignal): Promise<DifferenceWindow>;
  /** A row was chosen; null where there is none. */
  chosen(row: number | null): void;
  /** Enter on a row. */
  entered(): void;
  /** The current row is to go to the clipboard. */
  copied(): void;
  counted(total: number): void;
  failed(error: unknown): void;
}

/**
 * The entries of a state that differ, of which those in sight are drawn and few more are held. The list itself has the focus and
 * names its current row, so that the focus is never lost with a row.
 */
export class DifferenceList {
  readonly element: HTMLElement;
  private readonly head = h('div', { role: 'rowgroup', class: 'diff-head' });
  private readonly canvas = h('div', { class: 'diff-canvas', role: 'presentation' });
  private readonly layer = h('div', { class: 'diff-layer', role: 'rowgroup' });
  private readonly resizes = new ResizeObserver(() => this.schedule());
  private query: DifferenceQuery | null = null;
  private columns: PartColumn[] = [];
  private readonly pages = new Map<number, DifferenceRow[] | 'asked'>();
  private loading = new AbortController();
  private drawn = new Map<number, HTMLElement>();
  private scale: Scale = scaleOf(0, ROW_HEIGHT, 0);
  private top = 0;
  private scroll = 0;
  private frame = 0;
  total = 0;
  row = 0;
  /** How many rows there are is known. */
  isLoaded = false;

  constructor(
    private readonly words: PageWords,
    private readonly events: ListEvents,
  ) {
    this.element = h(
      'div',
      { class: 'diff-list', role: 'grid', tabindex: 0, 'aria-readonly': 'true' },
      this.head,
      this.canvas,
    );
    this.canvas.append(this.layer);
    this.element.addEventListener('scroll', () => this.onScroll(), { passive: true });
    this.element.addEventListener('keydown', (event) => this.onKey(event));
    this.element.addEventListener('click', (event) => {
      const row =
        event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]')?.dataset['row'] : undefined;
      if (row !== undefined) this.choose(Number(row));
    });
    this.resizes.observe(this.element);
  }

  /** Another state, or other kinds of differences. */
  show(query: DifferenceQuery | null, row: number, label: string): void {
    const isSameState = JSON.stringify(this.query?.target) === JSON.stringify(query?.target);
    this.query = query;
    this.row = row;
    this.total = 0;
    this.isLoaded = false;
    this.top = 0;
    if (!isSameState) this.columns = [];
    this.element.setAttribute('aria-label', label);
    this.forget();
    if (query !== null) this.ask(Math.floor(row / PAGE));
    this.layout();
  }

  /** There may be more rows, and others: what is seen is asked for again. */
  refresh(): void {
    if (this.query === null) return;
    this.forget();
    this.schedule();
  }

  choose(row: number): void {
    if (!this.isLoaded) {
      // It is chosen as soon as it is here.
      this.row = Math.max(0, row);
      this.ask(Math.floor(this.row / PAGE));
      return;
    }
    if (this.total === 0) return;
    this.row = Math.max(0, Math.min(row, this.total - 1));
    this.reveal();
    this.events.chosen(this.row);
  }

  /** The row, should it be here. */
  rowAt(row: number): DifferenceRow | null {
    const page = this.pages.get(Math.floor(row / PAGE));
    return page === undefined || page === 'asked' ? null : (page[row % PAGE] ?? null);
  }

  focus(): void {
    this.element.focus();
  }

  stop(): void {
    this.loading.abort();
    this.resizes.disconnect();
    cancelAnimationFrame(this.frame);
  }

  private forget(): void {
    this.loading.abort();
    this.loading = new AbortController();
    for (const [page, rows] of this.pages) if (rows === 'asked') this.pages.delete(page);
    this.stale = new Set(this.pages.keys());
  }

  /** Pages that are shown until they come anew. */
  private stale = new Set<number>();

  private ask(page: number): void {
    const { query } = this;
    const isFresh = this.pages.has(page) && !this.stale.has(page);
    if (query === null || isFresh) return;
    this.stale.delete(page);
    if (!this.pages.has(page)) this.pages.set(page, 'asked');
    const { signal } = this.loading;
    this.events
      .load(query, page * PAGE, PAGE, signal)
      .then(({ rows, total }) => {
        if (signal.aborted) return;
        this.pages.delete(page);
        this.pages.set(page, rows);
        this.trim();
        const columns = columnsWith(this.columns, rows);
        const isWider = columns.length !== this.columns.length;
        this.columns = columns;
        const isFirst = this.total === 0 && total > 0;
        if (total !== this.total || !this.isLoaded) {
          this.isLoaded = true;
          this.total = total;
          this.events.counted(total);
        }
        if (isWider) this.drawHead();
        for (const row of this.drawn.keys()) if (Math.floor(row / PAGE) === page || isWider) this.undraw(row);
        this.layout();
        if (isFirst || (this.row >= total && total > 0)) this.choose(Math.min(this.row, total - 1));
        else if (total === 0) this.events.chosen(null);
      })
      .catch((error: unknown) => {
        if (signal.aborted) return;
        this.pages.delete(page);
        this.events.failed(error);
      });
  }

  private trim(): void {
    for (const page of this.pages.keys()) {
      if (this.pages.size <= MOST_PAGES) return;
      this.pages.delete(page);
    }
  }

  /** The canvas, for so many rows as there are. */
  private layout(): void {
    const viewport = Math.max(0, this.element.clientHeight - this.head.offsetHeight);
    this.scale = scaleOf(this.total, ROW_HEIGHT, viewport);
    this.canvas.style.height = `${this.scale.canvas}px`;
    setAttributes(this.element, { 'aria-rowcount': this.total + 1, 'aria-colcount': this.columns.length + 3 });
    this.moveTo(this.top);
  }

  private moveTo(top: number): void {
    this.top = clampTop(this.scale, top);
    this.scroll = Math.round(scrollOfTop(this.scale, this.top));
    if (Math.abs(this.element.scrollTop - this.scroll) >= 1) this.element.scrollTop = this.scroll;
    this.scroll = this.element.scrollTop;
    this.draw();
  }

  private onScroll(): void {
    const { scrollTop } = this.element;
    if (scrollTop === this.scroll) return;
    this.top = afterScroll(this.scale, this.top, this.scroll, scrollTop);
    this.scroll = scrollTop;
    // A step of the wheel in a scaled list moved the bar by too much for its rows.
    if (isScaled(this.scale)) this.moveTo(this.top);
    else this.schedule();
  }

  private schedule(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.layout();
    });
  }

  private draw(): void {
    const { first, end, offset } = windowAt(this.scale, this.top, RESERVE);
    for (let page = Math.floor(first / PAGE); page * PAGE < end; page++) this.ask(page);
    for (const row of this.drawn.keys()) if (row < first || row >= end) this.undraw(row);
    const rows: HTMLElement[] = [];
    for (let row = first; row < end; row++) {
      const element = this.drawn.get(row) ?? this.makeRow(row);
      this.drawn.set(row, element);
      element.style.transform = `translateY(${offset + (row - first) * ROW_HEIGHT}px)`;
      setAttributes(element, { 'aria-selected': row === this.row ? 'true' : 'false' });
      rows.push(element);
    }
    // In the order of the rows, for reading.
    rows.forEach((element, i) => {
      if (this.layer.children[i] !== element) this.layer.insertBefore(element, this.layer.children[i] ?? null);
    });
    const current = this.drawn.get(this.row);
    setAttributes(this.element, { 'aria-activedescendant': current?.id });
  }

  private undraw(row: number): void {
    this.drawn.get(row)?.remove();
    this.drawn.delete(row);
  }

  private makeRow(row: number): HTMLElement {
    const content = this.rowAt(row);
    const element = h('div', {
      role: 'row',
      id: `difference-${row}`,
      class: `diff-row ${content?.what ?? 'waiting'}`,
      'aria-rowindex': row + 2,
      'data-row': row,
    });
    element.style.gridTemplateColumns = this.template();
    if (content === null) element.append(h('div', { role: 'gridcell', class: 'cell quiet' }, '…'));
    else element.append(...differenceCells(this.words, content, this.columns));
    return element;
  }

  private drawHead(): void {
    const { comparison } = this.words.strings;
    const names = {
      time: comparison.columnTime,
      key: comparison.columnKey,
      namespace: comparison.columnNamespace,
      mapKey: comparison.columnMapKey,
    };
    const head = (text: string): HTMLElement => h('div', { role: 'columnheader', class: 'cell' }, text);
    const row = h(
      'div',
      { role: 'row', class: 'diff-row head', 'aria-rowindex': 1 },
      h('div', { role: 'columnheader', class: 'cell' }, spoken(comparison.columnKind)),
      ...this.columns.map((column) => head(names[column])),
      head(comparison.before),
      head(comparison.after),
    );
    row.style.gridTemplateColumns = this.template();
    this.head.replaceChildren(row);
    // A pane that is narrower is scrolled.
    const least = `${44 + this.columns.length * 120 + 260}px`;
    this.head.style.minWidth = least;
    this.canvas.style.minWidth = least;
  }

  private template(): string {
    const parts = this.columns.map((column) => (column === 'time' ? '200px' : 'minmax(90px, 1fr)'));
    return ['44px', ...parts, 'minmax(120px, 2fr)', 'minmax(120px, 2fr)'].join(' ');
  }

  private reveal(): void {
    this.moveTo(revealing(this.scale, this.top, this.row));
  }

  private onKey(event: KeyboardEvent): void {
    const command = event.ctrlKey || event.metaKey;
    if (command && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'c' && isNothingSelected()) {
      event.preventDefault();
      this.events.copied();
      return;
    }
    if (event.altKey || command || this.total === 0) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      this.events.entered();
      return;
    }
    const screen = rowsOfScreen(this.scale);
    const to = {
      ArrowDown: this.row + 1,
      ArrowUp: this.row - 1,
      PageDown: this.row + screen,
      PageUp: this.row - screen,
      Home: 0,
      End: this.total - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.choose(to);
  }
}

/** Text that is marked is what is copied. */
const isNothingSelected = (): boolean => getSelection()?.isCollapsed !== false;
