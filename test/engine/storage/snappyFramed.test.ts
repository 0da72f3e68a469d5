import fc from 'fast-check';
import { snappyCompress } from 'hysnappy';
import { expect, test } from 'vitest';
import type { ByteStream } from '../../../src/engine/storage/byteStream';
import { loadChecksums, maskCrc } from '../../../src/engine/storage/checksums';
import { SnappyFramedStream, STREAM_IDENTIFIER } from '../../../src/engine/storage/snappyFramed';

/** A stream that hands its bytes out in pieces of the given size. */
class Pieces implements ByteStream {
  readonly name = 'file';
  readonly offset = 100;
  private at = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly size: number,
  ) {}

  async next(): Promise<Uint8Array | null> {
    if (this.at >= this.bytes.length) return null;
    const piece = this.bytes.slice(this.at, this.at + this.size);
    this.at += this.size;
    return piece;
  }
}

async function chunk(data: Uint8Array, compressed: boolean): Promise<number[]> {
  const { crc32c } = await loadChecksums();
  const crc = maskCrc(crc32c(data));
  const body = [crc, crc >>> 8, crc >>> 16, crc >>> 24].map((b) => b & 0xff);
  body.push(...(compressed ? snappyCompress(data) : data));
  return [compressed ? 0 : 1, body.length & 0xff, (body.length >> 8) & 0xff, body.length >> 16, ...body];
}

async function readAll(bytes: readonly number[], size = 7): Promise<number[]> {
  const stream = new SnappyFramedStream(new Pieces(Uint8Array.from(bytes), size));
  const all: number[] = [];
  for (let next = await stream.next(); next !== null; next = await stream.next()) {
    expect(next.length).toBeGreaterThan(0);
    all.push(...next);
  }
  return all;
}

test('chunks of both kinds, however the bytes come, with identifiers anywhere and with none', async () => {
  const data = fc.uint8Array({ minLength: 1, maxLength: 300 });
  const pieces = fc.array(fc.record({ data, compressed: fc.boolean(), identifier: fc.boolean() }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.integer({ min: 1, max: 400 }), async (chunks, size) => {
      const bytes: number[] = [];
      for (const one of chunks) {
        if (one.identifier) bytes.push(...STREAM_IDENTIFIER);
        bytes.push(...(await chunk(one.data, one.compressed)));
      }
      expect(await readAll(bytes, size)).toEqual(chunks.flatMap((one) => [...one.data]));
    }),
    { numRuns: 50 },
  );
});

test('a wrong checksum, with its place in the file', async () => {
  const first = await chunk(Uint8Array.of(1, 2, 3), false);
  const second = await chunk(Uint8Array.of(4, 5, 6), false);
  second[4] ^= 1;
  await expect(readAll([...first, ...second])).rejects.toMatchObject({
    code: 'CHECKSUM',
    file: 'file',
    offset: 100 + first.length,
  });
});

test('an end inside a chunk', async () => {
  const bytes = await chunk(Uint8Array.of(1, 2, 3), false);
  await expect(readAll(bytes.slice(0, -1))).rejects.toMatchObject({ code: 'TRUNCATED', offset: 100 });
});

test('what is not a chunk', async () => {
  await expect(readAll([0x02, 0, 0, 0])).rejects.toMatchObject({ code: 'CORRUPT' });
  await expect(readAll([0x01, 3, 0, 0, 1, 2, 3])).rejects.toMatchObject({ code: 'CORRUPT' });
  await expect(readAll([0xff, 6, 0, 0, 1, 2, 3, 4, 5, 6])).rejects.toMatchObject({ code: 'CORRUPT' });
});

test('chunks that a reader is to skip', async () => {
  const data = await chunk(Uint8Array.of(7), false);
  expect(await readAll([0xfe, 2, 0, 0, 9, 9, ...data])).toEqual([7]);
});

test('a size that no chunk has is refused before it is allocated', async () => {
  // Masked CRC of nothing, then a Snappy block of 4 GiB less one.
  const bytes = [0x00, 9, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f];
  await expect(readAll(bytes)).rejects.toMatchObject({ code: 'CORRUPT' });
});
