import { fill } from '../../../src/view/format';
import type { ShownBytes } from '../../../src/view/shownEntries';
import type { PageContext } from '../../context';
import { h } from '../../dom';
import { byteAt, type HexLayout, hexLayout, hexStretches, hexText } from './hexLines';
import type { ByteRange } from './valueTree';

/** As in the style sheet. */
const MARK = 'field-bytes';
const CURSOR = 'byte-cursor';
/** Lines of sixteen where they fit. */
const BYTES_OF_LINE = [16, 8];

/**
 * Bytes in lines of hex. A field's bytes are marked without an element for each byte: the browser paints stretches of the one
 * text. The byte under the pointer, or where arrows have come to, is told to who marks its field.
 */
export class HexView {
  readonly element: HTMLElement;
  private readonly pre = h('pre', { class: 'mono hex', tabindex: 0 });
  private readonly caption = h('p', { class: 'quiet hex-caption', 'aria-live': 'polite' });
  private layout: HexLayout;
  private marks: StaticRange[] = [];
  private cursors: StaticRange[] = [];
  private cursor = 0;

  constructor(
    private readonly context: PageContext,
    private readonly bytes: ShownBytes,
    label: string,
    private readonly events: {
      /** What to say of the byte, and the bytes of its field; null for no byte. */
      pointed(byte: number | null): { text: string; bytes: ByteRange } | null;
    },
    width: number,
  ) {
    const { strings, count } = context;
    const { head, length } = bytes;
    this.layout = hexLayout(head.length, BYTES_OF_LINE.find((n) => width >= n * 29 + 40) ?? 8);
    this.pre.textContent = hexText(this.layout, head);
    this.pre.setAttribute('aria-label', label);
    this.pre.setAttribute('role', 'group');
    this.element = h(
      'div',
      { class: 'hex-view' },
      this.pre,
      length > head.length && h('p', { class: 'quiet' }, fill(strings.bytesShown, count(head.length), count(length))),
      this.caption,
    );
    this.pre.addEventListener('pointermove', (event) => this.point(this.byteUnder(event)));
    this.pre.addEventListener('pointerleave', () => this.point(null));
    this.pre.addEventListener('focus', () => this.moveTo(this.cursor));
    this.pre.addEventListener('blur', () => this.leave());
    this.pre.addEventListener('pointerdown', (event) => {
      const byte = this.byteUnder(event);
      if (byte !== null) this.cursor = byte;
    });
    this.pre.addEventListener('keydown', (event) => this.onKey(event));
  }

  mark(range: ByteRange | null): void {
    this.marks = repaint(MARK, this.marks, range === null ? [] : this.stretches(range.from, range.to));
  }

  /** What it painted is painted no more. */
  stop(): void {
    this.mark(null);
    this.cursors = repaint(CURSOR, this.cursors, []);
  }

  private point(byte: number | null): void {
    const told = this.events.pointed(byte);
    this.mark(told?.bytes ?? null);
    this.caption.textContent = byte === null ? '' : this.say(byte, told?.text ?? null);
  }

  private say(byte: number, field: string | null): string {
    const { strings } = this.context;
    const value = this.bytes.head[byte] ?? 0;
    const at = fill(strings.byteAt, String(byte), value.toString(16).padStart(2, '0'));
    return field === null ? at : `${at} · ${field}`;
  }

  private moveTo(byte: number): void {
    const { length } = this.bytes.head;
    if (length === 0) return;
    this.cursor = Math.max(0, Math.min(byte, length - 1));
    this.point(this.cursor);
    this.cursors = repaint(CURSOR, this.cursors, this.stretches(this.cursor, this.cursor + 1));
  }

  private leave(): void {
    this.cursors = repaint(CURSOR, this.cursors, []);
    this.point(null);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { bytesOfLine } = this.layout;
    const by: Record<string, number> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: bytesOfLine,
      ArrowUp: -bytesOfLine,
      Home: -(this.cursor % bytesOfLine),
      End: bytesOfLine - 1 - (this.cursor % bytesOfLine),
    };
    const step = by[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.moveTo(this.cursor + step);
  }

  private byteUnder(event: PointerEvent): number | null {
    const text = this.pre.firstChild;
    if (text === null || this.bytes.head.length === 0) return null;
    const one = document.createRange();
    one.setStart(text, 0);
    one.setEnd(text, 1);
    const { left, top, width } = one.getBoundingClientRect();
    const line = Number.parseFloat(getComputedStyle(this.pre).lineHeight);
    if (width === 0 || !(line > 0)) return null;
    return byteAt(this.layout, Math.floor((event.clientY - top) / line), Math.floor((event.clientX - left) / width));
  }

  private stretches(from: number, to: number): StaticRange[] {
    const text = this.pre.firstChild;
    if (text === null) return [];
    return hexStretches(this.layout, from, to).map(
      (stretch) =>
        new StaticRange({ startContainer: text, startOffset: stretch.from, endContainer: text, endOffset: stretch.to }),
    );
  }
}

/** Takes stretches off what is painted under a name and puts others on it. */
function repaint(name: string, before: readonly StaticRange[], after: StaticRange[]): StaticRange[] {
  const painted = CSS.highlights.get(name) ?? new Highlight();
  for (const range of before) painted.delete(range);
  for (const range of after) painted.add(range);
  CSS.highlights.set(name, painted);
  return after;
}
