import { type ByteSource, readInto } from './byteSource';
import { baseOffsetOf } from './memorySource';

/** Bytes that are read once, from front to back. */
export interface ByteStream {
  /** The file as a person knows it. */
  readonly name: string;
  /** Offset in the file of the stream's first byte; 0 where the stream is not a stretch of a file. */
  readonly offset: number;
  /** What the bytes are unpacked from, where they are; `offset` was the same at first. */
  readonly packed?: { readonly file: string; readonly offset: number };
  /** Bytes in front of those that `next` gives, in the same buffer, which are the receiver's to write to; none if absent. */
  readonly headroom?: number;
  /** The next bytes, never none; null at the end. */
  next(signal?: AbortSignal): Promise<Uint8Array | null>;
}

/**
 * Bytes that are asked of a file at once: few at first, because who looks for one entry needs no more. Longer blocks take no
 * less time, and live so long that garbage collection finds them late.
 */
const FIRST_BLOCK = 64 * 1024;
const LONGEST_BLOCK = 128 * 1024;
/** Enough for the beginning of most entries that a block ends in. */
const HEADROOM = 4 * 1024;

/**
 * The stretch `[from, to)` of a file. Who reads much of it gets longer and longer blocks, and the next one is read while the
 * last is looked at.
 */
export class RangeStream implements ByteStream {
  readonly name: string;
  readonly offset: number;
  readonly headroom: number;
  private at: number;
  private block: number;
  private ahead: Promise<Uint8Array | null> | null = null;

  constructor(
    private readonly source: ByteSource,
    from: number,
    private readonly to: number,
    private readonly longestBlock = LONGEST_BLOCK,
  ) {
    this.name = source.name;
    this.offset = baseOffsetOf(source) + from;
    this.headroom = source.readInto === undefined ? 0 : HEADROOM;
    this.at = from;
    this.block = Math.min(FIRST_BLOCK, longestBlock);
  }

  async next(signal?: AbortSignal): Promise<Uint8Array | null> {
    const bytes = await (this.ahead ?? this.read(signal));
    const isLongest = this.block === this.longestBlock;
    this.ahead = isLongest && this.longestBlock === LONGEST_BLOCK ? this.read(signal) : null;
    // Nobody may ever ask for it.
    this.ahead?.catch(() => {});
    this.block = Math.min(this.block * 4, this.longestBlock);
    return bytes;
  }

  private async read(signal: AbortSignal | undefined): Promise<Uint8Array | null> {
    const from = this.at;
    if (from >= this.to) return null;
    this.at = Math.min(from + this.block, this.to);
    const length = this.at - from;
    if (this.headroom === 0) return this.source.read(from, length, signal);
    const bytes = new Uint8Array(this.headroom + length).subarray(this.headroom);
    await readInto(this.source, bytes, from, signal);
    return bytes;
  }
}
