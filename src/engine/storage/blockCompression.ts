import { constants, inflateRawSync } from 'node:zlib';
import { snappyUncompressor } from 'hysnappy';
import { decompressBlock as lz4DecompressBlock } from 'lz4js';
import { decode as bzip2Decode } from 'seek-bzip';
import { ZSTDDecoder } from 'zstddec';
import { EngineError, type ErrorPlace } from '../bytes/engineError';

/** Compression of one block, whose size is known from outside. */
export type BlockCompression = 'none' | 'snappy' | 'zlib' | 'bzip2' | 'lz4' | 'zstd';

/** Largest block that is decompressed: a block holds at least one entry, however long it is. */
const MAX_BLOCK_BYTES = 1 << 29;

/**
 * How many times its size a block can grow at most, by the design of each algorithm: an announced size beyond that is a lie,
 * and is refused before it is allocated.
 */
const MAX_GROWTH: Readonly<Record<BlockCompression, number>> = {
  none: 1,
  snappy: 64,
  zlib: 1100,
  bzip2: 50_000,
  lz4: 256,
  zstd: 33_000,
};

/** One WebAssembly instance for all blocks, made when there is one; it copies what it gives. */
let snappyUncompress: ReturnType<typeof snappyUncompressor> | undefined;
const zstd = new ZSTDDecoder();
let zstdReady: Promise<void> | undefined;

/** To be awaited once before `decompressBlock` is given zstd blocks: its module takes some time, and few files need it. */
export async function prepareBlockCompression(): Promise<void> {
  zstdReady ??= zstd.init();
  await zstdReady;
}

/**
 * Decompresses one block to exactly `size` bytes; fails with `CORRUPT` when it does not, and with `LIMIT` when `size` is more
 * than the algorithm can make of that many bytes.
 */
export function decompressBlock(
  compression: BlockCompression,
  block: Uint8Array,
  size: number,
  place: ErrorPlace,
): Uint8Array {
  if (size > MAX_BLOCK_BYTES || size > 64 + block.length * MAX_GROWTH[compression]) {
    throw new EngineError(
      'LIMIT',
      `A ${compression} block of ${block.length} bytes says that it holds ${size} bytes, which it cannot.`,
      place,
    );
  }
  let out: Uint8Array;
  try {
    out = decompress(compression, block, size);
  } catch (e) {
    const why = e instanceof Error ? e.message : String(e);
    throw new EngineError('CORRUPT', `A ${compression} block cannot be decompressed: ${why}.`, { ...place, cause: e });
  }
  if (out.length !== size) {
    throw new EngineError(
      'CORRUPT',
      `A ${compression} block gives ${out.length} bytes, but ${size} were announced.`,
      place,
    );
  }
  return out;
}

function decompress(compression: BlockCompression, block: Uint8Array, size: number): Uint8Array {
  switch (compression) {
    case 'none':
      return block;
    case 'snappy':
      snappyUncompress ??= snappyUncompressor();
      return snappyUncompress(block, size);
    case 'zlib':
      return inflateRawSync(block, { maxOutputLength: Math.max(size, 1), finishFlush: constants.Z_SYNC_FLUSH });
    case 'bzip2':
      return bzip2Decode(block, new Uint8Array(size));
    case 'lz4': {
      const out = new Uint8Array(size);
      const end = lz4DecompressBlock(block, out, 0, block.length, 0);
      if (end !== size) throw new Error(`it ends at ${end} of ${size} bytes`);
      return out;
    }
    case 'zstd':
      return zstd.decode(block, size);
  }
}
