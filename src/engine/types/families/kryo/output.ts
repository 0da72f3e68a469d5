import { Sink } from '../../../bytes/sink';
import type { Dialect } from './input';

/** The longest text, in UTF-16 units, that a Kryo of the dialect writes as plain ASCII. */
const LONGEST_ASCII: Readonly<Record<Dialect, number>> = { 2: 63, 5: 32 };

/** The primitives of Kryo's `Output`, in both dialects; the inverse of `KryoInput`, byte for byte as Kryo writes them. */
export class KryoOutput {
  readonly sink = new Sink();

  constructor(readonly dialect: Dialect) {}

  /** `writeVarInt(value, true)`. */
  varint(value: number): void {
    let rest = value >>> 0;
    for (; rest > 0x7f; rest >>>= 7) this.sink.u8((rest & 0x7f) | 0x80);
    this.sink.u8(rest);
  }

  /** `writeVarInt(value, false)`. */
  zigzag(value: number): void {
    this.varint((value << 1) ^ (value >> 31));
  }

  /** `writeVarLong(value, true)`: a ninth byte has all its 8 bits. */
  varlong(value: bigint): void {
    let rest = BigInt.asUintN(64, value);
    for (let i = 0; i < 8 && rest > 0x7fn; i++, rest >>= 7n) this.sink.u8(Number(rest & 0x7fn) | 0x80);
    this.sink.u8(Number(rest));
  }

  /** `writeVarLong(value, false)`. */
  zigzagLong(value: bigint): void {
    this.varlong((value << 1n) ^ (value >> 63n));
  }

  short(value: number): void {
    this.sink.i16(this.dialect === 2 ? value : ((value & 0xff) << 8) | ((value >> 8) & 0xff));
  }

  long(value: bigint): void {
    scratch.setBigInt64(0, value, this.dialect === 5);
    this.sink.raw(new Uint8Array(scratch.buffer.slice(0)));
  }

  float(value: number): void {
    scratch.setFloat32(0, value, this.dialect === 5);
    this.sink.raw(new Uint8Array(scratch.buffer.slice(0, 4)));
  }

  double(value: number): void {
    scratch.setFloat64(0, value, this.dialect === 5);
    this.sink.raw(new Uint8Array(scratch.buffer.slice(0)));
  }

  /** A varint whose first byte has a flag in bit 7 (`writeVarIntFlag`, and the length of a string). */
  flagged(flag: boolean, value: number): void {
    const first = (flag ? 0x80 : 0) | (value & 0x3f);
    if (value <= 0x3f) this.sink.u8(first);
    else {
      this.sink.u8(first | 0x40);
      this.varint(value >>> 6);
    }
  }

  /** `writeString`: of a text that is not null. */
  string(text: string): void {
    const isAscii = text.length > 1 && text.length <= LONGEST_ASCII[this.dialect] && isAsciiText(text);
    if (isAscii) this.ascii(text);
    else {
      this.flagged(true, text.length + 1);
      for (let i = 0; i < text.length; i++) this.unit(text.charCodeAt(i));
    }
  }

  /** The name of a class: Kryo 5 writes those of ASCII as such, however long they are. */
  name(text: string): void {
    if (this.dialect === 5 && text.length > 1 && isAsciiText(text)) this.ascii(text);
    else this.string(text);
  }

  private ascii(text: string): void {
    const last = text.length - 1;
    for (let i = 0; i < last; i++) this.sink.u8(text.charCodeAt(i));
    this.sink.u8(text.charCodeAt(last) | 0x80);
  }

  private unit(unit: number): void {
    if (unit <= 0x7f) this.sink.u8(unit);
    else if (unit <= 0x7ff) {
      this.sink.u8(0xc0 | (unit >> 6));
      this.sink.u8(0x80 | (unit & 0x3f));
    } else {
      this.sink.u8(0xe0 | (unit >> 12));
      this.sink.u8(0x80 | ((unit >> 6) & 0x3f));
      this.sink.u8(0x80 | (unit & 0x3f));
    }
  }
}

function isAsciiText(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

const scratch = new DataView(new ArrayBuffer(8));
