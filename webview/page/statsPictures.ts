import type { Distinct } from '../../src/engine/stats/distinctCount';
import type { LargeKey } from '../../src/engine/stats/statsModel';
import type { Times } from '../../src/engine/stats/timeHistogram';
import { formatDuration } from '../../src/view/duration';
import { fill } from '../../src/view/format';
import type { Spreading, StatsDetail } from '../../src/view/shownStats';
import { type PageContext, zoneOf } from '../context';
import { h } from '../dom';
import { instantIn } from '../entries/instant';
import { NOTABLE_SKEW } from '../model/subtaskSpread';
import { timeColumns } from '../model/timeColumns';
import { figure } from './figure';

/** A key that is looked up as it is written here. */
export interface WrittenKey {
  key: string;
  namespace: string | null;
}

/** All that was counted of an operator or a state, in pictures. */
export function statsPictures(
  context: PageContext,
  detail: StatsDetail,
  openKey: ((key: WrittenKey) => void) | null,
): HTMLElement[] {
  const { strings } = context;
  const found: (HTMLElement | null)[] = [
    amounts(context, detail),
    spreadFigure(context, strings.bySubtaskTitle, strings.subtask, detail, detail.subtasks),
    detail.keyGroups === null
      ? null
      : spreadFigure(context, strings.byKeyGroupTitle, strings.keyGroup, detail, detail.keyGroups),
    largestKeys(context, detail.largest, openKey),
    sizeFigure(context, detail),
    timeFigure(context, strings.lastUsedTitle, detail.lastUsed),
    timeFigure(context, strings.dueTitle, detail.due),
  ];
  return found.filter((element) => element !== null);
}

export function keysText({ strings, count }: PageContext, { count: keys, exact }: Distinct): string {
  return exact ? count(keys) : fill(strings.aboutCount, count(keys));
}

function amounts(context: PageContext, { entries, bytes, keys, valueBytes }: StatsDetail): HTMLElement {
  const { strings, count } = context;
  const fact = (label: string, text: string, title?: string): HTMLElement =>
    h('div', { class: 'fact' }, h('dt', {}, label), h('dd', { title }, h('span', { class: 'fact-text' }, text)));
  return h(
    'dl',
    { class: 'fact-list' },
    fact(strings.entries, count(entries)),
    keys !== null && fact(strings.keys, keysText(context, keys)),
    fact(strings.countedSize, context.bytes(bytes), fill(strings.countedBytes, context.exactBytes(bytes))),
    valueBytes !== null && entries > 0 && fact(strings.averageValue, context.bytes(Math.round(valueBytes / entries))),
  );
}

