import { EngineError } from '../../engine/bytes/engineError';
import type { BlockBatch, BlockReader } from '../../engine/rows/blockReader';
import { type KeptEntry, keepEntry } from '../../engine/rows/keptEntry';
import type { BlockRow, RowMap } from '../../engine/rows/rowMap';
import type { BlockRows } from './blockRows';
import { BlockScan } from './blockScan';
import { entryOfKey, type KeyWanted, Matcher, type Wanted } from './matcher';
import { boundsOf, type EntryWindow, type ListScan, type RowList, WINDOW_BYTES, type WindowWanted } from './rowList';
import type { Turns } from './turns';

export interface StateRows {
  readonly reader: BlockReader;
  readonly map: RowMap;
  readonly rows: BlockRows;
  readonly turns: Turns;
}

/** Matches that are kept and dropped as one. */
const CHUNK = 128;
/** Bytes of matches that are kept; others are read again when they are looked at. */
const KEPT_BYTES = 24 << 20;

/** The rows that a scan finds, in the order in which they are stored. Each is known by its place, and the last ones are kept. */
export class FoundRows implements RowList {
  private readonly scanning: BlockScan;
  private readonly places = new PlaceList();
  /** By number; those used last come last. */
  private readonly chunks = new Map<number, KeptEntry[]>();
  private bytes = 0;

  constructor(
    private readonly state: StateRows,
    isWanted: Wanted,
    private readonly key: KeyWanted | null = null,
    private readonly keptBytes = KEPT_BYTES,
  ) {
    const { reader, map, turns } = state;
    const blocks = key?.blocks ?? reader.blocks.map((_, block) => block);
    const matcher = new Matcher(key, isWanted);
    const take = (batch: BlockBatch, start: number): void =>
      matcher.each(batch, start, (entry, at) => this.add(keepEntry(entry, batch, at)));
    this.scanning = new BlockScan(reader, map, turns, { blocks, take, ...(key !== null && { key: key.bytes }) });
  }

  get length(): number {
    return this.places.length;
  }

  async window(wanted: WindowWanted, signal: AbortSignal): Promise<EntryWindow> {
    const row = 'row' in wanted.at ? Math.max(0, wanted.at.row) : this.places.find(wanted.at.place);
    const { from, to } = boundsOf(wanted, row, this.length);
    const at = Math.min(row, this.length);
    const entries: KeptEntry[] = [];
    let bytes = 0;
    let first = from;
    // Those in front may not use up the room of the one that was asked for.
    for (let i = from; i < to && (bytes <= WINDOW_BYTES || i <= at); i++) {
      const entry = await this.entry(i, signal);
      bytes += entry.size;
      entries.push(entry);
      while (i <= at && bytes > WINDOW_BYTES && entries.length > 1) {
        bytes -= entries.shift()?.size ?? 0;
        first++;
      }
    }
    const isEnd = first + entries.length === this.length;
    return { entries, first, exact: true, at: Math.max(0, at - first), isStart: first === 0, isEnd };
  }

  run(signal: AbortSignal, tell?: () => void): Promise<void> {
    return this.scanning.run(signal, tell);
  }

  scan(): ListScan {
    const { read, done, bytesRead, ofBytes, ended } = this.scanning;
    return { rows: this.length, exact: ended, read, done, bytesRead, ofBytes, ended, capped: null };
  }

  numberOf(place: BlockRow): { row: number; exact: boolean } {
    return { row: this.places.find(place), exact: this.scanning.ended || place.block < this.scanning.block };
  }

  place(row: number): BlockRow {
    return this.places.at(row);
  }

  /** The match of that number. */
  async entry(row: number, signal: AbortSignal): Promise<KeptEntry> {
    const number = Math.floor(row / CHUNK);
    const kept = this.chunks.get(number);
    if (kept !== undefined) {
      this.chunks.delete(number);
      this.chunks.set(number, kept);
      return kept[row - number * CHUNK];
    }
    const chunk: KeptEntry[] = [];
    const end = (): number => Math.min(this.length, (number + 1) * CHUNK);
    // While it is read, the last chunk may become longer.
    for (let next = number * CHUNK; next < end(); next = number * CHUNK + chunk.length) {
      chunk.push(...(await this.readAgain(next, end(), signal)));
    }
    this.keep(number, chunk);
    return chunk[row - number * CHUNK];
  }

  async close(): Promise<void> {
    await this.scanning.close();
    this.chunks.clear();
  }

  private add(entry: KeptEntry): void {
    const number = Math.floor(this.length / CHUNK);
    this.places.push(entry.at);
    const chunk = this.chunks.get(number);
    if (chunk === undefined) {
      if (this.length % CHUNK === 1) this.keep(number, [entry]);
      return;
    }
    chunk.push(entry);
    this.bytes += entry.size;
    this.trim(number);
  }

  private keep(number: number, chunk: KeptEntry[]): void {
    this.forget(number);
    this.chunks.set(number, chunk);
    this.bytes += sizeOf(chunk);
    this.trim(number);
  }

  private trim(newest: number): void {
    for (const oldest of this.chunks.keys()) {
      if (this.bytes <= this.keptBytes) return;
      if (oldest !== newest) this.forget(oldest);
    }
  }

  private forget(number: number): void {
    this.bytes -= sizeOf(this.chunks.get(number) ?? []);
    this.chunks.delete(number);
  }

  /** The matches of those numbers, from their blocks. */
  private async readAgain(from: number, to: number, signal: AbortSignal): Promise<KeptEntry[]> {
    const entries: KeptEntry[] = [];
    for (let i = from; i < to; i++) {
      const place = this.place(i);
      const [entry] = this.key === null ? await this.state.rows.from(place.block, place.index, signal) : [];
      const found = entry ?? (await this.entryOfKey(place, signal));
      if (found === null) {
        throw new EngineError('IO', 'An entry that was found before cannot be read any more.', {
          hint: 'Did the snapshot change on disk? Reload it.',
        });
      }
      entries.push(found);
    }
    return entries;
  }

  /** The entry of the key that has this index among the key's entries of its block. */
  private async entryOfKey(place: BlockRow, signal: AbortSignal): Promise<KeptEntry | null> {
    if (this.key === null) return null;
    return entryOfKey(this.state.reader, this.key.bytes, place, signal);
  }
}

/** Places in order, in little memory: there may be millions. */
class PlaceList {
  length = 0;
  private blocks = new Uint32Array(1024);
  /** Indexes of blocks that have more than 2^32 entries do not occur: a file would have to have terabytes. */
  private indexes = new Uint32Array(1024);

  push({ block, index }: BlockRow): void {
    if (this.length === this.blocks.length) {
      this.blocks = grown(this.blocks);
      this.indexes = grown(this.indexes);
    }
    this.blocks[this.length] = block;
    this.indexes[this.length] = index;
    this.length++;
  }

  at(i: number): BlockRow {
    return { block: this.blocks[i], index: this.indexes[i] };
  }

  /** Position of the first that is not before a place. */
  find({ block, index }: BlockRow): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const isBefore = this.blocks[middle] < block || (this.blocks[middle] === block && this.indexes[middle] < index);
      if (isBefore) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function grown(values: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(values.length * 2);
  larger.set(values);
  return larger;
}

const sizeOf = (chunk: readonly KeptEntry[]): number => chunk.reduce((sum, { size }) => sum + size, 0);
