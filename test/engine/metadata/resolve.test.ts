import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FileStream } from '../../../src/engine/metadata/handles';
import type { OperatorState, SnapshotMetadata, StreamHandle } from '../../../src/engine/metadata/model';
import { loadMetadata } from '../../../src/engine/metadata/pointer';
import { SnapshotFiles } from '../../../src/engine/metadata/resolve';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { corpusSnapshots, describeCorpus, fixtureSnapshots, type StoredSnapshot } from '../../corpus';
import { useTemporaryFolder } from '../../temporaryFolder';

const folder = useTemporaryFolder();

/** Metadata that names these handles, each as the coordinator-free raw operator state of a subtask. */
function naming(...streams: StreamHandle[]): SnapshotMetadata {
  const operator: OperatorState = {
    id: '00'.repeat(16),
    name: null,
    uid: null,
    parallelism: streams.length || 1,
    maxParallelism: 128,
    chainLength: null,
    coordinatorState: null,
    fullyFinished: false,
    subtasks: streams.map((stream, index) => ({
      index,
      finished: false,
      duration: null,
      legacyState: [],
      managedOperatorState: [],
      rawOperatorState: [{ type: 'partitionable', states: [], segment: null, stream }],
      managedKeyedState: null,
      rawKeyedState: null,
      inputChannelState: [],
      resultSubpartitionState: [],
    })),
  };
  return {
    version: 3,
    declaredVersion: 3,
    checkpointId: 1n,
    masterStates: [],
    operators: [operator],
    properties: null,
  };
}

const filesOf = (metadataPath: string, ...streams: StreamHandle[]) =>
  new SnapshotFiles(nodeFileStore, folder.at(metadataPath), naming(...streams));

const file = (path: string, size = 3): FileStream => ({ type: 'file', path, size });
const relative = (path: string, size = 3): FileStream => ({ type: 'relative', path, size });
const segment = (path: string, start: number, size: number): FileStream => ({
  type: 'segment',
  path,
  start,
  size,
  scope: 'shared',
  logicalFileId: 'l',
});

async function readAll(files: SnapshotFiles, handle: StreamHandle): Promise<string> {
  const source = await files.open(handle);
  return Buffer.from(await source.read(0, source.size)).toString();
}

