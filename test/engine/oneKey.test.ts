import { describe, expect, test } from 'vitest';
import type { RawEntry } from '../../src/engine/backends/part';
import { SlicedEntry } from '../../src/engine/backends/slicedEntry';
import { type EntryQuery, snapshotEntries } from '../../src/engine/entries';
import { openSnapshot, type Snapshot, type SnapshotOperator } from '../../src/engine/snapshot';
import { nodeFileStore } from '../../src/engine/storage/nodeFileStore';
import { fixtureSnapshots } from '../corpus';

/** Keys of an operator that are looked for: some from all over its key groups. */
const SAMPLE = 7;

interface Found {
  key: Uint8Array;
  keyGroup: number;
  text: string;
}

const hex = (bytes: Uint8Array | null): string => (bytes === null ? '-' : Buffer.from(bytes).toString('hex'));
const textOf = ({ state, keyGroup, key, namespace, userKey, value, timestamp }: RawEntry): string =>
  [state.name, keyGroup, hex(key), hex(namespace), hex(userKey), hex(value), timestamp].join(' ');

async function read(snapshot: Snapshot, query: EntryQuery, wanted: Uint8Array | null): Promise<Found[]> {
  const found: Found[] = [];
  const failed = ({ error }: { error: Error }): never => {
    throw error;
  };
  for await (const { entries } of snapshotEntries(snapshot, query, failed)) {
    for (const entry of entries) {
      if (entry.key === null || (wanted !== null && !SlicedEntry.of(entry).hasKey(wanted))) continue;
      found.push({ key: entry.key.slice(), keyGroup: entry.keyGroup, text: textOf(entry) });
    }
  }
  return found;
}

const sorted = (found: readonly Found[]): string[] => found.map(({ text }) => text).sort();

/** Counts how often the subtasks of an operator are opened. */
function countOpened(operator: SnapshotOperator): () => number {
  let opened = 0;
  for (const subtask of operator.subtasks) {
    const { open } = subtask;
    subtask.open = (signal) => {
      opened++;
      return open(signal);
    };
  }
  return () => opened;
}

describe.each(fixtureSnapshots().map((s) => [s.name, s.path] as const))('%s', (_, path) => {
  test('the entries of one key are those that a reading of everything finds under it', async () => {
    const snapshot = await openSnapshot(path, nodeFileStore);
    for (const operator of snapshot.operators) {
      const ofOperator = { operator: (o: SnapshotOperator) => o === operator };
      const all = await read(snapshot, ofOperator, null);
      const step = Math.max(1, Math.floor(all.length / SAMPLE));
      for (let i = 0; i < all.length; i += step) {
        const { key, keyGroup } = all[i];
        const wanted = all.filter((e) => e.keyGroup === keyGroup && hex(e.key) === hex(key));
        const query = { ...ofOperator, keyGroup: () => keyGroup, key: () => key };
        expect(sorted(await read(snapshot, query, key))).toEqual(sorted(wanted));
      }
    }
    await snapshot.close();
  });

  test('subtasks that do not have its key group are not opened, but for the first', async () => {
    const snapshot = await openSnapshot(path, nodeFileStore);
    for (const operator of snapshot.operators) {
      const keyed = operator.subtasks.filter(({ managedKeyedState }) => managedKeyedState !== null);
      if (keyed.length === 0 || keyed.length < operator.subtasks.length) continue;
      const opened = countOpened(operator);
      // The last key group belongs to the last subtask.
      const last = operator.state.maxParallelism - 1;
      await read(snapshot, { operator: (o) => o === operator, keyGroup: () => last }, null);
      expect(opened()).toBe(keyed.length === 1 ? 1 : 2);
    }
    await snapshot.close();
  });
});
