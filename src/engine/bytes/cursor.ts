import { EngineError, type EngineErrorCode } from './engineError';
import { decodeModifiedUtf8 } from './modifiedUtf8';

/** Where a window of bytes lies: for messages only. */
export interface CursorOrigin {
  /** The file as a person knows it. */
  file?: string;
  /** Absolute offset in `file` of the window's first byte. */
  offset?: number;
}

/** Deepest nesting of values, types and handles that is followed; Flink's own never come near it. */
export const MAX_DEPTH = 200;

const SHARED_VIEW = new DataView(new ArrayBuffer(8));

/** Thrown at the end of a window that more follows: made once, because a window may end in the middle of every entry. */
const END_OF_WINDOW = new EngineError('TRUNCATED', 'The window ends here, and more follows.');

/**
 * Reads big-endian values from a window of bytes, as Java's `DataInput` does. Every read is checked; one that goes past the
 * end throws `TRUNCATED` with the absolute offset, the bytes wanted and the bytes there. A failed read does not move the
 * cursor, so that a stream can refill its window and try the whole entry again.
 */
export class Cursor {
  bytes: Uint8Array;
  /** Index into `bytes` behind the last byte that may be read. */
  end: number;
  /** Index into `bytes` of the next byte. */
  position: number;
  readonly file: string | undefined;
  /** More may follow behind the window: running out of it is for whoever refills it, and no error that needs words. */
  moreFollows = false;
  private readonly base: number;
  private depth = 0;
  /** Where reading began. */
  private start: number;
  /** Items without bytes that were announced since. */
  private emptyItems = 0;

  constructor(bytes: Uint8Array, origin: CursorOrigin = {}, from = 0, to = bytes.length) {
    this.bytes = bytes;
    this.position = from;
    this.start = from;
    this.end = to;
    this.file = origin.file;
    this.base = origin.offset ?? 0;
  }

  /** Turns to `[from, to)` of the same bytes, as a new cursor would: one serves for many entries of a window. */
  aim(from: number, to: number): void {
    this.position = from;
    this.start = from;
    this.end = to;
    this.emptyItems = 0;
  }

  /** The same for other bytes, with which offsets are places in the window only. */
  turnTo(bytes: Uint8Array, from: number, to: number): void {
    this.bytes = bytes;
    this.aim(from, to);
  }

  /** Bytes left in the window. */
  get remaining(): number {
    return this.end - this.position;
  }

  /** Absolute offset in the file of the next byte. */
  get offset(): number {
    return this.base + this.position;
  }

  get atEnd(): boolean {
    return this.position >= this.end;
  }

  /** An error of the given code at the next byte (or at the absolute offset `offset`). */
  error(code: EngineErrorCode, message: string, offset = this.offset): EngineError {
    return new EngineError(code, message, { file: this.file, offset });
  }

  corrupt(message: string, offset = this.offset): EngineError {
    return this.error('CORRUPT', message, offset);
  }

  /** Fails unless `length` more bytes are there; to be called before anything of that length is allocated. */
  need(length: number, what = 'value'): void {
    if (length < 0) throw this.corrupt(`Length of ${what} is negative: ${length}.`);
    if (length > this.end - this.position) {
      if (this.moreFollows) throw END_OF_WINDOW;
      throw this.error('TRUNCATED', `The data ends inside a ${what}: ${length} bytes wanted, ${this.remaining} there.`);
    }
  }

  u8(): number {
    if (this.position >= this.end) this.need(1, 'byte');
    return this.bytes[this.position++];
  }

  i8(): number {
    return (this.u8() << 24) >> 24;
  }

  /** One byte that must be 0 or 1. Java's `readBoolean` takes any non-zero byte; no Flink writer produces one. */
  bool(what = 'flag'): boolean {
    const b = this.u8();
    if (b > 1) throw this.corrupt(`A ${what} is 0 or 1, found ${b}.`, this.offset - 1);
    return b === 1;
  }

  u16(): number {
    if (this.end - this.position < 2) this.need(2, 'short');
    const { bytes, position } = this;
    this.position += 2;
    return (bytes[position] << 8) | bytes[position + 1];
  }

  i16(): number {
    return (this.u16() << 16) >> 16;
  }

  i32(): number {
    if (this.end - this.position < 4) this.need(4, 'int');
    const { bytes, position } = this;
    this.position += 4;
    return (bytes[position] << 24) | (bytes[position + 1] << 16) | (bytes[position + 2] << 8) | bytes[position + 3];
  }

  u32(): number {
    return this.i32() >>> 0;
  }

  i64(): bigint {
    if (this.end - this.position < 8) this.need(8, 'long');
    return this.nextEight().getBigInt64(0);
  }

  /** The next eight bytes, which are there, in front of the shared view. A view of its own would cost more than many a value. */
  private nextEight(): DataView {
    const { bytes: b, position: at } = this;
    SHARED_VIEW.setInt32(0, (b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3]);
    SHARED_VIEW.setInt32(4, (b[at + 4] << 24) | (b[at + 5] << 16) | (b[at + 6] << 8) | b[at + 7]);
    this.position = at + 8;
    return SHARED_VIEW;
  }

