import { numberText } from './printJson';

const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;

/** 1 for bytes that stand for themselves in a JSON string: printable ASCII but quotes and backslashes. */
const PLAIN = new Uint8Array(256);
for (let b = 0x20; b < 0x7f; b++) PLAIN[b] = b === QUOTE || b === 0x5c ? 0 : 1;

/** The two digits of each number below 100. */
const TENS = new Uint8Array(100);
const ONES = new Uint8Array(100);
for (let n = 0; n < 100; n++) {
  TENS[n] = ZERO + Math.floor(n / 10);
  ONES[n] = ZERO + (n % 10);
}

/** Bytes up to which copying one by one is quicker than a call. */
const SHORT = 12;

const EIGHT_DIGITS = 100_000_000;
/** Digits of a safe integer, with its sign. */
const LONGEST_INTEGER = 17;
/** A UTF-16 unit takes at most so many bytes of UTF-8. */
const BYTES_OF_UNIT = 3;
const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;
/** Magnitude below which a double with two decimals is told by its hundredfold. */
const MOST_HUNDREDTHS = 1e9;
const MOST_SAFE_HIGH = 2 ** 21;
const TWO_TO_32 = 2 ** 32;

/** UTF-16 units of a long text. */
const LONG = 64 * 1024;

const encoder = new TextEncoder();
const BASE64 = encoder.encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const PADDING = 0x3d;

/** The first half of a character of two units. */
const isFirstHalf = (unit: number): boolean => unit >= FIRST_SURROGATE && unit < 0xdc00;

/**
 * JSON text while it is written, as bytes of UTF-8 in a growing buffer. What a dump writes most has ways of its own that make no
 * strings: texts of ASCII as they are stored, and numbers. The text is what `writeJson` gives for the same value.
 */
export class JsonBytes {
  /** Bytes written. Whoever sets it back takes back what was written since. */
  length = 0;

  constructor(private bytes: Uint8Array<ArrayBuffer>) {}

  /** What was written, as a view of the buffer; the next text begins in `buffer`. */
  take(buffer: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const written = this.bytes.subarray(0, this.length);
    this.bytes = buffer;
    this.length = 0;
    return written;
  }

  /** What was written, as a string. */
  toString(): string {
    return new TextDecoder().decode(this.bytes.subarray(0, this.length));
  }

  byte(value: number): void {
    const { bytes, length } = this;
    if (length < bytes.length) bytes[length] = value;
    else this.reserve(1)[length] = value;
    this.length = length + 1;
  }

  /** Bytes of UTF-8 as they are: names, punctuation, what was made before. */
  raw(text: Uint8Array): void {
    const bytes = this.reserve(text.length);
    let at = this.length;
    this.length = at + text.length;
    if (text.length > SHORT) bytes.set(text, at);
    else for (let i = 0; i < text.length; i++) bytes[at++] = text[i];
  }

  /** Text that is JSON already. A long one goes in pieces, so that it takes no more room than it needs. */
  text(json: string): void {
    if (json.length <= LONG) this.piece(json);
    else {
      for (let from = 0; from < json.length; ) {
        const end = from + LONG;
        const to = isFirstHalf(json.charCodeAt(end - 1)) ? end - 1 : end;
        this.piece(json.slice(from, to));
        from = to;
      }
    }
  }

  /** Bytes in base64, as a string. */
  base64(source: Uint8Array): void {
    const { length } = source;
    const bytes = this.reserve(Math.ceil(length / 3) * 4 + 2);
    let at = this.length;
    bytes[at++] = QUOTE;
    for (let i = 0; i < length; i += 3) {
      const three = (source[i] << 16) | ((source[i + 1] ?? 0) << 8) | (source[i + 2] ?? 0);
      bytes[at++] = BASE64[three >> 18];
      bytes[at++] = BASE64[(three >> 12) & 63];
      bytes[at++] = i + 1 < length ? BASE64[(three >> 6) & 63] : PADDING;
      bytes[at++] = i + 2 < length ? BASE64[three & 63] : PADDING;
    }
    bytes[at++] = QUOTE;
    this.length = at;
  }

  /**
   * A string whose characters are the bytes `[from, to)`, should all of them stand for themselves. False, with nothing
   * written, where they do not.
   */
  plainString(source: Uint8Array, from: number, to: number): boolean {
    const bytes = this.reserve(to - from + 2);
    let at = this.length;
    bytes[at++] = QUOTE;
    for (let i = from; i < to; i++) {
      const b = source[i];
      if (PLAIN[b] === 0) return false;
      bytes[at++] = b;
    }
    bytes[at++] = QUOTE;
    this.length = at;
    return true;
  }

