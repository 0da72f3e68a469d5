import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemorySource } from '../../../src/engine/storage/memorySource';
import { proveCopy } from '../../../src/engine/storage/nodeCarryFile';
import { createOutputFolder } from '../../../src/engine/storage/nodeOutputFolder';
import type { CarrySink, OutputFolder } from '../../../src/engine/storage/outputFolder';
import { type CarriedStream, carryStreams, stretchOf } from '../../../src/engine/write/carryBytes';
import { FileNames } from '../../../src/engine/write/fileNames';
import { useTemporaryFolder } from '../../temporaryFolder';

const temporary = useTemporaryFolder();

/** Bytes that are not the same anywhere. */
function bytesOf(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = Math.imul(i + seed, 0x9e3779b1) >>> 24;
  return bytes;
}

const SIZES = [0, 1, 1000, 21 * 1024, 1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 5_000_001];

const stretch = fc.record({
  size: fc.constantFrom(...SIZES),
  seed: fc.nat(100),
  skip: fc.nat(10),
});
const stream = fc.record({ head: fc.uint8Array({ maxLength: 50 }), parts: fc.array(stretch, { maxLength: 4 }) });

function streamOf({ head, parts }: { head: Uint8Array; parts: { size: number; seed: number; skip: number }[] }): {
  carried: CarriedStream;
  expected: Buffer;
} {
  const sources = parts.map(({ size, seed, skip }) => {
    const bytes = bytesOf(size + 2 * skip, seed);
    return { source: new MemorySource('origin', bytes), from: skip, to: skip + size, bytes };
  });
  const expected = Buffer.concat([head, ...sources.map(({ bytes, from, to }) => bytes.subarray(from, to))]);
  return { carried: { stretches: [stretchOf(head), ...sources] }, expected };
}

/** A folder whose files do with their bytes what `sink` says. */
function withSinks(folder: OutputFolder, change: (sink: CarrySink) => CarrySink): OutputFolder {
  return Object.assign(Object.create(folder), {
    createCarry: async (name: string) => change(await folder.createCarry(name)),
  });
}

describe('bytes that are carried', () => {
  test('are those of the source, in files or inlined, in any number and size', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(stream, { maxLength: 4 }), async (streams) => {
        const output = await createOutputFolder(temporary.at(`out-${run++}`));
        const all = streams.map(streamOf);
        let told = 0;
        const handles = await carryStreams(
          { output, names: new FileNames() },
          all.map(({ carried }) => carried),
          undefined,
          (bytes) => {
            told += bytes;
          },
        );
        for (const [i, handle] of handles.entries()) {
          const { expected } = all[i];
          if (handle.type === 'bytes') {
            expect(expected.length).toBeLessThanOrEqual(20 * 1024);
            expect(expected.equals(handle.data)).toBe(true);
            continue;
          }
          expect(handle).toMatchObject({ type: 'relative', size: expected.length });
          const file = handle.type === 'relative' ? handle.path : '';
          expect(expected.equals(readFileSync(temporary.at(`out-${run - 1}`, file)))).toBe(true);
        }
        expect(told).toBe(all.reduce((sum, { expected }) => sum + expected.length, 0));
        await output.abandon();
      }),
      { numRuns: 40 },
    );
  });

  test.each([
    ['in the first block', 10],
    ['in the last one', 5_000_000],
  ])('that do not read back as they were written are noticed: %s', async (_, at) => {
    const folder = await createOutputFolder(temporary.at('out'));
    const output = withSinks(folder, (sink) => ({
      writeAt: (bytes, position) => {
        const copy = bytes.slice();
        if (position <= at && at < position + bytes.length) copy[at - position] ^= 1;
        return sink.writeAt(copy, position);
      },
      holds: (...args) => sink.holds(...args),
      close: () => sink.close(),
    }));
    const { carried } = streamOf({ head: bytesOf(7, 1), parts: [{ size: 5_000_001, seed: 2, skip: 0 }] });
    const carrying = carryStreams({ output, names: new FileNames() }, [carried], undefined);
    await expect(carrying).rejects.toMatchObject({ code: 'CHECKSUM' });
    await folder.abandon();
    expect(existsSync(temporary.at('out'))).toBe(false);
  });

  test('of a source that ends early fail, and every file is closed', async () => {
    const folder = await createOutputFolder(temporary.at('out'));
    let open = 0;
    const output = withSinks(folder, (sink) => {
      open++;
      return {
        writeAt: (...args) => sink.writeAt(...args),
        holds: (...args) => sink.holds(...args),
        close: async () => {
          open--;
          await sink.close();
        },
      };
    });
    const bytes = bytesOf(3_000_000, 3);
    const [good, short] = [new MemorySource('good', bytes), new MemorySource('short', bytes.subarray(0, 2_500_000))];
    const streams = [good, short].map((source) => ({
      stretches: [stretchOf(bytesOf(9, 4)), { source, from: 0, to: bytes.length }],
    }));
    const carrying = carryStreams({ output, names: new FileNames() }, streams, undefined);
    await expect(carrying).rejects.toMatchObject({ code: 'TRUNCATED', file: 'short' });
    expect(open).toBe(0);
    await folder.abandon();
    expect(readdirSync(temporary.root)).toEqual([]);
  });

  test('stop when they are cancelled', async () => {
    const folder = await createOutputFolder(temporary.at('out'));
    const cancel = new AbortController();
    const { carried } = streamOf({ head: bytesOf(7, 1), parts: [{ size: 5_000_001, seed: 2, skip: 0 }] });
    const carrying = carryStreams({ output: folder, names: new FileNames() }, [carried], cancel.signal, () =>
      cancel.abort(),
    );
    await expect(carrying).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

test('a whole file that is copied and does not read back as its origin is noticed', async () => {
  const bytes = bytesOf(3_000_000, 5);
  const origin = temporary.file('origin', Buffer.from(bytes));
  const output = await createOutputFolder(temporary.at('out'));
  expect(await output.takeOver(origin, 'same', 'copy')).toBe(bytes.length);

  for (const [name, change] of [
    ['another byte', (copy: Buffer) => copy.fill(copy[2_999_999] ^ 1, 2_999_999)],
    ['a byte less', (copy: Buffer) => copy.subarray(1)],
  ] as const) {
    const file = temporary.file(name, change(Buffer.from(bytes)));
    await expect(proveCopy(origin, file)).rejects.toMatchObject({ code: 'CHECKSUM', file });
  }
});