  /** A `long` that is a size, an offset or a count: not negative and exact as a JavaScript number. */
  size(what: string): number {
    const at = this.offset;
    const v = this.i64();
    if (v < 0n || v > BigInt(Number.MAX_SAFE_INTEGER))
      throw this.corrupt(`${what} is ${v}, which no file can have.`, at);
    return Number(v);
  }

  f32(): number {
    if (this.end - this.position < 4) this.need(4, 'float');
    SHARED_VIEW.setInt32(0, this.i32());
    return SHARED_VIEW.getFloat32(0);
  }

  f64(): number {
    if (this.end - this.position < 8) this.need(8, 'double');
    return this.nextEight().getFloat64(0);
  }

  /**
   * An `int` that counts items of at least `minimumBytes` each: refused when so many cannot be left. Of items that may take no
   * bytes at all (`minimumBytes` 0) all counts together are bounded: by `MAX_EMPTY_ITEMS`, and some for each byte read.
   */
  count(what: string, minimumBytes = 1): number {
    const at = this.offset;
    const n = this.i32();
    if (n < 0) throw this.corrupt(`Number of ${what} is negative: ${n}.`, at);
    if (minimumBytes === 0) this.emptyItems += n;
    const most = MAX_EMPTY_ITEMS + EMPTY_ITEMS_PER_BYTE * (this.position - this.start);
    if (minimumBytes > 0 ? n * minimumBytes > this.remaining : this.emptyItems > most) {
      throw this.error('TRUNCATED', `${n} ${what} are announced, but only ${this.remaining} bytes are left.`, at);
    }
    return n;
  }

  /** A view (not a copy) of the next `length` bytes. */
  take(length: number, what = 'byte string'): Uint8Array {
    this.need(length, what);
    const v = this.bytes.subarray(this.position, this.position + length);
    this.position += length;
    return v;
  }

  skip(length: number, what = 'byte string'): void {
    if (length < 0 || length > this.end - this.position) this.need(length, what);
    this.position += length;
  }

  /** An `int` that is a length in bytes, so many of which are left. */
  length(what = 'byte string'): number {
    const at = this.offset;
    const n = this.i32();
    if (n < 0) throw this.corrupt(`Length of ${what} is negative: ${n}.`, at);
    if (n > this.end - this.position) this.need(n, what);
    return n;
  }

  /** `int` length, then as many bytes: a view, not a copy. */
  bytes4(what = 'byte string'): Uint8Array {
    return this.take(this.length(what), what);
  }

  /** Java's `readUTF`: unsigned short length in bytes, then modified UTF-8. */
  utf(what = 'string'): string {
    const n = this.u16();
    this.need(n, what);
    const from = this.position;
    try {
      const text = decodeModifiedUtf8(this.bytes, from, from + n);
      this.position = from + n;
      return text;
    } catch (e) {
      if (e instanceof EngineError)
        throw this.corrupt(`The ${what} is not modified UTF-8: ${e.message}`, this.base + (e.offset ?? from));
      throw e;
    }
  }

  /** Little-endian 7-bit groups, high bit set on all but the last, at most five bytes. */
  varint(what = 'variable-length int'): number {
    if (this.position < this.end && this.bytes[this.position] < 0x80) return this.bytes[this.position++];
    const at = this.offset;
    let v = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const b = this.u8();
      v += (b & 0x7f) * 2 ** shift;
      if (b < 0x80) {
        if (v > 0xffffffff) break;
        return v;
      }
    }
    throw this.corrupt(`A ${what} does not end within 32 bits.`, at);
  }

  /** A cursor over the next `length` bytes, which this cursor steps over: a frame that its content must not leave. */
  frame(length: number, what = 'frame'): Cursor {
    this.need(length, what);
    const inner = new Cursor(this.bytes, this.origin(), this.position, this.position + length);
    inner.depth = this.depth;
    this.position += length;
    return inner;
  }

  /** Where index 0 of `bytes` lies, for a cursor over the same or over derived bytes. */
  origin(): CursorOrigin {
    return this.file === undefined ? { offset: this.base } : { file: this.file, offset: this.base };
  }

  /** Runs `read` one level deeper, bounded, because a corrupt or hostile file must not exhaust the stack. */
  nested<T>(read: () => T): T {
    if (this.depth >= MAX_DEPTH) throw this.error('LIMIT', `Nested deeper than ${MAX_DEPTH} levels.`);
    this.depth++;
    try {
      return read();
    } finally {
      this.depth--;
    }
  }

  /** Fails unless everything in the window was read. */
  expectEnd(what: string): void {
    if (this.position !== this.end) {
      throw this.corrupt(`${this.remaining} bytes are left over after ${what}, which should end here.`);
    }
  }
}

/** Upper bound for items that take no bytes (for example in a list of `NullValue`), beside those that bytes read allow. */
export const MAX_EMPTY_ITEMS = 1_000_000;
/** Many small lists of such items are sound; few bytes that announce millions again and again are not. */
const EMPTY_ITEMS_PER_BYTE = 64;
