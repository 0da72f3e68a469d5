import { type DataRow, type DataShare, type ReadOptions, ROWS_IN_BATCH } from './dataSource';
import { JsonRows, objectRow, tooLong } from './jsonRows';
import { LONGEST_ROW, textBlocks } from './textBlocks';
import { lineShares } from './textShares';

/** Rows of a file with one JSON object on each line. Lines without a character but space are left out. */
export class NdjsonRows extends JsonRows {
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

  private take(text: string, place: number, rows: DataRow[]): void {
    if (text.trim() !== '') rows.push(objectRow(this, text, place));
  }
}
