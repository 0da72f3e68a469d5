import { EngineError } from './engineError';
import { encodeModifiedUtf8, modifiedUtf8Length } from './modifiedUtf8';

/** Stretches up to this length are copied byte by byte, which costs less than a call of `set`. */
const SHORT = 32;

/** Writes big-endian values into a growing buffer, as Java's `DataOutput` does: the mirror image of `Cursor`. */
export class Sink {
  private bytes: Uint8Array;
  private view: DataView;
  private length = 0;

  constructor(capacity = 256) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Number of bytes written. */
  get position(): number {
    return this.length;
  }

  private room(more: number): number {
    const at = this.length;
    const wanted = at + more;
    if (wanted > this.bytes.length) {
      const grown = new Uint8Array(Math.max(wanted, this.bytes.length * 2));
      grown.set(this.bytes.subarray(0, at));
      this.bytes = grown;
      this.view = new DataView(grown.buffer);
    }
    this.length = wanted;
    return at;
  }

  u8(v: number): void {
    const at = this.room(1);
    this.bytes[at] = v;
  }

  bool(v: boolean): void {
    this.u8(v ? 1 : 0);
  }

  i16(v: number): void {
    const at = this.room(2);
    this.view.setInt16(at, v);
  }

  i32(v: number): void {
    const at = this.room(4);
    this.view.setInt32(at, v);
  }

  i64(v: bigint | number): void {
    const at = this.room(8);
    if (typeof v === 'number' && Number.isSafeInteger(v)) {
      this.view.setInt32(at, Math.floor(v / 2 ** 32));
      this.view.setInt32(at + 4, v);
    } else this.view.setBigInt64(at, BigInt(v));
  }

  f32(v: number): void {
    const at = this.room(4);
    this.view.setFloat32(at, v);
  }

  f64(v: number): void {
    const at = this.room(8);
    this.view.setFloat64(at, v);
  }

  /** The bytes themselves, without a length. */
  raw(v: Uint8Array): void {
    const { length } = v;
    const at = this.room(length);
    if (length > SHORT) {
      this.bytes.set(v, at);
      return;
    }
    const { bytes } = this;
    for (let i = 0; i < length; i++) bytes[at + i] = v[i];
  }

  /** `[from, to)` of other bytes. */
  stretch(v: Uint8Array, from: number, to: number): void {
    const at = this.room(to - from);
    if (to - from > SHORT) {
      this.bytes.set(v.subarray(from, to), at);
      return;
    }
    const { bytes } = this;
    for (let i = from, k = at; i < to; i++, k++) bytes[k] = v[i];
  }

  /** `int` length, then the bytes. */
  bytes4(v: Uint8Array): void {
    this.i32(v.length);
    this.raw(v);
  }

  /** Java's `writeUTF`; fails with `LIMIT` past its 65,535 bytes. */
  utf(text: string): void {
    const n = modifiedUtf8Length(text);
    if (n > 0xffff)
      throw new EngineError('LIMIT', `A string of ${n} bytes does not fit Java's writeUTF, which takes 65535.`);
    this.i16(n);
    this.raw(encodeModifiedUtf8(text));
  }

  varint(v: number): void {
    let rest = v >>> 0;
    while (rest > 0x7f) {
      this.u8((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.u8(rest);
  }

  /** Overwrites an `int` that was written before, for lengths known only afterwards. */
  patchI32(at: number, v: number): void {
    this.view.setInt32(at, v);
  }

  /** The same for a byte. */
  patchU8(at: number, v: number): void {
    this.bytes[at] = v;
  }

  /** A copy of what was written. */
  toBytes(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  /** What was written, not copied: good until something else is written. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  /** What was written and room for more behind it: `position` tells how much of it is written. Another one once that is full. */
  get buffer(): Uint8Array {
    return this.bytes;
  }

  /** Forgets what was written from there on. */
  cut(position: number): void {
    this.length = position;
  }

  /** Forgets what was written and keeps the buffer. */
  clear(): void {
    this.length = 0;
  }
}
