import { describe, expect, test } from 'vitest';
import { isFileStream, statePieces } from '../../../src/engine/metadata/handles';
import type { StreamHandle } from '../../../src/engine/metadata/model';
import { checkSteps, preparePlan } from '../../../src/engine/plan/preparePlan';
import { openSnapshot } from '../../../src/engine/snapshot';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { createOutputFolder } from '../../../src/engine/storage/nodeOutputFolder';
import { copySnapshot } from '../../../src/engine/write/copySnapshot';
import { absoluteIn } from '../../../src/engine/write/mapStreams';
import { corpusSnapshots, describeCorpus } from '../../corpus';
import { useTemporaryFolder } from '../../temporaryFolder';
import { applied, contentOf, fixture, planOf, type Step } from '../plan/harness';

const temporary = useTemporaryFolder();
/** So many key groups that the tables of a heap are too large to be inlined in the metadata. */
const MANY = 8192;
const rescaled = (maxParallelism: number): Step => ({
  kind: 'rescale',
  parallelism: null,
  maxParallelism,
  operators: null,
});

/** Coordinators came after it. */
const withoutSource: Step = { kind: 'removeOperator', operator: '0c80f7e50ab54b30f6a2580946f9e942' };

/** The files that the metadata names, and its version. */
async function filesOf(folder: string): Promise<{ version: number; files: Extract<StreamHandle, { path: string }>[] }> {
  const { metadata, close } = await opened(folder);
  await close();
  return {
    version: metadata.version,
    files: [...statePieces(metadata)].flatMap(({ at }) => (isFileStream(at) ? [at] : [])),
  };
}

async function opened(folder: string) {
  const snapshot = await openSnapshot(folder, nodeFileStore);
  return { snapshot, metadata: snapshot.metadata, close: () => snapshot.close() };
}

/** Kinds of handles of keyed state: those of savepoints came later. */
async function handlesOf(folder: string): Promise<Set<string>> {
  const { metadata, close } = await opened(folder);
  await close();
  const subtasks = metadata.operators.flatMap((operator) => operator.subtasks);
  return new Set(subtasks.flatMap(({ managedKeyedState: handle }) => (handle === null ? [] : [handle.type])));
}

async function backendsOf(folder: string): Promise<Set<string>> {
  const { snapshot, close } = await opened(folder);
  const found = new Set<string>();
  for (const { subtasks } of snapshot.operators) {
    for (const subtask of subtasks) for (const { backend } of (await subtask.open()).parts) found.add(backend);
  }
  await close();
  found.delete('operator');
  return found;
}

