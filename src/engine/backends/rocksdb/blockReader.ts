import { EngineError } from '../../bytes/engineError';
import {
  type BlockCompression,
  decompressBlock,
  decompressUnsized,
  prepareBlockCompression,
} from '../../storage/blockCompression';
import type { ByteSource } from '../../storage/byteSource';
import { type Checksums, maskCrc } from '../../storage/checksums';
import { RocksCursor } from './littleEndian';

/** Where a block lies in its file; `size` is without the five bytes of its trailer. */
export interface BlockHandle {
  offset: number;
  size: number;
}

/** Compression type (1 byte) and checksum (4 bytes, little-endian) behind every block. */
export const BLOCK_TRAILER = 5;

/** `ChecksumType` of `include/rocksdb/table.h`. */
export type ChecksumType = 0 | 1 | 2 | 3 | 4;

/** What the footer says about every block of its file. */
export interface BlockFormat {
  checksum: ChecksumType;
  /** Footer's format version. */
  version: number;
  /** Since format version 6: mixed into every checksum with the block's offset; else 0. */
  baseContextChecksum: number;
}

/** `CompressionType` of `include/rocksdb/compression_type.h`. */
const COMPRESSIONS: Readonly<Record<number, BlockCompression>> = {
  0: 'none',
  1: 'snappy',
  2: 'zlib',
  3: 'bzip2',
  4: 'lz4',
  5: 'lz4', // LZ4HC: the same format, written with more effort
  7: 'zstd',
  64: 'zstd', // kZSTDNotFinalCompression
};

/**
 * Decoded bytes of one block: checksum verified, decompressed. `raw` starts at the block and includes its trailer. A dictionary
 * serves data blocks only.
 */
export function openBlock(
  raw: Uint8Array,
  handle: BlockHandle,
  format: BlockFormat,
  checksums: Checksums,
  file: string,
  dictionary?: Uint8Array,
): Uint8Array {
  const place = { file, offset: handle.offset };
  const body = raw.subarray(0, handle.size);
  const type = raw[handle.size];
  const at = handle.size + 1;
  const stored = (raw[at] | (raw[at + 1] << 8) | (raw[at + 2] << 16) | (raw[at + 3] << 24)) >>> 0;
  const computed = blockChecksum(body, raw.subarray(handle.size, handle.size + 1), handle.offset, format, checksums);
  if (computed !== null && computed !== stored) {
    throw new EngineError(
      'CHECKSUM',
      `The checksum of an SST block is ${hex(computed)}, but the file says ${hex(stored)}: its bytes were damaged.`,
      place,
    );
  }
  const compression = compressionOf(type, place);
  if (compression === 'none') return body;
  return decompress(compression, body, format.version, place, dictionary);
}

/** The value of a blob, which is compressed as blocks of format version 2 are (`BlobFileReader::UncompressBlobIfNeeded`). */
export async function decompressBlobValue(
  type: number,
  bytes: Uint8Array,
  place: { file: string; offset: number },
): Promise<Uint8Array> {
  const compression = compressionOf(type, place);
  if (compression === 'none') return bytes;
  if (compression === 'zstd') await prepareBlockCompression();
  return decompress(compression, bytes, 2, place, undefined);
}

function compressionOf(type: number, place: { file: string; offset: number }): BlockCompression {
  const compression = COMPRESSIONS[type];
  if (compression !== undefined) return compression;
  throw new EngineError('UNSUPPORTED', `A block is compressed by method ${type}, which is not known.`, place);
}

/**
 * Since format version 2 a compressed block begins with its size as varint32 (`util/compression.h`); those of zstd always do,
 * and Snappy has a size of its own. Before, LZ4 blocks begin with the size as fixed32 and four unused bytes, and zlib and bzip2
 * blocks do not tell their size.
 */
function decompress(
  compression: Exclude<BlockCompression, 'none'>,
  body: Uint8Array,
  version: number,
  place: { file: string; offset: number },
  dictionary: Uint8Array | undefined,
): Uint8Array {
  const cursor = new RocksCursor(body, place);
  if (compression === 'snappy') return decompressBlock('snappy', body, cursor.varint('size of a block'), place);
  if (version >= 2 || compression === 'zstd') {
    const size = cursor.varint('size of a block');
    return decompressBlock(compression, body.subarray(cursor.position), size, place, dictionary);
  }
  if (compression === 'lz4') {
    const size = cursor.fixed32();
    cursor.skip(4);
    return decompressBlock('lz4', body.subarray(cursor.position), size, place, dictionary);
  }
  return decompressUnsized(compression, body, place, dictionary);
}

/** As `ComputeBuiltinChecksumWithLastByte` of `table/format.cc`; null where the file has no checksums. */
function blockChecksum(
  body: Uint8Array,
  lastByte: Uint8Array,
  offset: number,
  format: BlockFormat,
  checksums: Checksums,
): number | null {
  if (format.checksum === 0) return null;
  const plain = plainChecksum(body, lastByte, format.checksum, checksums);
  return (plain + contextModifier(format.baseContextChecksum, offset)) >>> 0;
}

function plainChecksum(body: Uint8Array, lastByte: Uint8Array, type: 1 | 2 | 3 | 4, checksums: Checksums): number {
  switch (type) {
    case 1:
      return maskCrc(checksums.crc32c(body, lastByte));
    case 2:
      return checksums.xxh32(body, lastByte);
    case 3:
      return checksums.xxh64Low(body, lastByte);
    case 4:
      return xxh3WithLastByte(checksums.xxh3Low(body), lastByte[0]);
  }
}

/** XXH3 is not fed the last byte: it is mixed in by a multiplication (`ModifyChecksumForLastByte`). */
export function xxh3WithLastByte(hash: number, lastByte: number): number {
  return (hash ^ Math.imul(lastByte, 0x6b9083d9)) >>> 0;
}

/** `ChecksumModifierForContext`: ties a checksum to its file and its offset, since format version 6. */
export function contextModifier(base: number, offset: number): number {
  if (base === 0) return 0;
  const low = offset % 2 ** 32;
  const high = Math.floor(offset / 2 ** 32);
  return (base ^ ((low + high) >>> 0)) >>> 0;
}

const hex = (n: number): string => `0x${n.toString(16).padStart(8, '0')}`;

/** Reads the block at `handle`. */
export async function readBlock(
  source: ByteSource,
  handle: BlockHandle,
  format: BlockFormat,
  checksums: Checksums,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  checkHandle(source, handle);
  const raw = await source.read(handle.offset, handle.size + BLOCK_TRAILER, signal);
  return openBlock(raw, handle, format, checksums, source.name);
}

/** A block must lie within its file. */
export function checkHandle(source: ByteSource, handle: BlockHandle): void {
  if (handle.offset < 0 || handle.size < 0 || handle.offset + handle.size + BLOCK_TRAILER > source.size) {
    throw new EngineError(
      'CORRUPT',
      `A block of ${handle.size} bytes at ${handle.offset} does not lie in the file, which has ${source.size} bytes.`,
      { file: source.name, offset: handle.offset },
    );
  }
}
