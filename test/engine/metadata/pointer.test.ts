import { describe, expect, it } from 'vitest';
import { loadMetadata, openPointer } from '../../../src/engine/metadata/pointer';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { corpusSnapshots, describeCorpus } from '../../corpus';
import { useTemporaryFolder } from '../../temporaryFolder';
import { everythingOf23 } from './flinkWritten';

const folder = useTemporaryFolder();
const open = (path: string) => openPointer(nodeFileStore, path);

describe('a path to a snapshot', () => {
  it('is its folder, its metadata, or a single file', async () => {
    const metadataPath = folder.file('sp/_metadata', everythingOf23);
    const single = folder.file('savepoint-1234', everythingOf23);
    const pointer = { folder: folder.at('sp'), metadataPath };
    expect(await open(folder.at('sp'))).toEqual(pointer);
    expect(await open(metadataPath)).toEqual(pointer);
    expect(await open(`file://${folder.at('sp')}`)).toEqual(pointer);
    expect(await open(`file:${metadataPath}`)).toEqual(pointer);
    expect(await open(single)).toEqual({ folder: folder.root, metadataPath: single });
  });

  it('that is not there says so', async () => {
    await expect(open(folder.at('nothing'))).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      message: 'There is no such file or folder.',
      file: folder.at('nothing'),
    });
    await expect(open('s3://bucket/savepoint-1')).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      message: expect.stringContaining('another file system'),
    });
  });

  it.each<[string, string, string[], RegExp, RegExp]>([
    [
      'a job’s folder',
      'job',
      ['job/chk-9/_metadata', 'job/chk-10/_metadata', 'job/shared/x'],
      /chk-9, chk-10/,
      /one of these/,
    ],
    ['a folder of savepoints', 'all', ['all/savepoint-a-1/_metadata'], /savepoint-a-1/, /one of these/],
    ['shared files', 'job/shared', ['job/shared/x'], /"shared" holds files/, /chk-N/],
    ['task-owned files', 'taskowned', ['taskowned/x'], /"taskowned" holds files/, /chk-N/],
    [
      'old savepoints',
      'old',
      ['old/savepoint-1', 'old/checkpoint_metadata-2'],
      /checkpoint_metadata-2, savepoint-1/,
      /files/,
    ],
    ['checkpoints that failed', 'job', ['job/chk-3/x', 'job/taskowned/y'], /neither has chk-3/, /completed/],
    ['a checkpoint that failed', 'job/chk-3', ['job/chk-3/x'], /not completed/, /last/],
    ['a savepoint that failed', 'sp', ['sp/._metadata.inprogress.1'], /not completed/, /last/],
    ['any folder', 'any', ['any/file'], /has no file _metadata\.$/, /savepoint or of a checkpoint/],
  ])('that is %s says what it is', async (_, path, files, message, hint) => {
    for (const file of files) folder.file(file, 'x');
    await expect(open(folder.at(path))).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      file: folder.at(path),
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  it('names a few of many snapshots', async () => {
    for (let i = 1; i <= 12; i++) folder.file(`job/chk-${i}/_metadata`, 'x');
    await expect(open(folder.at('job'))).rejects.toMatchObject({
      message: expect.stringContaining('chk-1, chk-2, chk-3, chk-4, chk-5 and 7 more'),
    });
  });

  it('that is an empty folder, or whose metadata is a folder, says so', async () => {
    await expect(open(folder.folder('empty'))).rejects.toMatchObject({
      message: expect.stringContaining('it is empty'),
    });
    folder.folder('sp/_metadata');
    await expect(open(folder.at('sp'))).rejects.toMatchObject({ code: 'NOT_A_FILE', file: folder.at('sp/_metadata') });
  });

  it('that is a device says so', async () => {
    await expect(open('/dev/null')).rejects.toMatchObject({ code: 'NOT_A_FILE' });
  });
});

describe('a metadata file', () => {
  it('is read as a whole', async () => {
    const path = folder.file('_metadata', everythingOf23);
    const { metadata, bytes } = await loadMetadata(nodeFileStore, path);
    expect(bytes).toBe(everythingOf23.length);
    expect(metadata.checkpointId).toBe(44n);
  });

  it('is refused before it is read where it is none', async () => {
    const path = folder.file('_metadata', 'PAR1 and so on');
    await expect(loadMetadata(nodeFileStore, path)).rejects.toMatchObject({ code: 'NOT_A_SNAPSHOT', file: path });
    await expect(loadMetadata(nodeFileStore, folder.file('empty', ''))).rejects.toMatchObject({
      code: 'NOT_A_SNAPSHOT',
    });
  });

  it('can be given up', async () => {
    const path = folder.file('_metadata', everythingOf23);
    await expect(loadMetadata(nodeFileStore, path, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describeCorpus('snapshots of the corpus', () => {
  it('are opened by folder or file', async () => {
    for (const snapshot of corpusSnapshots()) {
      expect((await open(snapshot.path)).metadataPath).toBe(snapshot.metadataPath);
    }
  });
});
