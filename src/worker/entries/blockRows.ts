import type { BlockBatch, BlockReader } from '../../engine/rows/blockReader';
import { type KeptEntry, keepEntry } from '../../engine/rows/keptEntry';
import type { RowMap } from '../../engine/rows/rowMap';
import type { Turns } from './turns';

export interface BlockRowsLimits {
  /** Bytes of entries that are kept. */
  readonly keptBytes: number;
  /** Bytes of a chunk: of rows that are kept and dropped as one. */
  readonly chunkBytes: number;
  /** Rows of a chunk, unless they are large; a power of two. */
  readonly chunkRows: number;
  /** Chunks in front of the wanted one that are kept as well, for who scrolls back. */
  readonly lead: number;
  /** Places in blocks from which reading can go on. */
  readonly positions: number;
}

export const BLOCK_ROWS_LIMITS: BlockRowsLimits = {
  keptBytes: 32 << 20,
  chunkBytes: 4 << 20,
  chunkRows: 256,
  lead: 7,
  positions: 4,
};

interface Chunk {
  readonly block: number;
  readonly entries: readonly KeptEntry[];
  readonly bytes: number;
}

/**
 * Entries of a state by block and index. A block is read from its start, or on from where reading has come to; what was read
 * stays for a while, chunk by chunk.
 */
export class BlockRows {
  /** By block and number; those used last come last. */
  private readonly chunks = new Map<string, Chunk>();
  private bytes = 0;
  /** Those used last come last. Each stands where a chunk begins. */
  private positions: Position[] = [];
  /** Of blocks with large rows. */
  private readonly smaller = new Map<number, number>();
  private readonly closing = new AbortController();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly reader: BlockReader,
    private readonly map: RowMap,
    private readonly turns: Turns,
    private readonly limits: BlockRowsLimits = BLOCK_ROWS_LIMITS,
  ) {}

  /** Rows that are read at once; fewer where they are large. */
  chunkRows(block: number): number {
    return this.smaller.get(block) ?? this.limits.chunkRows;
  }

  /** Rows of a block, after reading to its end if nobody has counted them. */
  async count(block: number, signal: AbortSignal): Promise<number> {
    await this.inTurn(async () => {
      if (this.map.countOf(block) === null) await this.read(block, Number.POSITIVE_INFINITY, signal);
    });
    return this.map.countOf(block) ?? 0;
  }

  /** The entry at `index` and those behind it in its chunk; none where the block ends before it, which is then counted. */
  async from(block: number, index: number, signal: AbortSignal): Promise<readonly KeptEntry[]> {
    for (;;) {
      const count = this.map.countOf(block);
      if (count !== null && index >= count) return [];
      const rows = this.chunkRows(block);
      const number = Math.floor(index / rows);
      const entries = this.kept(block, number);
      if (entries !== null) return entries.slice(index - number * rows);
      // Then it is there, or the block's rows are counted, or they turned out to be large.
      await this.inTurn(async () => {
        if (this.kept(block, number) === null) await this.read(block, number, signal);
      });
    }
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.turn;
    for (const position of this.positions.splice(0)) await position.close();
    this.chunks.clear();
    this.bytes = 0;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  /** Reads on to the end of the chunk of that number and keeps it; at the block's end its rows are counted. */
  private async read(block: number, number: number, signal: AbortSignal): Promise<void> {
    const rows = this.chunkRows(block);
    const from = Math.max(0, number - this.limits.lead) * rows;
    const pace = this.turns.pacer(signal, false);
    const position = await this.take(block, number * rows);
    let entries: KeptEntry[] = [];
    let bytes = 0;
    const keep = (): void => {
      this.keep(block, Math.floor((position.index - 1) / rows), { block, entries, bytes });
      entries = [];
      bytes = 0;
    };
    try {
      while (await position.hasMore()) {
        await pace();
        if (position.index < from) {
          position.skip(from - position.index);
          continue;
        }
        const entry = position.next();
        if (entries.length > 0 && bytes + entry.size > this.limits.chunkBytes) {
          this.shrink(block, (entries.length * this.limits.chunkBytes) / (bytes + entry.size));
          await position.close();
          return;
        }
        entries.push(entry);
        bytes += entry.size;
        if (position.index % rows > 0) continue;
        this.map.saw(block, position.index, ((bytes * position.states) / rows) * position.index);
        const isWanted = position.index > number * rows;
        keep();
        if (isWanted) return this.put(position);
      }
    } catch (e) {
      await position.close();
      throw e;
    }
    if (entries.length > 0) keep();
    this.map.counted(block, position.index);
    await position.close();
  }

  /** A position in the block, as near before `index` as there is one. */
  private async take(block: number, index: number): Promise<Position> {
    const rows = this.chunkRows(block);
    let best = -1;
    for (const [i, position] of this.positions.entries()) {
      if (position.block !== block || position.index > index || position.index % rows > 0) continue;
      if (best < 0 || position.index > this.positions[best].index) best = i;
    }
    if (best >= 0) return this.positions.splice(best, 1)[0];
    return new Position(this.reader.entries(block, block, this.closing.signal), block);
  }

  private async put(position: Position): Promise<void> {
    this.positions.push(position);
    if (this.positions.length > this.limits.positions) await this.positions.shift()?.close();
  }

  private kept(block: number, number: number): readonly KeptEntry[] | null {
    const name = `${block} ${number}`;
    const chunk = this.chunks.get(name);
    if (chunk === undefined) return null;
    this.chunks.delete(name);
    this.chunks.set(name, chunk);
    return chunk.entries;
  }

  private keep(block: number, number: number, chunk: Chunk): void {
    const name = `${block} ${number}`;
    this.forget(name);
    this.chunks.set(name, chunk);
    this.bytes += chunk.bytes;
    for (const oldest of this.chunks.keys()) {
      if (this.bytes <= this.limits.keptBytes || oldest === name) break;
      this.forget(oldest);
    }
  }

  private forget(name: string): void {
    this.bytes -= this.chunks.get(name)?.bytes ?? 0;
    this.chunks.delete(name);
  }

  /** From now on a chunk of this block has at most so many rows. */
  private shrink(block: number, rows: number): void {
    this.smaller.set(block, 2 ** Math.floor(Math.log2(Math.max(1, rows))));
    for (const [name, chunk] of this.chunks) if (chunk.block === block) this.forget(name);
  }
}

/** How far a block was read. */
class Position {
  /** Index in the block of the next entry. */
  index = 0;
  private batch: BlockBatch | null = null;
  private at = 0;

  constructor(
    private readonly batches: AsyncGenerator<BlockBatch>,
    readonly block: number,
  ) {}

  /** States that share the bytes of the block. */
  get states(): number {
    return this.batch?.part.states.length ?? 1;
  }

  async hasMore(): Promise<boolean> {
    while (this.batch === null || this.at >= this.batch.entries.length) {
      const { done, value } = await this.batches.next();
      if (done === true) return false;
      this.batch = value;
      this.at = 0;
    }
    return true;
  }

  /** Steps over entries of the batch at hand. */
  skip(most: number): void {
    const skipped = Math.min(most, (this.batch?.entries.length ?? 0) - this.at);
    this.at += skipped;
    this.index += skipped;
  }

  /** A copy of the next entry. */
  next(): KeptEntry {
    if (this.batch === null) throw new RangeError('Nothing was read.');
    const { block, index } = this;
    const entry = keepEntry(this.batch.entries[this.at], this.batch, { block, index });
    this.at++;
    this.index++;
    return entry;
  }

  async close(): Promise<void> {
    await this.batches.return(undefined);
  }
}
