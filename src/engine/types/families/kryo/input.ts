import { asciiText } from '../../../bytes/asciiText';
import type { Cursor } from '../../../bytes/cursor';
import { RawFloat } from '../../values';

export type Dialect = 2 | 5;

const NAN_32 = 0x7fc00000;
const NAN_64 = 0x7ff8000000000000n;

/**
 * The primitives of Kryo's `Input`, in the two dialects that Flink used: 2 (Kryo 2.24, Flink 1.x) and 5 (Kryo 5.6, Flink
 * 2.x). Numbers of fixed width are big-endian in dialect 2 and little-endian in dialect 5; numbers of variable width and
 * strings are the same in both.
 */
export class KryoInput {
  constructor(
    readonly cursor: Cursor,
    readonly dialect: Dialect,
  ) {}

  /** `readVarInt(true)`: 7 bits a byte, lowest first, at most five bytes; as an int, negative where bit 31 is set. */
  varint(): number {
    const { cursor } = this;
    const at = cursor.offset;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const b = cursor.u8();
      value |= (b & 0x7f) << shift;
      if (b < 0x80) return value;
    }
    throw cursor.corrupt('A variable-length int of Kryo does not end within five bytes.', at);
  }

  /** `readVarInt(false)`: zigzag, so that small negative numbers are short too. */
  zigzag(): number {
    const value = this.varint();
    return (value >>> 1) ^ -(value & 1);
  }

  /** `readVarLong(true)`: 7 bits a byte, lowest first; a ninth byte has all its 8 bits. */
  varlong(): bigint {
    let value = 0n;
    for (let i = 0n; i < 8n; i++) {
      const b = this.cursor.u8();
      value |= BigInt(b & 0x7f) << (7n * i);
      if (b < 0x80) return value;
    }
    return BigInt.asIntN(64, value | (BigInt(this.cursor.u8()) << 56n));
  }

  /** `readVarLong(false)`. */
  zigzagLong(): bigint {
    const value = BigInt.asUintN(64, this.varlong());
    return (value >> 1n) ^ -(value & 1n);
  }

  /** A varint that counts items of at least one byte each. */
  count(what: string, value = this.varint()): number {
    if (value < 0 || value > this.cursor.remaining) {
      throw this.cursor.error(
        'TRUNCATED',
        `${value >>> 0} ${what} are announced, but only ${this.cursor.remaining} bytes are left.`,
      );
    }
    return value;
  }

  short(): number {
    const value = this.cursor.u16();
    return this.dialect === 2 ? (value << 16) >> 16 : (swap16(value) << 16) >> 16;
  }

  char(): string {
    const value = this.cursor.u16();
    return String.fromCharCode(this.dialect === 2 ? value : swap16(value));
  }

  int(): number {
    const value = this.cursor.i32();
    return this.dialect === 2 ? value : swap32(value);
  }

  long(): bigint {
    if (this.dialect === 2) return this.cursor.i64();
    const low = BigInt(this.int() >>> 0);
    return (BigInt(this.int()) << 32n) | low;
  }

  float(): number | RawFloat {
    const bits = this.int();
    scratch.setInt32(0, bits);
    const value = scratch.getFloat32(0);
    return Number.isNaN(value) && bits !== NAN_32 ? new RawFloat(BigInt.asUintN(32, BigInt(bits)), 32) : value;
  }

  double(): number | RawFloat {
    const bits = this.long();
    scratch.setBigInt64(0, bits);
    const value = scratch.getFloat64(0);
    return Number.isNaN(value) && bits !== NAN_64 ? new RawFloat(BigInt.asUintN(64, bits), 64) : value;
  }

  /**
   * A varint whose first byte has a flag in bit 7 and so only 6 bits of the number, bit 6 telling that more bytes follow
   * (`readVarIntFlag`, and the length of a string).
   */
  flagged(): { flag: boolean; value: number } {
    const first = this.cursor.u8();
    const flag = (first & 0x80) !== 0;
    let value = first & 0x3f;
    if ((first & 0x40) === 0) return { flag, value };
    for (let shift = 6; shift < 34; shift += 7) {
      const b = this.cursor.u8();
      value |= (b & 0x7f) << shift;
      if (b < 0x80) return { flag, value };
    }
    throw this.cursor.corrupt('A length of Kryo does not end within five bytes.');
  }

  /**
   * `readString`. A string of 2 or more ASCII characters stands as such, with bit 7 set in its last byte. Any other has a
   * length in front, flag bit set: 0 for null, else the number of UTF-16 units and 1; each unit takes 1 to 3 bytes.
   */
  string(): string | null {
    const { cursor } = this;
    if (cursor.atEnd) cursor.need(1, 'string');
    if (cursor.bytes[cursor.position] < 0x80) return this.ascii();
    const length = this.flagged().value;
    if (length === 0) return null;
    return this.units(this.count('characters', length - 1));
  }

  /** A string that is never null. */
  text(what: string): string {
    const at = this.cursor.offset;
    const text = this.string();
    if (text === null) throw this.cursor.corrupt(`The ${what} is null.`, at);
    return text;
  }

  private ascii(): string {
    const { cursor } = this;
    const { bytes, end } = cursor;
    let last = cursor.position;
    while (last < end && bytes[last] < 0x80) last++;
    if (last === end) cursor.need(end - cursor.position + 1, 'string');
    const text = asciiText(bytes, cursor.position, last) + String.fromCharCode(bytes[last] & 0x7f);
    cursor.position = last + 1;
    return text;
  }

  private units(length: number): string {
    let text = '';
    let chunk: number[] = [];
    for (let i = 0; i < length; i++) {
      chunk.push(this.unit());
      if (chunk.length === 4096) {
        text += String.fromCharCode(...chunk);
        chunk = [];
      }
    }
    return text + String.fromCharCode(...chunk);
  }

  private unit(): number {
    const { cursor } = this;
    const b = cursor.u8();
    if (b < 0x80) return b;
    if (b >= 0xc0 && b < 0xe0) return ((b & 0x1f) << 6) | (cursor.u8() & 0x3f);
    if (b >= 0xe0 && b < 0xf0) {
      const middle = (cursor.u8() & 0x3f) << 6;
      return ((b & 0x0f) << 12) | middle | (cursor.u8() & 0x3f);
    }
    throw cursor.corrupt(`Byte ${b} cannot start a character of a Kryo string.`, cursor.offset - 1);
  }
}

const scratch = new DataView(new ArrayBuffer(8));

const swap16 = (v: number): number => ((v & 0xff) << 8) | (v >> 8);

const swap32 = (v: number): number =>
  ((v & 0xff) << 24) | ((v & 0xff00) << 8) | ((v >>> 8) & 0xff00) | ((v >>> 24) & 0xff);
