import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/engine/bytes/engineError';
import type { ByteSource, FileStore } from '../../../src/engine/storage/byteSource';
import { FilePool } from '../../../src/engine/storage/filePool';

/** A store whose files hold their own names, that counts what is open, and whose reads can be held up. */
class CountingStore implements FileStore {
  open_ = 0;
  most = 0;
  opened: string[] = [];
  size = 8;
  gate: Promise<void> = Promise.resolve();

  async open(path: string): Promise<ByteSource> {
    if (path === 'gone') throw new EngineError('FILE_NOT_FOUND', 'gone', { file: path });
    this.opened.push(path);
    this.open_++;
    this.most = Math.max(this.most, this.open_);
    const bytes = Buffer.from(path.padEnd(this.size));
    return {
      name: path,
      size: this.size,
      read: async (offset, length) => {
        await this.gate;
        return bytes.subarray(offset, offset + length);
      },
      close: async () => {
        this.open_--;
      },
    };
  }

  async status() {
    return { kind: 'file', size: this.size } as const;
  }
  async list() {
    return [];
  }
  join = (...parts: string[]) => parts.join('/');
  parent = () => '';
  baseName = (path: string) => path;
  isAbsolute = () => true;
}

const read = async (source: ByteSource) =>
  Buffer.from(await source.read(0, 8))
    .toString()
    .trim();

describe('a pool of files', () => {
  it('opens a file when it is first read, once', async () => {
    const store = new CountingStore();
    const pool = new FilePool(store);
    const a = pool.source('a', 8);
    expect(store.opened).toEqual([]);
    expect(await Promise.all([read(a), read(a), read(pool.source('a', 8))])).toEqual(['a', 'a', 'a']);
    expect(store.opened).toEqual(['a']);
    await a.close();
    expect(await read(a)).toBe('a');
    await pool.close();
    expect(store.open_).toBe(0);
  });

  it('holds no more open than its limit, and closes the longest unused', async () => {
    const store = new CountingStore();
    const pool = new FilePool(store, 2);
    for (const path of ['a', 'b', 'a', 'c']) await read(pool.source(path, 8));
    await read(pool.source('a', 8));
    expect(store.opened).toEqual(['a', 'b', 'c']);
    await read(pool.source('b', 8));
    expect(store.opened).toEqual(['a', 'b', 'c', 'b']);
    expect(pool.open).toBe(2);
    await pool.close();
  });

  it('lets readers wait when all files are being read', async () => {
    const store = new CountingStore();
    let release = () => {};
    store.gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const pool = new FilePool(store, 3);
    const names = Array.from({ length: 20 }, (_, i) => `f${i}`);
    const reads = Promise.all(names.map((name) => read(pool.source(name, 8))));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(store.opened).toHaveLength(3);
    release();
    expect(await reads).toEqual(names);
    expect(store.most).toBeLessThanOrEqual(3);
    await pool.close();
  });

  it('says that a file changed while it was closed', async () => {
    const store = new CountingStore();
    const pool = new FilePool(store, 1);
    const a = pool.source('a', 8);
    await read(a);
    await read(pool.source('b', 8));
    store.size = 9;
    await expect(read(a)).rejects.toMatchObject({
      code: 'FILE_CHANGED',
      file: 'a',
      message: expect.stringMatching(/8.*9/),
    });
    await pool.close();
  });

  it('gives the error of a file that cannot be opened to each reader, and tries again', async () => {
    const store = new CountingStore();
    const pool = new FilePool(store, 1);
    const gone = pool.source('gone', 8);
    await expect(read(gone)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(read(gone)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    expect(pool.open).toBe(0);
    expect(await read(pool.source('a', 8))).toBe('a');
    await pool.close();
    await expect(read(pool.source('a', 8))).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
