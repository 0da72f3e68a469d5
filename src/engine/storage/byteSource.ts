/**
 * Bytes in: the one way in which the engine reads a file, whatever holds it. A source may be asked for several ranges at
 * once. `read` never returns fewer bytes than asked for: past the end it throws `TRUNCATED`.
 */
export interface ByteSource {
  /** The file as a person knows it; stands in every error. */
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  /** Offset in the file of the source's first byte; 0 if absent. */
  readonly baseOffset?: number;
  /** The bytes `[offset, offset + length)`. The result belongs to the caller. */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** Fills `target` with the bytes from `offset` on, for who reads much and keeps nothing. */
  readInto?(target: Uint8Array, offset: number, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** What is known of a file without opening it. */
export interface FileStatus {
  kind: 'file' | 'folder' | 'missing' | 'unreadable';
  /** Bytes, for a file. */
  size: number;
  /** Of a file, where the place knows: another one once it was written to, or another file has its name. */
  stamp?: string;
}

/** The files of one place: a disk, or another store. Paths are those of that place. Nothing is opened until asked for. */
export interface FileStore {
  status(path: string): Promise<FileStatus>;
  /** Fails with `FILE_NOT_FOUND`, `NO_PERMISSION`, `NOT_A_FILE` or `IO`. */
  open(path: string): Promise<ByteSource>;
  /** Names in a folder, each with its kind. */
  list(path: string): Promise<{ name: string; kind: 'file' | 'folder' | 'other' }[]>;
  join(...parts: string[]): string;
  parent(path: string): string;
  baseName(path: string): string;
  isAbsolute(path: string): boolean;
}

/** Fills `target` with the bytes of a source from `offset` on. */
export async function readInto(
  source: ByteSource,
  target: Uint8Array,
  offset: number,
  signal?: AbortSignal,
): Promise<void> {
  if (source.readInto !== undefined) await source.readInto(target, offset, signal);
  else target.set(await source.read(offset, target.length, signal));
}
