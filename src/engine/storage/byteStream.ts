import type { ByteSource } from './byteSource';
import { baseOffsetOf } from './memorySource';

/** Bytes that are read once, from front to back. */
export interface ByteStream {
  /** The file as a person knows it. */
  readonly name: string;
  /** Offset in the file of the stream's first byte; 0 where the stream is not a stretch of a file. */
  readonly offset: number;
  /** The next bytes, never none; null at the end. */
  next(signal?: AbortSignal): Promise<Uint8Array | null>;
}

/** Bytes that are asked of a file at once. */
const BLOCK = 256 * 1024;

/** The stretch `[from, to)` of a file. */
export class RangeStream implements ByteStream {
  readonly name: string;
  readonly offset: number;
  private at: number;

  constructor(
    private readonly source: ByteSource,
    from: number,
    private readonly to: number,
    private readonly block = BLOCK,
  ) {
    this.name = source.name;
    this.offset = baseOffsetOf(source) + from;
    this.at = from;
  }

  async next(signal?: AbortSignal): Promise<Uint8Array | null> {
    if (this.at >= this.to) return null;
    const length = Math.min(this.block, this.to - this.at);
    const bytes = await this.source.read(this.at, length, signal);
    this.at += length;
    return bytes;
  }
}
