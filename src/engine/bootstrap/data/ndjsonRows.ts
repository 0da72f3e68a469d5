import { asciiText } from '../../bytes/asciiText';
import { byteBlocks, expectUtf8 } from './byteBlocks';
import type { DataRow, DataShare, ReadOptions } from './dataSource';
import { type FieldRows, rowsOf } from './fieldRows';
import { JsonFields } from './jsonFields';
import { JsonRows, objectRow, tooLong } from './jsonRows';
import { LONGEST_ROW } from './textBlocks';
import { lineShares } from './textShares';

const LINE_FEED = 0x0a;
const SPACE = 0x20;

/** Rows of a file with one JSON object on each line. Lines without a character but space are left out. */
export class NdjsonRows extends JsonRows {
  /** Fields that somebody looks at out of their bytes. */
  private readonly names: string[] = [];

  shares(bytes: number, signal?: AbortSignal): Promise<DataShare[]> {
    return lineShares(this.source, bytes, signal);
  }

  rows(options?: ReadOptions): AsyncGenerator<DataRow[]> {
    return rowsOf(this.fields(options));
  }

  fieldIndex(name: string): number {
    const index = this.names.indexOf(name);
    return index < 0 ? this.names.push(name) - 1 : index;
  }

  async *fields({ signal, share }: ReadOptions = {}): AsyncGenerator<FieldRows> {
    const { from, to } = share ?? { from: 0, to: this.source.size };
    const lines = new NdjsonFieldRows(this, this.names);
    let rest: Uint8Array = new Uint8Array(0);
    for await (const { bytes, start, end, at, isLast } of byteBlocks(this.source, from, to, () => rest, signal)) {
      const { line } = lines;
      const next = lines.split(bytes, start, end, isLast);
      if (!lines.isAscii) expectUtf8(bytes.subarray(start, next), this.file, line, at);
      if (lines.end > 0) yield lines;
      rest = bytes.subarray(next, end);
      if (rest.length > LONGEST_ROW) throw tooLong(this, lines.line);
    }
  }
}

/** Some lines of a file. Their fields are looked for when somebody asks. */
class NdjsonFieldRows implements FieldRows {
  bytes: Uint8Array = new Uint8Array(0);
  readonly first = 0;
  readonly quote = 0;
  /** Whether all lines are ASCII; the number of the line behind them. */
  isAscii = true;
  line = 1;
  private starts: number[] = [];
  private ends: number[] = [];
  private places: number[] = [];
  private readonly fields: JsonFields;

  constructor(
    private readonly source: NdjsonRows,
    names: readonly string[],
  ) {
    this.fields = new JsonFields(names);
  }

  get end(): number {
    return this.starts.length;
  }

  get from(): Int32Array {
    return this.fields.from;
  }

  get to(): Int32Array {
    return this.fields.to;
  }

  get marks(): Uint8Array {
    return this.fields.marks;
  }

  /** The whole lines of `[from, to)`; gives where the first begins that is not whole. */
  split(bytes: Uint8Array, from: number, to: number, isLast: boolean): number {
    this.bytes = bytes;
    this.starts = [];
    this.ends = [];
    this.places = [];
    this.isAscii = true;
    let at = from;
    while (at < to) {
      const feed = bytes.indexOf(LINE_FEED, at);
      const isWhole = feed >= 0 && feed < to;
      if (!isWhole && !isLast) break;
      const end = isWhole ? feed : to;
      this.add(at, end);
      at = isWhole ? end + 1 : to;
      this.line++;
    }
    return at;
  }

  isWhole(row: number): boolean {
    return this.fields.find(this.bytes, this.starts[row], this.ends[row]);
  }

  firstField(): number {
    return 0;
  }

  row(row: number): DataRow {
    return objectRow(this.source, this.text(this.starts[row], this.ends[row]), this.places[row]);
  }

  private add(from: number, to: number): void {
    const { bytes } = this;
    let all = 0;
    let isBlank = true;
    for (let i = from; i < to; i++) {
      all |= bytes[i];
      if (bytes[i] > SPACE && bytes[i] < 0x80) isBlank = false;
    }
    if (all >= 0x80) this.isAscii = false;
    // A character of ASCII above the space is none; what else counts as space is known of a text alone.
    if (isBlank && this.text(from, to).trim() === '') return;
    this.starts.push(from);
    this.ends.push(to);
    this.places.push(this.line);
  }

  private text(from: number, to: number): string {
    return this.isAscii ? asciiText(this.bytes, from, to) : decoder.decode(this.bytes.subarray(from, to));
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
