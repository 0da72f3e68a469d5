import { RunEntry, type SortedRun } from './sortedRun';

/** Runs whose keys do not overlap, one after the other: the files of one level below level 0. Each is begun when reached. */
export class LevelRun implements SortedRun {
  readonly entry = new RunEntry();
  private current: SortedRun | null = null;
  private next = 0;

  /** What is started uses the entry that it is given. */
  constructor(private readonly starts: readonly ((entry: RunEntry) => SortedRun)[]) {}

  advance(): boolean {
    return this.current?.advance() === true;
  }

  async load(): Promise<boolean> {
    for (;;) {
      if (this.current !== null && (await this.current.load())) return true;
      this.current = null;
      if (this.next >= this.starts.length) return false;
      this.current = this.starts[this.next++](this.entry);
    }
  }
}
