import { readdirSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cursor } from '../../../src/engine/bytes/cursor';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { createOutputFolder } from '../../../src/engine/storage/nodeOutputFolder';
import { CanonicalWriter } from '../../../src/engine/write/canonicalWriter';
import { FileNames } from '../../../src/engine/write/fileNames';
import type { OutputEntry } from '../../../src/engine/write/keyedWriter';
import { KeyGroupSort } from '../../../src/engine/write/keyGroupSort';
import { NewFile } from '../../../src/engine/write/newFile';
import { useTemporaryFolder } from '../../temporaryFolder';

const temporary = useTemporaryFolder();
const bytes = fc.uint8Array({ maxLength: 12 });
const entry: fc.Arbitrary<OutputEntry> = fc.record({
  keyGroup: fc.integer({ min: 3, max: 9 }),
  state: fc.integer({ min: 0, max: 2 }),
  key: bytes,
  value: bytes,
});

/** The layout by its definition, without the project's reader. */
function readCanonical(file: Uint8Array, start: number, offsets: readonly number[], prefix: 1 | 2): OutputEntry[] {
  const entries: OutputEntry[] = [];
  for (const [i, offset] of offsets.entries()) {
    if (offset === 0) continue;
    const cursor = new Cursor(file, {}, offset);
    let state = cursor.u16();
    while (state !== 0xffff) {
      const key = cursor.bytes4('key').slice();
      const value = cursor.bytes4('value').slice();
      const isLast = (key[0] & 0x80) !== 0;
      key[0] &= 0x7f;
      const keyGroup = prefix === 1 ? key[0] : (key[0] << 8) | key[1];
      expect(keyGroup).toBe(start + i);
      entries.push({ keyGroup, state, key: key.slice(prefix), value });
      if (isLast) state = cursor.u16();
    }
    const next = offsets.slice(i + 1).find((other) => other !== 0) ?? file.length;
    expect(cursor.position).toBe(next);
  }
  return entries;
}

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
