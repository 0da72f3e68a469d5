import { EngineError } from '../bytes/engineError';

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
  /** Brings what was written until now to the disk, so that there is less to wait for in the end; `close` says where that failed. */
  syncAhead(): Promise<void>;
  /** Ends the file; its bytes are on the disk when this resolves. */
  close(): Promise<void>;
}

/** Bytes out, to any place of a new file, several stretches at a time, each read back. */
export interface CarrySink {
  /** Resolves when the system has the bytes. */
  writeAt(bytes: Uint8Array, position: number): Promise<void>;
  /** Whether the file has these bytes from `position` on. It is read into `scratch`, which is at least as long. */
  holds(bytes: Uint8Array, position: number, scratch: Uint8Array): Promise<boolean>;
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
  /** One that `remove` removes before the snapshot is published: the disk need never have its bytes. */
  createTemporary(name: string): Promise<ByteSink>;
  /** A new data file that is not written from front to back. */
  createPlaced(name: string): Promise<PlacedSink>;
  /** The same for one that takes over stretches of other files. */
  createCarry(name: string): Promise<CarrySink>;
  /**
   * Takes a whole file of the same disk over: as another name of the same bytes (`link`, where the file system can) or as a
   * copy, which is read back: `CHECKSUM` where it is not the same. Gives its size.
   */
  takeOver(file: string, name: string, how: 'link' | 'copy', signal?: AbortSignal): Promise<number>;
  /** Removes a file that `create` made and nobody writes any more. */
  remove(name: string): Promise<void>;
  /** Writes the file that makes the folder a snapshot, once all others are on the disk: under another name first, then renamed. */
  publish(name: string, bytes: Uint8Array): Promise<void>;
  /** Removes all that was written, and the folder if it was not there before. */
  abandon(): Promise<void>;
}

/** What was brought over and read back is something else, in the block at `offset`. */
export const notTheSame = (file: string, offset: number): EngineError =>
  new EngineError('CHECKSUM', 'What was carried over is not the same as its origin.', {
    file,
    offset,
    hint: 'The disk, or another program, changed it. Remove the new snapshot and write it again.',
  });
