import type { RowContext } from '../../src/protocol';
import type { EntryCell, EntryColumn, EntryRow } from '../../src/view/shownEntries';
import type { Strings } from '../../src/view/strings';
import type { PageContext } from '../context';
import { h, setAttributes } from '../dom';
import { cellContent } from './cell';

const MENU: RowContext = { webviewSection: 'entry', preventDefaultContextMenuItems: true };

/** A cell by its row and its column; column 0 has the number of the row. */
export interface CellPlace {
  row: number;
  column: number;
}

/**
 * Entries as an ARIA grid: one cell has the focus, arrows move it. Rows come while they are found; as a page has no more than
 * a hundred of them, all are drawn.
 */
export class EntryTable {
  readonly element: HTMLTableElement;
  private readonly head = h('thead');
  private readonly body = h('tbody', { 'data-vscode-context': JSON.stringify(MENU) });
  private columns: readonly EntryColumn[] = [];
  private rows: EntryRow[] = [];
  private first = 0;
  /** The number of a row says nothing: the first cell beside it has the focus at first. */
  private at: CellPlace = { row: 0, column: 1 };

  constructor(
    private readonly context: PageContext,
    name: string,
    private readonly scroller: HTMLElement,
    private readonly events: {
      /** Another row is the one with the focus, or its rows are others. */
      selected(row: number): void;
      copy(place: CellPlace): void;
      /** Enter: on to the details. */
      enter(): void;
    },
  ) {
    this.element = h(
      'table',
      { role: 'grid', class: 'entries', 'aria-label': name, 'aria-rowcount': -1, 'aria-readonly': 'true' },
      this.head,
      this.body,
    );
    this.body.addEventListener('focusin', (event) => this.focused(event.target));
    this.body.addEventListener('mousedown', (event) => this.pressed(event));
    this.body.addEventListener('contextmenu', (event) => this.pressed(event));
    this.body.addEventListener('keydown', (event) => this.onKey(event));
  }

  get length(): number {
    return this.rows.length;
  }

  get place(): CellPlace {
    return this.at;
  }

  /** The column's id; null for the number of the row, which stands for all of it. */
  columnId(column: number): string | null {
    return this.columns[column - 1]?.id ?? null;
  }

  /** Another page, of which rows will come. */
  clear(selected: number): void {
    this.rows = [];
    this.columns = [];
    this.head.replaceChildren();
    this.body.replaceChildren();
    this.at = { row: selected, column: this.at.column };
  }

  /** Rows from `from` on. Those that are there already are the same. */
  add(columns: readonly EntryColumn[], first: number, from: number, rows: readonly EntryRow[]): void {
    if (columns.length > 0 && this.columns.length === 0) {
      this.columns = columns;
      this.head.replaceChildren(this.headRow());
      this.at.column = Math.min(this.at.column, columns.length);
    }
    this.first = first;
    const before = this.rows.length;
    for (const row of rows.slice(Math.max(0, before - from))) {
      this.body.append(this.draw(row, this.rows.length));
      this.rows.push(row);
    }
    if (before > this.at.row || this.rows.length <= this.at.row) return;
    this.mark(this.at);
    this.events.selected(this.at.row);
  }

  /** The total, once it is known. */
  ended(total: number | null): void {
    this.element.setAttribute('aria-rowcount', String(total === null ? -1 : total + 1));
    setAttributes(this.element, { 'aria-colcount': this.columns.length + 1 });
    // The row that was selected before may be beyond the end.
    if (this.rows.length === 0 || this.at.row < this.rows.length) return;
    this.mark({ row: this.rows.length - 1, column: this.at.column });
    this.events.selected(this.at.row);
  }

  busy(busy: boolean): void {
    this.element.setAttribute('aria-busy', String(busy));
  }

  focus(): void {
    this.cell(this.at)?.focus({ preventScroll: true });
    this.show();
  }

  get hasFocus(): boolean {
    return this.body.contains(document.activeElement);
  }

  private headRow(): HTMLElement {
    const { strings } = this.context;
    const cells = this.columns.map((column, i) =>
      h(
        'th',
        { scope: 'col', class: column.numeric ? 'number' : undefined, 'aria-colindex': i + 2 },
        h('span', { class: 'head-name' }, columnName(column, this.columns, strings)),
        column.type !== null && h('span', { class: 'head-type mono', title: column.type }, column.type),
      ),
    );
    return h(
      'tr',
      { 'aria-rowindex': 1 },
      h('th', { scope: 'col', class: 'number', 'aria-colindex': 1 }, h('span', { class: 'head-name' }, '#')),
      ...cells,
      h('td', { class: 'rest', role: 'presentation' }),
    );
  }

  private draw(cells: EntryRow, row: number): HTMLElement {
    const { strings, count } = this.context;
    return h(
      'tr',
      { 'aria-rowindex': this.first + row + 2, 'data-row': row },
      h('td', { class: 'number ordinal', tabindex: -1, 'aria-colindex': 1 }, count(this.first + row + 1)),
      ...cells.map((cell, i) => this.drawCell(cell, this.columns[i], i + 1, strings)),
      h('td', { class: 'rest', role: 'presentation' }),
    );
  }

