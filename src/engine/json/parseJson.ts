import { EngineError } from '../bytes/engineError';
import type { Json } from './jsonValue';

/** Deepest nesting that is followed. */
const MAX_DEPTH = 500;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
/** Longest integer that is made a `bigint`. */
const MAX_DIGITS = 100_000;

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
    this.space();
    switch (this.text[this.at]) {
      case '{':
        return this.object(depth);
      case '[':
        return this.array(depth);
      case '"':
        return this.string();
      case 't':
        return this.word('true', true);
      case 'f':
        return this.word('false', false);
      case 'n':
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
    if (this.next('}')) return fields;
    do {
      this.space();
      const from = this.at;
      if (this.text[from] !== '"') throw this.error('Expected a field name in double quotes.');
      const name = this.string();
      if (fields.has(name)) throw this.error(`The field ${JSON.stringify(name)} occurs twice.`, from);
      if (!this.next(':')) throw this.error('Expected ":" after a field name.');
      fields.set(name, this.value(depth + 1));
    } while (this.next(','));
    if (!this.next('}')) throw this.error('Expected "," or "}".');
    return fields;
  }

  private array(depth: number): Json {
    const items: Json[] = [];
    this.at++;
    if (this.next(']')) return items;
    do items.push(this.value(depth + 1));
    while (this.next(','));
    if (!this.next(']')) throw this.error('Expected "," or "]".');
    return items;
  }

  private string(): string {
    const from = this.at;
    let end = from + 1;
    for (;;) {
      const unit = this.text.charCodeAt(end);
      if (Number.isNaN(unit)) throw this.error('A string does not end.', from);
      if (unit < 0x20) throw this.error('A control character in a string must be written as an escape.', end);
      if (unit === 0x22) break;
      end += unit === 0x5c ? 2 : 1;
    }
    this.at = end + 1;
    try {
      return JSON.parse(this.text.slice(from, end + 1)) as string;
    } catch {
      throw this.error('A string holds an escape that JSON does not know.', from);
    }
  }

  private number(): Json {
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
  private next(mark: string): boolean {
    this.space();
    if (this.text[this.at] !== mark) return false;
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
