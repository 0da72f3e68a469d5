import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { snapshotTypeOf } from '../../../src/engine/metadata/properties';
import { savepointProperties } from '../../../src/engine/metadata/savepointProperties';
import type { SnapshotFormat } from '../../../src/engine/plan/plan';
import { openSnapshot } from '../../../src/engine/snapshot';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { useTemporaryFolder } from '../../temporaryFolder';
import { applied, contentOf, fixture, planOf } from './harness';

const temporary = useTemporaryFolder();

/** Every backend and layout that keyed state can come from. */
const SOURCES = [
  '1.20-accounts-heap-canonical',
  '1.20-accounts-heap-checkpoint',
  '2.3-accounts-heap-canonical-compressed',
  '2.3-accounts-heap-native',
  '2.3-accounts-heap-native-compressed',
  '2.3-accounts-heap-changelog-materialized',
  '2.3-accounts-rocksdb-native',
  '2.3-accounts-rocksdb-heap-timers',
  '1.20-accounts-rocksdb-incremental',
  '1.20-accounts-rocksdb-file-merging',
  '2.3-async-forst-incremental',
  '1.20-sql-heap-canonical',
];

const BACKENDS: Record<SnapshotFormat, string> = { canonical: 'canonical', heap: 'heap' };

async function backendsOf(folder: string): Promise<string[]> {
  const snapshot = await openSnapshot(folder, nodeFileStore);
  try {
    const found = new Set<string>();
    for (const { subtasks } of snapshot.operators) {
      for (const subtask of subtasks) {
        for (const { backend } of (await subtask.open()).parts) if (backend !== 'operator') found.add(backend);
      }
    }
    return [...found];
  } finally {
    await snapshot.close();
  }
}

const propertiesOf = async (folder: string): Promise<Uint8Array | null> => {
  const snapshot = await openSnapshot(folder, nodeFileStore);
  await snapshot.close();
  return snapshot.metadata.properties;
};

describe.each(['canonical', 'heap'] as const)('the format %s', (format) => {
  test.each(SOURCES)('holds every entry of %s', async (name) => {
    const source = fixture(name);
    const out = temporary.at('out');
    await applied({ ...planOf(source), format }, out);
    expect(await contentOf(out)).toEqual(await contentOf(source));
    expect(await backendsOf(out)).toEqual([BACKENDS[format]]);
    expect(snapshotTypeOf(await propertiesOf(out))).toMatchObject({
      kind: 'savepoint',
      format: format === 'heap' ? 'native' : 'canonical',
    });
  });

  test('goes with other steps', async () => {
    const source = fixture('2.3-accounts-rocksdb-native');
    const out = temporary.at('out');
    const rescale = { kind: 'rescale', parallelism: 3, maxParallelism: 977, operators: null } as const;
    await applied({ ...planOf(source, rescale), format }, out);
    expect(await contentOf(out)).toEqual(await contentOf(source));
    expect(await backendsOf(out)).toEqual([BACKENDS[format]]);
  });
});

test('a snapshot that has the format already is carried over', async () => {
  for (const [name, format] of [
    ['2.3-accounts-heap-native', 'heap'],
    ['2.3-accounts-heap-canonical', 'canonical'],
  ] as const) {
    const proof = await applied({ ...planOf(fixture(name)), format }, temporary.at(format));
    expect([proof.entries, proof.keyGroupBytes]).toEqual([0, 0]);
    expect(proof.carriedBytes).toBeGreaterThan(0);
  }
});

test('the properties of savepoints are those that Flink writes, byte for byte', () => {
  for (const [name, format] of [
    ['1.20-accounts-heap-canonical', 'CANONICAL'],
    ['2.3-accounts-heap-canonical', 'CANONICAL'],
    ['2.3-accounts-heap-native', 'NATIVE'],
  ] as const) {
    const metadata = readFileSync(path.join(fixture(name), '_metadata'));
    const properties = savepointProperties(format);
    expect(metadata.subarray(metadata.length - properties.length).toString('hex')).toBe(
      Buffer.from(properties).toString('hex'),
    );
  }
});
