import type { RawEntry } from '../../engine/backends/part';
import { type DecodedEntry, EntryDecoder } from '../../engine/decodeEntry';
import type { KeptEntry } from '../../engine/rows/keptEntry';
import type { TypeInfo } from '../../engine/types/typeInfo';
import type { Columns } from './columns';
import { MapKey, shapeOf } from './shape';
import { TimeZone } from './timeZone';

/** Nesting that is looked into. */
const MAX_DEPTH = 40;
/** Fewer digits than these would be in nearly all bytes. */
const LEAST_HEX = 4;

/** Finds a text in entries, whatever its case: in strings, in numbers and times as they are written, in bytes as hex digits. */
export class TextMatch {
  private readonly text: string;
  /** The same as bytes are written, two digits each; null where it is no such. */
  private readonly hex: string | null;
  private readonly decoder = new EntryDecoder();

  constructor(text: string) {
    this.text = text.toLowerCase();
    const digits = this.text.replaceAll(' ', '');
    this.hex = digits.length >= LEAST_HEX && /^[0-9a-f]+$/.test(digits) ? digits : null;
  }

  /** Whether an entry has it, in its key, namespace, map key, value or timestamp. */
  matches(entry: RawEntry): boolean {
    const { key, namespace, userKey, value } = this.decoder.decode(entry);
    const { timestamp } = entry;
    return (
      this.isIn(value) ||
      this.isIn(key) ||
      this.isIn(userKey) ||
      this.isIn(namespace) ||
      (timestamp !== null && String(timestamp).includes(this.text))
    );
  }

  /** The first column that has it. */
  columnOf(entry: KeptEntry, columns: Columns): string | null {
    const decoded: DecodedEntry = this.decoder.decode(entry.raw);
    const column = columns.all.find(({ shown, value }) => {
      // Numbers of key groups and subtasks are no content.
      if (shown.part === 'keyGroup' || shown.part === 'subtask') return false;
      return this.isIn(value(entry, decoded));
    });
    return column?.shown.id ?? null;
  }

  private isIn(value: unknown, type?: TypeInfo, depth = 0): boolean {
    if (typeof value === 'string') return value.toLowerCase().includes(this.text);
    if (value === null || value === undefined || depth > MAX_DEPTH) return false;
    const shape = shapeOf(value, type, TimeZone.UTC);
    if (shape.is === 'leaf') return shape.text.toLowerCase().includes(this.text);
    if (shape.is === 'bytes') return this.hex !== null && hexOf(shape.bytes).includes(this.hex);
    for (let i = 0; i < shape.count; i++) {
      const { label, value: part } = shape.part(i);
      if (this.isIn(part, undefined, depth + 1)) return true;
      if (label instanceof MapKey && this.isIn(label.key, undefined, depth + 1)) return true;
    }
    return false;
  }
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte];
  return text;
}
