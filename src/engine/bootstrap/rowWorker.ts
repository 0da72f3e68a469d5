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

/** Puts the entries of key groups together. */
export class MergeWorker {
  private constructor(
    private readonly job: MergeJob,
    private readonly sources: readonly ByteSource[],
  ) {}

  static async open(job: MergeJob, store: FileStore): Promise<MergeWorker> {
    const sources: ByteSource[] = [];
    for (const { path } of job.files) sources.push(await store.open(path));
    return new MergeWorker(job, sources);
  }

  async close(): Promise<void> {
    for (const source of this.sources) await source.close();
  }

  async merge({ first, last }: KeyGroupTask, task: number): Promise<MergedKeyGroups> {
    const { files, lists, states, maxParallelism } = this.job;
    const table = new EntryTable(new Set(lists));
    const block = new KeyGroupBlock(states, maxParallelism);
    const blocks: { keyGroup: number; length: number; count: number }[] = [];
    const all = new Sink(FIRST_CAPACITY);
    for (let keyGroup = first; keyGroup <= last; keyGroup++) {
      for (const [i, { offsets }] of files.entries()) {
        const [from, to] = [offsets[keyGroup], offsets[keyGroup + 1]];
        if (to > from) table.addBytes(await this.sources[i].read(from, to - from));
      }
      block.begin(keyGroup);
      for (let state = 0; state < states; state++) table.writeTo(state, block);
      table.clear();
      const made = block.finish();
      if (made === null) continue;
      blocks.push({ keyGroup, length: made.bytes.length, count: made.count });
      all.raw(made.bytes);
    }
    return { task, bytes: all.toBytes(), blocks, tallies: block.tallies };
  }
}
