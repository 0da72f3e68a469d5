import type { RawEntry, Unread } from '../backends/part';
import type { EntryBatch } from '../entries';
import type { JsonBytes } from '../json/jsonBytes';

/** What the lines of a batch have in common: whose state it is. */
export type LineOwner = Pick<EntryBatch, 'operator' | 'subtask'>;

/** Writes lines, each with its line break; or what stands for them in a file that has none. */
export interface LineWriter {
  entry(owner: LineOwner, entry: RawEntry): void;
  unread(owner: LineOwner, unread: Unread): void;
  /** Writes what stands behind the last line. */
  end?(): void;
}

/** How the lines of a dump are written. */
export interface DumpFormat {
  /** What stands before the first line. */
  readonly header: string;
  lines(out: JsonBytes): LineWriter;
}
