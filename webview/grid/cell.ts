import type { EntryCell } from '../../src/view/shownEntries';
import type { Strings } from '../../src/view/strings';
import { h, spoken } from '../dom';
import { icon } from '../ui/icons';

/** What stands in a cell: null, the empty text and what is not there look different, and sound so. */
export function cellContent({ look, text, hint }: EntryCell, strings: Strings): Node[] {
  switch (look) {
    case 'missing':
      return [h('span', { 'aria-hidden': 'true' }, '—'), spoken(strings.missing)];
    case 'empty':
      return [h('span', { 'aria-hidden': 'true' }, '""'), spoken(strings.emptyText)];
    case 'opaque':
      return [icon('info'), h('span', {}, text), spoken(`${strings.opaque}: ${hint ?? ''}`)];
    case 'null':
    case 'text':
    case 'number':
    case 'boolean':
    case 'time':
    case 'bytes':
    case 'composite':
      return [document.createTextNode(text)];
    default:
      return look satisfies never;
  }
}

/** Whether a cell's content is its text and nothing else, which is drawn much faster. */
export const isPlain = ({ look }: EntryCell): boolean => look !== 'missing' && look !== 'empty' && look !== 'opaque';
