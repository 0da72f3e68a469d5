import type { RowCounts, RowsReport } from '../../src/engine/plan/planReport';
import { fill } from '../../src/view/format';
import { lastPart } from '../../src/view/naming';
import type { PageWords } from '../context';
import { h } from '../dom';
import { icon } from '../ui/icons';

/** Data that state is made of: its columns, how many rows, what the first of them become, and those that do not fit. */
export function rowsSection(words: PageWords, rows: RowsReport): HTMLElement {
  const { strings, count } = words;
  const { data, columns, samples, badRows } = rows;
  const facts = rows.counts === null ? [fill(strings.rowsLooked, count(rows.looked))] : countFacts(words, rows.counts);
  return h(
    'div',
    { class: 'report-rows' },
    h('h4', { title: data }, fill(strings.rowsOf, lastPart(data))),
    h('ul', { class: 'facts' }, ...facts.map((fact) => h('li', {}, fact))),
    columns.length > 0 &&
      table(
        fill(strings.rowsOf, lastPart(data)),
        [strings.column, strings.type, strings.samples],
        columns.map((column) => [column.name, column.type, column.samples.join(', ')]),
      ),
    samples.length > 0 &&
      table(
        strings.samples,
        [strings.state, strings.key, strings.before, strings.after],
        samples.map(({ state, key, before, after }) => [
          state,
          key,
          before ?? strings.nothing,
          after ?? strings.nothing,
        ]),
      ),
    badRows.length > 0 &&
      h(
        'div',
        { class: 'health-item warning' },
        icon('warning'),
        h(
          'div',
          {},
          h('div', { class: 'strong' }, strings.badRows),
          h('ul', {}, ...badRows.map((row) => h('li', {}, row))),
        ),
      ),
  );
}

function countFacts({ strings, count }: PageWords, { rows, leftOut, bad, entries, merged }: RowCounts): string[] {
  const some = (text: string, n: number): string[] => (n === 0 ? [] : [fill(text, count(n))]);
  return [
    fill(strings.rowsInAll, count(rows)),
    ...some(strings.rowsFiltered, leftOut),
    ...some(strings.rowsBad, bad),
    ...entries.map(({ state, entries: n }) => fill(strings.entriesMade, count(n), state)),
    ...(merged === null
      ? []
      : [...some(strings.keysReplaced, merged.replaced), ...some(strings.keysKept, merged.kept)]),
  ];
}

function table(label: string, heads: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  return h(
    'table',
    { class: 'report-table', 'aria-label': label },
    h('thead', {}, h('tr', {}, ...heads.map((text) => h('th', { scope: 'col' }, text)))),
    h(
      'tbody',
      {},
      ...rows.map(([first = '', ...rest]) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row', class: 'mono' }, first),
          ...rest.map((text) => h('td', { class: 'mono', title: text }, text)),
        ),
      ),
    ),
  );
}
