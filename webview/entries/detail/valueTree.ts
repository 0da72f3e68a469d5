import { fill } from '../../../src/view/format';
import type { ValueNode } from '../../../src/view/shownEntries';
import { visible } from '../../../src/view/visibleText';
import type { PageContext } from '../../context';
import { h, setAttributes } from '../../dom';
import { cellContent } from '../../grid/cell';
import { icon } from '../../ui/icons';

/** Levels that are open from the start. */
const OPEN_LEVELS = 3;

export interface ByteRange {
  from: number;
  to: number;
}

interface Item {
  node: ValueNode;
  element: HTMLElement;
  parent: Item | null;
  level: number;
  group: HTMLElement | null;
  children: Item[];
}

/** A value as an ARIA tree: what has parts can be closed, arrows go through it. The field under the pointer or with the focus says where its bytes are. */
export class ValueTree {
  readonly element: HTMLElement;
  private readonly items = new Map<HTMLElement, Item>();
  private readonly root: Item;
  private at: Item;
  private marked: Item | null = null;

  constructor(
    private readonly context: PageContext,
    node: ValueNode,
    label: string,
    private readonly events: { pointed(bytes: ByteRange | null): void },
  ) {
    this.root = this.item(node, null, 1, 1, 1);
    this.at = this.root;
    this.element = h('ul', { role: 'tree', class: 'tree', 'aria-label': label }, this.root.element);
    this.root.element.tabIndex = 0;
    this.element.addEventListener('keydown', (event) => this.onKey(event));
    this.element.addEventListener('click', (event) => this.onClick(event));
    this.element.addEventListener('focusin', (event) => this.onFocus(event));
    this.element.addEventListener('focusout', () => this.events.pointed(null));
    this.element.addEventListener('pointermove', (event) =>
      this.events.pointed(this.of(event.target)?.node.bytes ?? null),
    );
    this.element.addEventListener('pointerleave', () => this.events.pointed(null));
  }

  /** Marks the innermost field that has this byte; its path, outermost first, or null where no field has it. */
  markByte(byte: number | null): { path: string; type: string | null; bytes: ByteRange } | null {
    this.marked?.element.classList.remove('marked');
    this.marked = byte === null ? null : this.holding(this.root, byte);
    if (this.marked === null) return null;
    this.marked.element.classList.add('marked');
    const { node } = this.marked;
    if (node.bytes === null) return null;
    return { path: pathOf(this.marked), type: node.type, bytes: node.bytes };
  }

  private item(node: ValueNode, parent: Item | null, level: number, position: number, size: number): Item {
    const hasParts = node.children.length > 0 || node.more > 0;
    const element = h('li', {
      role: 'treeitem',
      class: hasParts ? 'node' : 'node leaf',
      tabindex: -1,
      'aria-level': level,
      'aria-posinset': position,
      'aria-setsize': size,
    });
    const item: Item = { node, element, parent, level, group: null, children: [] };
    this.items.set(element, item);
    const line = h('div', { class: 'node-line' }, hasParts && h('span', { class: 'node-twisty' }, icon('chevron')));
    line.append(...this.line(node));
    element.append(line);
    if (hasParts) this.toggle(item, level < OPEN_LEVELS);
    return item;
  }

  private line(node: ValueNode): Node[] {
    const { strings } = this.context;
    const { label, look, type, chosenFor, hint, cut } = node;
    const parts: Node[] = [];
    if (label !== null) {
      // Labels come as they may be shown: the key of a map's entry is a value in one line.
      const name = document.createTextNode(label);
      parts.push(h('span', { class: 'field-name' }, name), document.createTextNode(': '));
    }
    const isEmpty = look === 'composite' && node.text === '' && node.children.length === 0 && node.more === 0;
    const content = isEmpty
      ? [document.createTextNode('{}')]
      : cellContent({ ...node, text: visible(node.text) }, strings);
    if (look === 'text') content.unshift(document.createTextNode('"'));
    if (look === 'text') content.push(document.createTextNode(cut ? '…' : '"'));
    parts.push(h('span', { class: `content look-${look}` }, ...content));
    if (type !== null) parts.push(document.createTextNode(' '), h('span', { class: 'quiet type' }, type));
    if (chosenFor !== undefined) {
      const text = `· ${fill(strings.chosenFor, visible(chosenFor))}`;
      parts.push(document.createTextNode(' '), h('span', { class: 'quiet hint' }, text));
    }
    if (hint !== null) parts.push(document.createTextNode(' '), h('span', { class: 'quiet hint' }, `· ${hint}`));
    if (cut) parts.push(h('div', { class: 'quiet' }, strings.cutHere));
    return parts;
  }

