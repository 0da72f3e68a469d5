import { Cursor } from '../../bytes/cursor';

/**
 * Reads what RocksDB writes: little-endian fixed integers and varints (`util/coding.h`). A Java `Cursor` underneath checks
 * every bound.
 */
export class RocksCursor extends Cursor {
  fixed32(): number {
    const b = this.take(4, 'fixed32');
    return (b[0] | (b[1] << 8) | (b[2] << 16) | (b[3] << 24)) >>> 0;
  }

  fixed64(): bigint {
    const low = this.fixed32();
    return (BigInt(this.fixed32()) << 32n) | BigInt(low);
  }

  varint64(): bigint {
    const at = this.offset;
    let v = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const b = this.u8();
      v |= BigInt(b & 0x7f) << shift;
      if (b < 0x80) return BigInt.asUintN(64, v);
    }
    throw this.corrupt('A varint64 does not end within ten bytes.', at);
  }

  /** A varint64 that is an offset or a size, exact as a JavaScript number. */
  varintSize(what: string): number {
    const { bytes, position, end } = this;
    let v = 0;
    let scale = 1;
    // Up to 49 bits, more than any file needs.
    for (let at = position; at < end && at < position + 7; at++) {
      const b = bytes[at];
      v += (b & 0x7f) * scale;
      if (b < 0x80) {
        this.position = at + 1;
        return v;
      }
      scale *= 0x80;
    }
    const at = this.offset;
    const long = this.varint64();
    if (long > BigInt(Number.MAX_SAFE_INTEGER)) throw this.corrupt(`${what} is ${long}, which no file can have.`, at);
    return Number(long);
  }

  /** Zigzag varint. */
  varSigned(): number {
    const v = this.varint64();
    return Number(BigInt.asIntN(64, (v >> 1n) ^ -(v & 1n)));
  }

  /** A varint32 length, then as many bytes: a view. */
  slice(what: string): Uint8Array {
    return this.take(this.varint(`length of ${what}`), what);
  }
}

const latin1 = new TextDecoder('latin1');

/** Names in RocksDB's own blocks are ASCII. */
export function asciiOf(bytes: Uint8Array): string {
  return latin1.decode(bytes);
}
