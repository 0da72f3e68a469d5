import type { PageContext } from '../context';
import { h } from '../dom';
import { barChart } from '../ui/barChart';
import { icon } from '../ui/icons';

const HEIGHT = 44;

/** A picture of columns with all that belongs to it. */
export interface Figure {
  title: string;
  /** What the columns are: the head of the table's first column. */
  what: string;
  /** The head of the number; the one after it where there are two. */
  numbers: readonly string[];
  columns: readonly { label: string; height: number; title: string; cells: readonly string[] }[];
  marked: number | null;
  /** Below the first and the last column. */
  ends: readonly [string, string] | null;
  note: { text: string; isWarning: boolean } | null;
}

/** Draws a picture; the same as a table is one press away. */
export function figure({ strings }: PageContext, of: Figure): HTMLElement {
  const chart = barChart(
    of.columns.map(({ height }) => height),
    HEIGHT,
    { titles: of.columns.map(({ title }) => title), marked: of.marked },
  );
  const table = h('details', { class: 'figure-table' }, h('summary', {}, strings.showTable));
  table.addEventListener('toggle', () => table.append(figureTable(of)), { once: true });
  return h(
    'figure',
    { class: 'figure', 'data-figure': of.title },
    h('figcaption', {}, h('h3', {}, of.title)),
    h('div', { class: 'figure-picture' }, chart),
    of.ends !== null && h('div', { class: 'figure-ends quiet' }, ...of.ends.map((end) => h('span', {}, end))),
    of.note !== null &&
      h(
        'p',
        { class: of.note.isWarning ? 'figure-note warning' : 'figure-note quiet' },
        of.note.isWarning && icon('warning'),
        h('span', {}, of.note.text),
      ),
    table,
  );
}

function figureTable({ title, what, numbers, columns }: Figure): HTMLElement {
  const head = (text: string, kind?: string): HTMLElement => h('th', { scope: 'col', class: kind }, text);
  const table = h(
    'table',
    { class: 'plain-table', 'aria-label': title },
    h('thead', {}, h('tr', {}, head(what), ...numbers.map((text) => head(text, 'number')))),
    h(
      'tbody',
      {},
      ...columns.map(({ label, cells }) =>
        h('tr', {}, h('th', { scope: 'row' }, label), ...cells.map((text) => h('td', { class: 'number' }, text))),
      ),
    ),
  );
  // It is scrolled, by the keyboard too.
  return h('div', { class: 'figure-scroll', role: 'region', tabindex: 0, 'aria-label': title }, table);
}
