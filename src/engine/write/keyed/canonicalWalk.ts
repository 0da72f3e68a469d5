import { END_OF_KEY_GROUP, LAST_OF_RUN } from '../../backends/canonicalMarks';
import type { KeyGroupRange } from '../../backends/keyGroupRanges';
import { joinBytes } from '../../bytes/byteStrings';
import { EngineError, throwIfAborted } from '../../bytes/engineError';
import { type ByteSource, readInto } from '../../storage/byteSource';
import { type ByteStream, RangeStream } from '../../storage/byteStream';
import { SnappyFramedStream } from '../../storage/snappyFramed';

/** Bytes that are asked of a file at once. */
const BLOCK = 512 * 1024;
/** Largest entry. */
const MAX_ENTRY = 512 * 1024 * 1024;

/**
 * Told of everything that a key group holds. Entries come as places in a window, which is overwritten later: what is to last
 * is copied.
 */
export interface CanonicalVisitor {
  /** The entries that follow lie in this window. */
  window(bytes: Uint8Array, view: DataView): void;
  keyGroup(keyGroup: number): void;
  /** The entries that follow are of this state (its number in the header). */
  run(state: number): void;
  /** `[from, to)` is the key, the number of its key group and the mark of a run's last entry included; `[to + 4, end)` the value. */
  entry(from: number, to: number, end: number): void;
}

/**
 * Goes over the entries of key groups in the canonical layout without making an object of any: the layout is that of
 * `CanonicalPart`, and the same things are checked: every length, the states' numbers, that a key lies in the key group whose
 * number it begins with, and that a key group ends where the next begins.
 */
export class CanonicalWalk {
  private state = -1;
  private ended = false;
  private current = -1;
  private readonly buffers = new BlockBuffers();

  constructor(
    private readonly source: ByteSource,
    private readonly compressed: boolean,
    private readonly prefix: 1 | 2,
    /** How many states the header has. */
    private readonly states: number,
    private readonly visitor: CanonicalVisitor,
  ) {}

  async over({ keyGroup, from, to }: KeyGroupRange, signal?: AbortSignal): Promise<void> {
    this.state = -1;
    this.ended = false;
    this.current = keyGroup;
    this.visitor.keyGroup(keyGroup);
    const blocks = this.compressed
      ? new StreamBlocks(new SnappyFramedStream(new RangeStream(this.source, from, to)))
      : new FileBlocks(this.source, from, to, this.buffers);
    for (let rest = EMPTY, position = 0; ; ) {
      throwIfAborted(signal);
      const bytes = await blocks.behind(rest, position, signal);
      if (bytes === null) {
        if (this.ended) return;
        throw this.fault(blocks.offset + position, 'ends before its end mark');
      }
      rest = bytes;
      position = this.window(bytes, blocks.offset);
      if (this.ended && position < bytes.length)
        throw this.fault(blocks.offset + position, 'goes on behind its end mark');
    }
  }

  /** Goes over all entries that lie in the window as a whole; gives where it stopped. */
  private window(bytes: Uint8Array, offset: number): number {
    const { visitor, prefix, current } = this;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const length = bytes.length;
    visitor.window(bytes, view);
    let at = 0;
    while (!this.ended) {
      if (this.state < 0) {
        if (at + 2 > length) return at;
        const state = view.getUint16(at);
        if (state === END_OF_KEY_GROUP) this.ended = true;
        else if (state >= this.states)
          throw this.fault(offset + at, `has an entry of state ${state}, of ${this.states}`);
        else visitor.run(state);
        this.state = state;
        at += 2;
        continue;
      }
      if (at + 4 > length) return at;
      const keyLength = view.getInt32(at);
      if (keyLength < prefix || keyLength > MAX_ENTRY) throw this.fault(offset + at, `has a key of ${keyLength} bytes`);
      const from = at + 4;
      const to = from + keyLength;
      if (to + 4 > length) return at;
      const valueLength = view.getInt32(to);
      if (valueLength < 0 || valueLength > MAX_ENTRY)
        throw this.fault(offset + to, `has a value of ${valueLength} bytes`);
      const end = to + 4 + valueLength;
      if (end > length) return at;
      const first = bytes[from];
      const stored = prefix === 1 ? first & ~LAST_OF_RUN : ((first & ~LAST_OF_RUN) << 8) | bytes[from + 1];
      if (stored !== current) throw this.fault(offset + from, `has an entry of key group ${stored}`);
      visitor.entry(from, to, end);
      at = end;
      if ((first & LAST_OF_RUN) !== 0) this.state = -1;
    }
    return at;
  }

