import type { SnapshotDescription } from '../../src/engine/description';
import type { RowTarget } from '../../src/protocol';
import { fill } from '../../src/view/format';
import type { PageContext } from '../context';
import { h } from '../dom';
import { type Block, bytesToScale } from '../model/share';

/** Operators and, below each, its states, as wide as their bytes. A toolbar: one stop for Tab, arrows within. */
export function bytesBar(
  context: PageContext,
  snapshot: SnapshotDescription,
  reveal: (target: RowTarget) => void,
): HTMLElement | null {
  const { strings, count } = context;
  const more = (n: number): string => (n === 1 ? strings.oneMoreOperator : fill(strings.moreOperators, count(n)));
  const blocks = bytesToScale(snapshot, strings, more);
  if (blocks.length === 0) return null;
  const total = blocks.reduce((sum, block) => sum + block.bytes, 0);
  const bar = h('div', { class: 'scale', role: 'toolbar', 'aria-label': strings.whereBytesAre });
  const buttons: HTMLElement[] = [];
  const draw = (block: Block, kind: string): HTMLElement => {
    const text = `${context.bytes(block.bytes)}, ${fill(strings.shareOfAll, context.share(block.bytes, total))}`;
    const title = block.label === '' ? text : `${block.label}: ${text}`;
    const { target } = block;
    if (target === null) {
      const hint = block.label === '' ? title : [title, block.hint].filter((part) => part !== undefined).join('\n');
      return h('span', { class: `block rest ${kind}`, title: hint }, h('span', {}, block.label));
    }
    const press = h(
      'button',
      { type: 'button', class: `block ${kind}`, title, 'aria-label': title, tabindex: -1 },
      h('span', {}, block.label, h('span', { class: 'size' }, ` ${context.bytes(block.bytes)}`)),
    );
    press.addEventListener('click', () => reveal(target));
    buttons.push(press);
    return press;
  };
  for (const block of blocks) {
    const column = h('div', { class: 'column' }, draw(block, 'whole'));
    column.style.flexGrow = String(block.bytes / total);
    const parts = h('div', { class: 'parts' });
    for (const part of block.parts) {
      const element = draw(part, 'part');
      element.style.flexGrow = String(part.bytes / block.bytes);
      parts.append(element);
    }
    column.append(parts);
    bar.append(column);
  }
  rove(bar, buttons);
  return h('section', { class: 'where' }, h('h2', {}, strings.whereBytesAre), bar);
}

/** One of the buttons takes part in Tab; left and right go to its neighbours. */
function rove(bar: HTMLElement, buttons: readonly HTMLElement[]): void {
  const enter = (index: number): void => {
    for (const [i, press] of buttons.entries()) press.tabIndex = i === index ? 0 : -1;
  };
  enter(0);
  bar.addEventListener('focusin', (event) => enter(buttons.indexOf(event.target as HTMLElement)));
  bar.addEventListener('keydown', (event) => {
    const at = buttons.indexOf(event.target as HTMLElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at === -1 || to === undefined) return;
    event.preventDefault();
    buttons[Math.max(0, Math.min(buttons.length - 1, to))]?.focus();
  });
}
