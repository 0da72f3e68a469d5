import { EngineError } from '../bytes/engineError';
import type { Json } from './jsonValue';

/** Deepest nesting that is followed. */
const MAX_DEPTH = 500;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
/** Longest integer that is made a `bigint`. */
const MAX_DIGITS = 100_000;
/** Digits that a double holds, whatever they are. */
const MAX_SHORT_DIGITS = 15;

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const COLON = 0x3a;
const LETTER_E_LARGE = 0x45;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const LETTER_E = 0x65;
const LETTER_F = 0x66;
const LETTER_N = 0x6e;
const LETTER_T = 0x74;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Parses one JSON text (RFC 8259) with its numbers exact: an integer without fraction or exponent becomes a `bigint`, except
 * `-0`, which only a double can be. A field that occurs twice is an error, because one of the two would be lost. `BAD_VALUE`
 * with line and column for anything that is not JSON.
 */
export function parseJson(text: string): Json {
  const parser = new JsonParser(text);
  const value = parser.value(0);
  parser.expectEnd();
  return value;
}

class JsonParser {
  private at = 0;

  constructor(private readonly text: string) {}

  value(depth: number): Json {
    if (depth > MAX_DEPTH) throw this.error(`The JSON is nested deeper than ${MAX_DEPTH} levels.`);
    if (this.text.charCodeAt(this.at) <= SPACE) this.space();
    switch (this.text.charCodeAt(this.at)) {
      case OPEN_OBJECT:
        return this.object(depth);
      case OPEN_ARRAY:
        return this.array(depth);
      case QUOTE:
        return this.string();
      case LETTER_T:
        return this.word('true', true);
      case LETTER_F:
        return this.word('false', false);
      case LETTER_N:
        return this.word('null', null);
      default:
        return this.number();
    }
  }

  expectEnd(): void {
    this.space();
    if (this.at < this.text.length) throw this.error('Text follows the JSON value.');
  }

  private object(depth: number): Json {
    const fields = new Map<string, Json>();
    this.at++;
    if (this.next(CLOSE_OBJECT)) return fields;
    do {
      if (this.text.charCodeAt(this.at) <= SPACE) this.space();
      const from = this.at;
      if (this.text.charCodeAt(from) !== QUOTE) throw this.error('Expected a field name in double quotes.');
      const name = this.string();
      const { size } = fields;
      if (!this.next(COLON)) throw this.error('Expected ":" after a field name.');
      fields.set(name, this.value(depth + 1));
      if (fields.size === size) throw this.error(`The field ${JSON.stringify(name)} occurs twice.`, from);
    } while (this.next(COMMA));
    if (!this.next(CLOSE_OBJECT)) throw this.error('Expected "," or "}".');
    return fields;
  }

  private array(depth: number): Json {
    const items: Json[] = [];
    this.at++;
    if (this.next(CLOSE_ARRAY)) return items;
    do items.push(this.value(depth + 1));
    while (this.next(COMMA));
    if (!this.next(CLOSE_ARRAY)) throw this.error('Expected "," or "]".');
    return items;
  }

  private string(): string {
    const { text } = this;
    const from = this.at;
    let end = from + 1;
    let hasEscapes = false;
    for (;;) {
      const unit = text.charCodeAt(end);
      if (unit === QUOTE) break;
      if (unit === BACKSLASH) {
        hasEscapes = true;
        end += 2;
      } else if (unit >= 0x20) {
        end++;
      } else if (Number.isNaN(unit)) {
        throw this.error('A string does not end.', from);
      } else {
        throw this.error('A control character in a string must be written as an escape.', end);
      }
    }
    this.at = end + 1;
    if (!hasEscapes) return text.slice(from + 1, end);
    try {
      return JSON.parse(text.slice(from, end + 1)) as string;
    } catch {
      throw this.error('A string holds an escape that JSON does not know.', from);
    }
  }

  private number(): Json {
    return this.shortInteger() ?? this.anyNumber();
  }

  /** An integer of so few digits that a double counts them exactly; null for all else. */
  private shortInteger(): bigint | null {
    const { text } = this;
    const isNegative = text.charCodeAt(this.at) === MINUS;
    const from = isNegative ? this.at + 1 : this.at;
    let at = from;
    let value = 0;
    let unit = text.charCodeAt(at);
    while (unit >= DIGIT_0 && unit <= DIGIT_9) {
      value = value * 10 + (unit - DIGIT_0);
      unit = text.charCodeAt(++at);
    }
    const digits = at - from;
    // A zero in front, -0, a fraction and an exponent are looked at more closely.
    if (digits === 0 || digits > MAX_SHORT_DIGITS || unit === POINT || unit === LETTER_E || unit === LETTER_E_LARGE)
      return null;
    if (text.charCodeAt(from) === DIGIT_0 && (digits > 1 || isNegative)) return null;
    this.at = at;
    return BigInt(isNegative ? -value : value);
  }

  private anyNumber(): Json {
    NUMBER.lastIndex = this.at;
    const match = NUMBER.exec(this.text);
    if (match === null)
      throw this.error(this.at < this.text.length ? 'Expected a JSON value.' : 'The JSON ends too early.');
    const [digits, fraction, exponent] = match;
    const from = this.at;
    this.at += digits.length;
    if (fraction !== undefined || exponent !== undefined || digits === '-0') {
      const value = Number(digits);
      if (!Number.isFinite(value))
        throw this.error(`The number ${digits.slice(0, 40)} is too large for a double.`, from);
      return value;
    }
    if (digits.length > MAX_DIGITS) throw this.error(`An integer has more than ${MAX_DIGITS} digits.`, from);
    return BigInt(digits);
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw this.error('Expected a JSON value.');
    this.at += word.length;
    return value;
  }

  /** Steps over `mark` if it comes next. */
  private next(mark: number): boolean {
    if (this.text.charCodeAt(this.at) <= SPACE) this.space();
    if (this.text.charCodeAt(this.at) !== mark) return false;
    this.at++;
    return true;
  }

  private space(): void {
    for (;;) {
      const unit = this.text.charCodeAt(this.at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
      this.at++;
    }
  }

  private error(message: string, at = this.at): EngineError {
    const before = this.text.slice(0, at);
    const line = before.split('\n').length;
    const column = at - before.lastIndexOf('\n');
    return new EngineError('BAD_VALUE', message, { offset: at, where: `line ${line}, column ${column}` });
  }
}
