import { CANONICAL_ABSENT, END_OF_KEY_GROUP, LAST_OF_RUN } from '../backends/canonicalMarks';
import { writeKeyGroup } from '../backends/compositeKeyWriter';
import { Sink } from '../bytes/sink';
import { keyGroupPrefixBytes } from '../keyGroups';
import type { KeyGroupsHandle } from '../metadata/model';
import type { KeyedWriter, OutputEntry } from './keyedWriter';
import type { NewFile } from './newFile';

/** Bytes that are collected before they go to the file. */
const BLOCK = 128 * 1024;

/**
 * Writes the keyed state of one subtask in the canonical layout, which `CanonicalPart` reads: header, then key group after key
 * group, never compressed. Source: FullSnapshotAsyncWriter (since 1.13; RocksDB's full snapshots since 1.2).
 */
export class CanonicalWriter implements KeyedWriter {
  private readonly sink = new Sink(BLOCK);
  private readonly offsets: number[];
  private readonly prefix: 1 | 2;
  private keyGroup = -1;
  private state = -1;
  /** First byte of the last key, with its place in the sink: it may turn out to be the last of its run. */
  private lastKey: { at: number; byte: number } | null = null;

  private constructor(
    private readonly file: NewFile,
    private readonly range: { start: number; end: number },
    maxParallelism: number,
  ) {
    this.offsets = new Array(Math.max(0, range.end - range.start + 1)).fill(CANONICAL_ABSENT);
    this.prefix = keyGroupPrefixBytes(maxParallelism);
  }

  /** `range`: key groups of the subtask, both inclusive. */
  static async begin(
    file: NewFile,
    header: Uint8Array,
    range: { start: number; end: number },
    maxParallelism: number,
  ): Promise<CanonicalWriter> {
    await file.write(header);
    return new CanonicalWriter(file, range, maxParallelism);
  }

  /**
   * Key groups must ascend; states may come in any order, but a run of one state is the cheaper the longer it is. True once so
   * much is collected that `flush` should be called.
   */
  entry({ keyGroup, state, key, value }: OutputEntry): boolean {
    const { sink } = this;
    if (keyGroup !== this.keyGroup) {
      this.endKeyGroup();
      this.beginKeyGroup(keyGroup);
    }
    if (state !== this.state) {
      this.endRun();
      sink.i16(state);
      this.state = state;
    }
    sink.i32(this.prefix + key.length);
    this.lastKey = { at: sink.position, byte: this.prefix === 1 ? keyGroup : keyGroup >> 8 };
    writeKeyGroup(sink, keyGroup, this.prefix);
    sink.raw(key);
    sink.bytes4(value);
    return sink.position >= BLOCK;
  }

  /** The last entry stays behind while it may still be marked. */
  async flush(): Promise<void> {
    const bytes = this.sink.toBytes();
    this.sink.clear();
    if (this.lastKey === null) return this.file.write(bytes);
    const from = this.lastKey.at - 4;
    this.lastKey = { ...this.lastKey, at: 4 };
    this.sink.raw(bytes.subarray(from));
    await this.file.write(bytes.slice(0, from));
  }

  async close(): Promise<KeyGroupsHandle> {
    this.endKeyGroup();
    await this.flush();
    const { start } = this.range;
    const stream = await this.file.close();
    return { type: 'savepointKeyGroups', startKeyGroup: start, offsets: this.offsets, stream, stateHandleId: null };
  }

  private beginKeyGroup(keyGroup: number): void {
    if (keyGroup < this.range.start || keyGroup > this.range.end || keyGroup <= this.keyGroup) {
      throw new RangeError(`Key group ${keyGroup} cannot be written behind ${this.keyGroup}.`);
    }
    this.keyGroup = keyGroup;
    this.offsets[keyGroup - this.range.start] = this.file.position + this.sink.position;
  }

  private endKeyGroup(): void {
    if (this.lastKey === null) return;
    this.endRun();
    this.sink.i16(END_OF_KEY_GROUP);
    this.state = -1;
  }

  private endRun(): void {
    if (this.lastKey === null) return;
    this.sink.patchU8(this.lastKey.at, this.lastKey.byte | LAST_OF_RUN);
    this.lastKey = null;
  }
}
