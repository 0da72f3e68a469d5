import { writeKeyGroup } from '../backends/compositeKeyWriter';
import { byteHash } from '../bytes/byteHash';
import { Sink } from '../bytes/sink';
import { keyGroupPrefixBytes } from '../keyGroups';
import type { OutputPlace } from '../write/keyedRewrite';
import type { OutputEntry } from '../write/outputEntry';
import { ownerRange } from './compositeParts';
import type { KeyGroupBlock } from './keyGroupBlock';
import type { KeyGroupMerge, MergedState } from './keyGroupMerge';
import { intAt } from './rowEntries';
import { RowLog, type RunShape } from './rowLog';
import { RowRuns } from './rowRuns';
import { RunWindow } from './runWindow';

/** More parts would each have a piece in each temporary file that is hardly worth its reading. */
const MOST_PARTS = 4096;

/** On which side of a merge an entry stands. */
const [ROWS, BEFORE] = [0, 1];

/**
 * The entries of one key group that do not fit the memory: they are dealt to parts, state by state, by the hash of what belongs
 * together (key and namespace), by way of temporary files; then one part after the other is put together.
 */
export class LargeKeyGroup {
  private readonly parts: number;
  private readonly shape: RunShape;
  private readonly log: RowLog;
  private readonly runs: RowRuns;
  private readonly prefix: 1 | 2;
  private readonly positions: ReadonlyMap<number, number>;
  private readonly sink = new Sink();

  constructor(
    private readonly states: readonly MergedState[],
    private readonly keyGroup: number,
    maxParallelism: number,
    /** All of them, about, and how many may be in memory. */
    bytes: number,
    memory: number,
    place: OutputPlace,
  ) {
    this.parts = Math.min(MOST_PARTS, Math.max(2, Math.ceil((2 * bytes) / memory)));
    this.shape = { keyGroups: states.length * this.parts, states: 2 };
    this.log = new RowLog(this.shape, memory);
    this.runs = new RowRuns(this.shape, place);
    this.prefix = keyGroupPrefixBytes(maxParallelism);
    this.positions = new Map(states.map(({ id }, position) => [id, position]));
  }

  /** An entry that the operator has. */
  async addBefore({ state, key, value }: OutputEntry): Promise<void> {
    const { sink } = this;
    sink.clear();
    sink.i32(this.prefix + key.length);
    writeKeyGroup(sink, this.keyGroup, this.prefix);
    sink.raw(key);
    sink.bytes4(value);
    if (this.add(BEFORE, state, sink.buffer, 0, sink.position)) await this.spill();
  }

  /** What some runs have for the key group, in the order of the rows. */
  async addRows(window: RunWindow): Promise<void> {
    const { bytes } = window;
    for (let run = 0; run < window.runCount; run++) {
      for (const { id } of this.states) {
        const end = window.to(run, this.keyGroup, id);
        for (let at = window.from(run, this.keyGroup, id); at < end; ) {
          const value = at + 4 + intAt(bytes, at);
          const next = value + 4 + intAt(bytes, value);
          if (this.add(ROWS, id, bytes, at, next)) await this.spill();
          at = next;
        }
      }
    }
  }

  /** Puts all of them into a block, which `flush` may empty. */
  async write(merge: KeyGroupMerge, block: KeyGroupBlock, flush: () => Promise<void>): Promise<void> {
    if (!this.log.isEmpty) this.runs.hold(this.log.take());
    const sizes = this.runs.sizes();
    const sources = await this.runs.open();
    try {
      const window = new RunWindow(sources, this.shape);
      for (const [position, state] of this.states.entries()) {
        for (let part = 0; part < this.parts; part++) {
          const group = position * this.parts + part;
          if (sizes[group] === 0) continue;
          await window.load(group, group);
          merge.putPart(state, this.keyGroup, window, { group, rows: ROWS, before: BEFORE }, block);
          await flush();
        }
      }
    } finally {
      for (const source of sources) await source.close();
    }
    await this.runs.clear();
  }

  /** An entry as the layout has it; true once the log is full. */
  private add(side: number, state: number, bytes: Uint8Array, from: number, to: number): boolean {
    const position = this.positions.get(state) ?? 0;
    const key = bytes.subarray(from + 4 + this.prefix, from + 4 + intAt(bytes, from));
    const owner = ownerRange(this.states[position].canonical, key);
    const group = position * this.parts + ((byteHash(key, owner.from, owner.to) >>> 0) % this.parts);
    return this.log.addStretch(group, side, bytes, from, to);
  }

  private spill(): Promise<void> {
    return this.runs.add(this.runs.nextPlace(), this.log.take());
  }
}
