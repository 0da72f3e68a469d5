import { asciiText } from '../../bytes/asciiText';
import { EngineError } from '../../bytes/engineError';
import { DOUBLED_QUOTES, NOT_ASCII } from './fieldRows';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** The end of a record is not there yet. */
const UNFINISHED = -1;
const FIRST_ROWS = 1024;

/** What stands between fields, and around them: characters that may take several bytes. */
export interface CsvMarks {
  readonly delimiter: string;
  readonly quote: string;
}

/** Takes the records of CSV apart (`CsvRows` says how they look); says of each where its fields lie. */
export class CsvFields {
  bytes: Uint8Array = new Uint8Array(0);
  /** Records that were found. */
  count = 0;
  /** By record: the number of its first field, and with one more where those of the last end; the line in which it begins. */
  firstFields = new Int32Array(FIRST_ROWS);
  lines = new Int32Array(FIRST_ROWS);
  /** By field. */
  from = new Int32Array(FIRST_ROWS);
  to = new Int32Array(FIRST_ROWS);
  marks = new Uint8Array(FIRST_ROWS);
  /** What is wrong with the quotes of a record; it ends with its line then. */
  readonly faults = new Map<number, EngineError>();
  /** Whether all bytes that were taken apart are ASCII. */
  isAscii = true;
  /** The line that comes next. */
  line = 1;
  private fields = 0;
  private readonly delimiter: Uint8Array;
  private readonly quote: Uint8Array;
  /** By byte: 1 where it may be the beginning of what ends a field without quotes, or should not stand in it. */
  private readonly special = new Uint8Array(256);
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(
    private readonly file: string,
    private readonly words: CsvMarks,
  ) {
    const encoder = new TextEncoder();
    this.delimiter = encoder.encode(words.delimiter);
    this.quote = encoder.encode(words.quote);
    for (const byte of [this.delimiter[0], this.quote[0], LINE_FEED]) this.special[byte] = 1;
  }

  /**
   * The records of `[from, to)`; gives where the first begins whose end is not there yet. A quote that does not end is the end of
   * it all (`BAD_VALUE`) where nothing more follows.
   */
  split(bytes: Uint8Array, from: number, to: number, isLast: boolean): number {
    this.bytes = bytes;
    this.count = 0;
    this.fields = 0;
    this.isAscii = true;
    this.faults.clear();
    let at = from;
    while (at < to) {
      const next = this.record(at, to, isLast);
      if (next === UNFINISHED) break;
      at = next;
    }
    return at;
  }

  fieldCount(record: number): number {
    return this.firstFields[record + 1] - this.firstFields[record];
  }

  /** The text of a field. */
  text(field: number): string {
    const { bytes } = this;
    const [from, to, marks] = [this.from[field], this.to[field], this.marks[field]];
    const text = (marks & NOT_ASCII) === 0 ? asciiText(bytes, from, to) : this.decoder.decode(bytes.subarray(from, to));
    const { quote } = this.words;
    return (marks & DOUBLED_QUOTES) === 0 ? text : text.replaceAll(quote + quote, quote);
  }

