/** Bytes out: one new file, written from front to back. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the file; its bytes are on the disk when this resolves. */
  close(): Promise<void>;
}

/** Bytes out, to any place of a new file. */
export interface PlacedSink {
  /** Returns when the system has the bytes; not a promise, because it is called from loops over entries. */
  writeAt(bytes: Uint8Array, position: number): void;
  /** Ends the file; its bytes are on the disk when this resolves. */
  close(): Promise<void>;
}

/**
 * A new folder that becomes a snapshot: its data files first, its `_metadata` last. Until `publish` there is no file of that
 * name in it, so that what is left of an interrupted write does not look like a snapshot.
 */
export interface OutputFolder {
  readonly path: string;
  /** Bytes free where the folder lies; null where nobody can tell. */
  freeBytes(): Promise<number | null>;
  /** A new data file; fails where the name is taken. */
  create(name: string): Promise<ByteSink>;
  /** The same for a file that is not written from front to back. */
  createPlaced(name: string): Promise<PlacedSink>;
  /**
   * Takes a whole file of the same disk over: as another name of the same bytes (`link`, where the file system can) or as a
   * copy. Gives its size.
   */
  takeOver(file: string, name: string, how: 'link' | 'copy', signal?: AbortSignal): Promise<number>;
  /** Whether a file of the folder is but another name of the same bytes on the disk. */
  isLink(file: string, name: string): Promise<boolean>;
  /** Removes a file that `create` made and nobody writes any more. */
  remove(name: string): Promise<void>;
  /** Writes the file that makes the folder a snapshot: under another name first, then renamed. */
  publish(name: string, bytes: Uint8Array): Promise<void>;
  /** Removes all that was written, and the folder if it was not there before. */
  abandon(): Promise<void>;
}
