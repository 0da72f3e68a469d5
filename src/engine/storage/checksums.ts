import { createCRC32, createXXHash3, createXXHash32, createXXHash64, type IHasher } from 'hash-wasm';

/** Polynomial of CRC-32C (Castagnoli), reflected. */
const CASTAGNOLI = 0x82f63b78;

/** Hash functions of file formats, each over whole byte strings; the first 32 bits are what the formats store. */
export interface Checksums {
  /** CRC-32C of the parts in order. */
  crc32c(...parts: Uint8Array[]): number;
  /** XXH32 with seed 0. */
  xxh32(...parts: Uint8Array[]): number;
  /** Lower 32 bits of XXH64 with seed 0. */
  xxh64Low(...parts: Uint8Array[]): number;
  /** Lower 32 bits of XXH3-64 without seed. */
  xxh3Low(...parts: Uint8Array[]): number;
}

let loading: Promise<Checksums> | undefined;

/** Loads the WebAssembly modules once. */
export function loadChecksums(): Promise<Checksums> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Checksums> {
  const [crc32c, xxh32, xxh64, xxh3] = await Promise.all([
    createCRC32(CASTAGNOLI),
    createXXHash32(0),
    createXXHash64(0),
    createXXHash3(),
  ]);
  return { crc32c: low(crc32c), xxh32: low(xxh32), xxh64Low: low(xxh64), xxh3Low: low(xxh3) };
}

/** The last four bytes of a big-endian digest. */
function low(hasher: IHasher): (...parts: Uint8Array[]) => number {
  return (...parts) => {
    hasher.init();
    for (const part of parts) hasher.update(part);
    const d = hasher.digest('binary');
    const n = d.length;
    return ((d[n - 4] << 24) | (d[n - 3] << 16) | (d[n - 2] << 8) | d[n - 1]) >>> 0;
  };
}

/** RocksDB and the snappy framing format store CRCs of data rotated and offset, so that a CRC of CRCs stays sound. */
export function maskCrc(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
