/**
 * Entries in order of user key, then newest sequence number first. The current entry is looked at in place: its buffers may
 * be overwritten by the next step. Stepping is synchronous as long as the current block lasts, so that the hot loop of a
 * scan has no `await` for every entry.
 */
export interface SortedRun {
  key: Uint8Array;
  /** Bytes of `key` that are the user key. */
  keyLength: number;
  sequence: number;
  type: number;
  /** The value is `valueBytes[valueStart, valueEnd)`; these bytes are never overwritten. */
  valueBytes: Uint8Array;
  valueStart: number;
  valueEnd: number;
  /** Where the entry lies: its file, and the offset of its (perhaps compressed) block. */
  file: string;
  offset: number;
  /** Steps to the next entry within what is loaded; false when `load` must be called. */
  advance(): boolean;
  /** Loads what follows and stands on its first entry; false at the end of the run. */
  load(): Promise<boolean>;
  close(): Promise<void>;
}

/** User keys `[from, to)`; null is open. */
export interface KeyRange {
  from: Uint8Array | null;
  to: Uint8Array | null;
}
