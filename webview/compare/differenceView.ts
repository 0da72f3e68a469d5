import { fill } from '../../src/view/format';
import type { DifferenceDetail, SideBySide } from '../../src/view/shownComparison';
import type { PageWords } from '../context';
import { h } from '../dom';
import { button } from '../ui/toolkit';
import { kindText, SIGNS } from './differenceRow';

export interface DetailActions {
  copy(json: string): void;
  showSide(side: 'before' | 'after'): void;
  putBack(): void;
}

/** One difference, whole: where the entry is, and its value on both sides, field by field. */
export function differenceView(words: PageWords, detail: DifferenceDetail, actions: DetailActions): HTMLElement {
  const { strings, count } = words;
  const { comparison } = strings;
  const { row, keyGroup, backends, canPutBack, lines, more } = detail;
  const fact = (label: string, value: string | null, kind = 'mono'): HTMLElement | null =>
    value === null ? null : h('div', { class: 'fact' }, h('dt', {}, label), h('dd', { class: kind }, value));
  return h(
    'div',
    { class: 'diff-detail-content' },
    h(
      'div',
      { class: `diff-detail-head ${row.what}` },
      h('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[row.what]),
      h('h3', { tabindex: -1 }, kindText(words, row.what)),
      row.times > 1 && h('span', { class: 'quiet' }, fill(comparison.times, count(row.times))),
    ),
    h(
      'dl',
      { class: 'fact-list' },
      fact(comparison.columnTime, row.time === null ? null : `${row.time.instant} (${row.time.millis})`),
      fact(comparison.columnKey, row.key),
      fact(comparison.columnNamespace, row.namespace),
      fact(comparison.columnMapKey, row.mapKey),
      fact(strings.keyGroup, keyGroup === null ? null : count(keyGroup), ''),
    ),
    lines.length === 0 ? h('p', { class: 'quiet' }, comparison.noValue) : valueTable(words, lines),
    more > 0 && h('p', { class: 'quiet' }, fill(comparison.linesLeftOut, count(more))),
    h(
      'div',
      { class: 'buttons' },
      button(comparison.copyJson, 'secondary', () => actions.copy(detail.json)),
      backends.before !== null &&
        row.what !== 'added' &&
        button(comparison.showBefore, 'secondary', () => actions.showSide('before')),
      backends.after !== null &&
        row.what !== 'removed' &&
        button(comparison.showAfter, 'secondary', () => actions.showSide('after')),
      canPutBack && button(comparison.putBack, 'secondary', () => actions.putBack()),
    ),
  );
}

function valueTable(words: PageWords, lines: readonly SideBySide[]): HTMLElement {
  const { comparison } = words.strings;
  const head = (text: string): HTMLElement => h('th', { scope: 'col' }, text);
  // What holds all others says nothing that they do not say.
  const shown = lines.length > 1 ? lines.slice(1).map((line) => ({ ...line, depth: line.depth - 1 })) : lines;
  return h(
    'table',
    { class: 'side-by-side', 'aria-label': comparison.detail },
    h('thead', {}, h('tr', {}, head(comparison.field), head(comparison.before), head(comparison.after))),
    h('tbody', {}, ...shown.map((line) => lineRow(words, line))),
  );
}

function lineRow(words: PageWords, { label, depth, before, after, is }: SideBySide): HTMLElement {
  const { comparison } = words.strings;
  const name = h('th', { scope: 'row', class: 'mono' }, label === '' ? comparison.wholeValue : label);
  name.style.paddingLeft = `${Math.min(depth, 20) * 12 + 4}px`;
  const cell = (text: string | null, side: 'before' | 'after'): HTMLElement => {
    if (text === null)
      return h('td', { class: `mono ${side} none` }, h('span', { class: 'quiet' }, comparison.nothing));
    const isMarked = is !== 'same' && text !== '';
    return h('td', { class: `mono ${side}`, title: text }, isMarked ? h('mark', { class: side }, text) : text);
  };
  return h('tr', { class: is }, name, cell(before, 'before'), cell(after, 'after'));
}
