import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { snapshotEntries } from '../../../src/engine/entries';
import { applyPlan } from '../../../src/engine/plan/applyPlan';
import { preparePlan } from '../../../src/engine/plan/preparePlan';
import { planReport } from '../../../src/engine/plan/reportPlan';
import { openSnapshot } from '../../../src/engine/snapshot';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { createOutputFolder } from '../../../src/engine/storage/nodeOutputFolder';
import { useTemporaryFolder } from '../../temporaryFolder';
import { applied, contentOf, fixture, planOf } from './harness';

const temporary = useTemporaryFolder();

/** Every backend and layout that keyed state can come from. */
const SOURCES = [
  '2.3-accounts-heap-canonical',
  '2.3-accounts-heap-canonical-compressed',
  '2.3-accounts-heap-native',
  '2.3-accounts-heap-native-compressed',
  '2.3-accounts-heap-changelog',
  '2.3-accounts-heap-changelog-materialized',
  '2.3-accounts-rocksdb-native',
  '2.3-accounts-rocksdb-heap-timers',
  '1.20-accounts-rocksdb-incremental',
  '1.20-accounts-rocksdb-file-merging',
  '2.3-async-forst-incremental',
  '1.20-sql-heap-canonical',
];

describe('rescaling', () => {
  test.each(SOURCES)('%s keeps every entry, on its way there and back', async (name) => {
    const source = fixture(name);
    const before = await contentOf(source);
    const there = temporary.at('there');
    const rescale = { kind: 'rescale', operators: null } as const;
    const proof = await applied(planOf(source, { ...rescale, parallelism: 3, maxParallelism: 977 }), there);
    // Elements of operator state count too.
    expect(proof.entries).toBeGreaterThanOrEqual(before.keyed.size);
    expect(await contentOf(there)).toEqual(before);
    const back = temporary.at('back');
    await applied(planOf(there, { ...rescale, parallelism: 2, maxParallelism: 128 }), back);
    expect(await contentOf(back)).toEqual(before);
  });

  test('parallelism alone needs no hash of the keys', async () => {
    const source = fixture('2.3-accounts-rocksdb-native');
    const out = temporary.at('out');
    await applied(
      planOf(source, { kind: 'rescale', parallelism: 5, maxParallelism: null, operators: ['accounts'] }),
      out,
    );
    expect(await contentOf(out)).toEqual(await contentOf(source));
    const snapshot = await openSnapshot(out, nodeFileStore);
    expect(snapshot.operators.map(({ uid, state }) => [uid, state.parallelism])).toContainEqual(['accounts', 5]);
    expect(snapshot.operators.map(({ uid, state }) => [uid, state.parallelism])).toContainEqual(['accounts-sink', 1]);
    await snapshot.close();
  });

  test('an operator that is never parallel stays so, unless it is named', async () => {
    const bank = fixture('2.3-bank-heap-canonical');
    const one = temporary.at('one');
    await applied(planOf(bank, { kind: 'rescale', parallelism: 1, maxParallelism: 1, operators: ['Routes'] }), one);
    const out = temporary.at('out');
    await applied(planOf(one, { kind: 'rescale', parallelism: 2, maxParallelism: null, operators: null }), out);
    const snapshot = await openSnapshot(out, nodeFileStore);
    const parallelisms = new Map(snapshot.operators.map(({ name, state }) => [name, state.parallelism]));
    await snapshot.close();
    expect(parallelisms.get('Routes')).toBe(1);
    expect([...parallelisms].filter(([name, parallelism]) => name !== 'Routes' && parallelism !== 2)).toEqual([]);
    const named = { kind: 'rescale', parallelism: 2, maxParallelism: null, operators: ['Routes'] } as const;
    await expect(applied(planOf(one, { ...named, operators: ['Routes'] }), temporary.at('no'))).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
    });
  });

  test("keys of the job's own class move by a hash code that is found and proved", async () => {
    const source = fixture('1.20-bank-rocksdb-canonical');
    const out = temporary.at('out');
    const rescale = { kind: 'rescale', parallelism: 2, maxParallelism: 977, operators: null } as const;
    const prepared = await preparePlan(planOf(source, rescale), nodeFileStore);
    // `Objects.hash(vendor, model)`; the snapshot has its fields by name.
    expect(
      prepared.operators.map(({ rewrite }) => rewrite !== null && 'keyHash' in rewrite && rewrite.keyHash),
    ).toContain('Objects.hash of vendor, model');
    const proof = await applyPlan(prepared, await createOutputFolder(out), nodeFileStore);
    await prepared.close();
    expect(await contentOf(out)).toEqual(await contentOf(source));
    expect(proof.keysChecked).toBe((await contentOf(out)).keyed.size);
  });

  test('records in flight are refused, and nothing is left behind', async () => {
    const plan = planOf(fixture('1.20-in-flight-heap-unaligned'), {
      kind: 'rescale',
      parallelism: 3,
      maxParallelism: null,
      operators: null,
    });
    await expect(applied(plan, temporary.at('out'))).rejects.toMatchObject({ code: 'REFUSED' });
    expect(readdirSync(temporary.root)).toEqual([]);
  });

  test('tells how far it is, and never back', async () => {
    const rescale = { kind: 'rescale', parallelism: 3, maxParallelism: 977, operators: null } as const;
    const prepared = await preparePlan(planOf(fixture('2.3-accounts-heap-canonical'), rescale), nodeFileStore);
    const told: { bytes: number; totalBytes: number }[] = [];
    const options = { progress: (progress: { bytes: number; totalBytes: number }) => void told.push(progress) };
    await applyPlan(prepared, await createOutputFolder(temporary.at('out')), nodeFileStore, options);
    await prepared.close();
    expect(told.length).toBeGreaterThan(1);
    expect(told.map(({ bytes }) => bytes)).toEqual(told.map(({ bytes }) => bytes).sort((a, b) => a - b));
    for (const { bytes, totalBytes } of told) expect(bytes).toBeLessThanOrEqual(totalBytes);
    expect(told.at(-1)?.bytes).toBe(told.at(-1)?.totalBytes);
  });

  test('operators that keep their max parallelism beside others of the same parallelism are named', async () => {
    const reportOf = async (operators: string[] | null) => {
      const rescale = { kind: 'rescale', parallelism: null, maxParallelism: 977, operators } as const;
      const prepared = await preparePlan(planOf(fixture('2.3-accounts-heap-canonical'), rescale), nodeFileStore);
      await prepared.close();
      return planReport(prepared).leftBehind;
    };
    expect(await reportOf(null)).toBeNull();
    const alone = await reportOf(['accounts']);
    expect(alone?.changed.map(({ uid }) => uid)).toEqual(['accounts']);
    expect(alone?.behind.map(({ uid }) => uid)).toContain('accounts-sink');
  });

  test('a parallelism beyond the max parallelism is refused', async () => {
    const rescale = { kind: 'rescale', parallelism: 129, maxParallelism: null, operators: null } as const;
    const plan = planOf(fixture('2.3-accounts-heap-canonical'), rescale);
    await expect(applied(plan, temporary.at('out'))).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });

  test('values that cannot be taken apart are refused in a heap layout where keys move', async () => {
    const rescale = { kind: 'rescale', parallelism: 3, maxParallelism: 977, operators: null } as const;
    const heap = planOf(fixture('1.20-types-heap-native'), rescale);
    await expect(applied(heap, temporary.at('heap'))).rejects.toMatchObject({ code: 'REFUSED' });
    const proof = await applied(planOf(fixture('1.20-types-heap-canonical'), rescale), temporary.at('canonical'));
    expect(proof.entries).toBeGreaterThan(0);
  });

  test.each([
    '1.20-types-heap-native',
    '2.3-types-opaque-heap-native',
    '2.3-accounts-heap-native',
    '2.3-accounts-heap-native-compressed',
    '2.3-accounts-heap-canonical-compressed',
  ])('another parallelism alone carries the key groups of %s whole', async (name) => {
    const source = fixture(name);
    const out = temporary.at('out');
    const rescale = { kind: 'rescale', parallelism: 3, maxParallelism: null, operators: null } as const;
    const proof = await applied(planOf(source, rescale), out);
    expect(proof.keyGroupBytes).toBeGreaterThan(0);
    const lines = async (path: string): Promise<string[]> => {
      const snapshot = await openSnapshot(path, nodeFileStore);
      const found: string[] = [];
      const text = (part: Uint8Array | null): string => (part === null ? '-' : Buffer.from(part).toString('hex'));
      for await (const { operator, entries, unread } of snapshotEntries(snapshot, {}, () => {})) {
        for (const { state, keyGroup, key, namespace, userKey, value } of entries) {
          if (keyGroup < 0) continue;
          found.push([operator.id, state.name, keyGroup, ...[key, namespace, userKey, value].map(text)].join(' '));
        }
        for (const { state, keyGroup, bytes } of unread)
          found.push([operator.id, state.name, keyGroup, bytes].join(' '));
      }
      await snapshot.close();
      return found.sort();
    };
    expect(await lines(out)).toEqual(await lines(source));
  });
});
