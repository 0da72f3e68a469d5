import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { snapshotEntries } from '../../src/engine/entries';
import { placesOf } from '../../src/engine/entryPlaces';
import { openSnapshot } from '../../src/engine/snapshot';
import type { BytePlace } from '../../src/engine/storage/bytePlaces';
import { RangeStream } from '../../src/engine/storage/byteStream';
import { MemorySource } from '../../src/engine/storage/memorySource';
import { SnappyFramedStream } from '../../src/engine/storage/snappyFramed';
import { fixtureSnapshots, fixturesRoot } from '../corpus';
import { MemoryStore } from '../memoryStore';

/** By fixture, how its bytes are stored: all of them, as far as one file holds them in one piece. */
const LAYOUTS: readonly [name: string, forms: readonly BytePlace['form'][]][] = [
  ['1.20-accounts-heap-canonical', ['stored']],
  ['2.3-accounts-heap-canonical-compressed', ['unpacked']],
  ['2.3-accounts-heap-native', ['stored']],
  ['2.3-accounts-heap-native-compressed', ['unpacked']],
  ['2.3-accounts-rocksdb-native', ['rebuilt', 'unpacked', 'stored']],
  ['2.3-accounts-rocksdb-file-merging', ['rebuilt', 'unpacked', 'stored']],
  ['2.3-ledger-rocksdb-zstd', ['rebuilt', 'unpacked', 'stored']],
];

describe.each(LAYOUTS)('%s', (name, forms) => {
  test('the bytes of every entry are where its places say', async () => {
    const snapshot = fixtureSnapshots().find((s) => s.name.split(path.sep)[0] === name);
    if (snapshot === undefined) throw new Error(`There is no ${name}.`);
    const store = MemoryStore.ofFolder(path.join(fixturesRoot, name));
    const bytesOf = (file: string): Uint8Array => {
      const found = [...store.files].filter(([stored]) => stored.endsWith(file));
      expect(found.length, file).toBe(1);
      return found[0][1];
    };
    const streams = new Map<string, Uint8Array>();
    const found = new Map<string, number>();
    const opened = await openSnapshot(snapshot.path, store);
    const failed = ({ error }: { error: Error }): never => {
      throw error;
    };
    for await (const { entries } of snapshotEntries(opened, {}, failed)) {
      for (const entry of entries) {
        for (const [what, place] of Object.entries(placesOf(entry)) as [
          keyof ReturnType<typeof placesOf>,
          BytePlace,
        ][]) {
          const part = entry[what];
          if (place === null || part === null) continue;
          found.set(place.form, (found.get(place.form) ?? 0) + 1);
          const file = bytesOf(place.file);
          expect(forms).toContain(place.form);
          expect(place.offset).toBeLessThanOrEqual(file.length);
          if (place.form === 'stored') {
            expect(file.subarray(place.offset, place.offset + part.length)).toEqual(part);
          } else if (place.form === 'unpacked' && /heap/.test(name)) {
            const at = `${place.file} ${place.offset}`;
            const unpacked = streams.get(at) ?? (await unpack(file, place.offset));
            streams.set(at, unpacked);
            const inside = place.inside ?? -1;
            expect(unpacked.subarray(inside, inside + part.length)).toEqual(part);
          }
        }
      }
    }
    await opened.close();
    for (const form of forms)
      if (form !== 'stored' || forms.length === 1) expect(found.get(form) ?? 0).toBeGreaterThan(20);
  });
});

/** What a compressed stream holds that begins at `from`, as far as it can be read. */
async function unpack(file: Uint8Array, from: number): Promise<Uint8Array> {
  const stream = new SnappyFramedStream(new RangeStream(new MemorySource('file', file), from, file.length));
  const pieces: Uint8Array[] = [];
  try {
    for (let next = await stream.next(); next !== null; next = await stream.next()) pieces.push(next);
  } catch {
    // What lies behind the stream is none.
  }
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}
