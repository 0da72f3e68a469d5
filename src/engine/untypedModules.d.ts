/** What has no type declarations, told as far as it is used. */
interface Buffer {
  /** The bytes `[start, end)` as characters of the same codes. */
  latin1Slice(start: number, end: number): string;
}

declare module 'lz4js' {
  /** Decompresses one LZ4 block (no frame) into `dst`; gives the end index in `dst`. Writes past the end of `dst` are dropped. */
  export function decompressBlock(
    src: Uint8Array,
    dst: Uint8Array,
    sIndex: number,
    sLength: number,
    dIndex: number,
  ): number;
}

declare module 'seek-bzip' {
  /** Decompresses a bzip2 stream; throws on bad data. */
  export function decode(input: Uint8Array, output: { writeByte(byte: number): void }): void;
}
