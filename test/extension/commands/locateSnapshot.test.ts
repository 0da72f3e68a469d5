import { describe, expect, it } from 'vitest';
import { type Folders, locateSnapshot } from '../../../src/commands/locateSnapshot';

/** Folders from a list of files. */
function disk(...files: string[]): Folders & { listed: string[] } {
  const listed: string[] = [];
  return {
    listed,
    kind: async (path) =>
      files.includes(path) ? 'file' : files.some((f) => f.startsWith(`${path}/`)) ? 'folder' : null,
    list: async (path) => {
      listed.push(path);
      const names = new Set(
        files.filter((f) => f.startsWith(`${path}/`)).map((f) => f.slice(path.length + 1).split('/')[0] ?? ''),
      );
      return [...names].map((name) => ({ name, kind: files.includes(`${path}/${name}`) ? 'file' : 'folder' }));
    },
    join: (folder, name) => `${folder}/${name}`,
  };
}

describe('the snapshot that is meant by a path', () => {
  it('is the folder’s metadata, and nothing else is looked at', async () => {
    const folders = disk('/s/_metadata', '/s/data');
    expect(await locateSnapshot(folders, '/s')).toEqual({ found: 'one', path: '/s/_metadata' });
    expect(folders.listed).toEqual([]);
  });

  it('is the file itself, whatever its name', async () => {
    expect(await locateSnapshot(disk('/s/old-savepoint'), '/s/old-savepoint')).toEqual({
      found: 'one',
      path: '/s/old-savepoint',
    });
  });

  it('is one of several in the folder of a job, the newest first', async () => {
    const folders = disk(
      '/j/chk-9/_metadata',
      '/j/chk-10/_metadata',
      '/j/shared/x',
      '/j/shared/deep/_metadata',
      '/j/taskowned/_metadata',
    );
    expect(await locateSnapshot(folders, '/j')).toEqual({
      found: 'several',
      paths: ['/j/chk-10/_metadata', '/j/chk-9/_metadata'],
    });
  });

  it('is the only one below, two folders down and no deeper', async () => {
    expect(await locateSnapshot(disk('/r/job/chk-1/_metadata'), '/r')).toEqual({
      found: 'one',
      path: '/r/job/chk-1/_metadata',
    });
    expect(await locateSnapshot(disk('/r/a/b/c/_metadata'), '/r')).toEqual({ found: 'none', why: 'noMetadata' });
  });

  it('is none where there is nothing', async () => {
    expect(await locateSnapshot(disk('/s/data'), '/s')).toEqual({ found: 'none', why: 'noMetadata' });
    expect(await locateSnapshot(disk('/s/data'), '/gone')).toEqual({ found: 'none', why: 'missing' });
  });
});
