const NOTHING: Uint8Array = new Uint8Array(0);

/** The entry on which a run stands: places in `bytes`, which are never overwritten; the next step says other places. */
export class RunEntry {
  bytes: Uint8Array = NOTHING;
  /** The user key is `bytes[keyFrom, keyTo)`. */
  keyFrom = 0;
  keyTo = 0;
  valueFrom = 0;
  valueTo = 0;
  /** So many bytes of the user key at least are those of the entry before it in its run. */
  shared = 0;
  sequence = 0;
  type = 0;
  /** Where the entry lies: its file, and the offset of its (perhaps compressed) block. */
  file = '';
  offset = 0;
}

/**
 * Entries in order of user key, then newest sequence number first. Stepping is synchronous as long as what was read lasts,
 * so that the hot loop of a scan has no `await` for every entry.
 */
export interface SortedRun {
  /** The same object for the whole run. */
  readonly entry: RunEntry;
  /** Steps to the next entry within what is loaded; false when `load` must be called. */
  advance(): boolean;
  /** Loads what follows and stands on its first entry; false at the end of the run. */
  load(): Promise<boolean>;
}

/** User keys `[from, to)`; null is open. */
export interface KeyRange {
  from: Uint8Array | null;
  to: Uint8Array | null;
  /** Of these only keys that have such bytes at such a place. */
  part?: { at: number; bytes: Uint8Array };
}
