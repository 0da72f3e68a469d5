/** A file for what is too much for memory, and of which nothing is to be left. */
export interface ScratchFile {
  readonly size: number;
  /** Adds bytes at the end; their place. One after the other. */
  append(bytes: Uint8Array): Promise<number>;
  read(from: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}
