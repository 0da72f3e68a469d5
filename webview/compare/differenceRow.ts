import type { DifferenceKind, DifferenceRow, TextPiece } from '../../src/view/shownComparison';
import { visible } from '../../src/view/visibleText';
import type { PageWords } from '../context';
import { h, spoken } from '../dom';

export const SIGNS: Record<DifferenceKind, string> = { added: '+', removed: '−', changed: '≠' };

/** Columns beside sign, before and after, that the entries of a state have. */
export type PartColumn = 'key' | 'namespace' | 'mapKey' | 'time';
export const PART_COLUMNS: readonly PartColumn[] = ['time', 'key', 'namespace', 'mapKey'];

export function kindText({ strings }: PageWords, kind: DifferenceKind): string {
  const { isAdded, isRemoved, isChanged } = strings.comparison;
  return { added: isAdded, removed: isRemoved, changed: isChanged }[kind];
}

/** Pieces of a text; what differs is marked, as text and for the ear. */
export function pieces(of: readonly TextPiece[], side: 'before' | 'after'): Node[] {
  return of.map(({ text, marked }) =>
    marked ? h('mark', { class: side }, text) : document.createTextNode(visible(text)),
  );
}

/** The cells of a row. */
export function differenceCells(words: PageWords, row: DifferenceRow, columns: readonly PartColumn[]): HTMLElement[] {
  const { strings } = words;
  const { what, before, after, time, times } = row;
  const cell = (kind: string, ...content: (Node | string)[]): HTMLElement =>
    h('div', { role: 'gridcell', class: `cell ${kind}` }, ...content);
  const value = (side: 'before' | 'after'): HTMLElement => {
    const text = side === 'before' ? before : after;
    if (text === null)
      return cell(`mono ${side} none`, h('span', { 'aria-hidden': 'true' }, '—'), spoken(strings.comparison.nothing));
    return cell(`mono ${side}`, ...pieces(text, side));
  };
  const part = (column: PartColumn): HTMLElement => {
    if (column === 'time') {
      return time === null ? cell('mono time') : cell('mono time', h('span', { title: time.millis }, time.instant));
    }
    const text = row[column];
    return text === null ? cell(`mono ${column}`) : cell(`mono ${column}`, text);
  };
  const sign = cell('sign', h('span', { 'aria-hidden': 'true' }, SIGNS[what]), spoken(kindText(words, what)));
  if (times > 1) sign.append(h('span', { class: 'times' }, `×${words.count(times)}`));
  return [sign, ...columns.map(part), value('before'), value('after')];
}

/** Columns that some of the rows have, beside those that were there. */
export function columnsWith(known: readonly PartColumn[], rows: readonly DifferenceRow[]): PartColumn[] {
  return PART_COLUMNS.filter((column) => known.includes(column) || rows.some((row) => row[column] !== null));
}
