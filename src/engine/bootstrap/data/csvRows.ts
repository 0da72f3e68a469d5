import { EngineError } from '../../bytes/engineError';
import type { ByteSource } from '../../storage/byteSource';
import {
  type DataRow,
  type DataShare,
  type DataSource,
  faultyRow,
  type ReadOptions,
  ROWS_IN_BATCH,
} from './dataSource';
import { LONGEST_ROW, textBlocks } from './textBlocks';
import { quotedLineShares } from './textShares';

export interface CsvOptions {
  /** One character; default `,`. */
  delimiter?: string;
  /** One character; default `"`. */
  quote?: string;
  /** Whether the first line has the names of the columns; default true. */
  header?: boolean;
  /** Names of the columns where the file has none, or in place of those that it has. */
  columns?: readonly string[];
}

/**
 * Rows of comma-separated text (RFC 4180): fields may be quoted, a quote inside is doubled, a quoted field may go over
 * several lines. Lines end with LF or CRLF. A row with another number of fields than there are columns is bad, a quote that
 * does not end is the end of it all. Lines without a character are left out.
 */
export class CsvRows implements DataSource {
  readonly isText = true;
  readonly placeName = 'line';

  private constructor(
    private readonly source: ByteSource,
    private readonly delimiter: string,
    private readonly quote: string,
    private readonly skipsFirst: boolean,
    readonly columns: readonly string[],
  ) {}

  /** Reads the names of the columns. `BAD_VALUE` where there are none, or one stands there twice. */
  static async open(source: ByteSource, options: CsvOptions = {}, signal?: AbortSignal): Promise<CsvRows> {
    const { delimiter = ',', quote = '"', header = true, columns } = options;
    checkMarks(delimiter, quote);
    const names = columns ?? (await firstRow(source, delimiter, quote, header, signal));
    names.forEach((name, i) => {
      if (name === '') throw headerError(source, `Column ${i + 1} has no name.`);
      if (names.indexOf(name) !== i) throw headerError(source, `Two columns are called ${name}.`);
    });
    return new CsvRows(source, delimiter, quote, header, names);
  }

  get file(): string {
    return this.source.name;
  }

  get bytes(): number {
    return this.source.size;
  }

  /** One share alone where the quote is not one byte. */
  async shares(bytes: number, signal?: AbortSignal): Promise<DataShare[]> {
    const unit = this.quote.charCodeAt(0);
    const whole = [{ from: 0, to: this.source.size }];
    return unit < 0x80 ? quotedLineShares(this.source, unit, bytes, signal) : whole;
  }

  async *rows({ signal, share }: ReadOptions = {}): AsyncGenerator<DataRow[]> {
    const { length } = this.columns;
    let isFirst = this.skipsFirst && (share === undefined || share.from === 0);
    for await (const records of csvRecords(
      textBlocks(this.source, signal, share),
      this.file,
      this.delimiter,
      this.quote,
    )) {
      const rows: DataRow[] = [];
      for (const row of records) {
        if (isFirst) {
          isFirst = false;
        } else if (row.fault !== null || row.cells.length === length) {
          rows.push(row);
        } else {
          const held = this.delimiter === '\t' ? 'a tab' : this.delimiter;
          rows.push(
            faultyRow(
              this,
              row.place,
              `The row has ${row.cells.length} fields, but there are ${length} columns.`,
              `A field that holds ${held} must stand in ${this.quote}.`,
            ),
          );
        }
      }
      yield rows;
    }
  }