describe('the file of a handle', () => {
  it('lies where the metadata says', async () => {
    const absolute = folder.file('elsewhere/a b%20c', 'abc');
    folder.file('sp/x', 'xyz');
    folder.file('sp/deeper/y', 'yyy');
    const files = filesOf('sp/_metadata');
    for (const path of [absolute, `file:${absolute}`, `file://${absolute}`, `file://host${absolute}`]) {
      expect(await files.locate(file(path))).toMatchObject({
        state: 'found',
        path: absolute,
        moved: false,
        actualSize: 3,
      });
    }
    expect(await files.locate(relative('x'))).toMatchObject({ path: folder.at('sp/x'), moved: false });
    expect(await files.locate(relative('/deeper/./y'))).toMatchObject({ path: folder.at('sp/deeper/y'), moved: false });
    expect(await files.locate(relative('../elsewhere/a b%20c'))).toMatchObject({ path: absolute, moved: false });
    await files.close();
  });

  it('lies beside the metadata when the snapshot was moved', async () => {
    const beside = folder.file('sp/f1', 'abc');
    const files = filesOf('sp/_metadata');
    for (const path of ['/gone/sp/f1', 'hdfs://nn:8020/gone/f1', 's3://bucket/f1', 'file:/C:/gone/f1']) {
      expect(await files.locate(file(path))).toMatchObject({ state: 'found', path: beside, moved: true });
    }
    expect(await files.locate(relative('gone/f1'))).toMatchObject({ path: beside, moved: true });
  });

  it('lies in the job’s other folders when the checkpoints were moved', async () => {
    const shared = folder.file('copied/shared/s1', 'abc');
    const owned = folder.file('copied/taskowned/job_1_tm_2/t1', 'abc');
    const inside = folder.file('copied/chk-7/shared/s2', 'abc');
    const changes = folder.file('copied/dstl/c1', 'abc');
    const earlier = folder.file('copied/chk-6/e1', 'abc');
    const files = filesOf('copied/chk-7/_metadata');
    const locate = async (path: string) => (await files.locate(file(path))).path;
    expect(await locate('/chk/0123/shared/s1')).toBe(shared);
    expect(await locate('s3://bucket/0123/taskowned/job_1_tm_2/t1')).toBe(owned);
    expect(await locate('/chk/0123/shared/s2')).toBe(inside);
    expect(await locate('/changelog/0123/dstl/c1')).toBe(changes);
    expect(await locate('/chk/0123/chk-6/e1')).toBe(earlier);
  });

  it('lies below a folder of the same name when a tree was moved', async () => {
    const named = folder.file('backup/0123/logs/c1', 'abc');
    const files = filesOf('backup/0123/chk-7/_metadata');
    expect(await files.locate(file('hdfs://nn/changelog/0123/logs/c1'))).toMatchObject({ path: named, moved: true });
  });

  it('lies below the characters that stood in place of the entropy key', async () => {
    const shared = folder.file('mirror/x1y2/cp/0123/shared/e1', 'abc');
    const exclusive = folder.file('mirror/z9/cp/0123/chk-7/e2', 'abc');
    const files = filesOf('mirror/cp/0123/chk-7/_metadata');
    const locate = async (path: string) => (await files.locate(file(path))).path;
    expect(await locate('s3://bucket/x1y2/cp/0123/shared/e1')).toBe(shared);
    expect(await locate('s3://bucket/z9/cp/0123/chk-7/e2')).toBe(exclusive);
    expect(await locate('s3://bucket/all/z9/cp/0123/chk-7/e2')).toBe(exclusive);
  });

  it('is found from a path that is relative to its own folder', async () => {
    const shared = folder.file('jobs/0123/shared/r1', 'abc');
    const logs = folder.file('jobs/0123/logs/r2', 'abc');
    folder.file('jobs/0123/chk-9/_metadata', '');
    const here = path.relative(process.cwd(), folder.at('jobs/0123/chk-9'));
    const store = {
      ...nodeFileStore,
      status: (name: string) => nodeFileStore.status(path.join(here, name)),
      baseName: (name: string) => nodeFileStore.baseName(path.join(here, name)),
    };
    const files = new SnapshotFiles(store, '_metadata', naming());
    const locate = async (name: string) => path.resolve(here, String((await files.locate(file(name))).path));
    expect(files.folder).toBe('.');
    expect(await locate('/gone/0123/shared/r1')).toBe(shared);
    expect(await locate('/gone/0123/logs/r2')).toBe(logs);
    expect(nodeFileStore.baseName('.')).toBe(path.basename(process.cwd()));
    expect(nodeFileStore.baseName('..')).toBe(path.basename(path.dirname(process.cwd())));
  });

  it('is the one of the recorded size where several places have one', async () => {
    const original = folder.file('old/f', 'wrong size');
    const beside = folder.file('sp/f', 'abc');
    const files = filesOf('sp/_metadata');
    expect(await files.locate(file(original, 3))).toMatchObject({ path: beside, moved: true });
    expect(await files.locate(file(`file://host${original}`, 10))).toMatchObject({ path: original, moved: false });
    // Neither fits, or no size is recorded: the place that the metadata names.
    expect(await files.locate(file(`file:${original}`, 4))).toMatchObject({ path: original, actualSize: 10 });
    expect(await files.locate(file(`file://${original}`, -1))).toMatchObject({ path: original });
  });

  it('is missing, and says where it was looked for', async () => {
    const files = filesOf('sp/_metadata');
    const handle = file('/gone/job/shared/x');
    const location = await files.locate(handle);
    expect(location).toMatchObject({ state: 'missing', path: null, moved: false, actualSize: null });
    expect(location.looked[0]).toBe('/gone/job/shared/x');
    expect(location.looked).toContain(folder.at('sp/x'));
    expect(location.looked).toContain(folder.at('shared/x'));
    await expect(files.open(handle)).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      file: '/gone/job/shared/x',
      hint: expect.stringContaining(folder.at('sp/x')),
    });
  });

  it('lies on another file system', async () => {
    const files = filesOf('sp/_metadata');
    const handle = file('s3://bucket/job/chk-1/x');
    expect(await files.locate(handle)).toMatchObject({ state: 'elsewhere', path: null });
    await expect(files.open(handle)).rejects.toMatchObject({
      message: expect.stringContaining('s3://bucket/job/chk-1/x'),
    });
    expect(await files.locate(relative('s3://bucket/x'))).toMatchObject({ state: 'elsewhere' });
  });

  it('is never a folder, and odd paths are just missing', async () => {
    folder.folder('sp/sub');
    const files = filesOf('sp/_metadata');
    for (const path of [
      '',
      '/',
      '.',
      '..',
      'sub',
      '\0',
      'a\0b',
      '../../../../../../../../nowhere',
      `${'x/'.repeat(20_000)}y`,
    ]) {
      expect(await files.locate(relative(path)), JSON.stringify(path.slice(0, 20))).toMatchObject({ state: 'missing' });
    }
  });
});

