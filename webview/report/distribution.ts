import type { Change } from '../../src/engine/plan/planReport';
import { fill } from '../../src/view/format';
import type { PageWords } from '../context';
import { h, svg } from '../dom';
import { barChart } from '../ui/barChart';

/** Rows of a table of subtasks or key groups; a page with tens of thousands would help nobody. */
const MOST_ROWS = 512;
/** Bars of the picture; more key groups share one. */
const MOST_BARS = 128;
const HEIGHT = 40;

/** Entries of each subtask before and after. */
export function subtaskTable(words: PageWords, counts: Change<number[]>): HTMLElement {
  return countTable(words, words.strings.bySubtask, words.strings.subtask, counts);
}

/** Entries of each key group before and after: as a picture, in a line, and on demand as a table. */
export function keyGroupSpread(words: PageWords, counts: Change<number[]>): HTMLElement {
  const { strings } = words;
  const row = (label: string, entries: readonly number[]): HTMLElement =>
    h(
      'div',
      { class: 'spread-row' },
      h('span', { class: 'spread-label' }, label),
      bars(entries),
      h('span', { class: 'quiet' }, spreadText(words, entries)),
    );
  const table = h('details', { class: 'spread-table' }, h('summary', {}, strings.showTable));
  table.addEventListener(
    'toggle',
    () => table.append(countTable(words, strings.byKeyGroup, strings.keyGroup, counts)),
    { once: true },
  );
  return h(
    'div',
    { class: 'report-spread' },
    h('h4', {}, strings.byKeyGroup),
    row(strings.before, counts.before),
    row(strings.after, counts.after),
    table,
  );
}

/** The picture is for the eye; the line beside it says the same in words. */
function bars(entries: readonly number[]): SVGElement {
  const number = Math.min(entries.length, MOST_BARS);
  const sums = new Array<number>(number).fill(0);
  const sizes = new Array<number>(number).fill(0);
  for (const [i, n] of entries.entries()) {
    const at = Math.floor((i * number) / entries.length);
    sums[at] = (sums[at] ?? 0) + n;
    sizes[at] = (sizes[at] ?? 0) + 1;
  }
  // Of key groups that share a bar, the average: not each bar has as many.
  const heights = sums.map((sum, i) => sum / Math.max(1, sizes[i] ?? 1));
  const chart = barChart(heights, HEIGHT);
  chart.classList.add('spread-bars');
  return chart;
}

function spreadText({ strings, count, settings }: PageWords, entries: readonly number[]): string {
  let [least, most, total] = [Number.POSITIVE_INFINITY, 0, 0];
  for (const n of entries) {
    least = Math.min(least, n);
    most = Math.max(most, n);
    total += n;
  }
  const average = (total / Math.max(1, entries.length)).toLocaleString(settings.locale, { maximumFractionDigits: 1 });
  return fill(strings.spreadText, count(entries.length), count(entries.length === 0 ? 0 : least), count(most), average);
}

function countTable(words: PageWords, title: string, what: string, { before, after }: Change<number[]>): HTMLElement {
  const { strings, count } = words;
  const rows = Math.max(before.length, after.length);
  const most = Math.max(1, ...before.slice(0, MOST_ROWS), ...after.slice(0, MOST_ROWS));
  const cell = (entries: number | undefined): HTMLElement[] => [
    h('td', { class: 'number' }, entries === undefined ? '' : count(entries)),
    h('td', { class: 'bar-cell', 'aria-hidden': 'true' }, entries !== undefined && bar(entries / most)),
  ];
  return h(
    'div',
    { class: 'report-counts' },
    h('h4', {}, title),
    h(
      'table',
      { class: 'report-table', 'aria-label': title },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col', class: 'number' }, what),
          ...[strings.before, strings.after].flatMap((text) => [
            h('th', { scope: 'col', class: 'number' }, text),
            h('td', { 'aria-hidden': 'true' }),
          ]),
        ),
      ),
      h(
        'tbody',
        {},
        ...Array.from({ length: Math.min(rows, MOST_ROWS) }, (_, i) =>
          h('tr', {}, h('th', { scope: 'row', class: 'number' }, count(i)), ...cell(before[i]), ...cell(after[i])),
        ),
      ),
    ),
    rows > MOST_ROWS && h('p', { class: 'quiet' }, fill(strings.rowsLeftOut, count(rows - MOST_ROWS))),
  );
}

function bar(share: number): SVGElement {
  return svg(
    'svg',
    { class: 'bars count-bar', viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('rect', { x: 0, y: 0, width: share === 0 ? 0 : Math.max(1, share * 100), height: 8 }),
  );
}
