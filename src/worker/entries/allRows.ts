import type { BlockReader } from '../../engine/rows/blockReader';
import type { KeptEntry } from '../../engine/rows/keptEntry';
import type { BlockRow, RowMap } from '../../engine/rows/rowMap';
import type { BlockRows } from './blockRows';
import { BlockScan } from './blockScan';
import { type EntryWindow, type ListScan, type RowList, WINDOW_BYTES, type WindowWanted } from './rowList';
import type { Turns } from './turns';
import { unlessAborted } from './unlessAborted';

/** All rows of a state in the order in which they are stored: any of them from its block alone. Its scan counts. */
export class AllRows implements RowList {
  private readonly counting: BlockScan;
  private readonly closing = new AbortController();
  private asking: Promise<void> | null = null;

  constructor(
    private readonly reader: BlockReader,
    private readonly map: RowMap,
    private readonly rows: BlockRows,
    turns: Turns,
  ) {
    const blocks = reader.blocks.flatMap((_, block) => (map.countOf(block) === null ? [block] : []));
    this.counting = new BlockScan(reader, map, turns, { blocks, take: () => {}, isEnough: () => map.isExact });
  }

  async window(wanted: WindowWanted, signal: AbortSignal): Promise<EntryWindow> {
    const start = 'place' in wanted.at ? wanted.at.place : await this.placeOf(wanted.at.row, signal);
    const behind = await this.forward(start, wanted.count, signal);
    const front = await this.backward(start, wanted.before, signal);
    const entries = [...front.entries, ...behind.entries];
    const { row, exact } = this.map.numberOf(entries[0]?.at ?? start);
    return {
      entries,
      first: row,
      exact,
      at: front.entries.length,
      isStart: front.isStart,
      isEnd: behind.isEnd,
    };
  }

  async run(signal: AbortSignal, tell?: () => void): Promise<void> {
    this.asking ??= this.ask();
    await unlessAborted(this.asking, signal);
    if (!this.map.isExact) await this.counting.run(signal, tell);
  }

  scan(): ListScan {
    const { counting, map } = this;
    const exact = map.isExact;
    return {
      rows: map.rows,
      exact,
      read: counting.read,
      done: exact ? 1 : counting.done,
      bytesRead: exact ? counting.ofBytes : counting.bytesRead,
      ofBytes: counting.ofBytes,
      ended: exact || counting.ended,
      capped: null,
    };
  }

  numberOf(place: BlockRow): { row: number; exact: boolean } {
    return this.map.numberOf(place);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.asking;
    await this.counting.close();
  }

  /** What some layouts say need not be counted. */
  private async ask(): Promise<void> {
    const { map, reader, closing } = this;
    const counted = (block: number, rows: number): void => {
      if (map.countOf(block) === null) map.counted(block, rows);
    };
    await reader.knownCounts(counted, closing.signal).catch(() => undefined);
  }

  /** Where a row lies, from its block alone; of a block that is shorter than estimated, as far in as the estimate was. */
  private async placeOf(row: number, signal: AbortSignal): Promise<BlockRow> {
    const { map } = this;
    if (row <= 0) return { block: 0, index: 0 };
    const place = map.placeOf(row);
    if (place === null) return { block: map.blocks, index: 0 };
    const estimate = map.sizeOf(place.block);
    if (map.countOf(place.block) !== null || (await this.rows.from(place.block, place.index, signal)).length > 0) {
      return place;
    }
    const count = map.countOf(place.block) ?? 0;
    return { block: place.block, index: Math.floor((place.index / estimate) * count) };
  }

  private async forward(
    start: BlockRow,
    count: number,
    signal: AbortSignal,
  ): Promise<{ entries: KeptEntry[]; isEnd: boolean }> {
    const entries: KeptEntry[] = [];
    let { block, index } = start;
    let bytes = 0;
    while (entries.length < count && block < this.map.blocks) {
      const read = await this.rows.from(block, index, signal);
      if (read.length === 0) {
        block++;
        index = 0;
        continue;
      }
      for (const entry of read.slice(0, count - entries.length)) {
        if (bytes > WINDOW_BYTES) return { entries, isEnd: false };
        entries.push(entry);
        bytes += entry.size;
        index++;
      }
    }
    return { entries, isEnd: this.isBehindAll({ block, index }) };
  }

  private async backward(
    start: BlockRow,
    count: number,
    signal: AbortSignal,
  ): Promise<{ entries: KeptEntry[]; isStart: boolean }> {
    const reversed: KeptEntry[] = [];
    let { block, index } = start;
    let bytes = 0;
    while (reversed.length < count) {
      if (index === 0) {
        if (block === 0) break;
        block--;
        index = await this.rows.count(block, signal);
        continue;
      }
      const rows = this.rows.chunkRows(block);
      const from = Math.floor((index - 1) / rows) * rows;
      const read = (await this.rows.from(block, from, signal)).slice(0, index - from);
      // Rows that turned out large make smaller chunks.
      if (read.length < index - from) {
        if (this.rows.chunkRows(block) === rows) index = from + read.length;
        continue;
      }
      for (let i = read.length - 1; i >= 0 && reversed.length < count; i--) {
        if (bytes > WINDOW_BYTES) return { entries: reversed.reverse(), isStart: false };
        reversed.push(read[i]);
        bytes += read[i].size;
        index--;
      }
    }
    return { entries: reversed.reverse(), isStart: this.map.numberOf({ block, index }).row === 0 };
  }

  private isBehindAll({ block, index }: BlockRow): boolean {
    if (block >= this.map.blocks) return true;
    return this.map.isExact && this.map.numberOf({ block, index }).row >= this.map.rows;
  }
}