describe('the bytes of a handle', () => {
  it('are those inlined in the metadata', async () => {
    const files = filesOf('sp/_metadata');
    const source = await files.open({ type: 'bytes', name: 'n', data: Buffer.from('abc'), offset: 77 });
    expect(source).toMatchObject({ name: folder.at('sp/_metadata'), size: 3, baseOffset: 77 });
    expect(await readAll(files, { type: 'emptySegment' })).toBe('');
  });

  it('are those of a file, of a segment, and of what key groups wrap', async () => {
    folder.file('sp/f', 'abcdefgh');
    const files = filesOf('sp/_metadata');
    expect(await readAll(files, relative('f', 8))).toBe('abcdefgh');
    expect(await readAll(files, segment('/gone/f', 2, 3))).toBe('cde');
    const wrap = (stream: StreamHandle | null): StreamHandle => ({
      type: 'keyGroups',
      handle: { type: 'keyGroups', startKeyGroup: 0, offsets: [], stream, stateHandleId: null },
    });
    expect(await readAll(files, wrap(wrap(relative('f', 8))))).toBe('abcdefgh');
    await expect(files.open(wrap(null))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(files.open(segment('/gone/f', 6, 3))).rejects.toMatchObject({ code: 'TRUNCATED', offset: 6 });
    await files.close();
  });

  it('cannot be read after the files were closed', async () => {
    folder.file('sp/f', 'abc');
    const files = filesOf('sp/_metadata');
    const source = await files.open(relative('f'));
    await source.read(0, 1);
    await files.close();
    await expect(source.read(0, 1)).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('the list of files', () => {
  it('has every distinct file once', async () => {
    folder.file('sp/whole', 'abc');
    folder.file('sp/merged', '0123456789');
    folder.file('sp/short', 'ab');
    const files = filesOf(
      'sp/_metadata',
      relative('whole'),
      { type: 'bytes', name: 'n', data: new Uint8Array(1), offset: 0 },
      segment('/gone/merged', 0, 4),
      segment('/gone/merged', 4, 5),
      relative('whole'),
      file('s3://bucket/away', 9),
      { type: 'emptySegment' },
      relative('short'),
      file('/gone/unknown', -1),
    );
    expect(await files.list()).toMatchObject([
      {
        recorded: 'whole',
        recordedSize: 3,
        state: 'found',
        moved: false,
        actualSize: 3,
        segments: false,
        sizeFits: true,
      },
      {
        recorded: '/gone/merged',
        recordedSize: 9,
        state: 'found',
        moved: true,
        actualSize: 10,
        segments: true,
        sizeFits: true,
      },
      { recorded: 's3://bucket/away', recordedSize: 9, state: 'elsewhere', path: null, sizeFits: null },
      { recorded: 'short', recordedSize: 3, state: 'found', actualSize: 2, sizeFits: false },
      { recorded: '/gone/unknown', recordedSize: -1, state: 'missing', sizeFits: null },
    ]);
  });
});

/** Files of real snapshots, all of which were moved since they were written; those that are not found with their size. */
async function lost(snapshots: StoredSnapshot[]): Promise<{ files: number; lost: string[] }> {
  const missing: string[] = [];
  let count = 0;
  for (const { name, metadataPath } of snapshots) {
    const { metadata } = await loadMetadata(nodeFileStore, metadataPath);
    for (const found of await new SnapshotFiles(nodeFileStore, metadataPath, metadata).list()) {
      count++;
      if (found.state !== 'found' || found.sizeFits === false) missing.push(`${name}: ${found.recorded}`);
    }
  }
  return { files: count, lost: missing };
}

describe('files of the fixtures', () => {
  it('have the recorded size, but for those of changelogs, which say another', async () => {
    for (const { name, metadataPath } of fixtureSnapshots()) {
      const { metadata } = await loadMetadata(nodeFileStore, metadataPath);
      for (const found of await new SnapshotFiles(nodeFileStore, metadataPath, metadata).list()) {
        expect(found.sizeFits, `${name}: ${found.recorded}`).toBe(found.recorded.includes('/dstl/') ? null : true);
      }
    }
  });

  it('are found', async () => {
    const result = await lost(fixtureSnapshots());
    expect(result.files).toBeGreaterThan(20);
    expect(result.lost).toEqual([]);
  });
});

describeCorpus('files of the corpus', () => {
  it('are found', async () => {
    const result = await lost(corpusSnapshots());
    expect(result.files).toBeGreaterThan(1_500);
    expect(result.lost).toEqual([]);
  });
});
