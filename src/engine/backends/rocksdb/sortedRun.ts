const NOTHING: Uint8Array = new Uint8Array(0);

/** The entry on which a run stands, looked at in place: the next step overwrites it. */
export class RunEntry {
  key: Uint8Array = NOTHING;
  /** Bytes of `key` that are the user key. */
  keyLength = 0;
  /** So many bytes at least are those of the entry before it in its run. */
  shared = 0;
  sequence = 0;
  type = 0;
  /** The value is `valueBytes[valueStart, valueEnd)`; these bytes are never overwritten. */
  valueBytes: Uint8Array = NOTHING;
  valueStart = 0;
  valueEnd = 0;
  /** Where the entry lies: its file, and the offset of its (perhaps compressed) block. */
  file = '';
  offset = 0;
}

/**
 * Entries in order of user key, then newest sequence number first. Stepping is synchronous as long as the current block
 * lasts, so that the hot loop of a scan has no `await` for every entry.
 */
export interface SortedRun {
  readonly entry: RunEntry;
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
