import type { DataRow } from './dataSource';

/** What is to be known of a field's bytes: a quote in it is doubled; some of it is not ASCII. */
export const DOUBLED_QUOTES = 1;
export const NOT_ASCII = 2;
/** In rows of JSON: it is the inside of a string, a number, an array or an object; else something that nobody takes as it is. */
export const JSON_STRING = 4;
export const JSON_NUMBER = 8;
export const JSON_PARTS = 16;
export const JSON_OTHER = 32;

/** Rows of text, or of JSON, as the bytes of their fields. Good until the next of its kind is asked for. */
export interface FieldRows {
  readonly bytes: Uint8Array;
  /** The rows are those of `[first, end)`. */
  readonly first: number;
  readonly end: number;
  /** The number of a row's first field, once `isWhole` has said that it has all of them. */
  firstField(row: number): number;
  /** By field: its bytes, `[from, to)`, and what is to be known of them. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly marks: Uint8Array;
  /** The byte of a quote, where it is one. */
  readonly quote: number;
  /** Whether a row has just as many fields as there are columns, and nothing wrong with it. */
  isWhole(row: number): boolean;
  /** The row as any source gives it. */
  row(row: number): DataRow;
}

/** The same rows as any source gives them. */
export async function* rowsOf(batches: AsyncIterable<FieldRows>): AsyncGenerator<DataRow[]> {
  for await (const fields of batches) {
    const rows: DataRow[] = [];
    for (let row = fields.first; row < fields.end; row++) rows.push(fields.row(row));
    yield rows;
  }
}
