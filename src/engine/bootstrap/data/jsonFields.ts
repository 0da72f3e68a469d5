import { sameStretch } from '../../bytes/byteStrings';
import { JSON_NUMBER, JSON_OTHER, JSON_PARTS, JSON_STRING } from './fieldRows';
import { PlainJson } from './plainJson';

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const DIGIT_0 = 0x30;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** Deepest nesting, and most fields of one object, that are looked through here. */
const MAX_DEPTH = 8;
const MOST_NAMES = 32;

const WORDS = ['true', 'false', 'null'].map((word) => new TextEncoder().encode(word));

/**
 * Finds the fields of a JSON object in its bytes, and makes sure that it is one, as `parseJson` does. Plain JSON alone: whatever
 * is rare, or wrong, it leaves to the parser.
 */
export class JsonFields extends PlainJson {
  /** By the number of the field: its bytes, and what they are. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly marks: Uint8Array;
  private readonly wanted: readonly Uint8Array[];
  /** Where the names of objects that are open lie, one object behind the other. */
  private readonly names = new Int32Array(2 * MOST_NAMES * MAX_DEPTH);

  constructor(names: readonly string[]) {
    super();
    const encoder = new TextEncoder();
    this.wanted = names.map((name) => encoder.encode(name));
    this.from = new Int32Array(names.length);
    this.to = new Int32Array(names.length);
    this.marks = new Uint8Array(names.length);
  }

  /** False where it is not known whether `[from, end)` is an object with all the fields. */
  find(bytes: Uint8Array, from: number, end: number): boolean {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
    this.marks.fill(0);
    this.space();
    if (this.mark() !== OPEN_OBJECT || !this.object(0)) return false;
    this.space();
    return this.at === this.end && this.marks.every((marks) => marks !== 0);
  }

  /** The byte that comes next; 0 at the end. */
  private mark(): number {
    return this.at < this.end ? this.bytes[this.at] : 0;
  }

  private object(depth: number): boolean {
    const { bytes, names } = this;
    const first = depth * 2 * MOST_NAMES;
    this.at++;
    if (this.next(CLOSE_OBJECT)) return true;
    for (let name = first; name < first + 2 * MOST_NAMES; name += 2) {
      this.space();
      const from = this.at + 1;
      if (!this.string()) return false;
      const to = this.at - 1;
      for (let i = first; i < name; i += 2)
        if (sameStretch(bytes, names[i], names[i + 1], bytes, from, to)) return false;
      names[name] = from;
      names[name + 1] = to;
      if (!this.next(COLON)) return false;
      if (!(depth === 0 ? this.field(from, to) : this.value(depth))) return false;
      if (this.next(CLOSE_OBJECT)) return true;
      if (!this.next(COMMA)) return false;
    }
    return false;
  }

  /** A field of the object itself. */
  private field(nameFrom: number, nameTo: number): boolean {
    const { bytes, wanted } = this;
    this.space();
    const start = this.at;
    const byte = this.mark();
    if (!this.value(0)) return false;
    for (let i = 0; i < wanted.length; i++) {
      if (!sameStretch(wanted[i], 0, wanted[i].length, bytes, nameFrom, nameTo)) continue;
      const isString = byte === QUOTE;
      this.from[i] = isString ? start + 1 : start;
      this.to[i] = isString ? this.at - 1 : this.at;
      const isNumber = byte === MINUS || (byte >= DIGIT_0 && byte <= DIGIT_0 + 9);
      const hasParts = byte === OPEN_ARRAY || byte === OPEN_OBJECT;
      this.marks[i] = isString ? JSON_STRING : isNumber ? JSON_NUMBER : hasParts ? JSON_PARTS : JSON_OTHER;
      return true;
    }
    return true;
  }

  private value(depth: number): boolean {
    this.space();
    switch (this.mark()) {
      case QUOTE:
        return this.string();
      case OPEN_OBJECT:
        return depth + 1 < MAX_DEPTH && this.object(depth + 1);
      case OPEN_ARRAY:
        return depth + 1 < MAX_DEPTH && this.array(depth + 1);
      default:
        return this.number() || WORDS.some((word) => this.word(word));
    }
  }

  private array(depth: number): boolean {
    this.at++;
    if (this.next(CLOSE_ARRAY)) return true;
    do if (!this.value(depth)) return false;
    while (this.next(COMMA));
    return this.next(CLOSE_ARRAY);
  }

  /** Digits with a point among them perhaps; no exponent, no zero in front, no `-0`. */
  private number(): boolean {
    const { bytes, end } = this;
    const first = this.mark() === MINUS ? this.at + 1 : this.at;
    let at = first;
    while (at < end && isDigit(bytes[at])) at++;
    const whole = at - first;
    if (whole === 0 || (bytes[first] === DIGIT_0 && (whole > 1 || first > this.at))) return false;
    if (at < end && bytes[at] === POINT) {
      const fraction = ++at;
      while (at < end && isDigit(bytes[at])) at++;
      if (at === fraction) return false;
    }
    this.at = at;
    return true;
  }

  private word(word: Uint8Array): boolean {
    const to = this.at + word.length;
    if (to > this.end || !sameStretch(word, 0, word.length, this.bytes, this.at, to)) return false;
    this.at = to;
    return true;
  }
}

const isDigit = (byte: number): boolean => byte >= DIGIT_0 && byte <= DIGIT_0 + 9;
