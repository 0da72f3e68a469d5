import type { TypeInfo } from '../../engine/types/typeInfo';
import type { EntryCell } from '../../view/shownEntries';
import { visible, visibleAmong } from '../../view/visibleText';
import { type Composite, MapKey, type Shape, shapeOf } from './shape';
import type { TimeZone } from './timeZone';
import { hexBytes } from './wholeText';

/** Characters of a cell; the details have the rest. */
const MAX_TEXT = 200;
/** Bytes of a byte string that a cell shows. */
const MAX_BYTES = 24;
/** Nesting that a cell shows. */
const MAX_DEPTH = 6;

/** A value in one line that fits a cell. */
export function cellOf(value: unknown, type: TypeInfo | undefined, zone: TimeZone): EntryCell {
  return cellOfShape(shapeOf(value, type, zone), zone);
}

export function cellOfShape(shape: Shape, zone: TimeZone): EntryCell {
  if (shape.is === 'bytes') {
    const { bytes, why } = shape;
    const cut = bytes.length > MAX_BYTES;
    return { look: why === null ? 'bytes' : 'opaque', text: bytesText(bytes), cut, hint: why };
  }
  const line = new Line(zone);
  if (shape.is === 'leaf') line.add(visible(head(shape.text)));
  else addComposite(line, shape, 0);
  const look = shape.is === 'leaf' ? shape.look : 'composite';
  return { look, text: line.text, cut: line.full, hint: shape.hint };
}

/** `[5] 48 65 6c 6c 6f`: how many bytes, and the first of them. */
export function bytesText(bytes: Uint8Array): string {
  const head = hexBytes(bytes.subarray(0, MAX_BYTES));
  return `[${bytes.length}]${head === '' ? '' : ` ${head}`}${bytes.length > MAX_BYTES ? ' …' : ''}`;
}

/** A text that takes no more than a cell shows. */
class Line {
  text = '';
  full = false;

  constructor(readonly zone: TimeZone) {}

  add(more: string): void {
    if (this.full) return;
    // A line break in a cell would be a space that is not there.
    this.text += head(more).replaceAll('\n', '⏎').replaceAll('\r', '␍').replaceAll('\t', '⇥');
    if (this.text.length <= MAX_TEXT) return;
    this.full = true;
    this.text = `${cutAt(this.text, MAX_TEXT)}…`;
  }
}

/** What a cell could have of a text, so that no more than that is looked at. */
const head = (text: string): string => text.slice(0, MAX_TEXT + 1);

/** The first `length` units of a text, without half of a character at the end. */
export function cutAt(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}

function addComposite(line: Line, composite: Composite, depth: number): void {
  const { is, count } = composite;
  line.add(is === 'record' ? '{' : `[${count}]${count === 0 || depth > MAX_DEPTH ? '' : ' '}`);
  if (depth > MAX_DEPTH) line.add('…');
  else {
    for (let i = 0; i < count && !line.full; i++) {
      const { label, value, type } = composite.part(i);
      if (i > 0) line.add(', ');
      if (label instanceof MapKey) {
        addValue(line, label.key, label.type, depth + 1);
        line.add(': ');
      } else if (is === 'record') line.add(`${visibleAmong(label)}: `);
      addValue(line, value, type, depth + 1);
    }
  }
  if (is === 'record') line.add('}');
}

function addValue(line: Line, value: unknown, type: TypeInfo | undefined, depth: number): void {
  const shape = shapeOf(value, type, line.zone);
  if (shape.is === 'bytes') line.add(bytesText(shape.bytes));
  else if (shape.is !== 'leaf') addComposite(line, shape, depth);
  else line.add(shape.look === 'empty' ? '""' : visibleAmong(head(shape.text)));
}
