import { readdirSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { createOutputFolder } from '../../../src/engine/storage/nodeOutputFolder';
import { CanonicalWriter } from '../../../src/engine/write/canonicalWriter';
import { FileNames } from '../../../src/engine/write/fileNames';
import type { OutputEntry } from '../../../src/engine/write/keyedWriter';
import { KeyGroupSort } from '../../../src/engine/write/keyGroupSort';
import { NewFile } from '../../../src/engine/write/newFile';
import { useTemporaryFolder } from '../../temporaryFolder';
import { readCanonical } from './readCanonical';

const temporary = useTemporaryFolder();
const bytes = fc.uint8Array({ maxLength: 12 });
const entry: fc.Arbitrary<OutputEntry> = fc.record({
  keyGroup: fc.integer({ min: 3, max: 9 }),
  state: fc.integer({ min: 0, max: 2 }),
  key: bytes,
  value: bytes,
});

describe('the canonical layout', () => {
  test('what is written is what its definition reads', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry),
        fc.constantFrom(128, 129),
        fc.array(fc.nat(20)),
        async (entries, most, flushes) => {
          const sorted = [...entries].sort((a, b) => a.keyGroup - b.keyGroup);
          const output = await createOutputFolder(temporary.at('unused'));
          const file = new NewFile(output, new FileNames());
          const writer = await CanonicalWriter.begin(file, Uint8Array.of(1, 2, 3), { start: 3, end: 9 }, most);
          for (const [i, item] of sorted.entries()) {
            writer.entry(item);
            if (flushes.includes(i)) await writer.flush();
          }
          const { offsets, stream, startKeyGroup } = await writer.close();
          if (stream?.type !== 'bytes') throw new Error('It is small enough to be inlined.');
          expect([startKeyGroup, offsets.length]).toEqual([3, 7]);
          expect(readCanonical(stream.data, 3, offsets, most === 128 ? 1 : 2)).toEqual(sorted);
        },
      ),
    );
  });
});

describe('sorting by key group', () => {
  test('in any memory, entries of a key group keep their order, and no temporary file stays', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entry), fc.integer({ min: 1, max: 200 }), async (entries, memory) => {
        const folder = temporary.at('sort');
        const output = await createOutputFolder(folder);
        const sort = new KeyGroupSort(10, output, new FileNames(), nodeFileStore, memory);
        for (const item of entries) if (sort.add(item)) await sort.spill();
        const sorted: OutputEntry[] = [];
        for await (const some of sort.sorted()) {
          for (const { key, value, ...rest } of some) sorted.push({ ...rest, key: key.slice(), value: value.slice() });
        }
        await sort.clear();
        expect(sorted).toEqual([...entries].sort((a, b) => a.keyGroup - b.keyGroup));
        expect(readdirSync(folder)).toEqual([]);
      }),
    );
  });
});
