import { asEngineError, type EngineError } from '../../engine/bytes/engineError';
import type { BlockBatch, BlockReader } from '../../engine/rows/blockReader';
import type { RowMap } from '../../engine/rows/rowMap';
import type { Turns } from './turns';
import { unlessAborted } from './unlessAborted';

/** Milliseconds between two signs of progress. */
const TELL_EVERY_MS = 120;

export interface ScanOptions {
  /** Numbers of the blocks to read, in order. */
  readonly blocks: readonly number[];
  /** Only entries near this key, as its serializer writes it. */
  readonly key?: Uint8Array | undefined;
  /** Given every batch, with the index in its block of the first entry. */
  readonly take: (batch: BlockBatch, index: number) => void;
  /** True once enough was seen. */
  readonly isEnough?: () => boolean;
}

/**
 * Reads blocks one after the other for whoever waits for it, and stands still, where it is, while nobody does. What it reads
 * whole it counts.
 */
export class BlockScan {
  /** Entries looked at. */
  read = 0;
  ended = false;
  private readonly waiting = new Set<() => void>();
  private running: Promise<void> | null = null;
  private batches: AsyncGenerator<BlockBatch> | null = null;
  private readonly closing = new AbortController();
  /** Position in `blocks`, and index in that block of the next entry. */
  private at = 0;
  private index = 0;
  private bytesBefore = 0;
  private readonly bytes: number;
  private failure: EngineError | null = null;

  constructor(
    private readonly reader: BlockReader,
    private readonly map: RowMap,
    private readonly turns: Turns,
    private readonly options: ScanOptions,
  ) {
    this.bytes = options.blocks.reduce((sum, block) => sum + reader.blocks[block].bytes, 0);
    if (options.blocks.length === 0) this.ended = true;
  }

  get isRunning(): boolean {
    return this.running !== null;
  }

  /** From 0 to 1. */
  get done(): number {
    if (this.ended) return 1;
    return this.bytes === 0 ? 0 : Math.min(1, this.bytesRead / this.bytes);
  }

  get bytesRead(): number {
    if (this.ended) return this.bytes;
    const block = this.options.blocks[this.at];
    const part = Math.min(1, this.index / Math.max(1, this.map.sizeOf(block)));
    return this.bytesBefore + part * this.reader.blocks[block].bytes;
  }

  get ofBytes(): number {
    return this.bytes;
  }

  /** The block that is being read; everything in front of it was. */
  get block(): number {
    return this.ended ? this.map.blocks : this.options.blocks[this.at];
  }

  /** Goes on until the end, or until the signal is aborted: that is no failure. */
  async run(signal: AbortSignal, tell: () => void = () => {}): Promise<void> {
    if (this.ended || signal.aborted) return;
    this.waiting.add(tell);
    try {
      while (!this.ended && !signal.aborted) {
        this.running ??= this.go().finally(() => {
          this.running = null;
        });
        await unlessAborted(this.running, signal);
      }
    } finally {
      this.waiting.delete(tell);
    }
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.running?.catch(() => undefined);
    await this.batches?.return(undefined).catch(() => undefined);
  }

  private async go(): Promise<void> {
    if (this.failure !== null) throw this.failure;
    const pace = this.turns.pacer(this.closing.signal, true);
    let told = performance.now();
    try {
      while (!this.ended && this.waiting.size > 0) {
        await this.step();
        await pace();
        if (performance.now() - told < TELL_EVERY_MS) continue;
        told = performance.now();
        for (const tell of this.waiting) tell();
      }
    } catch (e) {
      this.failure = asEngineError(e);
      throw this.failure;
    }
  }

  /** Takes the next batch. */
  private async step(): Promise<void> {
    const { blocks, key, take, isEnough } = this.options;
    const last = this.endOfRun();
    this.batches ??= this.reader.entries(blocks[this.at], blocks[last], this.closing.signal, key);
    const { done, value: batch } = await this.batches.next();
    if (done === true) {
      this.batches = null;
      while (this.at <= last) this.endBlock();
    } else {
      while (blocks[this.at] < batch.block) this.endBlock();
      take(batch, this.index);
      this.index += batch.entries.length;
      this.read += batch.entries.length;
    }
    if (this.at >= blocks.length || isEnough?.() === true) this.ended = true;
    if (!this.ended || this.batches === null) return;
    await this.batches.return(undefined);
    this.batches = null;
  }

  /** Position of the last block of the stretch without a gap that is being read. */
  private endOfRun(): number {
    const { blocks } = this.options;
    let last = this.at;
    while (last + 1 < blocks.length && blocks[last + 1] === blocks[last] + 1) last++;
    return last;
  }

  private endBlock(): void {
    const block = this.options.blocks[this.at];
    if (this.options.key === undefined) this.map.counted(block, this.index);
    this.bytesBefore += this.reader.blocks[block].bytes;
    this.at++;
    this.index = 0;
  }
}
