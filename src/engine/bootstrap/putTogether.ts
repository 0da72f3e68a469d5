import { throwIfAborted } from '../bytes/engineError';
import type { ByteSource } from '../storage/byteSource';
import type { OutputPlace } from '../write/keyedRewrite';
import type { OutputEntry } from '../write/outputEntry';
import type { StateTally } from '../write/tally';
import { KeyGroupBlock } from './keyGroupBlock';
import { KeyGroupMerge, type MergedState } from './keyGroupMerge';
import { LargeKeyGroup } from './largeKeyGroup';
import type { NewFiles } from './newFiles';
import type { RowRuns } from './rowRuns';
import { RunWindow } from './runWindow';

/** Bytes of a key group that are written before all of it is there. */
const FLUSHED = 8 * 1024 * 1024;
/** Key groups so many times as large as what may be in memory are not looked through for rows of one key: their marks alone are much. */
const MOST_MARKS = 16;

/**
 * Puts together what an operator has and what rows have for it, key group after key group: entries of states that no row is
 * about at once, the others once all of them are there. A key group that does not fit the memory goes by way of temporary files.
 */
export class PutTogether {
  readonly merge: KeyGroupMerge;
  /** Of each key group. */
  readonly entries: Float64Array;
  private readonly block: KeyGroupBlock;
  private readonly sizes: Float64Array;
  private readonly filled: ReadonlySet<number>;
  private runs: readonly ByteSource[] = [];
  private window = new RunWindow([], { keyGroups: 0, states: 0 });
  private keyGroup = -1;
  private large: LargeKeyGroup | null = null;

  constructor(
    private readonly states: readonly MergedState[],
    private readonly rows: RowRuns,
    private readonly files: NewFiles,
    private readonly place: OutputPlace,
    /** Bytes of one key group that may be in memory, and those of all that the operator has. */
    private readonly memory: number,
    private readonly oldBytes: number,
    private readonly signal: AbortSignal | undefined,
  ) {
    const { shape } = rows;
    this.merge = new KeyGroupMerge(states, shape);
    this.entries = new Float64Array(shape.keyGroups);
    this.block = new KeyGroupBlock(shape.states, shape.keyGroups);
    this.sizes = rows.sizes();
    this.filled = new Set(states.map(({ id }) => id));
  }

  /** Entries of the operator, key groups ascending. */
  async all(old: AsyncIterable<readonly OutputEntry[]>): Promise<readonly StateTally[]> {
    this.runs = await this.rows.open();
    this.window = new RunWindow(this.runs, this.rows.shape);
    try {
      for await (const entries of old) {
        for (const entry of entries) {
          if (entry.keyGroup !== this.keyGroup) await this.goTo(entry.keyGroup);
          if (this.filled.has(entry.state)) this.merge.addBefore(entry);
          else this.block.entry(entry.state, entry.key, entry.value);
        }
        if (this.merge.beforeBytes > this.memory) await this.moveBefore(this.largeOne());
        await this.flush();
      }
      await this.goTo(this.rows.shape.keyGroups);
    } finally {
      for (const run of this.runs) await run.close();
    }
    return this.block.takeTallies();
  }

  /** Ends the key groups before this one, and begins it. */
  private async goTo(keyGroup: number): Promise<void> {
    if (this.keyGroup >= 0) await this.finish();
    for (let between = this.keyGroup + 1; between < keyGroup; between++) {
      if (this.sizes[between] === 0) continue;
      this.begin(between);
      await this.finish();
    }
    this.begin(keyGroup);
  }

  private begin(keyGroup: number): void {
    this.keyGroup = keyGroup;
    this.block.begin(keyGroup);
  }

  private async finish(): Promise<void> {
    throwIfAborted(this.signal);
    const { keyGroup, block, merge, window } = this;
    const size = this.sizes[keyGroup];
    if (this.large !== null || size + merge.beforeBytes > this.memory) await this.finishLarge();
    else {
      if (size > 0) await window.load(keyGroup, keyGroup, this.signal);
      merge.finish(keyGroup, size > 0 ? window : null, block);
    }
    const made = block.finish();
    if (made === null) return;
    this.entries[keyGroup] = made.count;
    await this.files.write(keyGroup, made.bytes);
  }

  private async finishLarge(): Promise<void> {
    if (this.large === null && this.merge.beforeBytes === 0 && (await this.isWithoutTwins())) return this.copy();
    const large = this.largeOne();
    await this.moveBefore(large);
    for (const run of this.runs) {
      const window = new RunWindow([run], this.rows.shape);
      await window.load(this.keyGroup, this.keyGroup, this.signal);
      await large.addRows(window);
    }
    await large.write(this.merge, this.block, () => this.flush());
    this.large = null;
  }

  private async isWithoutTwins(): Promise<boolean> {
    const { keyGroup, window } = this;
    if (this.sizes[keyGroup] > this.memory * MOST_MARKS) return false;
    await window.loadMarks(keyGroup, this.signal);
    return !window.hasTwins(keyGroup);
  }

  /** All that rows have for the key group, where each entry has a key of its own. */
  private async copy(): Promise<void> {
    const { keyGroup } = this;
    for (const { id } of [...this.states].sort((a, b) => a.id - b.id)) {
      for (const run of this.runs) {
        const window = new RunWindow([run], this.rows.shape);
        await window.loadState(keyGroup, id, this.signal);
        this.block.stretch(id, window.bytes, window.from(0, keyGroup, id), window.to(0, keyGroup, id));
        await this.flush();
      }
    }
  }

  private largeOne(): LargeKeyGroup {
    const { shape } = this.rows;
    const bytes = this.sizes[this.keyGroup] + this.oldBytes;
    this.large ??= new LargeKeyGroup(this.states, this.keyGroup, shape.keyGroups, bytes, this.memory, this.place);
    return this.large;
  }

  private async moveBefore(large: LargeKeyGroup): Promise<void> {
    for (const entry of this.merge.takeBefore(this.keyGroup)) await large.addBefore(entry);
  }

  /** Writes what is there of the key group, where it is much. */
  private async flush(): Promise<void> {
    if (this.block.length > FLUSHED) await this.files.write(this.keyGroup, this.block.takeBegun());
  }
}
