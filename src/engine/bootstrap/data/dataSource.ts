import { EngineError } from '../../bytes/engineError';
import type { Json } from '../../json/jsonValue';
import type { FieldRows } from './fieldRows';

/**
 * What a row has in one place: JSON with exact integers, or bytes. In rows of text (`DataSource.isText`) always a string,
 * which becomes a number, a list and so on only where a type says so.
 */
export type Cell = Json | Uint8Array;

/** One row. It belongs to the receiver. */
export interface DataRow {
  /** Line in the file, or where the file has no lines number of the row; both from 1. */
  readonly place: number;
  /** By the position of the column, or by name where each row has fields of its own. */
  readonly cells: readonly Cell[] | ReadonlyMap<string, Cell>;
  /** Why it cannot be read at all; it has no cells then, and those behind it are read all the same. */
  readonly fault?: EngineError | null;
}

/** Rows of one file, or of one state of a snapshot, read from front to back in bounded memory. */
export interface DataSource {
  /** The file as a person knows it. */
  readonly file: string;
  /** Every cell is text, and an empty text where a type other than text is wanted stands for null. */
  readonly isText: boolean;
  /** Names of the columns in their order; null where each row has fields of its own. */
  readonly columns: readonly string[] | null;
  /** Types of columns that the file itself tells, in the words of plans. */
  readonly types?: ReadonlyMap<string, string>;
  /** What `DataRow.place` counts. */
  readonly placeName: 'line' | 'row' | 'entry' | 'item';
  /** Bytes to be read in all, for progress. */
  readonly bytes: number;
  /**
   * Cuts the rows into shares of about so many bytes, each of which can be read without the others, where that is quickly found
   * out; rows count their places from the beginning of their share then. Absent where it cannot be done.
   */
  shares?(bytes: number, signal?: AbortSignal): Promise<DataShare[]>;
  /** All rows in batches, from the first one on each time. */
  rows(options?: ReadOptions): AsyncGenerator<DataRow[]>;
  /** The same rows as the bytes of their fields, for who may do without strings. Absent where there are no such bytes. */
  fields?(options?: ReadOptions): AsyncGenerator<FieldRows>;
  /** The number of a column among a row's fields; negative where there is none. Those that are asked for are there. */
  fieldIndex?(column: string): number;
  close(): Promise<void>;
}

/** A stretch of a file by its bytes, or by its rows where it has them numbered; of a snapshot by its subtasks. */
export interface DataShare {
  readonly from: number;
  readonly to: number;
}

export interface ReadOptions {
  signal?: AbortSignal | undefined;
  /** Only this share. */
  share?: DataShare | undefined;
  /** Columns that somebody looks at; all of them where it is absent. */
  wanted?: ReadonlySet<string> | undefined;
}

/** Rows in a batch, about. */
export const ROWS_IN_BATCH = 1024;

/** Where a row stands, for people: `line 5`, `line 5, column limit`. */
export function rowPlace(source: Pick<DataSource, 'placeName'>, place: number, column?: string): string {
  return `${source.placeName} ${place}${column === undefined ? '' : `, column ${column}`}`;
}

/** A row that cannot be read. */
export function faultyRow(
  source: Pick<DataSource, 'placeName' | 'file'>,
  place: number,
  message: string,
  hint?: string,
): DataRow {
  const fault = new EngineError('BAD_VALUE', message, { file: source.file, where: rowPlace(source, place), hint });
  return { place, cells: [], fault };
}

/** The cell of a column in any row; undefined where the row has none. */
export function cellReader(source: Pick<DataSource, 'columns'>, column: string): (row: DataRow) => Cell | undefined {
  if (source.columns === null) {
    return ({ cells }) => (cells instanceof Map ? (cells as ReadonlyMap<string, Cell>).get(column) : undefined);
  }
  const index = source.columns.indexOf(column);
  return ({ cells }) => (cells as readonly Cell[])[index];
}
