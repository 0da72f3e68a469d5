import type { BlockHandle } from './blockReader';
import type { IndexEntries } from './indexBlock';

/** Handles of the data blocks of a table that may hold keys of a range, in key order. */
export class TableIndex {
  private top: IndexEntries | null = null;
  private blocks: IndexEntries | null = null;

  /** `read` reads an index block. The blocks of a table in two levels are named by partitions, which are read when reached. */
  constructor(
    private readonly root: BlockHandle,
    private readonly hasPartitions: boolean,
    private readonly read: (handle: BlockHandle) => Promise<IndexEntries>,
  ) {}

  /** The next block; null where `load` must be called. */
  next(): BlockHandle | null {
    return this.blocks?.next() ?? null;
  }

  /** Reads on in the index; false at its end. */
  async load(): Promise<boolean> {
    if (!this.hasPartitions) {
      if (this.blocks !== null) return false;
      this.blocks = await this.read(this.root);
      return true;
    }
    this.top ??= await this.read(this.root);
    const partition = this.top.next();
    if (partition === null) return false;
    this.blocks = await this.read(partition);
    return true;
  }
}