  private fault(offset: number, what: string): EngineError {
    return new EngineError('CORRUPT', `Key group ${this.current} ${what}.`, { file: this.source.name, offset });
  }
}

const EMPTY: Uint8Array = new Uint8Array(0);

/** Windows over bytes, each beginning with what the last one left. */
interface Blocks {
  /** Offset of the last window's first byte, for messages. */
  readonly offset: number;
  /** A window with what lies in `rest` from `position` on, and more behind it; null where there is no more. */
  behind(rest: Uint8Array, position: number, signal: AbortSignal | undefined): Promise<Uint8Array | null>;
}

/** Room in front of a block for what the last window left. */
const HEAD = 64 * 1024;

/** Two buffers that take turns: while one is looked at, the other is filled. */
class BlockBuffers {
  private readonly pair = [new Uint8Array(HEAD + BLOCK), new Uint8Array(HEAD + BLOCK)];

  next(): Uint8Array {
    const [first, second] = this.pair;
    this.pair.reverse();
    return first ?? second;
  }
}

class FileBlocks implements Blocks {
  offset: number;
  /** Where the file is read next. */
  private at: number;
  private ahead: { buffer: Uint8Array; size: number; read: Promise<void> } | null = null;

  constructor(
    private readonly source: ByteSource,
    from: number,
    private readonly to: number,
    private readonly buffers: BlockBuffers,
  ) {
    this.offset = from;
    this.at = from;
  }

  async behind(rest: Uint8Array, position: number, signal: AbortSignal | undefined): Promise<Uint8Array | null> {
    const left = rest.length - position;
    if (left > HEAD) return this.long(left, position, signal);
    const { ahead } = this;
    const { buffer, size, read } = ahead ?? this.begin(signal);
    await read;
    if (size === 0) return null;
    buffer.set(rest.subarray(position), HEAD - left);
    this.offset += position;
    this.ahead = this.begin(signal);
    // Nobody may ever ask for it.
    this.ahead.read.catch(() => {});
    return buffer.subarray(HEAD - left, HEAD + size);
  }

  /** Begins to read the next block, into the buffer that was not filled last. */
  private begin(signal: AbortSignal | undefined): { buffer: Uint8Array; size: number; read: Promise<void> } {
    const buffer = this.buffers.next();
    const size = Math.min(BLOCK, this.to - this.at);
    const read =
      size === 0 ? Promise.resolve() : readInto(this.source, buffer.subarray(HEAD, HEAD + size), this.at, signal);
    this.at += size;
    return { buffer, size, read };
  }

  /** A window twice as long, where an entry is longer than the room in front of a block. */
  private async long(left: number, position: number, signal: AbortSignal | undefined): Promise<Uint8Array | null> {
    await this.ahead?.read;
    this.ahead = null;
    const begin = this.offset + position;
    const size = Math.min(Math.max(left * 2, BLOCK), this.to - begin);
    if (size <= left) return null;
    const bytes = await this.source.read(begin, size, signal);
    this.offset = begin;
    this.at = begin + size;
    return bytes;
  }
}

class StreamBlocks implements Blocks {
  offset = 0;

  constructor(private readonly stream: ByteStream) {}

  async behind(rest: Uint8Array, position: number, signal: AbortSignal | undefined): Promise<Uint8Array | null> {
    const pieces = [rest.subarray(position)];
    let size = rest.length - position;
    // At least twice what is left, so that a long entry is not moved again and again.
    for (const least = size * 2; size <= least; ) {
      const next = await this.stream.next(signal);
      if (next === null) break;
      pieces.push(next);
      size += next.length;
    }
    if (pieces.length === 1) return null;
    this.offset += position;
    return joinBytes(pieces);
  }
}
