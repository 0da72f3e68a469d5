import { EngineError } from '../../bytes/engineError';
import { parseJson } from '../../json/parseJson';
import type { ByteSource } from '../../storage/byteSource';
import { type DataRow, type DataShare, type DataSource, faultyRow, type ReadOptions, rowPlace } from './dataSource';
import { LONGEST_ROW } from './textBlocks';

/** Rows of a file of JSON objects, which are counted by the line in which they begin. */
export abstract class JsonRows implements DataSource {
  readonly isText = false;
  readonly columns = null;
  readonly placeName = 'line';

  constructor(protected readonly source: ByteSource) {}

  get file(): string {
    return this.source.name;
  }

  get bytes(): number {
    return this.source.size;
  }

  abstract shares(bytes: number, signal?: AbortSignal): Promise<DataShare[]>;
  abstract rows(options?: ReadOptions): AsyncGenerator<DataRow[]>;

  async close(): Promise<void> {
    await this.source.close();
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
