import { EngineError } from '../../../bytes/engineError';

/** Regions in regions are followed no deeper than their types nest; together they read each byte at most so often. */
const MAX_READS_PER_BYTE = 200;

/**
 * A stretch of SQL's binary format (`BinaryRowData`, `BinaryArrayData`, `BinaryMapData`): the memory of the machine that
 * wrote it, **little-endian** on every platform Flink is released for. Offsets count from the region's first byte. Every
 * access is checked; nothing outside the region can be reached.
 */
export class BinaryRegion {
  private constructor(
    private readonly view: DataView,
    /** Bytes that regions inside may still take: overlapping regions, which no writer makes, would unfold without end. */
    private readonly budget: { left: number },
  ) {}

  static of(bytes: Uint8Array): BinaryRegion {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new BinaryRegion(view, { left: bytes.length * MAX_READS_PER_BYTE });
  }

  get size(): number {
    return this.view.byteLength;
  }

  u8(at: number): number {
    this.check(at, 1);
    return this.view.getUint8(at);
  }

  i8(at: number): number {
    this.check(at, 1);
    return this.view.getInt8(at);
  }

  i16(at: number): number {
    this.check(at, 2);
    return this.view.getInt16(at, true);
  }

  i32(at: number): number {
    this.check(at, 4);
    return this.view.getInt32(at, true);
  }

  i64(at: number): bigint {
    this.check(at, 8);
    return this.view.getBigInt64(at, true);
  }

  f32(at: number): number {
    this.check(at, 4);
    return this.view.getFloat32(at, true);
  }

  f64(at: number): number {
    this.check(at, 8);
    return this.view.getFloat64(at, true);
  }

  bytes(at: number, length: number): Uint8Array {
    this.check(at, length);
    this.take(length);
    return new Uint8Array(this.view.buffer, this.view.byteOffset + at, length);
  }

  /** A region inside this one. */
  inner(at: number, length: number): BinaryRegion {
    this.check(at, length);
    this.take(length);
    return new BinaryRegion(new DataView(this.view.buffer, this.view.byteOffset + at, length), this.budget);
  }

  /** Fixed slot of a part of variable length: upper half of the long its offset, lower half its length. */
  private located(slot: number): { offset: number; length: number } {
    return { offset: this.i32(slot + 4), length: this.i32(slot) };
  }

  /** The region that an 8-byte slot points to. */
  innerOf(slot: number): BinaryRegion {
    const { offset, length } = this.located(slot);
    return this.inner(offset, length);
  }

  /**
   * The byte string of an 8-byte slot. Up to seven bytes stand in the slot itself: then its topmost bit is set and the seven
   * bits below are the length (`BinaryFormat.MAX_FIX_PART_DATA_SIZE`).
   */
  bytesOf(slot: number): Uint8Array {
    const top = this.u8(slot + 7);
    if (top >= 0x80) {
      const length = top & 0x7f;
      if (length > 7) throw new EngineError('CORRUPT', `A byte string of ${length} bytes stands in a slot for 7.`);
      return this.bytes(slot, length);
    }
    const { offset, length } = this.located(slot);
    return this.bytes(offset, length);
  }

  private take(length: number): void {
    this.budget.left -= length;
    if (this.budget.left < 0) throw new EngineError('CORRUPT', 'Parts of a binary value lie over one another.');
  }

  private check(at: number, length: number): void {
    if (at < 0 || length < 0 || at + length > this.view.byteLength) {
      const what = `${length} bytes at offset ${at}`;
      throw new EngineError('CORRUPT', `A binary value of ${this.view.byteLength} bytes points to ${what}.`);
    }
  }
}
