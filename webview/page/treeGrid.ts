import type { SnapshotDescription } from '../../src/engine/description';
import type { RowTarget } from '../../src/protocol';
import { fill } from '../../src/view/format';
import type { PageContext } from '../context';
import { h, setAttributes } from '../dom';
import { Counts } from '../model/counts';
import {
  buildRows,
  findTarget,
  operatorKey,
  type Row,
  type SortColumn,
  type StateRow,
  type Table,
  type TableView,
} from '../model/rows';
import { icon } from '../ui/icons';
import { iconButton } from '../ui/toolkit';
import { RowView } from './rowView';
import { WindowedRows } from './windowedRows';

export const ROW_HEIGHT = 26;
/** The line with the heads covers the top of what is scrolled. */
const HEAD_HEIGHT = 28;

export interface GridState {
  expanded: Set<string>;
  selected: string | null;
  sort: TableView['sort'];
  filter: string;
}

/**
 * Operators, their states and the parts of their types as an ARIA treegrid: one row has the focus, arrows move and open as in
 * VS Code's own trees. Only rows in sight are drawn.
 */
export class TreeGrid {
  readonly element: HTMLElement;
  private readonly grid: HTMLElement;
  private readonly heads = new Map<SortColumn, HTMLElement>();
  private readonly note = h('p', { class: 'empty' });
  private readonly matches = h('span', { class: 'matches', role: 'status' });
  private readonly filterInput: HTMLInputElement;
  private readonly rows: WindowedRows;
  private table: Table = { rows: [], operators: 0 };
  private counts = new Counts();
  private readonly view: RowView;

  constructor(
    private readonly context: PageContext,
    scroller: HTMLElement,
    private readonly snapshot: SnapshotDescription,
    private readonly state: GridState,
    private readonly events: {
      /** The selection or what is open changed. */
      changed(row: Row | null): void;
      /** The entries of a state are wanted. */
      opened(row: StateRow): void;
    },
  ) {
    const { strings } = context;
    const body = h('div', { role: 'rowgroup', class: 'rows' });
    this.grid = h(
      'div',
      { role: 'treegrid', 'aria-label': strings.operatorsAndStates, 'aria-colcount': 6 },
      h('div', { role: 'rowgroup', class: 'heads' }, this.headRow()),
      body,
    );
    this.filterInput = h('input', {
      type: 'search',
      class: 'filter',
      placeholder: strings.filter,
      'aria-label': strings.filter,
      spellcheck: 'false',
    });
    this.filterInput.value = state.filter;
    this.filterInput.addEventListener('input', () => {
      this.state.filter = this.filterInput.value;
      this.rebuild();
    });
    this.filterInput.addEventListener('keydown', (event) => {
      if (event.key === 'ArrowDown') {
        event.preventDefault();
        this.focusIndex(Math.max(0, this.selectedIndex()));
      }
    });
    this.element = h(
      'section',
      { class: 'operators', 'aria-label': strings.operatorsAndStates },
      h(
        'div',
        { class: 'section-head' },
        h('h2', {}, strings.operatorsAndStates),
        h('span', { class: 'grow' }),
        this.matches,
        h('span', { class: 'filter-box' }, icon('search'), this.filterInput),
        iconButton(strings.expandAll, icon('expandAll'), () => this.expandAll(true)),
        iconButton(strings.collapseAll, icon('collapseAll'), () => this.expandAll(false)),
      ),
      this.grid,
      this.note,
    );
    this.view = this.makeView();
    this.rows = new WindowedRows(scroller, body, ROW_HEIGHT);
    body.addEventListener('click', (event) => this.onClick(event));
    body.addEventListener('dblclick', (event) => this.onDoubleClick(event));
    body.addEventListener('contextmenu', (event) => this.select(this.indexOf(event.target)));
    body.addEventListener('focusin', (event) => this.select(this.indexOf(event.target)));
    this.grid.addEventListener('keydown', (event) => this.onKey(event));
  }

  /** Draws for the first time; the element must be in the page. */
  start(): void {
    this.rebuild();
  }

  stop(): void {
    this.rows.stop();
  }

  /** Numbers change where they stand; rows change their order only when the count is done. */
  showCounts(counts: Counts): void {
    const wasComplete = this.counts.news.stats?.isComplete === true;
    this.counts = counts;
    if (!this.element.isConnected) return;
    const { column } = this.state.sort;
    const isComplete = counts.news.stats?.isComplete === true;
    if (isComplete !== wasComplete && (column === 'entries' || column === 'bytes')) this.rebuild();
    else {
      this.rows.each((element, index) => {
        const row = this.table.rows[index];
        if (row !== undefined) this.view.updateCounts(element, row, counts);
      });
    }
  }