  private drawCell(cell: EntryCell, column: EntryColumn | undefined, index: number, strings: Strings): HTMLElement {
    const title = cell.hint ?? (cell.text.length > 20 ? cell.text : undefined);
    return h(
      'td',
      {
        class: `mono look-${cell.look}${column?.numeric === true ? ' number' : ''}`,
        tabindex: -1,
        title,
        'aria-colindex': index + 1,
      },
      ...cellContent(cell, strings),
    );
  }

  private cell({ row, column }: CellPlace): HTMLElement | null {
    const cell = this.body.rows[row]?.cells[column];
    return cell === undefined || cell.classList.contains('rest') ? null : cell;
  }

  private mark(to: CellPlace): void {
    for (const row of this.body.querySelectorAll('tr.selected')) {
      row.classList.remove('selected');
      row.removeAttribute('aria-selected');
    }
    for (const cell of this.body.querySelectorAll('td[tabindex="0"]')) cell.setAttribute('tabindex', '-1');
    this.at = to;
    const row = this.body.rows[to.row];
    row?.classList.add('selected');
    row?.setAttribute('aria-selected', 'true');
    this.cell(to)?.setAttribute('tabindex', '0');
  }

  private placeOf(target: EventTarget | null): CellPlace | null {
    const cell = target instanceof Element ? target.closest('td') : null;
    const row = cell?.closest('tr');
    if (cell === null || row === null || row === undefined) return null;
    return { row: row.sectionRowIndex, column: Math.min(cell.cellIndex, this.columns.length) };
  }

  private focused(target: EventTarget | null): void {
    const place = this.placeOf(target);
    if (place !== null) this.select(place);
  }

  /** The empty end of a row belongs to its last cell. */
  private pressed(event: MouseEvent): void {
    const place = this.placeOf(event.target);
    if (place === null) return;
    this.select(place);
    this.cell(place)?.focus({ preventScroll: true });
  }

  private select(place: CellPlace): void {
    const isOther = place.row !== this.at.row;
    this.mark(place);
    if (isOther) this.events.selected(place.row);
  }

  private moveTo(row: number, column: number): void {
    const place = {
      row: Math.max(0, Math.min(row, this.rows.length - 1)),
      column: Math.max(0, Math.min(column, this.columns.length)),
    };
    this.select(place);
    this.focus();
  }

  private onKey(event: KeyboardEvent): void {
    const command = event.ctrlKey || event.metaKey;
    const { row, column } = this.at;
    if (command && event.key.toLowerCase() === 'c') {
      if (String(getSelection()) !== '') return;
      event.preventDefault();
      this.events.copy(this.at);
      return;
    }
    if (event.altKey || (command && event.key !== 'Home' && event.key !== 'End')) return;
    switch (event.key) {
      case 'ArrowDown':
        this.moveTo(row + 1, column);
        break;
      case 'ArrowUp':
        this.moveTo(row - 1, column);
        break;
      case 'ArrowRight':
        this.moveTo(row, column + 1);
        break;
      case 'ArrowLeft':
        this.moveTo(row, column - 1);
        break;
      case 'PageDown':
        this.moveTo(row + this.screen, column);
        break;
      case 'PageUp':
        this.moveTo(row - this.screen, column);
        break;
      case 'Home':
        this.moveTo(command ? 0 : row, 0);
        break;
      case 'End':
        this.moveTo(command ? this.rows.length - 1 : row, this.columns.length);
        break;
      case 'Enter':
        this.events.enter();
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** Rows that fit on the screen. */
  private get screen(): number {
    const height = this.body.rows[0]?.offsetHeight ?? 24;
    return Math.max(1, Math.floor((this.scroller.clientHeight - this.head.offsetHeight) / height) - 1);
  }

  /** Scrolls no further than needed: the heads cover the top, the number of the row stays at the left. */
  private show(): void {
    const cell = this.cell(this.at);
    if (cell === null) return;
    const { scroller } = this;
    const top = cell.offsetTop - this.head.offsetHeight;
    const bottom = cell.offsetTop + cell.offsetHeight;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (bottom > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = bottom - scroller.clientHeight;
    const covered = this.body.rows[0]?.cells[0]?.offsetWidth ?? 0;
    if (this.at.column === 0 || cell.offsetLeft - covered < scroller.scrollLeft) {
      scroller.scrollLeft = this.at.column === 0 ? 0 : cell.offsetLeft - covered;
    } else if (cell.offsetLeft + cell.offsetWidth > scroller.scrollLeft + scroller.clientWidth) {
      scroller.scrollLeft = cell.offsetLeft + cell.offsetWidth - scroller.clientWidth;
    }
  }
}

/** A field of the value goes by its own name; fields of other parts say whose they are. */
function columnName({ part, field }: EntryColumn, columns: readonly EntryColumn[], strings: Strings): string {
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
