import { joinBytes } from '../bytes/byteStrings';
import { Sink } from '../bytes/sink';
import type { ByteSource, FileStore } from '../storage/byteSource';
import type { CollectedRun } from '../write/keyGroupSort';
import type { BootstrapJob } from './bootstrapJob';
import type { DataShare } from './data/dataSource';
import { EntryTable } from './entryTable';
import { KeyGroupBlock } from './keyGroupBlock';
import type { EncodedRun, EncodeJob, KeyGroupTask, MergedKeyGroups, MergeJob } from './rowThreads';

/** Entries that a thread collects before it sends them. */
const MEMORY = 24 * 1024 * 1024;
const FIRST_CAPACITY = 256;

/** Makes entries of the rows of shares. */
export class EncodeWorker {
  private readonly groups: (Sink | undefined)[] = [];
  private bytes = 0;

  constructor(
    private readonly rows: BootstrapJob,
    private readonly job: EncodeJob,
    private readonly memory = MEMORY,
  ) {
    if (job.keyHash !== null) rows.useKeyHash(job.keyHash);
  }

  /** Sends runs of a share as they become large, and the last with its counts. */
  async encode(
    share: DataShare,
    number: number,
    send: (run: EncodedRun) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<void> {
    const { ids, maxParallelism } = this.job;
    let part = 0;
    const take = (keyGroup: number, entries: Uint8Array): Promise<void> | null => {
      this.add(keyGroup, entries);
      return this.bytes < this.memory ? null : send({ share: number, part: part++, counts: null, ...this.taken() });
    };
    const { rows, leftOut, entries } = await this.rows.encodeAll(ids, maxParallelism, take, signal, share);
    await send({ share: number, part, counts: { rows, leftOut, entries }, ...this.taken() });
  }

  private add(keyGroup: number, entries: Uint8Array): void {
    this.groups[keyGroup] ??= new Sink(FIRST_CAPACITY);
    this.groups[keyGroup]?.raw(entries);
    this.bytes += entries.length;
  }

  private taken(): CollectedRun {
    const { maxParallelism } = this.job;
    const bytes = new Uint8Array(this.bytes);
    const offsets = new Float64Array(maxParallelism + 1);
    let at = 0;
    for (let keyGroup = 0; keyGroup < maxParallelism; keyGroup++) {
      offsets[keyGroup] = at;
      const sink = this.groups[keyGroup];
      if (sink === undefined) continue;
      bytes.set(sink.written(), at);
      at += sink.position;
      sink.clear();
    }
    offsets[maxParallelism] = at;
    this.bytes = 0;
    return { bytes, offsets };
  }
}

/** Puts the entries of key groups together. What it makes room for it keeps for the next key group. */
export class MergeWorker {
  private readonly table: EntryTable;
  private readonly block: KeyGroupBlock;
  private buffer = new Uint8Array(0);

  private constructor(
    private readonly job: MergeJob,
    private readonly sources: readonly ByteSource[],
  ) {
    this.table = new EntryTable(new Set(job.lists));
    this.block = new KeyGroupBlock(job.states, job.maxParallelism);
  }

  static async open(job: MergeJob, store: FileStore): Promise<MergeWorker> {
    const sources: ByteSource[] = [];
    for (const { path } of job.files) sources.push(await store.open(path));
    return new MergeWorker(job, sources);
  }

  async close(): Promise<void> {
    for (const source of this.sources) await source.close();
  }

  async merge({ first, last }: KeyGroupTask, task: number): Promise<MergedKeyGroups> {
    const { table, block } = this;
    const blocks: { keyGroup: number; length: number; count: number }[] = [];
    const made: Uint8Array[] = [];
    for (let keyGroup = first; keyGroup <= last; keyGroup++) {
      table.addBytes(await this.stored(keyGroup));
      block.begin(keyGroup);
      for (let state = 0; state < this.job.states; state++) table.writeTo(state, block);
      table.clear();
      const finished = block.finish();
      if (finished === null) continue;
      blocks.push({ keyGroup, length: finished.bytes.length, count: finished.count });
      made.push(finished.bytes.slice());
    }
    return { task, bytes: joinBytes(made), blocks, tallies: block.takeTallies() };
  }

  /** All entries of a key group, run behind run; good until the next is asked for. */
  private async stored(keyGroup: number): Promise<Uint8Array> {
    const stretches = this.job.files.map(({ offsets }) => [offsets[keyGroup], offsets[keyGroup + 1]] as const);
    const length = stretches.reduce((sum, [from, to]) => sum + to - from, 0);
    if (length > this.buffer.length) this.buffer = new Uint8Array(Math.ceil(length * 1.2));
    let at = 0;
    for (const [i, [from, to]] of stretches.entries()) {
      if (to === from) continue;
      const target = this.buffer.subarray(at, at + to - from);
      const source = this.sources[i];
      if (source.readInto !== undefined) await source.readInto(target, from);
      else target.set(await source.read(from, to - from));
      at += to - from;
    }
    return this.buffer.subarray(0, length);
  }
}
