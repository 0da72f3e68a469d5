import { fill } from '../../src/view/format';
import type { ValueNode } from '../../src/view/shownEntries';
import type { PageContext } from '../context';
import { h } from '../dom';
import { cellContent } from './cell';

/** Nodes that are open from the start: those of the outer levels. */
const OPEN_LEVELS = 3;

/** A value as a tree: what has parts can be closed. */
export function valueView(context: PageContext, node: ValueNode, level = 0): HTMLElement {
  const { strings, count } = context;
  if (node.children.length === 0 && node.more === 0) return h('div', { class: 'node leaf' }, ...line(context, node));
  const details = h(
    'details',
    { class: 'node', open: level < OPEN_LEVELS },
    h('summary', {}, ...line(context, node)),
    h(
      'ul',
      {},
      ...node.children.map((child) => h('li', {}, valueView(context, child, level + 1))),
      node.more > 0 && h('li', { class: 'quiet' }, fill(strings.moreOperators, count(node.more))),
    ),
  );
  return details;
}

function line(context: PageContext, node: ValueNode): Node[] {
  const { strings } = context;
  const { label, look, type, hint, cut } = node;
  const parts: Node[] = [];
  if (label !== null) parts.push(h('span', { class: 'field-name' }, label), document.createTextNode(': '));
  const isEmpty = look === 'composite' && node.text === '' && node.children.length === 0;
  const content = isEmpty ? [document.createTextNode('{}')] : cellContent(node, strings);
  if (look === 'text') content.unshift(document.createTextNode('"'));
  if (look === 'text' && !cut) content.push(document.createTextNode('"'));
  if (look === 'text' && cut) content.push(document.createTextNode('…'));
  parts.push(h('span', { class: `content look-${look}` }, ...content));
  if (type !== null) parts.push(document.createTextNode(' '), h('span', { class: 'quiet type' }, type));
  if (hint !== null) parts.push(h('span', { class: 'quiet hint' }, ` · ${hint}`));
  if (cut) parts.push(h('div', { class: 'quiet' }, strings.cutHere));
  return parts;
}
