import { RunEntry, type SortedRun } from './sortedRun';

const NO_ENTRY = new RunEntry();

/** Runs whose keys do not overlap, one after the other: the files of one level below level 0. Each is begun when reached. */
export class LevelRun implements SortedRun {
  private current: SortedRun | null = null;
  private next = 0;

  constructor(private readonly starts: readonly (() => SortedRun)[]) {}

  get entry(): RunEntry {
    return this.current?.entry ?? NO_ENTRY;
  }

  advance(): boolean {
    return this.current?.advance() === true;
  }

  async load(): Promise<boolean> {
    for (;;) {
      if (this.current !== null) {
        if (await this.current.load()) return true;
        await this.current.close();
        this.current = null;
      }
      if (this.next >= this.starts.length) return false;
      this.current = this.starts[this.next++]();
    }
  }

  async close(): Promise<void> {
    await this.current?.close();
    this.current = null;
    this.next = this.starts.length;
  }
}
