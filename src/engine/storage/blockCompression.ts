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

const NO_DICTIONARY = new Uint8Array(0);

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
 * than the algorithm can make of that many bytes. `dictionary` is what zlib and lz4 may take bytes from before the first.
 */
export function decompressBlock(
  compression: BlockCompression,
  block: Uint8Array,
  size: number,
  place: ErrorPlace,
  dictionary: Uint8Array = NO_DICTIONARY,
): Uint8Array {
  if (size > MAX_BLOCK_BYTES || size > 64 + block.length * MAX_GROWTH[compression]) {
    throw new EngineError(
      'LIMIT',
      `A ${compression} block of ${block.length} bytes says that it holds ${size} bytes, which it cannot.`,
      place,
    );
  }
  const out = orCorrupt(compression, place, () => decompress(compression, block, size, dictionary));
  if (out.length !== size) {
    throw new EngineError(
      'CORRUPT',
      `A ${compression} block gives ${out.length} bytes, but ${size} were announced.`,
      place,
    );
  }
  return out;
}

/** Decompresses one block whose size nothing tells. More than the algorithm can make of that many bytes is not followed. */
export function decompressUnsized(
  compression: 'zlib' | 'bzip2',
  block: Uint8Array,
  place: ErrorPlace,
  dictionary: Uint8Array = NO_DICTIONARY,
): Uint8Array {
  const most = Math.min(MAX_BLOCK_BYTES, 64 + block.length * MAX_GROWTH[compression]);
  return orCorrupt(compression, place, () =>
    compression === 'zlib' ? inflate(block, most, dictionary) : bunzip(block, new GrowingOutput(most)),
  );
}

function orCorrupt(compression: BlockCompression, place: ErrorPlace, run: () => Uint8Array): Uint8Array {
  try {
    return run();
  } catch (e) {
    const why = e instanceof Error ? e.message : String(e);
    throw new EngineError('CORRUPT', `A ${compression} block cannot be decompressed: ${why}.`, { ...place, cause: e });
  }
}

function inflate(block: Uint8Array, most: number, dictionary: Uint8Array): Uint8Array {
  const bounds = { maxOutputLength: Math.max(most, 1), finishFlush: constants.Z_SYNC_FLUSH };
  return inflateRawSync(block, dictionary.length === 0 ? bounds : { ...bounds, dictionary });
}

function bunzip(block: Uint8Array, output: GrowingOutput): Uint8Array {
  bzip2Decode(block, output);
  return output.written();
}

/** Takes bytes one by one, and not more than so many: a few of a bzip2 block can be a million. */
class GrowingOutput {
  private bytes: Uint8Array;
  private length = 0;

  constructor(
    private readonly most: number,
    expected = Math.min(most, 16 * 1024),
  ) {
    this.bytes = new Uint8Array(expected);
  }

  writeByte(byte: number): void {
    if (this.length === this.bytes.length) this.grow();
    this.bytes[this.length++] = byte;
  }

  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private grow(): void {
    if (this.length === this.most) throw new Error(`it has more than ${this.most} bytes`);
    const larger = new Uint8Array(Math.min(this.most, 2 * this.length));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

function decompress(
  compression: BlockCompression,
  block: Uint8Array,
  size: number,
  dictionary: Uint8Array,
): Uint8Array {
  switch (compression) {
    case 'none':
      return block;
    case 'snappy':
      snappyUncompress ??= snappyUncompressor();
      return snappyUncompress(block, size);
    case 'zlib':
      return inflate(block, size, dictionary);
    case 'bzip2':
      return bunzip(block, new GrowingOutput(size, size));
    case 'lz4': {
      // Offsets reach back into the dictionary, as if it stood in front of the block.
      const start = dictionary.length;
      const out = new Uint8Array(start + size);
      out.set(dictionary);
      const end = lz4DecompressBlock(block, out, 0, block.length, start);
      if (end !== start + size) throw new Error(`it ends at ${end - start} of ${size} bytes`);
      return start === 0 ? out : out.subarray(start);
    }
    case 'zstd':
      return zstd.decode(block, size);
  }
}