  async close(): Promise<void> {
    await this.source.close();
  }
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export interface CsvRecord {
  place: number;
  cells: string[];
  /** What is wrong with its quotes; such a record ends with its line. */
  fault: EngineError | null;
}

function checkMarks(delimiter: string, quote: string): void {
  for (const [what, mark] of [
    ['delimiter', delimiter],
    ['quote', quote],
  ]) {
    if (mark.length === 1 && mark !== '\n' && mark !== '\r') continue;
    throw new EngineError('BAD_ARGUMENT', `The ${what} of a CSV file is one character, found ${JSON.stringify(mark)}.`);
  }
  if (delimiter === quote)
    throw new EngineError('BAD_ARGUMENT', 'Delimiter and quote of a CSV file cannot be the same.');
}

async function firstRow(
  source: ByteSource,
  delimiter: string,
  quote: string,
  header: boolean,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  for await (const [first] of csvRecords(textBlocks(source, signal), source.name, delimiter, quote)) {
    if (first !== undefined && first.fault !== null) throw first.fault;
    if (first !== undefined) return header ? first.cells : first.cells.map((_, i) => `c${i + 1}`);
  }
  throw headerError(source, 'The file is empty.');
}

const headerError = (source: ByteSource, message: string): EngineError =>
  new EngineError('BAD_VALUE', message, {
    file: source.name,
    where: 'line 1',
    hint: 'The first line of a CSV file names its columns, unless "header" is false.',
  });

/** The records of a text, however it is cut into blocks, in lists. */
export async function* csvRecords(
  blocks: AsyncIterable<string>,
  file: string,
  delimiter: string,
  quote: string,
): AsyncGenerator<CsvRecord[]> {
  let rest = '';
  let line = 1;
  let records: CsvRecord[] = [];
  const take = (text: string, isLast: boolean): string => {
    let at = 0;
    while (at < text.length) {
      const end = text.indexOf('\n', at);
      if (end < 0 && !isLast) break;
      const to = end < 0 ? text.length : end;
      // A record without a quote is taken apart by the engine's own means, which are several times as quick.
      const plain = text.slice(at, to > at && text.charCodeAt(to - 1) === 0x0d ? to - 1 : to);
      if (!plain.includes(quote)) {
        if (plain !== '') records.push({ place: line, cells: plain.split(delimiter), fault: null });
        line++;
        at = to + 1;
        continue;
      }
      const record = quotedRecord(file, text, at, line, delimiter, quote, isLast);
      if (record === null) break;
      records.push({ place: line, cells: record.cells, fault: record.fault });
      line += record.lines;
      at = record.next;
    }
    return text.slice(at);
  };
  for await (const block of blocks) {
    rest = take(rest + block, false);
    if (rest.length > LONGEST_ROW) {
      throw new EngineError('LIMIT', `A row is longer than ${LONGEST_ROW} characters.`, {
        file,
        where: `line ${line}`,
        hint: `Perhaps a ${quote} is not closed.`,
      });
    }
    for (let from = 0; from < records.length; from += ROWS_IN_BATCH) yield records.slice(from, from + ROWS_IN_BATCH);
    records = [];
  }
  take(rest, true);
  if (records.length > 0) yield records;
}

/** A record with quoted fields that begins at `from`; null where its end is not there yet. */
function quotedRecord(
  file: string,
  text: string,
  from: number,
  line: number,
  delimiter: string,
  quote: string,
  isLast: boolean,
): { cells: string[]; fault: EngineError | null; next: number; lines: number } | null {
  const cells: string[] = [];
  const quoteUnit = quote.charCodeAt(0);
  const delimiterUnit = delimiter.charCodeAt(0);
  let at = from;
  let lines = 1;
  const error = (message: string, field: number): EngineError =>
    new EngineError('BAD_VALUE', message, {
      file,
      where: `line ${line}, field ${field}`,
      hint: `A ${quote} inside a field is doubled, and the field stands in ${quote}.`,
    });
  const broken = (message: string, field: number) => {
    const end = text.indexOf('\n', at);
    return end < 0 && !isLast
      ? null
      : { cells, fault: error(message, field), next: end < 0 ? text.length : end + 1, lines };
  };
  for (;;) {
    let cell: string;
    if (text.charCodeAt(at) === quoteUnit) {
      let close = at + 1;
      let isDoubled = false;
      for (;;) {
        close = text.indexOf(quote, close);
        // The last character of a block may be the first half of a doubled quote.
        if (close < 0 || (close === text.length - 1 && !isLast)) {
          if (!isLast) return null;
          throw error(`A ${quote} is not closed.`, cells.length + 1);
        }
        if (text.charCodeAt(close + 1) !== quoteUnit) break;
        isDoubled = true;
        close += 2;
      }
      cell = text.slice(at + 1, close);
      at = close + 1;
      for (let i = cell.indexOf('\n'); i >= 0; i = cell.indexOf('\n', i + 1)) lines++;
      if (isDoubled) cell = cell.replaceAll(quote + quote, quote);
    } else {
      const start = at;
      let unit = text.charCodeAt(at);
      while (at < text.length && unit !== delimiterUnit && unit !== LINE_FEED) {
        if (unit === quoteUnit) {
          return broken(`A ${quote} stands inside a field that does not begin with one.`, cells.length + 1);
        }
        unit = text.charCodeAt(++at);
      }
      if (at === text.length && !isLast) return null;
      const isBeforeEnd = at === text.length || unit === LINE_FEED;
      const isCrLf = isBeforeEnd && at > start && text.charCodeAt(at - 1) === CARRIAGE_RETURN;
      cell = text.slice(start, isCrLf ? at - 1 : at);
    }
    cells.push(cell);
    if (at >= text.length) {
      if (!isLast) return null;
      return { cells, fault: null, next: at, lines };
    }
    if (text[at] === delimiter) {
      at++;
      continue;
    }
    if (text[at] === '\r' && at + 1 === text.length && !isLast) return null;
    if (text[at] === '\r' && (text[at + 1] === '\n' || at + 1 === text.length)) at++;
    if (at >= text.length) return { cells, fault: null, next: at, lines };
    if (text[at] === '\n') return { cells, fault: null, next: at + 1, lines };
    return broken(`Text follows the closing ${quote}.`, cells.length);
  }
}
