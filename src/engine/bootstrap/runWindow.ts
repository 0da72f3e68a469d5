import { type ByteSource, readInto } from '../storage/byteSource';
import { type RunShape, stretchesOf, tableBytes } from './rowLog';

/** Bytes of the mark of a row. */
const MARK = 8;

/** The entries of some neighbouring key groups, of all runs. What it makes room for it keeps for the next ones. */
export class RunWindow {
  /** Those of all runs, one run behind the other. */
  bytes = new Uint8Array(0);
  private readonly width: number;
  /** Stretches that are loaded: the first of them, and how many. */
  private first = 0;
  private count = 0;
  /** By run and stretch: where the stretch begins in `bytes`; it ends where the next one begins. */
  private starts = new Float64Array(0);
  private slots = new Int32Array(0);

  constructor(
    private readonly runs: readonly ByteSource[],
    private readonly shape: RunShape,
  ) {
    this.width = stretchesOf(shape);
  }

  /** Bytes of all key groups together. */
  length = 0;

  get runCount(): number {
    return this.runs.length;
  }

  /** Key groups from the first to the last, both included; what was loaded before is gone. */
  load(first: number, last: number, signal?: AbortSignal): Promise<void> {
    return this.loadStretches(first * this.width, (last - first + 1) * this.width, signal);
  }

  /** The entries of one state alone. */
  loadState(keyGroup: number, state: number, signal?: AbortSignal): Promise<void> {
    return this.loadStretches(keyGroup * this.width + state, 1, signal);
  }

  /** What `hasTwins` looks at, alone. */
  loadMarks(keyGroup: number, signal?: AbortSignal): Promise<void> {
    return this.loadState(keyGroup, this.shape.states, signal);
  }

  private async loadStretches(first: number, count: number, signal: AbortSignal | undefined): Promise<void> {
    const { runs } = this;
    this.first = first;
    this.count = count;
    const row = this.count + 1;
    if (this.starts.length < runs.length * row) this.starts = new Float64Array(runs.length * row);
    const tables: Int32Array[] = [];
    for (const run of runs) tables.push(await this.table(run, signal));
    let length = 0;
    for (const [i, table] of tables.entries()) {
      const from = table[0];
      for (let k = 0; k < row; k++) this.starts[i * row + k] = length + table[k] - from;
      length += table[this.count] - from;
    }
    this.length = length;
    if (length > this.bytes.length) this.bytes = new Uint8Array(Math.ceil(length * 1.2));
    for (const [i, table] of tables.entries()) {
      const [at, end] = [this.starts[i * row], this.starts[i * row + this.count]];
      if (end > at) await readInto(runs[i], this.bytes.subarray(at, end), tableBytes(this.shape) + table[0], signal);
    }
  }

  /** Where the entries of a state that a run has for a key group begin in `bytes`, and where they end. */
  from(run: number, keyGroup: number, state: number): number {
    return this.starts[run * (this.count + 1) + keyGroup * this.width + state - this.first];
  }

  to(run: number, keyGroup: number, state: number): number {
    return this.starts[run * (this.count + 1) + keyGroup * this.width + state - this.first + 1];
  }

  /** Whether two rows of a key group may have the same key: where none have, every entry has a key of its own. */
  hasTwins(keyGroup: number): boolean {
    const { bytes, shape } = this;
    let rows = 0;
    for (let run = 0; run < this.runs.length; run++)
      rows += (this.to(run, keyGroup, shape.states) - this.from(run, keyGroup, shape.states)) / MARK;
    const size = 2 ** Math.ceil(Math.log2(rows * 2 + 2));
    if (this.slots.length < size) this.slots = new Int32Array(size);
    else this.slots.fill(0, 0, size);
    const { slots } = this;
    const view = new DataView(bytes.buffer);
    for (let run = 0; run < this.runs.length; run++) {
      const end = this.to(run, keyGroup, shape.states);
      for (let at = this.from(run, keyGroup, shape.states); at < end; at += MARK) {
        const [low, high] = [view.getInt32(at), view.getInt32(at + 4)];
        let slot = high & (size - 1);
        for (; slots[slot] !== 0; slot = (slot + 1) & (size - 1)) {
          const other = slots[slot] - 1;
          if (view.getInt32(other) === low && view.getInt32(other + 4) === high) return true;
        }
        slots[slot] = at + 1;
      }
    }
    return false;
  }

  /** Where stretches begin in a run's data: those of the window, and where the last one ends. */
  private async table(run: ByteSource, signal: AbortSignal | undefined): Promise<Int32Array> {
    const before = this.first - 1;
    const table = new Int32Array(this.count + 1);
    const target = new Uint8Array(table.buffer);
    if (before >= 0) await readInto(run, target, before * 4, signal);
    else await readInto(run, target.subarray(4), 0, signal);
    return table;
  }
}
