import { fill } from '../../src/view/format';
import type { EntryColumn } from '../../src/view/shownEntries';
import type { PageContext } from '../context';
import { h } from '../dom';
import { type ColumnLayout, movedAmongVisible, ordered, visible, withHidden } from '../grid/columnLayout';
import { icon } from '../ui/icons';
import { Popup } from '../ui/popup';
import { button, iconButton } from '../ui/toolkit';
import { columnName } from './gridColumns';

interface ColumnsState {
  columns: readonly EntryColumn[];
  layout: ColumnLayout;
  expand: readonly string[];
}

/** The menu of columns: which are seen, in which order, and which stand as their fields. */
export class ColumnsMenu {
  readonly button: HTMLElement;
  private readonly popup: Popup;
  /** What has the focus when the list is drawn anew. */
  private at: { id: string | null; what: string } = { id: null, what: 'box' };

  constructor(
    private readonly context: PageContext,
    private readonly events: {
      state(): ColumnsState;
      changed(layout: ColumnLayout): void;
      expand(id: string): void;
      reset(): void;
    },
  ) {
    const { strings } = context;
    this.button = button(strings.columns, 'secondary', () => this.popup.toggle());
    this.popup = new Popup(this.button, strings.columns, { fill: () => this.fill() }, 'columns-menu');
  }

  close(): void {
    this.popup.close(false);
  }

  /** Columns are others: an open menu shows them. */
  refresh(): void {
    if (this.popup.isOpen) this.popup.draw();
  }

  private fill(): { content: Node[]; focus: HTMLElement | null } {
    const { strings } = this.context;
    const { columns, layout } = this.events.state();
    const ids = columns.map(({ id }) => id);
    const list = h('ul', { class: 'columns-list', 'aria-label': strings.columns });
    let focus: HTMLElement | null = null;
    for (const id of ordered(ids, layout)) {
      const column = columns.find((c) => c.id === id);
      if (column === undefined) continue;
      const item = this.item(column, visible(ids, layout));
      list.append(item);
      if (id === this.at.id) focus = item.querySelector<HTMLElement>(`[data-what="${this.at.what}"]`);
    }
    focus ??= list.querySelector<HTMLElement>('input');
    list.addEventListener('keydown', (event) => this.onKey(event));
    const all = button(strings.showAllColumns, 'secondary', () => {
      this.events.changed({ ...this.events.state().layout, hidden: [] });
      this.popup.draw();
    });
    const reset = button(strings.resetColumns, 'secondary', () => {
      this.events.reset();
      this.popup.draw();
    });
    return {
      content: [list, h('p', { class: 'quiet hint' }, strings.columnsKeys), h('div', { class: 'buttons' }, all, reset)],
      focus,
    };
  }

  private item(column: EntryColumn, seen: readonly string[]): HTMLElement {
    const { strings } = this.context;
    const { columns, expand } = this.events.state();
    const { id } = column;
    const name = columnName(column, columns, strings);
    const isSeen = seen.includes(id);
    const box = h('input', { type: 'checkbox', id: `column-${id}`, 'data-what': 'box' });
    box.checked = isSeen;
    // The last one that is seen stays.
    box.disabled = isSeen && seen.length === 1;
    box.addEventListener('change', () => this.change({ id, what: 'box' }, withHidden(this.layout, id, !box.checked)));
    const move = (by: 1 | -1): HTMLElement | false => {
      const what = by === 1 ? 'down' : 'up';
      if (!isSeen || seen[seen.indexOf(id) + by] === undefined) return h('span', { class: 'no-button' });
      const label = fill(by === 1 ? strings.moveColumnDown : strings.moveColumnUp, name);
      const element = iconButton(label, icon(what), () => this.move(id, by, what));
      element.dataset['what'] = what;
      return element;
    };
    const closes = column.parent !== null && expand.includes(column.parent);
    const opens = column.expandable || closes;
    const expandButton =
      opens &&
      iconButton(
        fill(column.expandable ? strings.expandColumn : strings.collapseColumn, name),
        icon(column.expandable ? 'expandAll' : 'collapseAll'),
        () => {
          this.at = { id, what: 'box' };
          this.events.expand(id);
        },
      );
    return h(
      'li',
      { class: 'columns-item', 'data-column': id },
      box,
      h(
        'label',
        { for: `column-${id}` },
        h('span', { class: 'label' }, name),
        column.type !== null && h('span', { class: 'quiet mono type' }, column.type),
      ),
      expandButton,
      move(-1),
      move(1),
    );
  }

  private get layout(): ColumnLayout {
    return this.events.state().layout;
  }

  private move(id: string, by: 1 | -1, what: string): void {
    const ids = this.events.state().columns.map((column) => column.id);
    this.change({ id, what }, movedAmongVisible(ids, this.layout, id, by));
  }

  private change(at: { id: string; what: string }, layout: ColumnLayout): void {
    this.at = at;
    this.events.changed(layout);
    this.popup.draw();
  }

  /** Arrows go from column to column; with Alt or Control they take it along. */
  private onKey(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const item = event.target instanceof Element ? event.target.closest<HTMLElement>('.columns-item') : null;
    if (item === null) return;
    if (event.altKey || event.ctrlKey || event.metaKey) {
      this.move(item.dataset['column'] ?? '', step === 1 ? 1 : -1, 'box');
      return;
    }
    const next = step === 1 ? item.nextElementSibling : item.previousElementSibling;
    next?.querySelector<HTMLElement>('input')?.focus();
  }
}
