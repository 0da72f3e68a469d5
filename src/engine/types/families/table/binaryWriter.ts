import { EngineError } from '../../../bytes/engineError';

/** Longest byte string that stands in the slot itself. */
const MAX_INLINE = 7;

/**
 * Builds SQL's binary format as `AbstractBinaryWriter` does: a fixed part of slots, then the parts of variable length, each
 * padded with zeros to eight bytes. Little-endian.
 */
export class BinaryWriter {
  private bytes: Uint8Array;
  private view: DataView;
  private end: number;

  constructor(fixedSize: number) {
    this.bytes = new Uint8Array(Math.max(fixedSize, 16) * 2);
    this.view = new DataView(this.bytes.buffer);
    this.end = fixedSize;
  }

  u8(at: number, value: number): void {
    this.view.setUint8(at, value);
  }

  i16(at: number, value: number): void {
    this.view.setInt16(at, value, true);
  }

  i32(at: number, value: number): void {
    this.view.setInt32(at, value, true);
  }

  i64(at: number, value: bigint): void {
    this.view.setBigInt64(at, value, true);
  }

  f32(at: number, value: number): void {
    this.view.setFloat32(at, value, true);
  }

  f64(at: number, value: number): void {
    this.view.setFloat64(at, value, true);
  }

  setBit(base: number, index: number): void {
    this.bytes[base + (index >> 3)] |= 1 << (index & 7);
  }

  /** Appends `length` zero bytes (a multiple of eight) and points the slot to them; `low` is the slot's lower half. */
  reserve(slot: number, length: number, low: number): number {
    const at = this.room(length);
    this.point(slot, at, low);
    return at;
  }

  /** Overwrites bytes of a reserved part. */
  put(at: number, bytes: Uint8Array): void {
    this.bytes.set(bytes, at);
  }

  /** A part of variable length, whatever its length. */
  variable(slot: number, part: Uint8Array): void {
    const at = this.room((part.length + 7) & ~7);
    this.bytes.set(part, at);
    this.point(slot, at, part.length);
  }

  /** A byte string: short ones stand in the slot. */
  byteString(slot: number, text: Uint8Array): void {
    if (text.length > MAX_INLINE) {
      this.variable(slot, text);
      return;
    }
    this.i64(slot, 0n);
    this.bytes.set(text, slot);
    this.u8(slot + 7, 0x80 | text.length);
  }

  toBytes(): Uint8Array {
    return this.bytes.slice(0, this.end);
  }

  private point(slot: number, offset: number, low: number): void {
    this.i32(slot, low);
    this.i32(slot + 4, offset);
  }

  private room(length: number): number {
    const at = this.end;
    const wanted = at + length;
    if (wanted > 0x7fffffff) throw new EngineError('LIMIT', 'A binary row does not fit 2 GiB.');
    if (wanted > this.bytes.length) {
      const grown = new Uint8Array(Math.max(wanted, this.bytes.length * 2));
      grown.set(this.bytes.subarray(0, at));
      this.bytes = grown;
      this.view = new DataView(grown.buffer);
    }
    this.end = wanted;
    return at;
  }
}