  private record(start: number, to: number, isLast: boolean): number {
    const { bytes, special, quote, delimiter } = this;
    const firstField = this.fields;
    let lines = 1;
    for (let at = start; ; ) {
      const isQuoted = this.isMark(quote, at, to);
      let from = at;
      let end: number;
      let all = 0;
      let marks = 0;
      if (isQuoted) {
        from = at + quote.length;
        end = from;
        for (;;) {
          for (; end < to && bytes[end] !== quote[0]; end++) {
            all |= bytes[end];
            if (bytes[end] === LINE_FEED) lines++;
          }
          if (end >= to) {
            if (!isLast) return UNFINISHED;
            throw this.error(`A ${this.words.quote} is not closed.`, this.fields - firstField + 1);
          }
          const behind = end + quote.length;
          if (!this.isMark(quote, end, to)) all |= bytes[end++];
          else if (this.isMark(quote, behind, to)) {
            all |= bytes[end];
            marks = DOUBLED_QUOTES;
            end = behind + quote.length;
          } else break;
        }
        at = end + quote.length;
      } else {
        for (; at < to; at++) {
          all |= bytes[at];
          if (special[bytes[at]] === 0) continue;
          if (bytes[at] === LINE_FEED || this.isMark(delimiter, at, to)) break;
          if (this.isMark(quote, at, to)) {
            if (all >= 0x80) this.isAscii = false;
            const message = `A ${this.words.quote} stands inside a field that does not begin with one.`;
            return this.broken(message, firstField, this.fields - firstField + 1, at, to, isLast, lines);
          }
        }
        end = at;
        if ((at >= to || bytes[at] === LINE_FEED) && end > from && bytes[end - 1] === CARRIAGE_RETURN) end--;
      }
      if (at >= to && !isLast) return UNFINISHED;
      if (all >= 0x80) {
        marks |= NOT_ASCII;
        this.isAscii = false;
      }
      this.addField(from, end, marks);
      if (at < to && this.isMark(delimiter, at, to)) {
        at += delimiter.length;
        continue;
      }
      if (at < to && bytes[at] === CARRIAGE_RETURN) {
        if (at + 1 >= to && !isLast) return UNFINISHED;
        if (at + 1 >= to || bytes[at + 1] === LINE_FEED) at++;
      }
      if (at < to && bytes[at] !== LINE_FEED) {
        const message = `Text follows the closing ${this.words.quote}.`;
        return this.broken(message, firstField, this.fields - firstField, at, to, isLast, lines);
      }
      // Lines without a character are left out.
      if (this.fields === firstField + 1 && !isQuoted && from === end) this.fields = firstField;
      else this.addRecord(firstField);
      this.line += lines;
      return Math.min(at + 1, to);
    }
  }

  /** A record whose quotes are not as they should be. */
  private broken(
    message: string,
    firstField: number,
    field: number,
    at: number,
    to: number,
    isLast: boolean,
    lines: number,
  ): number {
    const end = this.bytes.indexOf(LINE_FEED, at);
    const isThere = end >= 0 && end < to;
    if (!isThere && !isLast) return UNFINISHED;
    for (let i = at; this.isAscii && i < (isThere ? end : to); i++) this.isAscii = this.bytes[i] < 0x80;
    this.faults.set(this.count, this.error(message, field));
    this.addRecord(firstField);
    this.line += lines;
    return isThere ? end + 1 : to;
  }

  private error(message: string, field: number): EngineError {
    const { quote } = this.words;
    return new EngineError('BAD_VALUE', message, {
      file: this.file,
      where: `line ${this.line}, field ${field}`,
      hint: `A ${quote} inside a field is doubled, and the field stands in ${quote}.`,
    });
  }

  private isMark(mark: Uint8Array, at: number, to: number): boolean {
    if (at >= to || this.bytes[at] !== mark[0]) return false;
    for (let i = 1; i < mark.length; i++) if (at + i >= to || this.bytes[at + i] !== mark[i]) return false;
    return true;
  }

  private addField(from: number, to: number, marks: number): void {
    if (this.fields === this.from.length) {
      this.from = grown(this.from);
      this.to = grown(this.to);
      const { marks: before } = this;
      this.marks = new Uint8Array(before.length * 2);
      this.marks.set(before);
    }
    this.from[this.fields] = from;
    this.to[this.fields] = to;
    this.marks[this.fields++] = marks;
  }

  private addRecord(firstField: number): void {
    if (this.count + 1 === this.firstFields.length) {
      this.firstFields = grown(this.firstFields);
      this.lines = grown(this.lines);
    }
    this.lines[this.count] = this.line;
    this.firstFields[this.count++] = firstField;
    this.firstFields[this.count] = this.fields;
  }
}

function grown(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const more = new Int32Array(numbers.length * 2);
  more.set(numbers);
  return more;
}