  /** Opens what hides the row, selects it and brings it to sight. False if the snapshot has no such row. */
  reveal(target: RowTarget): boolean {
    const found = findTarget(this.snapshot, target);
    if (found === null) return false;
    for (const key of found.open) this.state.expanded.add(key);
    this.state.filter = '';
    this.filterInput.value = '';
    this.state.selected = found.key;
    this.rebuild();
    this.focusIndex(this.selectedIndex());
    return true;
  }

  /** Selects a row by its key, if it is to be seen. */
  selectKey(key: string): void {
    this.focusIndex(this.table.rows.findIndex((row) => row.key === key));
  }

  /** The row where Tab comes in. */
  focus(): void {
    this.rows.body.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
  }

  clearSelection(): void {
    this.state.selected = null;
    this.rebuild();
  }

  private makeView(): RowView {
    const largest = this.snapshot.operators.reduce((most, operator) => Math.max(most, operator.bytes), 0);
    return new RowView(this.context, largest);
  }

  private headRow(): HTMLElement {
    const { strings } = this.context;
    const head = (column: string, label: string): HTMLElement =>
      h('div', { role: 'columnheader', class: `cell ${column}` }, h('span', {}, label));
    const sortable = (column: SortColumn, label: string, more?: string): HTMLElement => {
      const press = h(
        'button',
        { class: 'sort', type: 'button', title: fill(strings.sortBy, label) },
        label,
        more !== undefined && h('span', { class: 'more' }, `, ${more}`),
      );
      const element = h('div', { role: 'columnheader', class: `cell ${column}` }, press);
      press.addEventListener('click', () => this.sortBy(column));
      this.heads.set(column, element);
      return element;
    };
    return h(
      'div',
      { role: 'row', class: 'row head', 'aria-rowindex': 1 },
      sortable('name', strings.columnOperator),
      head('type', strings.columnType),
      sortable('parallelism', strings.columnParallelism, strings.columnBackend),
      sortable('entries', strings.entries),
      sortable('bytes', strings.columnBytes),
      head('spread', strings.columnSubtasks),
    );
  }

  private sortBy(column: SortColumn): void {
    const { sort } = this.state;
    // Names begin at A, numbers with the largest.
    this.state.sort = { column, descending: sort.column === column ? !sort.descending : column !== 'name' };
    this.rebuild();
  }

  private rebuild(): void {
    const { strings, count } = this.context;
    this.table = buildRows({ snapshot: this.snapshot, counts: this.counts }, this.state, strings);
    const { rows } = this.table;
    const selected = this.selectedIndex();
    this.grid.setAttribute('aria-rowcount', String(rows.length + 1));
    for (const [column, head] of this.heads) {
      const { sort } = this.state;
      const sorted = sort.column === column ? (sort.descending ? 'descending' : 'ascending') : 'none';
      setAttributes(head, { 'aria-sort': sorted });
      head.querySelector('.icon')?.remove();
      if (sorted !== 'none') head.firstElementChild?.append(icon(sort.descending ? 'down' : 'up'));
    }
    const filter = this.state.filter.trim();
    this.matches.textContent =
      filter === ''
        ? ''
        : fill(strings.filterMatches, count(this.table.operators), count(this.snapshot.operators.length));
    this.note.textContent =
      rows.length > 0 ? '' : filter === '' ? strings.noOperators : fill(strings.filterNoMatch, filter);
    this.note.hidden = rows.length > 0;
    this.grid.hidden = rows.length === 0;
    const hadFocus = this.rows.body.contains(document.activeElement);
    // With nothing selected the first row is where Tab comes in.
    const tabStop = selected === -1 ? 0 : selected;
    this.rows.show(
      {
        count: rows.length,
        key: (index) => rows[index]?.key ?? '',
        render: (index) => {
          const row = rows[index];
          if (row === undefined) return h('div');
          const element = this.view.render(row, index, index === selected, this.counts);
          if (index === tabStop) element.tabIndex = 0;
          return element;
        },
      },
      tabStop,
    );
    if (hadFocus && rows.length > 0) this.rows.element(rows[tabStop]?.key ?? '')?.focus({ preventScroll: true });
    this.events.changed(rows[selected] ?? null);
  }

  private selectedIndex(): number {
    const { selected } = this.state;
    return selected === null ? -1 : this.table.rows.findIndex((row) => row.key === selected);
  }

  private indexOf(target: EventTarget | null): number {
    const key = target instanceof Element ? target.closest<HTMLElement>('[data-key]')?.dataset['key'] : undefined;
    return key === undefined ? -1 : this.table.rows.findIndex((row) => row.key === key);
  }