describe('metadata of version 2', () => {
  test.each([
    ['/data/savepoints/a b', 'file:/data/savepoints/a b/0f'],
    ['/data/', 'file:/data/0f'],
    ['C:\\data', 'file:/C:/data/0f'],
  ])('names a file in %s as %s', (folder, path) => {
    const relative = { type: 'relative', path: '0f', size: 7 } as const;
    expect(absoluteIn(folder)(relative)).toEqual({ type: 'file', path, size: 7 });
  });

  test('is written where it is chosen: by a plan, and by a copy of that, which needs nothing of its source', async () => {
    const source = fixture('2.3-accounts-heap-native');
    const [written, copied] = [temporary.at('written'), temporary.at('copied')];
    await applied({ ...planOf(source, withoutSource, rescaled(MANY)), metadataVersion: 2 }, written);
    const snapshot = await openSnapshot(written, nodeFileStore);
    await copySnapshot(snapshot, await createOutputFolder(copied), nodeFileStore, { metadataVersion: 2 });
    await snapshot.close();
    for (const folder of [written, copied]) {
      const { version, files } = await filesOf(folder);
      expect(version).toBe(2);
      expect(files.length).toBeGreaterThan(0);
      for (const file of files) {
        expect(file.type).toBe('file');
        expect(file.path.startsWith(`file:${folder.replaceAll('\\', '/')}/`)).toBe(true);
      }
      expect((await contentOf(folder)).keyed).toEqual((await contentOf(source)).keyed);
      expect(await backendsOf(folder)).toEqual(new Set(['heap']));
    }
  });

  test('has keyed state of RocksDB, which is canonical, with its timers', async () => {
    const source = fixture('1.20-accounts-rocksdb-incremental');
    const out = temporary.at('out');
    await applied({ ...planOf(source, withoutSource, rescaled(64)), metadataVersion: 2 }, out);
    expect((await contentOf(out)).keyed).toEqual((await contentOf(source)).keyed);
    expect(await backendsOf(out)).toEqual(new Set(['canonical']));
    expect(await handlesOf(out)).toEqual(new Set(['keyGroups']));
  });

  test('has no place for coordinators, which is said before anything is written', async () => {
    const plan = { ...planOf(fixture('2.3-accounts-heap-native'), rescaled(64)), metadataVersion: 2 } as const;
    const wanted = { code: 'BAD_ARGUMENT', message: expect.stringMatching(/has coordinator state/) };
    await expect(preparePlan(plan, nodeFileStore)).rejects.toMatchObject(wanted);
    const wrong = { code: wanted.code, message: wanted.message, where: 'metadataVersion' };
    expect(await checkSteps(plan, nodeFileStore)).toMatchObject([wrong]);
    const without = { ...planOf(plan.from ?? '', withoutSource, rescaled(64)), metadataVersion: 2 } as const;
    expect(await checkSteps(without, nodeFileStore)).toEqual([]);
  });

  test('has no timers of another backend', async () => {
    const plan = (name: string) =>
      ({ ...planOf(fixture(name), withoutSource, rescaled(64)), metadataVersion: 2 }) as const;
    const canonical = applied({ ...plan('2.3-accounts-heap-native'), format: 'canonical' }, temporary.at('a'));
    await expect(canonical).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringMatching(/those of a heap backend/),
    });
  });
});

describeCorpus('snapshots of Flink 1.8', () => {
  test('of RocksDB whose timers lie in raw state cannot be written anew', async () => {
    const found = corpusSnapshots().find(({ name }) =>
      name.endsWith('new-stateful-udf-migration-itcase-flink1.8-rocksdb-savepoint'),
    );
    if (found === undefined) throw new Error('The corpus has no such snapshot.');
    const raw = applied({ ...planOf(found.path, rescaled(64)), metadataVersion: 2 }, temporary.at('out'));
    await expect(raw).rejects.toMatchObject({ code: 'REFUSED', message: expect.stringMatching(/raw keyed state/) });
  });

  test('of RocksDB have handles that it knows', async () => {
    const name = 'type-serializer-snapshot-migration-itcase-flink1.8-rocksdb-savepoint';
    const found = corpusSnapshots().find((snapshot) => snapshot.name.endsWith(name));
    if (found === undefined) throw new Error('The corpus has no such snapshot.');
    const alone: Step = { kind: 'rescale', parallelism: 1, maxParallelism: null, operators: null };
    const out = temporary.at('out');
    await applied({ ...planOf(found.path, alone), metadataVersion: 2 }, out);
    expect((await filesOf(out)).version).toBe(2);
    expect(await handlesOf(out)).toEqual(new Set(['keyGroups']));
  });

  test('stay of version 2 and in the format of the heap where that is chosen, and can be moved where nothing is', async () => {
    const found = corpusSnapshots().find(({ name }) =>
      name.endsWith('new-stateful-udf-migration-itcase-flink1.8-savepoint'),
    );
    if (found === undefined) throw new Error('The corpus has no such snapshot.');
    const [chosen, not] = [temporary.at('chosen'), temporary.at('not')];
    await applied({ ...planOf(found.path, rescaled(MANY)), metadataVersion: 2 }, chosen);
    await applied(planOf(found.path, rescaled(MANY)), not);
    expect((await filesOf(chosen)).version).toBe(2);
    expect(await backendsOf(chosen)).toEqual(new Set(['heap']));
    expect(await contentOf(chosen)).toEqual(await contentOf(found.path));
    expect((await filesOf(not)).version).toBe(3);
  });
});
