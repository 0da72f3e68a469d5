import { EngineError, type ErrorPlace } from '../../bytes/engineError';
import type { BlockHandle } from './blockReader';
import { asciiOf, RocksCursor } from './littleEndian';

const u32 = (b: Uint8Array, at: number): number =>
  (b[at] | (b[at + 1] << 8) | (b[at + 2] << 16) | (b[at + 3] << 24)) >>> 0;

/** The high bit of the restart count: a hash index of 1-byte buckets stands between the restarts and the count. */
const HAS_HASH_INDEX = 0x80000000;

/** Where the entries of a block end, and how many restart points stand behind them. */
export function blockTrailer(bytes: Uint8Array, place: ErrorPlace): { end: number; restarts: number } {
  const n = bytes.length;
  if (n < 4) throw new EngineError('CORRUPT', `A block has at least 4 bytes, this one ${n}.`, place);
  const packed = u32(bytes, n - 4);
  let end = n - 4;
  if ((packed & HAS_HASH_INDEX) !== 0 && n >= 6) end = n - 6 - (bytes[n - 6] | (bytes[n - 5] << 8));
  const restarts = (packed & ~HAS_HASH_INDEX) >>> 0;
  end -= restarts * 4;
  if (end < 0) {
    throw new EngineError('CORRUPT', `${restarts} restart points do not fit a block of ${n} bytes.`, place);
  }
  return { end, restarts };
}

/**
 * Walks the entries of one index or meta block, and says how every block is laid out (`table/block_based/block.cc`):
 *
 * ```
 * entry:   shared varint32 | unshared varint32 | value length varint32 | key without its shared prefix | value
 * trailer: restarts fixed32[n] | (hash buckets u8[m], m fixed16)? | n fixed32, high bit: with hash buckets
 * ```
 *
 * In index blocks whose values are delta-encoded the value length is absent: `omitValueLength`; the caller then reads the
 * value itself and says with `valueEnd` where it ended. The key is assembled in a buffer that the next entry overwrites.
 */
export class BlockEntries {
  key: Uint8Array = new Uint8Array(64);
  keyLength = 0;
  valueStart = 0;
  valueEnd = 0;
  /** Bytes that the entry's key shares with the one before. */
  shared = 0;
  /** End of the entries, where the restarts begin. */
  readonly end: number;
  private readonly restarts: number;
  private next = 0;

  constructor(
    readonly bytes: Uint8Array,
    private readonly file: string,
    private readonly blockOffset: number,
    private readonly omitValueLength = false,
  ) {
    const { end, restarts } = blockTrailer(bytes, { file, offset: blockOffset });
    this.end = end;
    this.restarts = restarts;
  }

  /** Moves to the next entry; false at the end. */
  advance(): boolean {
    if (this.next >= this.end) return false;
    const shared = this.varint();
    const unshared = this.varint();
    const valueLength = this.omitValueLength ? 0 : this.varint();
    const keyEnd = this.next + unshared;
    if (shared > this.keyLength) throw this.corrupt(`A key shares ${shared} bytes with one of ${this.keyLength}.`);
    if (keyEnd + valueLength > this.end) {
      throw this.corrupt(`An entry of ${unshared} + ${valueLength} bytes passes the end of its block.`);
    }
    const length = shared + unshared;
    if (length > this.key.length) {
      const grown = new Uint8Array(length * 2);
      grown.set(this.key.subarray(0, shared));
      this.key = grown;
    }
    const { key, bytes } = this;
    for (let from = this.next, to = shared; from < keyEnd; from++, to++) key[to] = bytes[from];
    this.keyLength = length;
    this.shared = shared;
    this.valueStart = keyEnd;
    this.valueEnd = keyEnd + valueLength;
    this.next = this.valueEnd;
    return true;
  }

  /** Says where the value of the current entry ended, in a block that omits value lengths. */
  valueEndsAt(index: number): void {
    this.valueEnd = index;
    this.next = index;
  }

  /** Stands before the last restart point whose key is before what is sought, so that advancing finds that. */
  seek(isBefore: (key: Uint8Array, length: number) => boolean): void {
    let low = 0;
    let high = this.restarts - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      this.toRestart(middle);
      if (this.advance() && isBefore(this.key, this.keyLength)) low = middle;
      else high = middle - 1;
    }
    this.toRestart(low);
  }

  private toRestart(index: number): void {
    const at = this.restarts === 0 ? 0 : u32(this.bytes, this.end + index * 4);
    if (at > this.end)
      throw this.corrupt(`Restart point ${index} lies at ${at}, past the entries' end at ${this.end}.`);
    this.next = at;
    this.keyLength = 0;
  }

  private varint(): number {
    const { bytes } = this;
    let b = bytes[this.next++];
    if (b < 0x80 && this.next <= this.end) return b;
    let v = b & 0x7f;
    for (let shift = 7; shift < 35; shift += 7) {
      if (this.next >= this.end) break;
      b = bytes[this.next++];
      v += (b & 0x7f) * 2 ** shift;
      if (b < 0x80) return v;
    }
    throw this.corrupt('A varint32 in a block does not end.');
  }

  private corrupt(message: string): EngineError {
    return new EngineError('CORRUPT', message, { file: this.file, offset: this.blockOffset });
  }
}

/** A meta block (meta index, properties) as a map from ASCII name to value, a view. */
export function metaBlock(bytes: Uint8Array, file: string, offset: number): Map<string, Uint8Array> {
  const entries = new BlockEntries(bytes, file, offset);
  const found = new Map<string, Uint8Array>();
  while (entries.advance()) {
    const name = asciiOf(entries.key.subarray(0, entries.keyLength));
    found.set(name, bytes.subarray(entries.valueStart, entries.valueEnd));
  }
  return found;
}

/** A block handle as a value: two varint64. */
export function blockHandleOf(value: Uint8Array, file: string, offset: number): BlockHandle {
  const cursor = new RocksCursor(value, { file, offset });
  return { offset: cursor.varintSize('offset of a block'), size: cursor.varintSize('size of a block') };
}
