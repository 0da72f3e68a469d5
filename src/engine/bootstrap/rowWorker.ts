import type { ByteSource, FileStore } from '../storage/byteSource';
import type { BootstrapJob } from './bootstrapJob';
import type { DataShare } from './data/dataSource';
import { KeyGroupBlock } from './keyGroupBlock';
import { RowLog } from './rowLog';
import { RowMerge } from './rowMerge';
import { openRuns } from './rowRuns';
import type { EncodedRun, EncodeJob, KeyGroupTask, MergedKeyGroups, MergeJob } from './rowThreads';
import { RunWindow } from './runWindow';
import { SpareBuffers } from './spareBuffers';

/** Entries that a thread collects before it sends them. */
const MEMORY = 24 * 1024 * 1024;

/** Makes entries of the rows of shares. */
export class EncodeWorker {
  /** For runs; those that were sent may be given back. */
  readonly buffers = new SpareBuffers();
  private readonly log: RowLog;

  constructor(
    private readonly rows: BootstrapJob,
    private readonly job: EncodeJob,
    memory = MEMORY,
  ) {
    if (job.keyHash !== null) rows.useKeyHash(job.keyHash);
    this.log = new RowLog({ keyGroups: job.maxParallelism, states: job.ids.size }, memory);
  }

  /** Sends runs of a share as they become large, and the last with its counts. */
  async encode(
    share: DataShare,
    number: number,
    send: (run: EncodedRun) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<void> {
    const { log } = this;
    let part = 0;
    const full = (): Promise<void> => send({ share: number, part: part++, counts: null, bytes: this.taken() });
    const { rows, leftOut, entries } = await this.rows.encodeAll(this.job.ids, log, full, signal, share);
    await send({ share: number, part, counts: { rows, leftOut, entries }, bytes: this.taken() });
  }

  private taken(): Uint8Array {
    return this.log.take(this.buffers.take(this.log.runBytes));
  }
}

/** Puts the entries of key groups together. What it makes room for it keeps for the next key group. */
export class MergeWorker {
  /** For what is sent, which may be given back. */
  readonly buffers = new SpareBuffers();
  private readonly window: RunWindow;
  private readonly merging: RowMerge;
  private readonly block: KeyGroupBlock;

  private constructor(
    { shape, lists }: MergeJob,
    private readonly sources: readonly ByteSource[],
  ) {
    this.window = new RunWindow(sources, shape);
    this.merging = new RowMerge(shape, new Set(lists));
    this.block = new KeyGroupBlock(shape.states, shape.keyGroups);
  }

  static async open(job: MergeJob, store: FileStore): Promise<MergeWorker> {
    return new MergeWorker(job, await openRuns(job.files, store));
  }

  async close(): Promise<void> {
    for (const source of this.sources) await source.close();
  }

  async merge({ first, last }: KeyGroupTask, task: number): Promise<MergedKeyGroups> {
    const { window, block } = this;
    await window.load(first, last);
    const blocks: { keyGroup: number; length: number; count: number }[] = [];
    let bytes = this.buffers.take(window.length);
    let at = 0;
    for (let keyGroup = first; keyGroup <= last; keyGroup++) {
      block.begin(keyGroup);
      this.merging.write(window, keyGroup, block);
      const finished = block.finish();
      if (finished === null) continue;
      const { length } = finished.bytes;
      if (at + length > bytes.length) bytes = longer(bytes, at + length);
      bytes.set(finished.bytes, at);
      blocks.push({ keyGroup, length, count: finished.count });
      at += length;
    }
    return { task, bytes: bytes.subarray(0, at), blocks, tallies: block.takeTallies() };
  }
}

function longer(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(length * 2);
  all.set(bytes);
  return all;
}
