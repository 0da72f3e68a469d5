import { EngineError } from '../../bytes/engineError';
import { rememberPlace } from '../../storage/bytePlaces';
import { blockTrailer } from './blockEntries';
import { KEY_TRAILER } from './internalKey';

/**
 * Bytes of a window: a few blocks of RocksDB's usual size, and their keys. Windows that live longer than most entries do would
 * be moved to where only a full collection of garbage finds them.
 */
const WINDOW = 16 * 1024;
/** Entries of a stretch at most. */
const MOST_ENTRIES = 512;
/** Bytes for keys at least. */
const LEAST_ROOM = 512;

const NOTHING: Uint8Array = new Uint8Array(0);

/** Bytes that the keys of a block are given: most have about as many as their block, long blocks hold long values. */
const roomFor = (blockBytes: number): number => Math.max(LEAST_ROOM, Math.min(blockBytes, WINDOW));

/** Bytes that are copied at once. */
const WORD = 4;

/** Numbers of each entry in `fields`. */
export const FIELDS = 4;

/**
 * Takes the entries of data blocks apart, a stretch at a time (the layout of a block is told at `BlockEntries`). A block's
 * bytes and, behind them, its keys in full lie in one window, so that an entry is nothing but places in it. Windows are never
 * overwritten: who holds an entry may keep it while the blocks behind it are read.
 *
 * Keys that share much could be far longer than their block: a stretch ends when its window is full.
 */
export class DataBlock {
  window: Uint8Array = NOTHING;
  private words = new DataView(new ArrayBuffer(0));
  /** Entries of the stretch. */
  length = 0;
  /**
   * Of each entry: where its internal key begins, which ends where the next begins; where its value begins and ends; bytes
   * that its key shares with the one before.
   */
  readonly fields = new Int32Array(FIELDS * MOST_ENTRIES + 1);
  /** The rest of the block: entries that no stretch has had yet. */
  private at = 0;
  private end = 0;
  /** The last key that was taken apart. */
  private keyFrom = 0;
  private keyTo = 0;
  /** What has just been read: see `varints`. */
  private sharedLength = 0;
  private unsharedLength = 0;
  private valueLength = 0;

  /** Of the block, in its file; and whether it lies there as it is. */
  private offset = 0;
  private isStored = true;
  /** Bytes of its entries. */
  private blockLength = 0;

  /** `base` is the offset in the file of what offsets of blocks are told by. */
  constructor(
    private readonly file: string,
    private readonly base = 0,
  ) {}

  /** Turns to a block, whose bytes are copied. `offset` is the block's in its file, `isStored` whether it is not compressed. */
  open(block: Uint8Array, offset: number, isStored = true): void {
    this.offset = offset;
    this.isStored = isStored;
    this.length = 0;
    const { end } = blockTrailer(block, { file: this.file, offset });
    this.blockLength = end;
    const used = this.keyTo;
    if (used + end + Math.max(end, LEAST_ROOM) > this.window.length) this.begin(block, 0, end, 0);
    else {
      this.window.set(end === block.length ? block : block.subarray(0, end), used);
      this.remember(used, end, 0);
      this.at = used;
      this.end = used + end;
      this.keyFrom = this.end;
      this.keyTo = this.end;
    }
  }

  /** Takes the next stretch apart; false at the end of the block. */
  next(): boolean {
    if (this.at >= this.end) {
      this.length = 0;
      return false;
    }
    this.stretch();
    // The first key did not fit: what is left of the block goes to a window of its own.
    if (this.length === 0) {
      this.moveOn();
      this.stretch();
    }
    return true;
  }

