import { chmodSync, truncateSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../src/engine/storage/memorySource';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { SliceSource } from '../../../src/engine/storage/sliceSource';
import { useTemporaryFolder } from '../../temporaryFolder';

const folder = useTemporaryFolder();
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe('bytes in memory', () => {
  const source = new MemorySource('m', Buffer.from('abcdef'), 40);

  it('are given as copies', async () => {
    const read = await source.read(1, 3);
    expect(text(read)).toBe('bcd');
    read[0] = 0;
    expect(text(await source.read(1, 3))).toBe('bcd');
    expect(text(await source.read(6, 0))).toBe('');
  });

  it.each([
    [4, 3],
    [7, 0],
    [-1, 2],
    [0, -1],
  ])('end where they end: %i, %i', async (offset, length) => {
    await expect(source.read(offset, length)).rejects.toMatchObject({ code: 'TRUNCATED', file: 'm', offset });
  });

  it('can be given up', async () => {
    await expect(source.read(0, 1, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('a slice', () => {
  const whole = new MemorySource('m', Buffer.from('abcdef'));

  it('has its own offsets and end', async () => {
    const slice = new SliceSource(whole, 2, 3);
    expect(slice).toMatchObject({ name: 'm', size: 3 });
    expect(text(await slice.read(0, 3))).toBe('cde');
    expect(text(await slice.read(2, 1))).toBe('e');
    expect(() => slice.read(1, 3)).toThrow(expect.objectContaining({ code: 'TRUNCATED' }));
  });

  it.each([
    [4, 3],
    [-1, 1],
    [7, 0],
  ])('must lie in its file: %i, %i', (start, size) => {
    expect(() => new SliceSource(whole, start, size)).toThrow(
      expect.objectContaining({ code: 'TRUNCATED', file: 'm' }),
    );
  });
});

describe('the disk', () => {
  it('gives files in parts, several at once', async () => {
    const source = await nodeFileStore.open(folder.file('f', 'abcdef'));
    const [a, b] = await Promise.all([source.read(0, 2), source.read(3, 3)]);
    expect([text(a), text(b), source.size]).toEqual(['ab', 'def', 6]);
    await expect(source.read(4, 3)).rejects.toMatchObject({ code: 'TRUNCATED' });
    await source.close();
  });

  it('says when a file becomes shorter', async () => {
    const path = folder.file('f', 'abcdef');
    const source = await nodeFileStore.open(path);
    truncateSync(path, 2);
    await expect(source.read(0, 6)).rejects.toMatchObject({ code: 'FILE_CHANGED', file: path, offset: 2 });
    await source.close();
  });

  it('says what is wrong with a path', async () => {
    const file = folder.file('f', 'x');
    await expect(nodeFileStore.open(folder.at('none'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(nodeFileStore.open(`${file}/below`)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(nodeFileStore.open(folder.root)).rejects.toMatchObject({ code: 'NOT_A_FILE' });
    await expect(nodeFileStore.list(folder.at('none'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    expect(await nodeFileStore.status(folder.at('none'))).toEqual({ kind: 'missing', size: 0 });
    expect(await nodeFileStore.status(folder.root)).toEqual({ kind: 'folder', size: 0 });
    expect(await nodeFileStore.status(file)).toMatchObject({ kind: 'file', size: 1 });
    expect(await nodeFileStore.list(folder.root)).toEqual([{ name: 'f', kind: 'file' }]);
  });

  it('says that a file may not be read, unless to the superuser, who may read all', async () => {
    const path = folder.file('secret', 'x');
    chmodSync(path, 0);
    if (process.getuid?.() === 0) await (await nodeFileStore.open(path)).close();
    else await expect(nodeFileStore.open(path)).rejects.toMatchObject({ code: 'NO_PERMISSION', file: path });
  });
});
