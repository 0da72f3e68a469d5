import type { SortedRun } from './sortedRun';

const NOTHING = new Uint8Array(0);

/** Runs whose keys do not overlap, one after the other: the files of one level below level 0. Each is opened when reached. */
export class LevelRun implements SortedRun {
  private current: SortedRun | null = null;
  private next = 0;

  constructor(private readonly openers: readonly (() => Promise<SortedRun>)[]) {}

  get key(): Uint8Array {
    return this.current?.key ?? NOTHING;
  }
  get keyLength(): number {
    return this.current?.keyLength ?? 0;
  }
  get sequence(): number {
    return this.current?.sequence ?? 0;
  }
  get type(): number {
    return this.current?.type ?? 0;
  }
  get valueBytes(): Uint8Array {
    return this.current?.valueBytes ?? NOTHING;
  }
  get valueStart(): number {
    return this.current?.valueStart ?? 0;
  }
  get valueEnd(): number {
    return this.current?.valueEnd ?? 0;
  }
  get file(): string {
    return this.current?.file ?? '';
  }
  get offset(): number {
    return this.current?.offset ?? 0;
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
      if (this.next >= this.openers.length) return false;
      this.current = await this.openers[this.next++]();
    }
  }

  async close(): Promise<void> {
    await this.current?.close();
    this.current = null;
    this.next = this.openers.length;
  }
}
