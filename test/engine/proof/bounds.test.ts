import { deflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { Cursor } from '../../../src/engine/bytes/cursor';
import { readJavaObject } from '../../../src/engine/java/objectStream';
import { parseJson } from '../../../src/engine/json/parseJson';
import {
  type BlockCompression,
  decompressBlock,
  decompressUnsized,
  prepareBlockCompression,
} from '../../../src/engine/storage/blockCompression';
import { Randomness } from './randomness';

const place = { file: 'a file', offset: 0 };
const BZIP2_ZEROS = 'QlpoOTFBWSZTWYK4WkIAD1HgAMAAAACACCAAMMwJqmmKkhtVKSHi7kinChIQVwtIQA==';
const COMPRESSIONS: readonly BlockCompression[] = ['snappy', 'zlib', 'bzip2', 'lz4', 'zstd'];

describe('a block of compressed bytes', () => {
  beforeAll(() => prepareBlockCompression());

  test.each(COMPRESSIONS)('%s: more than the algorithm can hold is refused before it is allocated', (compression) => {
    const before = process.memoryUsage().arrayBuffers;
    for (const size of [2 ** 31, 2 ** 40, 1 << 29, 10_000_000]) {
      const run = () => decompressBlock(compression, new Uint8Array(100), size, place);
      expect(run).toThrow(expect.objectContaining({ code: 'LIMIT', file: 'a file' }));
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
  });

  test('zlib: a block that grows beyond what was announced is not followed to its end', () => {
    const bomb = new Uint8Array(deflateRawSync(new Uint8Array(50_000_000)));
    expect(() => decompressBlock('zlib', bomb, 1000, place)).toThrow(expect.objectContaining({ code: 'CORRUPT' }));
  });

  test('bzip2: a block that grows beyond what was announced is not followed to its end', () => {
    // Two million zeros, as bzip2 1.0 writes them.
    const bomb = Buffer.from(BZIP2_ZEROS, 'base64');
    expect(() => decompressBlock('bzip2', bomb, 1000, place)).toThrow(expect.objectContaining({ code: 'CORRUPT' }));
    expect(Buffer.compare(decompressUnsized('bzip2', bomb, place), new Uint8Array(2_000_000))).toBe(0);
  });

  test('zlib: a block that does not tell its size is followed as far as it can grow', () => {
    const zeros = new Uint8Array(2_000_000);
    expect(Buffer.compare(decompressUnsized('zlib', deflateRawSync(zeros), place), zeros)).toBe(0);
    expect(() => decompressUnsized('zlib', Uint8Array.of(0xff, 0xff), place)).toThrow(
      expect.objectContaining({ code: 'CORRUPT', file: 'a file' }),
    );
  });

  test.each(COMPRESSIONS)('%s: any bytes are a block of the announced size, or refused', (compression) => {
    const random = new Randomness(20_260_102);
    for (let run = 0; run < 300; run++) {
      const block = Uint8Array.from({ length: 1 + random.below(200) }, () => random.below(256));
      const size = random.below(64 + block.length);
      try {
        expect(decompressBlock(compression, block, size, place)).toHaveLength(size);
      } catch (e) {
        expect(e).toMatchObject({ name: 'EngineError', file: 'a file' });
      }
    }
  });
});

describe('nesting without end', () => {
  test('of JSON', () => {
    for (const open of ['[', '{"a":', '[{"a":']) {
      const run = () => parseJson(open.repeat(200_000));
      expect(run).toThrow(expect.objectContaining({ name: 'EngineError', code: 'BAD_VALUE' }));
    }
  });

  test('of Java objects', () => {
    // An array of Object whose element is such an array, and so on: TC_ARRAY, description or reference to it, handle, length 1.
    const name = '[Ljava.lang.Object;';
    const description = [0x72, 0, name.length, ...Buffer.from(name), ...new Array(8).fill(0), 2, 0, 0, 0x78, 0x70];
    const inner = [0x75, 0x71, 0, 0x7e, 0, 0, 0, 0, 0, 1];
    const bytes = [
      0xac,
      0xed,
      0,
      5,
      0x75,
      ...description,
      0,
      0,
      0,
      1,
      ...Array.from({ length: 100_000 }, () => inner).flat(),
    ];
    const run = () => readJavaObject(new Cursor(Uint8Array.from(bytes)));
    expect(run).toThrow(expect.objectContaining({ name: 'EngineError', code: 'LIMIT' }));
  });
});
