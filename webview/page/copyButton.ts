import { fill } from '../../src/view/format';
import type { PageContext } from '../context';
import { h } from '../dom';
import { icon } from '../ui/icons';
import { iconButton } from '../ui/toolkit';

const SHOW_DONE_MS = 1200;

/** Copies a text, and says for a moment that it did. */
export function copyButton(context: PageContext, what: string, text: string): HTMLElement {
  const picture = h('span', { class: 'picture' }, icon('copy'));
  return iconButton(fill(context.strings.copy, what), picture, () => {
    context.copy(text);
    picture.replaceChildren(icon('check'));
    setTimeout(() => picture.replaceChildren(icon('copy')), SHOW_DONE_MS);
  });
}
