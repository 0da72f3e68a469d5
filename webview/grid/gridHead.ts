import { fill } from '../../src/view/format';
import { h } from '../dom';
import { icon } from '../ui/icons';
import { LEAST_WIDTH } from './columnLayout';
import type { GridColumn, GridEvents, GridWords } from './gridModel';

/** Px by which a key makes a column wider. */
const KEY_STEP = 16;

/**
 * The heads of the columns: name and type; a click or Enter sorts, the edge is dragged, a double click on it fits the column to
 * what is seen. The keyboard does all of it: Shift and arrows for the width, Control and arrows for the place.
 */
export class GridHead {
  readonly element = h('div', { role: 'rowgroup', class: 'grid-head' });
  private readonly row = h('div', { role: 'row', class: 'grid-row', 'aria-rowindex': 1 });
  private heads: HTMLElement[] = [];
  private columns: readonly GridColumn[] = [];

  constructor(
    private readonly words: GridWords,
    private readonly events: GridEvents & {
      /** While it is dragged; `resized` says how wide it became. */
      resizing(id: string, width: number): void;
      autofit(id: string): void;
      headFocused(column: number): void;
      /** Out of the heads, into the rows. */
      down(column: number): void;
    },
    private readonly widthOf: (id: string) => number,
  ) {
    this.element.append(this.row);
    this.element.addEventListener('keydown', (event) => this.onKey(event));
    this.element.addEventListener('focusin', (event) => {
      const index = this.heads.findIndex((head) => head.contains(event.target as Node));
      if (index >= 0) this.events.headFocused(index);
    });
  }

  /** Draws the heads anew; the one that has the focus keeps it. */
  draw(columns: readonly GridColumn[]): void {
    const focused = this.focusedColumn();
    const id = focused === null ? undefined : this.columns[focused - 1]?.id;
    this.columns = columns;
    const number = h(
      'div',
      { role: 'columnheader', class: 'grid-cell number ordinal', 'aria-colindex': 1, tabindex: -1 },
      h('span', { class: 'head-name', 'aria-label': this.words.strings.rowNumber }, '#'),
    );
    this.heads = [number, ...columns.map((column) => this.head(column))];
    this.row.replaceChildren(...this.heads);
    if (focused === null) return;
    // A column that was moved takes the focus along; beside one that is gone is the next.
    const index = columns.findIndex((column) => column.id === id);
    this.focus(index < 0 ? Math.min(focused, columns.length) : index + 1);
  }

  focus(column: number): void {
    this.heads[column]?.focus({ preventScroll: true });
  }

  cell(column: number): HTMLElement | undefined {
    return this.heads[column];
  }

  /** The one head that Tab comes to, where it is not a cell. */
  mark(column: number | null): void {
    this.heads.forEach((head, i) => {
      head.tabIndex = i === column ? 0 : -1;
    });
  }

  focusedColumn(): number | null {
    const index = this.heads.findIndex((head) => head.contains(document.activeElement));
    return index < 0 ? null : index;
  }

  private head(column: GridColumn): HTMLElement {
    const { strings } = this.words;
    const { id, name, type, numeric, position, sort, expanded } = column;
    const label = h('span', { class: 'head-name' }, h('span', { class: 'head-text' }, name));
    if (sort !== null) label.append(icon(sort === 'ascending' ? 'up' : 'down', 'head-sort'));
    const head = h(
      'div',
      {
        role: 'columnheader',
        class: numeric ? 'grid-cell number sortable' : 'grid-cell sortable',
        tabindex: -1,
        'aria-colindex': position + 2,
        'aria-sort': sort ?? 'none',
        'aria-expanded': expanded === null ? undefined : String(expanded),
        'aria-description': strings.headKeys,
        title: type === null ? name : `${name}: ${type}`,
        'data-column': id,
      },
      h('span', { class: 'head-line' }, expanded !== null && this.twisty(column), label),
      h('span', { class: 'head-type mono' }, type ?? ''),
      this.edge(column),
    );
    head.addEventListener('click', (event) => {
      if (event.defaultPrevented) return;
      head.focus({ preventScroll: true });
      this.events.sort(id);
    });
    return head;
  }

  /** Opens a column into those of its fields. For the mouse; the keyboard has + and −. */
  private twisty({ id, expanded, name }: GridColumn): HTMLElement {
    const { strings } = this.words;
    const twisty = h(
      'span',
      {
        class: expanded === true ? 'head-twisty open' : 'head-twisty',
        title: fill(expanded === true ? strings.collapseColumn : strings.expandColumn, name),
      },
      icon('chevron'),
    );
    twisty.addEventListener('click', (event) => {
      event.preventDefault();
      this.events.expand(id);
    });
    return twisty;
  }

  private edge({ id }: GridColumn): HTMLElement {
    const edge = h('span', { class: 'head-edge', 'aria-hidden': 'true' });
    edge.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      event.stopPropagation();
      edge.setPointerCapture(event.pointerId);
      edge.classList.add('dragged');
      const from = event.clientX;
      const width = this.widthOf(id);
      const now = (at: PointerEvent): number => Math.max(LEAST_WIDTH, width + at.clientX - from);
      const move = (at: PointerEvent): void => this.events.resizing(id, now(at));
      const done = (at: PointerEvent): void => {
        edge.removeEventListener('pointermove', move);
        edge.classList.remove('dragged');
        if (at.clientX !== from) this.events.resized(id, now(at));
      };
      edge.addEventListener('pointermove', move);
      edge.addEventListener('lostpointercapture', (at) => done(at), { once: true });
    });
    edge.addEventListener('click', (event) => event.preventDefault());
    edge.addEventListener('dblclick', (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.events.autofit(id);
    });
    return edge;
  }

  private onKey(event: KeyboardEvent): void {
    const at = this.focusedColumn();
    if (at === null || event.altKey) return;
    const column = this.columns[at - 1];
    if (this.move(event, at) || (column !== undefined && this.change(event, column))) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  private move(event: KeyboardEvent, at: number): boolean {
    if (event.shiftKey || event.ctrlKey || event.metaKey) return false;
    const last = this.columns.length;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (to !== undefined) this.focus(Math.max(0, Math.min(to, last)));
    else if (event.key === 'ArrowDown' || event.key === 'PageDown') this.events.down(at);
    else return event.key === 'ArrowUp' || event.key === 'PageUp';
    return true;
  }

  private change(event: KeyboardEvent, { id, expanded }: GridColumn): boolean {
    const { key, shiftKey } = event;
    const command = event.ctrlKey || event.metaKey;
    const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
    if (step !== 0 && shiftKey && !command) this.events.resized(id, this.widthOf(id) + step * KEY_STEP);
    else if (step !== 0 && command && !shiftKey) this.events.moved(id, step === 1 ? 1 : -1);
    else if (command) return false;
    else if (key === 'Enter' || key === ' ') this.events.sort(id);
    else if ((key === '+' && expanded === false) || (key === '-' && expanded === true)) this.events.expand(id);
    else if (key === 'Delete') this.events.hidden(id);
    else if (key === '0' || key === '=') this.events.autofit(id);
    else return false;
    return true;
  }
}
