import type { PageWords } from '../context';
import { h, setAttributes, spoken } from '../dom';
import { icon } from '../ui/icons';
import { changeLines, type DiffRow, diffTitle } from './diffModel';

/** Lines of changes of one row; more are cut. */
const MOST_LINES = 12;

interface DrawnRow {
  element: HTMLElement;
  counts: HTMLElement[];
  unread: HTMLElement;
  row: DiffRow;
}

/**
 * Operators and states with what differs in them. Counts that grow change in their cells; the rest of a row stays, and so does
 * the focus. One row is the stop of Tab; arrows go on from it, and the row that they come to is chosen.
 */
export class OperatorTable {
  readonly element = h('div', { class: 'compare-table', role: 'treegrid' });
  private readonly head: HTMLElement;
  private readonly body = h('div', { role: 'rowgroup' });
  private drawn = new Map<string, DrawnRow>();
  private order: string[] = [];
  private chosen: string | null = null;

  constructor(
    private readonly words: PageWords,
    private readonly choose: (row: DiffRow) => void,
  ) {
    const { comparison } = words.strings;
    this.element.setAttribute('aria-label', comparison.operators);
    const head = (text: string, kind = ''): HTMLElement =>
      h('div', { role: 'columnheader', class: `cell ${kind}` }, text);
    this.head = h(
      'div',
      { role: 'row', class: 'compare-row head' },
      head(comparison.columnName),
      head(comparison.columnTypes, 'changes'),
      head(comparison.added, 'number'),
      head(comparison.removed, 'number'),
      head(comparison.changed, 'number'),
    );
    this.element.append(h('div', { role: 'rowgroup', class: 'heads' }, this.head), this.body);
    this.element.addEventListener('keydown', (event) => this.onKey(event));
    this.element.addEventListener('click', (event) => {
      const key =
        event.target instanceof Element ? event.target.closest<HTMLElement>('[data-key]')?.dataset['key'] : undefined;
      if (key !== undefined) this.pick(key, true);
    });
  }

  show(rows: readonly DiffRow[]): void {
    const keys = rows.map(({ key }) => key);
    const isSameOrder = keys.length === this.order.length && keys.every((key, i) => key === this.order[i]);
    if (isSameOrder) {
      for (const row of rows) this.update(row);
      return;
    }
    const focused = this.focusedKey();
    const before = this.drawn;
    this.drawn = new Map(rows.map((row) => [row.key, before.get(row.key) ?? this.draw(row)]));
    this.order = keys;
    for (const row of rows) this.update(row);
    this.body.replaceChildren(...[...this.drawn.values()].map(({ element }) => element));
    this.mark();
    if (focused !== null) this.drawn.get(focused)?.element.focus();
  }

  /** Marks a row as the chosen one, without telling. */
  select(key: string | null): void {
    this.chosen = key;
    this.mark();
    if (key !== null) this.drawn.get(key)?.element.scrollIntoView({ block: 'nearest' });
  }

  private pick(key: string, withFocus: boolean): void {
    const drawn = this.drawn.get(key);
    if (drawn === undefined) return;
    this.select(key);
    if (withFocus) drawn.element.focus();
    this.choose(drawn.row);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.order.indexOf(this.focusedKey() ?? '');
    if (at < 0) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: this.order.length - 1, ' ': at, Enter: at }[
      event.key
    ];
    const key = to === undefined ? undefined : this.order[Math.max(0, Math.min(to, this.order.length - 1))];
    if (key === undefined) return;
    event.preventDefault();
    this.pick(key, true);
  }

  private focusedKey(): string | null {
    const { activeElement } = document;
    return this.body.contains(activeElement)
      ? (activeElement?.closest<HTMLElement>('[data-key]')?.dataset['key'] ?? null)
      : null;
  }

  private mark(): void {
    const stop = this.chosen !== null && this.drawn.has(this.chosen) ? this.chosen : this.order[0];
    for (const [key, { element }] of this.drawn) {
      setAttributes(element, {
        tabindex: key === stop ? 0 : -1,
        'aria-selected': key === this.chosen ? 'true' : 'false',
      });
    }
  }

  private update(row: DiffRow): void {
    const drawn = this.drawn.get(row.key);
    if (drawn === undefined) return;
    drawn.row = row;
    // Entries are compared where both sides have the state.
    const hasCounts = row.operator.in === 'both' && row.state?.in !== 'before' && row.state?.in !== 'after';
    row.counts.forEach((count, i) => {
      const cell = drawn.counts[i];
      const text = hasCounts ? this.words.count(count) : '';
      if (cell !== undefined && cell.textContent !== text) {
        cell.textContent = text;
        cell.classList.toggle('none', count === 0);
      }
    });
    drawn.unread.hidden = !row.incomplete;
  }

  private draw(row: DiffRow): DrawnRow {
    const { strings } = this.words;
    const { comparison } = strings;
    const { operator, state, level } = row;
    const [first, second] =
      state === null ? [diffTitle(operator), operator.uid] : [state.name, strings.stateKinds[state.kind]];
    const where = state === null ? operator.in : operator.in === 'both' ? state.in : 'both';
    const sign = where === 'after' ? '+' : where === 'before' ? '−' : '';
    const lines = changeLines(row, comparison);
    const unread = h(
      'span',
      { class: 'compare-unread', title: comparison.incompleteHint, hidden: true },
      icon('warning'),
      comparison.incomplete,
    );
    const counts = ['added', 'removed', 'changed'].map((kind) =>
      h('div', { role: 'gridcell', class: `cell number count ${kind} none` }, ''),
    );
    const element = h(
      'div',
      {
        role: 'row',
        'aria-level': level,
        class: `compare-row level${level} in-${where}`,
        'data-key': row.key,
        tabindex: -1,
      },
      h(
        'div',
        { role: 'gridcell', class: 'cell name' },
        h('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
        h('span', { class: 'name-text', title: state === null ? operator.id : first }, first),
        second !== null && second !== first && h('span', { class: 'quiet' }, second),
        state === null && sign !== '' && spoken(lines[0] ?? ''),
        unread,
      ),
      h(
        'div',
        { role: 'gridcell', class: 'cell changes' },
        ...lines.slice(0, MOST_LINES).map((line) => h('span', { class: 'change', title: line }, line)),
        lines.length > MOST_LINES && h('span', { class: 'quiet' }, '…'),
      ),
      ...counts,
    );
    return { element, counts, unread, row };
  }
}