  /** A new window with `[from, to)` of these bytes, in front of which `skipped` bytes of the block are left out. */
  private begin(
    bytes: Uint8Array,
    from: number,
    to: number,
    skipped: number,
    key: Uint8Array = NOTHING,
    room = 0,
  ): void {
    const size = to - from;
    const window = new Uint8Array(Math.max(WINDOW, size + key.length + room + roomFor(size)));
    window.set(bytes.subarray(from, to));
    window.set(key, size);
    this.window = window;
    this.words = new DataView(window.buffer);
    this.remember(0, size, skipped);
    this.at = 0;
    this.end = size;
    this.keyFrom = size;
    this.keyTo = size + key.length;
  }

  private remember(at: number, length: number, skipped: number): void {
    const offset = this.base + this.offset;
    if (this.isStored) rememberPlace(this.window, this.file, offset + skipped, null, at, length);
    else rememberPlace(this.window, this.file, offset, skipped, at, length);
  }

  private moveOn(): void {
    const { window, at, end } = this;
    this.readVarints();
    const key = window.subarray(this.keyFrom, this.keyTo);
    this.begin(window, at, end, this.blockLength - (end - at), key, this.sharedLength + this.unsharedLength);
  }

  private stretch(): void {
    const { window, words, fields, end } = this;
    const room = window.length;
    let { at, keyFrom, keyTo } = this;
    let length = 0;
    while (at < end && length < MOST_ENTRIES) {
      let shared: number;
      let unshared: number;
      let valueLength: number;
      let from = at + 3;
      if (from <= end && (window[at] | window[at + 1] | window[at + 2]) < 0x80) {
        shared = window[at];
        unshared = window[at + 1];
        valueLength = window[at + 2];
      } else {
        this.at = at;
        from = this.readVarints();
        shared = this.sharedLength;
        unshared = this.unsharedLength;
        valueLength = this.valueLength;
      }
      const valueFrom = from + unshared;
      const next = valueFrom + valueLength;
      if (shared > keyTo - keyFrom || next > end || shared + unshared < KEY_TRAILER) {
        throw this.misfit(shared, keyTo - keyFrom, unshared, valueLength, next > end);
      }
      const newTo = keyTo + shared + unshared;
      if (newTo + WORD > room) break;
      // Whole words are several times as fast as bytes; what is copied beyond the end is written over next.
      const ownFrom = keyTo + shared;
      for (let to = keyTo; to < ownFrom; to += WORD, keyFrom += WORD) words.setUint32(to, words.getUint32(keyFrom));
      for (let to = ownFrom; to < newTo; to += WORD, from += WORD) words.setUint32(to, words.getUint32(from));
      const field = length * FIELDS;
      fields[field] = keyTo;
      fields[field + 1] = valueFrom;
      fields[field + 2] = next;
      fields[field + 3] = shared;
      length++;
      keyFrom = keyTo;
      keyTo = newTo;
      at = next;
    }
    fields[length * FIELDS] = keyTo;
    this.length = length;
    this.at = at;
    this.keyFrom = keyFrom;
    this.keyTo = keyTo;
  }

  /** The three lengths at `at`; where they end. */
  private readVarints(): number {
    let { at } = this;
    const varint = (): number => {
      let v = 0;
      for (let shift = 0; shift < 35 && at < this.end; shift += 7) {
        const b = this.window[at++];
        v += (b & 0x7f) * 2 ** shift;
        if (b < 0x80) return v;
      }
      throw this.corrupt('A varint32 in a block does not end.');
    };
    this.sharedLength = varint();
    this.unsharedLength = varint();
    this.valueLength = varint();
    return at;
  }

  private misfit(shared: number, before: number, unshared: number, value: number, isTooLong: boolean): EngineError {
    if (shared > before) return this.corrupt(`A key shares ${shared} bytes with one of ${before}.`);
    if (isTooLong) return this.corrupt(`An entry of ${unshared} + ${value} bytes passes the end of its block.`);
    return this.corrupt(`An internal key has ${shared + unshared} bytes, fewer than its trailer.`);
  }

  private corrupt(message: string): EngineError {
    return new EngineError('CORRUPT', message, { file: this.file, offset: this.offset });
  }
}
