import type { Sink } from '../../bytes/sink';
import type { TextBytes } from './fieldText';
import { type LeafForm, UNKNOWN, WRITTEN, writeInteger, writeLeaf } from './leafWriter';
import { plainDecimal, plainInteger } from './numberText';

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const LETTER_E_LARGE = 0x45;
const BACKSLASH = 0x5c;
const LETTER_E = 0x65;
const DOLLAR = 0x24;

/** Reads the plainest JSON, values of one form in an array or an object; whatever else there is it does not know. */
export class JsonText implements TextBytes {
  bytes: Uint8Array = new Uint8Array(0);
  /** Of the last string, without its quotes. */
  from = 0;
  to = 0;
  /** They are taken as text is. */
  readonly json = 0;
  private at = 0;
  private end = 0;

  open({ bytes, from, to }: TextBytes): void {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  /** Steps over a mark if it comes next; space may stand in front of it. */
  next(mark: number): boolean {
    this.space();
    if (this.at >= this.end || this.bytes[this.at] !== mark) return false;
    this.at++;
    return true;
  }

  get hasNext(): boolean {
    return this.next(COMMA);
  }

  get isAtEnd(): boolean {
    this.space();
    return this.at >= this.end;
  }

  /** Writes a value as a codec of this form writes it; false where it is not known what it is. */
  write(form: LeafForm, sink: Sink): boolean {
    this.space();
    if (form === 'string') return this.string() && writeLeaf(form, 'text', this, sink) === WRITTEN;
    if (form === 'boolean') return false;
    const { bytes } = this;
    const from = this.at;
    let hasPoint = false;
    let at = from;
    for (; at < this.end; at++) {
      const byte = bytes[at];
      if (byte === POINT) hasPoint = true;
      else if (byte === LETTER_E || byte === LETTER_E_LARGE) return false;
      else if ((byte < DIGIT_0 || byte > DIGIT_9) && byte !== MINUS) break;
    }
    this.at = at;
    const first = bytes[from] === MINUS ? from + 1 : from;
    // A zero in front is no JSON, and -0 is a double only.
    if (bytes[first] === DIGIT_0 && at - first > 1 && bytes[first + 1] !== POINT) return false;
    if (form === 'double') {
      const value = plainDecimal(bytes, from, at);
      if (Number.isNaN(value) || Object.is(value, -0)) return false;
      sink.f64(value);
      return true;
    }
    const value = hasPoint ? Number.NaN : plainInteger(bytes, from, at);
    return !Object.is(value, -0) && writeInteger(form, value, sink) !== UNKNOWN;
  }

  /** The name of a field, which is text for any form of a map's keys, and the colon behind it. */
  writeName(form: LeafForm, sink: Sink): boolean {
    this.space();
    // An object of one field `$map` means something else.
    if (!this.string() || (this.to > this.from && this.bytes[this.from] === DOLLAR)) return false;
    return writeLeaf(form, 'text', this, sink) === WRITTEN;
  }

  /** A string without escapes. */
  private string(): boolean {
    const { bytes, end } = this;
    if (this.at >= end || bytes[this.at] !== QUOTE) return false;
    this.from = this.at + 1;
    let at = this.from;
    for (; at < end && bytes[at] !== QUOTE; at++) if (bytes[at] < SPACE || bytes[at] === BACKSLASH) return false;
    if (at >= end) return false;
    this.to = at;
    this.at = at + 1;
    return true;
  }

  private space(): void {
    const { bytes, end } = this;
    for (; this.at < end; this.at++) {
      const byte = bytes[this.at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
    }
  }
}
