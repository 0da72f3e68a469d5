import {
  type DecodedArray,
  type FileMetaData,
  type ParquetParsers,
  type ParquetScan,
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
  type SchemaElement,
  type SchemaTree,
} from 'hyparquet';
import { EngineError, throwIfAborted } from '../../bytes/engineError';
import type { ByteSource } from '../../storage/byteSource';
import type { Cell, DataRow, DataShare, DataSource, ReadOptions } from './dataSource';
import { faultyRow, ROWS_IN_BATCH } from './dataSource';
import { type CellOfParquet, parquetCells, parquetType } from './parquetCells';
import { PARQUET_CODECS, prepareParquetCodecs } from './parquetCodecs';

/** Rows that are decoded at once where the file has an index of its pages; else a whole row group. */
const ROWS_AT_ONCE = 64 * 1024;

/** What is needed of each value to keep it exact: points in time in the unit of the file. */
const PARSERS: ParquetParsers = {
  timestampFromMilliseconds: (value) => value,
  timestampFromMicroseconds: (value) => value,
  timestampFromNanoseconds: (value) => value,
  dateFromDays: (days) => days,
  stringFromBytes: (bytes) => (bytes === undefined ? undefined : utf8.decode(bytes)),
  jsonFromBytes: (bytes) => (bytes === undefined ? undefined : utf8.decode(bytes)),
  geometryFromBytes: (bytes) => bytes,
  geographyFromBytes: (bytes) => bytes,
  uuidFromBytes: (bytes) => bytes,
};

const utf8 = new TextDecoder('utf-8', { fatal: true });
/** The library decodes the statistics too, in which a text may be cut off inside a character. */
const lenient = new TextDecoder();
const METADATA_PARSERS: ParquetParsers = {
  ...PARSERS,
  stringFromBytes: (bytes) => (bytes === undefined ? undefined : lenient.decode(bytes)),
  jsonFromBytes: (bytes) => bytes,
};

/** Rows of a Parquet file, one row group after the other. */
export class ParquetRows implements DataSource {
  readonly isText = false;
  readonly placeName = 'row';
  readonly columns: readonly string[];
  readonly types: ReadonlyMap<string, string>;
  private readonly cells: ReadonlyMap<string, CellOfParquet>;

  private constructor(
    private readonly source: ByteSource,
    private readonly metadata: FileMetaData,
    trees: readonly SchemaTree[],
  ) {
    this.columns = trees.map(({ element }) => element.name);
    this.types = new Map(
      trees.flatMap((tree) => {
        const type = parquetType(tree);
        return type === null ? [] : [[tree.element.name, type] as const];
      }),
    );
    this.cells = new Map(trees.map((tree) => [tree.element.name, parquetCells(tree)]));
  }

  static async open(source: ByteSource, signal?: AbortSignal): Promise<ParquetRows> {
    throwIfAborted(signal);
    await prepareParquetCodecs();
    const metadata = await reading(source, () =>
      parquetMetadataAsync(bufferOf(source, signal), { parsers: METADATA_PARSERS, geoparquet: false }),
    );
    const original = parquetSchema({ ...metadata, schema: metadata.schema.map((element) => ({ ...element })) });
    // The library makes decimals doubles: without their logical type their digits come as they are stored.
    metadata.schema = metadata.schema.map(withoutDecimal);
    return new ParquetRows(source, metadata, original.children);
  }

  get file(): string {
    return this.source.name;
  }

  get bytes(): number {
    return this.source.size;
  }

  /** Whole row groups. */
  async shares(bytes: number): Promise<DataShare[]> {
    const shares: { from: number; to: number }[] = [];
    let [from, size] = [0, 0];
    let to = 0;
    for (const group of this.metadata.row_groups) {
      to += Number(group.num_rows);
      size += Number(group.total_byte_size);
      if (size < bytes) continue;
      shares.push({ from, to });
      [from, size] = [to, 0];
    }
    if (to > from) shares.push({ from, to });
    return shares;
  }

  async *rows({ signal, wanted, share }: ReadOptions = {}): AsyncGenerator<DataRow[]> {
    const columns = this.columns.filter((name) => wanted?.has(name) !== false);
    const scan = await reading(this.source, () =>
      parquetScan({
        file: bufferOf(this.source, signal),
        metadata: this.metadata,
        columns,
        compressors: PARQUET_CODECS,
        utf8: false,
        parsers: PARSERS,
        geoparquet: false,
      }),
    );
    let from = 0;
    for (const group of this.metadata.row_groups) {
      const end = from + Number(group.num_rows);
      if (share !== undefined && (from < share.from || end > share.to)) {
        from = end;
        continue;
      }
      const isIndexed = group.columns.every(({ offset_index_offset: at }) => at !== undefined);
      const step = isIndexed ? ROWS_AT_ONCE : end - from;
      for (; from < end; from = Math.min(from + step, end)) {
        yield* this.chunk(scan, columns, from, Math.min(from + step, end), signal);
      }
    }
  }

  async close(): Promise<void> {
    await this.source.close();
  }

  private async *chunk(
    scan: ParquetScan,
    columns: readonly string[],
    rowStart: number,
    rowEnd: number,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<DataRow[]> {
    const read = new Map<string, DecodedArray>();
    for (const column of columns) {
      throwIfAborted(signal);
      const values = await reading(this.source, () => scan.readColumn({ column, rowStart, rowEnd }));
      if (values.length !== rowEnd - rowStart) {
        throw new EngineError(
          'CORRUPT',
          `The column ${column} has ${values.length} values for ${rowEnd - rowStart} rows.`,
          { file: this.source.name },
        );
      }
      read.set(column, values);
    }
    const sources = this.columns.map((name) => ({ values: read.get(name), cellOf: this.cells.get(name) }));
    for (let from = 0; from < rowEnd - rowStart; from += ROWS_IN_BATCH) {
      const to = Math.min(from + ROWS_IN_BATCH, rowEnd - rowStart);
      const rows: DataRow[] = [];
      for (let i = from; i < to; i++) {
        const place = rowStart + i + 1;
        try {
          const cells: Cell[] = [];
          for (const { values, cellOf } of sources) {
            cells.push(values === undefined || cellOf === undefined ? null : cellOf(values[i]));
          }
          rows.push({ place, cells });
        } catch (e) {
          rows.push(
            faultyRow(this, place, `A value is not of the type of its column: ${e instanceof Error ? e.message : e}`),
          );
        }
      }
      yield rows;
    }
  }
}

function withoutDecimal(element: SchemaElement): SchemaElement {
  if (element.converted_type !== 'DECIMAL' && element.logical_type?.type !== 'DECIMAL') return element;
  const { converted_type: _converted, logical_type: _logical, ...rest } = element;
  return rest;
}

function bufferOf(source: ByteSource, signal: AbortSignal | undefined) {
  return {
    byteLength: source.size,
    slice: async (start: number, end = source.size): Promise<ArrayBuffer> => {
      const from = start < 0 ? Math.max(0, source.size + start) : start;
      const bytes = await source.read(from, Math.max(0, Math.min(end, source.size) - from), signal);
      const copy = new ArrayBuffer(bytes.length);
      new Uint8Array(copy).set(bytes);
      return copy;
    },
  };
}

/** The library's own errors say what is wrong with the file. */
async function reading<T>(source: ByteSource, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (e) {
    if (e instanceof EngineError) throw e;
    const why = e instanceof Error ? e.message : String(e);
    throw new EngineError('CORRUPT', `The Parquet file cannot be read: ${why}.`, { file: source.name, cause: e });
  }
}
