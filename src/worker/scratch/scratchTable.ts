/** An ordered table of bytes by text: on the disk, or in memory where there is no disk to be had. */
export interface ScratchTable {
  get(key: string): Promise<Uint8Array | undefined>;
  /** All of it is done, or nothing, whatever ends the process. */
  change(changes: readonly ScratchChange[]): Promise<void>;
  /** Everything whose key begins with `prefix`, in the order of keys. */
  list(prefix: string): AsyncIterable<readonly [key: string, value: Uint8Array]>;
  /** Gives room of removed keys back. */
  compact(prefix: string): Promise<void>;
  close(): Promise<void>;
}

/** Null removes the key. */
export type ScratchChange = readonly [key: string, value: Uint8Array | null];

/** After every key that begins with `prefix`, as keys are ASCII. */
export const endOf = (prefix: string): string => `${prefix}\u007f`;

export class MemoryTable implements ScratchTable {
  private readonly values = new Map<string, Uint8Array>();

  async get(key: string): Promise<Uint8Array | undefined> {
    return this.values.get(key);
  }

  async change(changes: readonly ScratchChange[]): Promise<void> {
    for (const [key, value] of changes) {
      if (value === null) this.values.delete(key);
      else this.values.set(key, value);
    }
  }

  async *list(prefix: string): AsyncGenerator<readonly [string, Uint8Array]> {
    const found = [...this.values].filter(([key]) => key.startsWith(prefix));
    yield* found.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  async compact(): Promise<void> {}

  async close(): Promise<void> {}
}
