import type { Sink } from '../../bytes/sink';
import { PlainJson } from '../data/plainJson';
import type { TextBytes } from './fieldText';
import { type LeafForm, UNKNOWN, WRITTEN, writeInteger, writeLeaf } from './leafWriter';
import { plainDecimal, plainInteger } from './numberText';

const MINUS = 0x2d;
const POINT = 0x2e;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const LETTER_E_LARGE = 0x45;
const LETTER_E = 0x65;
const DOLLAR = 0x24;

/** Reads the plainest JSON, values of one form in an array or an object; whatever else there is it does not know. */
export class JsonText extends PlainJson implements TextBytes {
  /** Of the last string, without its quotes. */
  from = 0;
  to = 0;
  /** They are taken as text is. */
  readonly json = 0;

  open({ bytes, from, to }: TextBytes): void {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  get isAtEnd(): boolean {
    this.space();
    return this.at >= this.end;
  }

  /** Writes a value as a codec of this form writes it; false where it is not known what it is. */
  write(form: LeafForm, sink: Sink): boolean {
    this.space();
    if (form === 'string') return this.text() && writeLeaf(form, 'text', this, sink) === WRITTEN;
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

  /** The name of a field, which is text for any form of a map's keys. */
  writeName(form: LeafForm, sink: Sink): boolean {
    this.space();
    // An object of one field `$map` means something else.
    if (!this.text() || (this.to > this.from && this.bytes[this.from] === DOLLAR)) return false;
    return writeLeaf(form, 'text', this, sink) === WRITTEN;
  }

  private text(): boolean {
    this.from = this.at + 1;
    if (!this.string()) return false;
    this.to = this.at - 1;
    return true;
  }
}