  string(value: string): void {
    const { length } = value;
    if (length > LONG) {
      this.text(JSON.stringify(value));
      return;
    }
    const bytes = this.reserve(length * BYTES_OF_UNIT + 2);
    let at = this.length;
    bytes[at++] = QUOTE;
    for (let i = 0; i < length; i++) {
      const unit = value.charCodeAt(i);
      if (unit < 0x80 && PLAIN[unit] === 1) bytes[at++] = unit;
      else if (unit >= 0x80 && unit < 0x800) {
        bytes[at++] = 0xc0 | (unit >> 6);
        bytes[at++] = 0x80 | (unit & 0x3f);
      } else if (unit >= 0x800 && (unit < FIRST_SURROGATE || unit > LAST_SURROGATE)) {
        bytes[at++] = 0xe0 | (unit >> 12);
        bytes[at++] = 0x80 | ((unit >> 6) & 0x3f);
        bytes[at++] = 0x80 | (unit & 0x3f);
      } else {
        // Escapes, and characters of two units or halves of them.
        this.text(JSON.stringify(value));
        return;
      }
    }
    bytes[at++] = QUOTE;
    this.length = at;
  }

  /** A whole number that is exact as a JavaScript number; -0 is 0. */
  integer(value: number): void {
    this.reserve(LONGEST_INTEGER);
    let rest = value;
    if (rest < 0) {
      this.bytes[this.length++] = MINUS;
      rest = -rest;
    }
    if (rest < EIGHT_DIGITS) this.digits(rest);
    else {
      const high = Math.floor(rest / EIGHT_DIGITS);
      this.digits(high);
      this.eightDigits(rest - high * EIGHT_DIGITS);
    }
  }

  /** The 64-bit integer `high * 2^32 + low`, of which `high` is signed and `low` is not. */
  long(high: number, low: number): void {
    if (high >= -MOST_SAFE_HIGH && high < MOST_SAFE_HIGH) this.integer(high * TWO_TO_32 + low);
    else this.text(String((BigInt(high) << 32n) | BigInt(low)));
  }

  bigint(value: bigint): void {
    const number = Number(value);
    if (Number.isSafeInteger(number)) this.integer(number);
    else this.text(String(value));
  }

  /** A `float` or `double`: see `numberText`, but whole numbers below 2^53 stand without a fraction, as `writeJson` has it. */
  double(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      this.integer(value);
      return;
    }
    // Numbers of so few digits are each the only one nearest to its double, and so its shortest form.
    const hundredths = Math.round(value * 100);
    if (hundredths / 100 === value && Math.abs(hundredths) < MOST_HUNDREDTHS && hundredths !== 0) {
      this.hundredths(hundredths);
      return;
    }
    this.text(numberText(value));
  }

  private hundredths(value: number): void {
    const bytes = this.reserve(LONGEST_INTEGER);
    const magnitude = Math.abs(value);
    const whole = Math.floor(magnitude / 100);
    const fraction = magnitude - whole * 100;
    if (value < 0) bytes[this.length++] = MINUS;
    this.digits(whole);
    bytes[this.length++] = 0x2e;
    bytes[this.length++] = TENS[fraction];
    if (fraction % 10 !== 0) bytes[this.length++] = ONES[fraction];
  }

  /** Below 10^8, without zeros in front. */
  private digits(value: number): void {
    const { bytes } = this;
    let at = this.length;
    let end: number;
    if (value < 10_000) end = at + (value < 100 ? (value < 10 ? 1 : 2) : value < 1000 ? 3 : 4);
    else end = at + (value < 1_000_000 ? (value < 100_000 ? 5 : 6) : value < 10_000_000 ? 7 : 8);
    this.length = end;
    let rest = value | 0;
    while (rest >= 100) {
      const higher = (rest / 100) | 0;
      const two = rest - higher * 100;
      bytes[--end] = ONES[two];
      bytes[--end] = TENS[two];
      rest = higher;
    }
    if (rest >= 10) bytes[at++] = TENS[rest];
    bytes[at] = ONES[rest];
  }

  private eightDigits(value: number): void {
    const { bytes } = this;
    const from = this.length;
    let at = from + 8;
    let rest = value | 0;
    while (at > from) {
      const higher = (rest / 100) | 0;
      const two = rest - higher * 100;
      bytes[--at] = ONES[two];
      bytes[--at] = TENS[two];
      rest = higher;
    }
    this.length = from + 8;
  }

  private piece(json: string): void {
    const bytes = this.reserve(json.length * BYTES_OF_UNIT);
    this.length += encoder.encodeInto(json, bytes.subarray(this.length)).written;
  }

  /** The buffer, with room for `more` bytes. */
  private reserve(more: number): Uint8Array {
    const { bytes, length } = this;
    if (length + more <= bytes.length) return bytes;
    const grown = new Uint8Array(Math.max(length + more, bytes.length * 2));
    grown.set(bytes.subarray(0, length));
    this.bytes = grown;
    return grown;
  }
}

/** Text as bytes of UTF-8, to be written again and again. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}
