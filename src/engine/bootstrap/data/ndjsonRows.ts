import { EngineError } from '../../bytes/engineError';
import { parseJson } from '../../json/parseJson';
import type { ByteSource } from '../../storage/byteSource';
import {
  type DataRow,
  type DataShare,
  type DataSource,
  faultyRow,
  type ReadOptions,
  ROWS_IN_BATCH,
  rowPlace,
} from './dataSource';
import { LONGEST_ROW, textBlocks } from './textBlocks';
import { lineShares } from './textShares';

/** Rows of a file with one JSON object on each line. Lines without a character but space are left out. */
export class NdjsonRows implements DataSource {
  readonly isText = false;
  readonly columns = null;
  readonly placeName = 'line';

  constructor(private readonly source: ByteSource) {}

  get file(): string {
    return this.source.name;
  }

  get bytes(): number {
    return this.source.size;
  }

  shares(bytes: number, signal?: AbortSignal): Promise<DataShare[]> {
    return lineShares(this.source, bytes, signal);
  }

  async *rows({ signal, share }: ReadOptions = {}): AsyncGenerator<DataRow[]> {
    let rest = '';
    let line = 1;
    for await (const block of textBlocks(this.source, signal, share)) {
      const lines = (rest + block).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LONGEST_ROW) throw tooLong(this, line + lines.length);
      for (let from = 0; from < lines.length; from += ROWS_IN_BATCH) {
        const rows: DataRow[] = [];
        for (const text of lines.slice(from, from + ROWS_IN_BATCH)) this.take(text, line++, rows);
        yield rows;
      }
    }
    const rows: DataRow[] = [];
    this.take(rest, line, rows);
    yield rows;
  }

  async close(): Promise<void> {
    await this.source.close();
  }

  private take(text: string, place: number, rows: DataRow[]): void {
    if (text.trim() !== '') rows.push(objectRow(this, text, place));
  }
}

/** The row of one JSON object. */
export function objectRow(source: DataSource, text: string, place: number): DataRow {
  try {
    const cells = parseJson(text);
    if (cells instanceof Map) return { place, cells };
    return faultyRow(source, place, 'A row is a JSON object with a field for each column.');
  } catch (e) {
    if (!(e instanceof EngineError) || e.code !== 'BAD_VALUE') throw e;
    const column = e.offset === undefined ? '' : `, character ${e.offset + 1}`;
    const where = rowPlace(source, place) + column;
    return { place, cells: [], fault: new EngineError('BAD_VALUE', e.message, { file: source.file, where }) };
  }
}

export const tooLong = (source: DataSource, place: number): EngineError =>
  new EngineError('LIMIT', `A row is longer than ${LONGEST_ROW} characters.`, {
    file: source.file,
    where: rowPlace(source, place),
  });
