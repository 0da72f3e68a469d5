import { readdirSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { createOutputFolder } from '../../../src/engine/storage/nodeOutputFolder';
import { FileNames } from '../../../src/engine/write/fileNames';
import { KeyGroupSort } from '../../../src/engine/write/keyGroupSort';
import type { OutputEntry } from '../../../src/engine/write/outputEntry';
import { useTemporaryFolder } from '../../temporaryFolder';

const temporary = useTemporaryFolder();
const bytes = fc.uint8Array({ maxLength: 12 });
const entry: fc.Arbitrary<OutputEntry> = fc.record({
  keyGroup: fc.integer({ min: 3, max: 9 }),
  state: fc.integer({ min: 0, max: 2 }),
  key: bytes,
  value: bytes,
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
