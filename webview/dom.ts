import { visible } from '../src/view/visibleText';

/** An attribute that is `undefined` or `false` is left out, `true` stands alone. */
type Attributes = Record<string, string | number | boolean | undefined>;
/** Attributes that are shown, or read out. */
const SEEN = new Set(['title', 'aria-label', 'placeholder']);

type Child = Node | string | null | undefined | false;

/**
 * Makes an element. Text becomes text nodes and never markup, and characters in it that would hide or reorder others are told
 * by their numbers: what stands in a snapshot was written by others. There is no way to give inline styles or handlers as
 * text, which the page's policy forbids anyway.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

export function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? '' : SEEN.has(name) ? visible(String(value)) : String(value));
  }
}

function append(element: Element, children: Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    element.append(typeof child === 'string' ? visible(child) : child);
  }
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg(tag: string, attributes: Attributes = {}, ...children: Element[]): SVGElement {
  const element = document.createElementNS(SVG, tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

/** Text for screen readers alone. */
export function spoken(text: string): HTMLElement {
  return h('span', { class: 'spoken' }, text);
}