  private select(index: number): void {
    const row = this.table.rows[index];
    if (row === undefined || row.key === this.state.selected) return;
    const before = this.selectedIndex();
    const tabStop = before === -1 ? 0 : before;
    this.state.selected = row.key;
    for (const i of [tabStop, index]) {
      const key = this.table.rows[i]?.key;
      const element = key === undefined ? undefined : this.rows.element(key);
      if (element === undefined) continue;
      element.classList.toggle('focused', i === index);
      setAttributes(element, { tabindex: i === index ? 0 : -1, 'aria-selected': String(i === index) });
    }
    this.rows.pin(index);
    this.events.changed(row);
  }

  private focusIndex(index: number): void {
    const row = this.table.rows[index];
    if (row === undefined) return;
    this.select(index);
    this.rows.scrollTo(index, HEAD_HEIGHT);
    this.rows.element(row.key)?.focus({ preventScroll: true });
  }

  private toggle(index: number, open: boolean): void {
    const row = this.table.rows[index];
    if (row?.expandable !== true || row.expanded === open) return;
    if (open) this.state.expanded.add(row.key);
    else this.state.expanded.delete(row.key);
    this.rebuild();
  }

  private expandAll(open: boolean): void {
    this.state.expanded.clear();
    if (open) for (const operator of this.snapshot.operators) this.state.expanded.add(operatorKey(operator));
    const { selected } = this.state;
    if (!open && selected !== null) this.state.selected = selected.split('/').slice(0, 2).join('/');
    this.rebuild();
  }

  private onClick(event: MouseEvent): void {
    const index = this.indexOf(event.target);
    const row = this.table.rows[index];
    if (row === undefined) return;
    const on = (part: string): boolean => event.target instanceof Element && event.target.closest(part) !== null;
    const onTwisty = on('.twisty');
    this.focusIndex(index);
    if (row.kind === 'state' && on('.label')) this.events.opened(row);
    if (onTwisty || (row.kind === 'operator' && event.detail === 1)) this.toggle(index, !row.expanded);
  }

  private onDoubleClick(event: MouseEvent): void {
    const index = this.indexOf(event.target);
    const row = this.table.rows[index];
    if (row !== undefined && row.kind !== 'operator') this.toggle(index, !row.expanded);
  }

  private onKey(event: KeyboardEvent): void {
    const index = this.indexOf(event.target);
    const row = this.table.rows[index];
    if (row === undefined) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c') {
      if (String(getSelection()) === '') this.context.copy(rowName(row));
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.move(event.key, index, row)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  private move(key: string, index: number, row: Row): boolean {
    const last = this.table.rows.length - 1;
    switch (key) {
      case 'ArrowDown':
        this.focusIndex(Math.min(last, index + 1));
        return true;
      case 'ArrowUp':
        this.focusIndex(Math.max(0, index - 1));
        return true;
      case 'PageDown':
        this.focusIndex(Math.min(last, index + this.rows.page));
        return true;
      case 'PageUp':
        this.focusIndex(Math.max(0, index - this.rows.page));
        return true;
      case 'Home':
        this.focusIndex(0);
        return true;
      case 'End':
        this.focusIndex(last);
        return true;
      case 'ArrowRight':
        if (row.expandable && !row.expanded) this.toggle(index, true);
        else if (row.expanded) this.focusIndex(index + 1);
        return true;
      case 'ArrowLeft':
        if (row.expanded && this.state.expanded.has(row.key)) this.toggle(index, false);
        else this.focusIndex(this.parentOf(index));
        return true;
      case 'Enter':
        if (row.kind === 'state') this.events.opened(row);
        else this.toggle(index, !row.expanded);
        return true;
      case ' ':
        this.toggle(index, !row.expanded);
        return true;
      case '*':
        this.expandAll(true);
        return true;
      default:
        return key.length === 1 && this.typeAhead(key, index);
    }
  }

  private parentOf(index: number): number {
    const level = this.table.rows[index]?.level ?? 1;
    for (let i = index - 1; i >= 0; i--) if ((this.table.rows[i]?.level ?? level) < level) return i;
    return index;
  }

  /** The next row, from the one below and around, whose name begins with the letter. */
  private typeAhead(letter: string, index: number): boolean {
    const { rows } = this.table;
    for (let step = 1; step <= rows.length; step++) {
      const at = (index + step) % rows.length;
      const row = rows[at];
      if (row !== undefined && rowName(row).toLowerCase().startsWith(letter.toLowerCase())) {
        this.focusIndex(at);
        return true;
      }
    }
    return false;
  }
}

function rowName(row: Row): string {
  switch (row.kind) {
    case 'operator':
      return row.operator.name ?? row.operator.uid ?? row.operator.id;
    case 'state':
      return row.state.name;
    case 'line':
    case 'part':
      return row.label;
    default:
      return row satisfies never;
  }
}
