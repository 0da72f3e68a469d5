import { fill } from '../../src/view/format';
import type { ShownBytes } from '../../src/view/shownEntries';
import type { PageContext } from '../context';
import { h } from '../dom';

const BYTES_OF_LINE = 8;

/** Bytes in lines: offset, hex, and the characters of ASCII among them. */
export function hexView(context: PageContext, { head, length }: ShownBytes): HTMLElement {
  const { strings, count } = context;
  const lines: string[] = [];
  for (let at = 0; at < head.length; at += BYTES_OF_LINE) {
    const bytes = [...head.subarray(at, at + BYTES_OF_LINE)];
    const hex = bytes.map((b) => b.toString(16).padStart(2, '0')).join(' ');
    const text = bytes.map((b) => (b >= 0x20 && b < 0x7f ? String.fromCharCode(b) : '·')).join('');
    lines.push(`${at.toString(16).padStart(4, '0')}  ${hex.padEnd(3 * BYTES_OF_LINE - 1)}  ${text}`);
  }
  if (length > head.length) lines.push('…');
  return h(
    'div',
    {},
    h('pre', { class: 'mono hex', tabindex: 0 }, lines.join('\n')),
    length > head.length && h('p', { class: 'quiet' }, fill(strings.bytesShown, count(head.length), count(length))),
  );
}
