import * as path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../../src/engine/bytes/engineError';
import { verify } from '../../../src/engine/query/verify';
import { openSnapshot } from '../../../src/engine/snapshot';
import { fixtureSnapshots, fixturesRoot, type StoredSnapshot } from '../../corpus';
import { dumpText } from '../../dumpText';
import { fixtureLines } from '../../expectedLines';
import { MemoryStore } from '../../memoryStore';

const KINDS = [
  '1.20-accounts-heap-canonical',
  '2.3-accounts-heap-canonical-compressed',
  '2.3-accounts-heap-native',
  '2.3-accounts-heap-native-compressed',
  '2.3-accounts-heap-changelog',
  '2.3-accounts-rocksdb-native',
  '1.20-accounts-rocksdb-changelog-materialized',
];

const folderOf = (snapshot: StoredSnapshot): string => path.join(fixturesRoot, snapshot.name.split(path.sep)[0]);

/** Reads all there is; what fails must fail with an error of the engine, and no defect of the program may come to light. */
async function readAll(
  snapshot: StoredSnapshot,
  store: MemoryStore,
): Promise<{ lines: number; failures: EngineError[] }> {
  const failures: EngineError[] = [];
  const opened = await openSnapshot(snapshot.path, store);
  const text = await dumpText(opened, {}, ({ error }) => failures.push(error));
  await opened.close();
  for (const error of failures) {
    expect(error).toBeInstanceOf(EngineError);
    if (error.code === 'INTERNAL') throw error;
  }
  return { lines: text.split('\n').length - 1, failures };
}

describe.each(KINDS)('%s, damaged', (name) => {
  const snapshot = fixtureSnapshots().find((s) => s.name.split(path.sep)[0] === name);
  if (snapshot === undefined) throw new Error(`There is no fixture ${name}.`);
  const whole = MemoryStore.ofFolder(folderOf(snapshot));
  const files = [...whole.files.keys()].filter((file) => file !== snapshot.metadataPath).sort();
  const expected = fixtureLines(snapshot).length;

  const damaged = (file: string, change: (bytes: Uint8Array) => Uint8Array): MemoryStore => {
    const store = new MemoryStore();
    for (const [at, bytes] of whole.files) store.files.set(at, at === file ? change(bytes.slice()) : bytes);
    return store;
  };

  test('cut short anywhere: a failure or an unread stretch, and the rest', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        async (file, part) => {
          const store = damaged(file, (bytes) => bytes.slice(0, Math.floor(bytes.length * part)));
          const { lines, failures } = await readAll(snapshot, store);
          expect(lines).toBeLessThanOrEqual(expected + 10);
          const opened = await openSnapshot(snapshot.path, store);
          const result = await verify(opened);
          await opened.close();
          expect(result.whole).toBe(false);
          expect(failures.every((e) => e.file !== undefined || e.code === 'UNREADABLE')).toBe(true);
        },
      ),
      { numRuns: 12 },
    );
  });

  test('with bytes changed anywhere: no defect, no endless loop', async () => {
    const change = fc.record({ at: fc.nat(), value: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff) });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        async (file, changes) => {
          const store = damaged(file, (bytes) => {
            for (const { at, value } of changes) bytes[at % bytes.length] = value;
            return bytes;
          });
          await readAll(snapshot, store);
        },
      ),
      { numRuns: 30 },
    );
  });
});
