import type { KeptEntry } from '../../engine/rows/keptEntry';
import type { BlockRow } from '../../engine/rows/rowMap';
import type { RowScan } from '../../view/shownRows';

export interface WindowWanted {
  readonly at: { readonly row: number } | { readonly place: BlockRow };
  readonly before: number;
  readonly count: number;
}

/** Some entries of a list, one behind the other. */
export interface EntryWindow {
  readonly entries: readonly KeptEntry[];
  /** Number of the first. */
  readonly first: number;
  readonly exact: boolean;
  /** Index of the one that was asked for. */
  readonly at: number;
  readonly isStart: boolean;
  readonly isEnd: boolean;
}

/** How far the list's scan has come. */
export type ListScan = Pick<RowScan, 'rows' | 'exact' | 'read' | 'done' | 'bytesRead' | 'ofBytes' | 'ended' | 'capped'>;

/** The rows of a query. */
export interface RowList {
  /** What is there of them, at once. */
  window(wanted: WindowWanted, signal: AbortSignal): Promise<EntryWindow>;
  /** Goes on with the scan until it ends or the signal is aborted, which is no failure. */
  run(signal: AbortSignal, tell?: () => void): Promise<void>;
  scan(): ListScan;
  /** Number of the row at a place, or of the next one behind it, as far as it is known. */
  numberOf(place: BlockRow): { row: number; exact: boolean };
  close(): Promise<void>;
}

/** Bytes of the entries of one window; one entry more may come on top. */
export const WINDOW_BYTES = 16 << 20;

/** A window of what is all in memory, or can be had by number. */
export function boundsOf(wanted: WindowWanted, row: number, rows: number): { from: number; to: number } {
  const at = Math.min(Math.max(0, row), rows);
  return { from: Math.max(0, at - wanted.before), to: Math.min(rows, at + wanted.count) };
}
