import { EngineError } from '../../bytes/engineError';
import type { ByteSource } from '../../storage/byteSource';
import type { CsvFields, CsvMarks } from './csvFields';
import { csvRecords } from './csvRecords';
import { type DataRow, type DataShare, type DataSource, faultyRow, type ReadOptions } from './dataSource';
import { type FieldRows, rowsOf } from './fieldRows';
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
    readonly marks: CsvMarks,
    private readonly skipsFirst: boolean,
    readonly columns: readonly string[],
  ) {}

  /** Reads the names of the columns. `BAD_VALUE` where there are none, or one stands there twice. */
  static async open(source: ByteSource, options: CsvOptions = {}, signal?: AbortSignal): Promise<CsvRows> {
    const { delimiter = ',', quote = '"', header = true, columns } = options;
    checkMarks(delimiter, quote);
    const marks = { delimiter, quote };
    const names = columns ?? (await firstRow(source, marks, header, signal));
    names.forEach((name, i) => {
      if (name === '') throw headerError(source, `Column ${i + 1} has no name.`);
      if (names.indexOf(name) !== i) throw headerError(source, `Two columns are called ${name}.`);
    });
    return new CsvRows(source, marks, header, names);
  }

  get file(): string {
    return this.source.name;
  }

  get bytes(): number {
    return this.source.size;
  }

  /** One share alone where the quote is not one byte. */
  async shares(bytes: number, signal?: AbortSignal): Promise<DataShare[]> {
    const encoder = new TextEncoder();
    const [quote, ...more] = encoder.encode(this.marks.quote);
    if (more.length > 0) return [{ from: 0, to: this.source.size }];
    const delimiter = encoder.encode(this.marks.delimiter);
    const marks = { quote, delimiterFirst: delimiter[0], delimiterLast: delimiter[delimiter.length - 1] };
    return quotedLineShares(this.source, marks, bytes, signal);
  }

  rows(options?: ReadOptions): AsyncGenerator<DataRow[]> {
    return rowsOf(this.fields(options));
  }

  fieldIndex(column: string): number {
    return this.columns.indexOf(column);
  }

  async *fields({ signal, share, wanted }: ReadOptions = {}): AsyncGenerator<FieldRows> {
    const isWanted = wanted === undefined ? null : this.columns.map((name) => wanted.has(name));
    let isFirst = this.skipsFirst && (share === undefined || share.from === 0);
    for await (const records of csvRecords(this.source, this.marks, signal, share)) {
      yield new CsvFieldRows(this, records, isFirst ? 1 : 0, isWanted);
      isFirst = false;
    }
  }

  async close(): Promise<void> {
    await this.source.close();
  }
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
  marks: CsvMarks,
  header: boolean,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  for await (const records of csvRecords(source, marks, signal)) {
    const fault = records.faults.get(0);
    if (fault !== undefined) throw fault;
    return Array.from({ length: records.fieldCount(0) }, (_, field) =>
      header ? records.text(field) : `c${field + 1}`,
    );
  }
  throw headerError(source, 'The file is empty.');
}

const headerError = (source: ByteSource, message: string): EngineError =>
  new EngineError('BAD_VALUE', message, {
    file: source.name,
    where: 'line 1',
    hint: 'The first line of a CSV file names its columns, unless "header" is false.',
  });

/** Some rows of a file. */
class CsvFieldRows implements FieldRows {
  constructor(
    private readonly source: CsvRows,
    private readonly records: CsvFields,
    readonly first: number,
    /** By column: whether somebody looks at it; null where that may be any. */
    private readonly isWanted: readonly boolean[] | null,
  ) {}

  get bytes(): Uint8Array {
    return this.records.bytes;
  }

  get end(): number {
    return this.records.count;
  }

  firstField(row: number): number {
    return this.records.firstFields[row];
  }

  get from(): Int32Array {
    return this.records.from;
  }

  get to(): Int32Array {
    return this.records.to;
  }

  get marks(): Uint8Array {
    return this.records.marks;
  }

  get quote(): number {
    return this.source.marks.quote.charCodeAt(0);
  }

  isWhole(row: number): boolean {
    const { records } = this;
    return records.fieldCount(row) === this.source.columns.length && !records.faults.has(row);
  }

  row(row: number): DataRow {
    const { records, source, isWanted } = this;
    const place = records.lines[row];
    const fault = records.faults.get(row);
    if (fault !== undefined) return { place, cells: [], fault };
    const { length } = source.columns;
    const count = records.fieldCount(row);
    if (count !== length) {
      const { delimiter, quote } = source.marks;
      return faultyRow(
        source,
        place,
        `The row has ${count} fields, but there are ${length} columns.`,
        `A field that holds ${delimiter === '\t' ? 'a tab' : delimiter} must stand in ${quote}.`,
      );
    }
    const cells: string[] = [];
    const first = records.firstFields[row];
    for (let i = 0; i < length; i++) cells.push(isWanted?.[i] === false ? '' : records.text(first + i));
    return { place, cells, fault: null };
  }
}