function spreadFigure(
  context: PageContext,
  title: string,
  what: string,
  { isComplete }: StatsDetail,
  spread: Spreading,
): HTMLElement | null {
  const { strings, count, bytes } = context;
  const { bars, skew, of, used } = spread;
  if (of < 2 || bars.length === 0) return null;
  const notable = skew !== null && skew.ratio >= NOTABLE_SKEW;
  const times = (ratio: number): string =>
    ratio.toLocaleString(context.settings.locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const notes = [
    skew === null ? null : fill(strings.fullestIs, what, count(skew.number), times(skew.ratio)),
    isComplete && used < of ? fill(strings.usedOf, count(used), count(of)) : null,
  ].filter((note) => note !== null);
  return figure(context, {
    title,
    what,
    numbers: [strings.entries, strings.columnBytes],
    columns: bars.map((bar) => {
      const label =
        bar.first === bar.last ? count(bar.first) : fill(strings.sizesFrom, count(bar.first), count(bar.last));
      const named =
        bar.first === bar.last
          ? fill(strings.numberOf, what, count(bar.first))
          : fill(strings.numbersOf, what, count(bar.first), count(bar.last));
      return {
        label,
        // Of several that share a bar the average: not each bar has as many.
        height: bar.bytes / (bar.last - bar.first + 1),
        title: fill(strings.bytesOfBar, named, bytes(bar.bytes), count(bar.entries)),
        cells: [count(bar.entries), bytes(bar.bytes)],
      };
    }),
    marked: notable ? bars.findIndex(({ first, last }) => skew.number >= first && skew.number <= last) : null,
    ends: [count(0), count(of - 1)],
    note: notes.length === 0 ? null : { text: `${notes.join('. ')}.`, isWarning: notable },
  });
}

function sizeFigure(context: PageContext, { valueSizes }: StatsDetail): HTMLElement | null {
  const { strings, count, bytes } = context;
  const last = valueSizes.at(-1);
  if (last === undefined) return null;
  // Bins without a value are seen as gaps.
  const from = valueSizes[0]?.from ?? 0;
  const bins: { from: number; count: number }[] = [];
  for (let size = from; size <= last.from; size = size === 0 ? 1 : size * 2) {
    bins.push({ from: size, count: valueSizes.find((bin) => bin.from === size)?.count ?? 0 });
  }
  const label = (size: number): string =>
    size <= 1 ? bytes(size) : fill(strings.sizesFrom, bytes(size), bytes(2 * size - 1));
  return figure(context, {
    title: strings.valueSizesTitle,
    what: strings.size,
    numbers: [strings.entries],
    columns: bins.map((bin) => ({
      label: label(bin.from),
      height: bin.count,
      title: fill(strings.countOfBar, label(bin.from), count(bin.count)),
      cells: [count(bin.count)],
    })),
    marked: null,
    ends: [bytes(from), bytes(last.from <= 1 ? last.from : 2 * last.from - 1)],
    note: null,
  });
}

function timeFigure(context: PageContext, title: string, times: Times | null): HTMLElement | null {
  if (times === null) return null;
  const { strings, count, settings } = context;
  const zone = zoneOf(settings);
  const instant = (millis: bigint): string => instantIn(String(millis), zone, settings.locale);
  const { columns, never } = timeColumns(times);
  const [first, last] = [columns[0], columns.at(-1)];
  const notes = [
    first === undefined || last === undefined
      ? null
      : fill(strings.overTime, formatDuration(last.to - first.from, settings.locale)),
    never > 0 ? fill(strings.countOfBar, strings.neverTime, count(never)) : null,
    zone,
  ];
  return figure(context, {
    title,
    what: title,
    numbers: [strings.entries],
    columns: columns.map(({ from, to, count: entries }) => {
      const label = fill(strings.timesFrom, instant(from), instant(to));
      return {
        label,
        height: entries,
        title: fill(strings.countOfBar, label, count(entries)),
        cells: [count(entries)],
      };
    }),
    marked: null,
    ends: first === undefined || last === undefined ? null : [instant(first.from), instant(last.to)],
    note: { text: notes.filter((note) => note !== null).join(' · '), isWarning: false },
  });
}

function largestKeys(
  context: PageContext,
  largest: readonly LargeKey[],
  openKey: ((key: WrittenKey) => void) | null,
): HTMLElement | null {
  const { strings, count, bytes } = context;
  if (largest.length === 0) return null;
  const head = (text: string, kind?: string): HTMLElement => h('th', { scope: 'col', class: kind }, text);
  return h(
    'div',
    { class: 'figure largest' },
    h('h3', {}, strings.largestTitle),
    h(
      'table',
      { class: 'plain-table', 'aria-label': strings.largestTitle },
      h(
        'thead',
        {},
        h('tr', {}, head(strings.key), head(strings.entries, 'number'), head(strings.columnBytes, 'number')),
      ),
      h(
        'tbody',
        {},
        ...largest.map((large) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, ...keyCell(context, large, openKey)),
            h('td', { class: 'number' }, count(large.entries)),
            h('td', { class: 'number', title: context.exactBytes(large.bytes) }, bytes(large.bytes)),
          ),
        ),
      ),
    ),
  );
}

/** The engine cuts off what is very long. */
const isCut = (text: string): boolean => text.endsWith('…');

function keyCell(
  { strings, count }: PageContext,
  { key, namespace, keyGroup, subtask }: LargeKey,
  openKey: ((key: WrittenKey) => void) | null,
): (HTMLElement | null)[] {
  const where = [
    keyGroup < 0 ? null : fill(strings.numberOf, strings.keyGroup, count(keyGroup)),
    fill(strings.numberOf, strings.subtask, count(subtask)),
  ];
  const title = [key, ...where.filter((text) => text !== null)].join('\n');
  const named = namespace === null ? null : h('span', { class: 'quiet mono' }, fill(strings.inNamespace, namespace));
  if (openKey === null || keyGroup < 0 || isCut(key) || isCut(namespace ?? '')) {
    const why = isCut(key) ? `${title}\n${strings.keyCut}` : title;
    return [h('span', { class: 'mono', title: why }, key), named];
  }
  const open = h(
    'button',
    { type: 'button', class: 'link mono', title, 'aria-label': fill(strings.openAtKey, key), 'data-key-text': key },
    key,
  );
  open.addEventListener('click', () => openKey({ key, namespace }));
  return [open, named];
}
