import type { EngineError } from '../../bytes/engineError';
import { encodeBase64 } from '../../json/base64';
import type { Json } from '../../json/jsonValue';
import { printJson } from '../../json/printJson';
import { printSeenType, typeOfCell, unite } from './cellTypes';
import { type Cell, cellReader, type DataRow, type DataSource } from './dataSource';

/** A column as its first rows show it. */
export interface ColumnInfo {
  name: string;
  /** In the words of plans, `long`; `string` where nothing narrower takes all that was seen. */
  type: string;
  /** Whether some rows have nothing there. */
  hasNulls: boolean;
  /** The first values, as text. */
  samples: string[];
}

export interface InferredColumns {
  columns: ColumnInfo[];
  /** Rows that were looked at. */
  rows: number;
  /** What could not be read among them. */
  bad: EngineError[];
}

/** Rows that are looked at. */
const SAMPLE = 1000;
const MAX_SAMPLES = 3;
const MAX_SAMPLE_TEXT = 60;
/** Columns that are kept of rows with fields of their own. */
const MAX_COLUMNS = 1000;

/** Names and types of the columns, from the first rows; the types are a proposal, and bind nobody. */
export async function inferColumns(source: DataSource, signal?: AbortSignal, limit = SAMPLE): Promise<InferredColumns> {
  const bad: EngineError[] = [];
  const rows: DataRow[] = [];
  for await (const batch of source.rows({ signal })) {
    for (const row of batch.slice(0, limit - rows.length - bad.length)) {
      if (row.fault == null) rows.push(row);
      else bad.push(row.fault);
    }
    if (rows.length + bad.length >= limit) break;
  }
  return { columns: columnsOf(source, rows), rows: rows.length, bad };
}

/** The same of rows that are there already. */
export function columnsOf(source: DataSource, rows: readonly DataRow[]): ColumnInfo[] {
  return namesOf(source, rows).map((name) => {
    const read = cellReader(source, name);
    const cells = rows.map((row) => read(row) ?? null);
    const present = cells.filter((cell) => cell !== null && !(source.isText && cell === ''));
    const type = present.map((cell) => typeOfCell(cell, source.isText)).reduce(unite, null);
    return {
      name,
      type: source.types?.get(name) ?? printSeenType(type),
      hasNulls: present.length < cells.length,
      samples: present.slice(0, MAX_SAMPLES).map(shown),
    };
  });
}

function namesOf(source: DataSource, rows: readonly DataRow[]): readonly string[] {
  if (source.columns !== null) return source.columns;
  const names = new Set<string>();
  for (const { cells } of rows) {
    if (cells instanceof Map) for (const name of cells.keys()) if (names.size < MAX_COLUMNS) names.add(name);
  }
  return [...names];
}

function shown(cell: Cell): string {
  const json: Json = cell instanceof Uint8Array ? encodeBase64(cell) : cell;
  const text = typeof json === 'string' ? json : printJson(json);
  return text.length > MAX_SAMPLE_TEXT ? `${text.slice(0, MAX_SAMPLE_TEXT)}…` : text;
}