  private toggle(item: Item, open: boolean): void {
    const { element, node } = item;
    setAttributes(element, { 'aria-expanded': String(open) });
    if (open && item.group === null) {
      const size = node.children.length;
      item.children = node.children.map((child, i) => this.item(child, item, item.level + 1, i + 1, size));
      item.group = h(
        'ul',
        { role: 'group' },
        ...item.children.map((child) => child.element),
        node.more > 0 &&
          h(
            'li',
            { class: 'quiet node leaf', role: 'none' },
            fill(this.context.strings.moreOperators, this.context.count(node.more)),
          ),
      );
      element.append(item.group);
    }
    if (item.group !== null) item.group.hidden = !open;
  }

  private isOpen({ element }: Item): boolean {
    return element.getAttribute('aria-expanded') === 'true';
  }

  private of(target: EventTarget | null): Item | null {
    const element = target instanceof Element ? target.closest<HTMLElement>('[role="treeitem"]') : null;
    return element === null ? null : (this.items.get(element) ?? null);
  }

  private onClick(event: MouseEvent): void {
    const item = this.of(event.target);
    if (item === null || !(event.target instanceof Element)) return;
    // A click on the text is for selecting it; on the rest of the line it opens and closes.
    if (event.target.closest('.content') !== null && String(getSelection()) !== '') return;
    if (event.target.closest('.node-line') !== null && item.element.hasAttribute('aria-expanded')) {
      this.toggle(item, !this.isOpen(item));
    }
    this.focus(item);
  }

  private onFocus(event: FocusEvent): void {
    const item = this.of(event.target);
    if (item === null) return;
    this.at.element.tabIndex = -1;
    this.at = item;
    item.element.tabIndex = 0;
    this.events.pointed(item.node.bytes);
  }

  private focus(item: Item | undefined | null): void {
    if (item === undefined || item === null) return;
    item.element.focus({ preventScroll: true });
    item.element.querySelector('.node-line')?.scrollIntoView({ block: 'nearest' });
  }

  private onKey(event: KeyboardEvent): void {
    if (event.altKey || event.shiftKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() !== 'c' || String(getSelection()) !== '' || this.at.node.cut) return;
      this.context.copy(this.at.node.text);
    } else {
      const { at } = this;
      const seen = (): Item[] => [...this.items.values()].filter((item) => this.isSeen(item)).sort(byDocument);
      const step = (by: number): Item | undefined => {
        const all = seen();
        return all[all.indexOf(at) + by];
      };
      const hasParts = at.element.hasAttribute('aria-expanded');
      if (event.key === 'ArrowDown') this.focus(step(1));
      else if (event.key === 'ArrowUp') this.focus(step(-1));
      else if (event.key === 'Home') this.focus(this.root);
      else if (event.key === 'End') this.focus(seen().at(-1));
      else if (event.key === 'ArrowRight' && hasParts && !this.isOpen(at)) this.toggle(at, true);
      else if (event.key === 'ArrowRight') this.focus(at.children[0]);
      else if (event.key === 'ArrowLeft' && hasParts && this.isOpen(at)) this.toggle(at, false);
      else if (event.key === 'ArrowLeft') this.focus(at.parent);
      else if ((event.key === 'Enter' || event.key === ' ') && hasParts) this.toggle(at, !this.isOpen(at));
      else return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private isSeen(item: Item): boolean {
    for (let above = item.parent; above !== null; above = above.parent) if (!this.isOpen(above)) return false;
    return true;
  }

  private holding(item: Item, byte: number): Item | null {
    const { bytes } = item.node;
    if (bytes !== null && (byte < bytes.from || byte >= bytes.to)) return null;
    for (const child of item.children) {
      const found = this.holding(child, byte);
      if (found !== null) return found;
    }
    return bytes === null ? null : item;
  }
}

const byDocument = (a: Item, b: Item): number =>
  (a.element.compareDocumentPosition(b.element) & Node.DOCUMENT_POSITION_FOLLOWING) === 0 ? 1 : -1;

function pathOf(item: Item): string {
  const labels: string[] = [];
  for (let at: Item | null = item; at !== null; at = at.parent)
    if (at.node.label !== null) labels.unshift(at.node.label);
  return labels.join('.');
}
