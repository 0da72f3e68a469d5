import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareBytes } from '../../../../src/engine/backends/rocksdb/internalKey';
import { type DatabaseFile, RocksDb } from '../../../../src/engine/backends/rocksdb/rocksDb';
import type { KeyRange } from '../../../../src/engine/backends/rocksdb/sortedRun';
import { EngineError } from '../../../../src/engine/bytes/engineError';
import { MemorySource } from '../../../../src/engine/storage/memorySource';
import { nodeFileStore } from '../../../../src/engine/storage/nodeFileStore';

const fixtures = path.resolve(__dirname, 'databases');
/** RocksDB reads it; the engine's zstd has no dictionaries. */
const ZSTD_DICTIONARY = '8.10/v5-crc32c-zstd-dictionary';
const databases = ['6.20', '8.10'].flatMap((release) =>
  readdirSync(path.join(fixtures, release), { withFileTypes: true })
    .filter((f) => f.isDirectory())
    .map((f) => `${release}/${f.name}`)
    .filter((database) => database !== ZSTD_DICTIONARY),
);
const WHOLE: KeyRange = { from: null, to: null };

const filesOf = (database: string): DatabaseFile[] =>
  readdirSync(path.join(fixtures, database)).map((name) => ({
    name,
    open: () => nodeFileStore.open(path.join(fixtures, database, name)),
  }));
const expectedOf = (database: string): string[] =>
  readFileSync(path.join(fixtures, `${database}.expected.txt`), 'utf8')
    .trimEnd()
    .split('\n');

async function read(files: DatabaseFile[], range = WHOLE): Promise<string[]> {
  const db = await RocksDb.open(files);
  const family = db.columnFamily('counts');
  if (family === null) throw new Error('no column family');
  const lines: string[] = [];
  for await (const { length, windows, bounds } of db.entries(family, range)) {
    for (let i = 0; i < length; i++) {
      const [keyFrom, keyTo, valueFrom, valueTo] = bounds.subarray(4 * i, 4 * i + 4);
      const hex = (from: number, to: number): string => Buffer.from(windows[i].subarray(from, to)).toString('hex');
      lines.push(`${hex(keyFrom, keyTo)} ${hex(valueFrom, valueTo)}`);
    }
  }
  return lines;
}

describe.each(databases)('RocksDB %s', (database) => {
  it('gives what RocksDB itself reads: newest first, merged, deletions applied', async () => {
    const expected = expectedOf(database);
    expect(expected.length).toBeGreaterThan(150);
    expect(await read(filesOf(database))).toEqual(expected);
  });

  it('gives exactly the keys of a range', async () => {
    const expected = expectedOf(database);
    const keyOf = (line: string): Uint8Array => Buffer.from(line.split(' ')[0], 'hex');
    for (let group = 0; group < 16; group++) {
      const range = { from: Uint8Array.of(group), to: Uint8Array.of(group + 1) };
      const inRange = expected.filter((line) => keyOf(line)[0] === group);
      expect(await read(filesOf(database), range), `key group ${group}`).toEqual(inRange);
    }
    const middle = keyOf(expected[100]);
    const rest = expected.filter((line) => compareBytes(keyOf(line), keyOf(line).length, middle, middle.length) >= 0);
    expect(await read(filesOf(database), { from: middle, to: null })).toEqual(rest);
  });
});

it('refuses what zstd compressed with a dictionary, and names the dictionary', async () => {
  const refused = { code: 'UNSUPPORTED', message: expect.stringContaining('dictionary'), offset: expect.any(Number) };
  await expect(read(filesOf(ZSTD_DICTIONARY))).rejects.toMatchObject(refused);
});

describe('damaged blob files', () => {
  const database = '8.10/blobs-zstd';
  const names = readdirSync(path.join(fixtures, database)).filter((name) => name.endsWith('.blob'));

  it('every flipped byte that is read is noticed, and said where', async () => {
    const expected = expectedOf(database);
    const files = filesOf(database);
    let noticed = 0;
    for (const name of names) {
      const bytes = new Uint8Array(readFileSync(path.join(fixtures, database, name)));
      for (let at = 0; at < bytes.length; at += 41) {
        const copy = bytes.slice();
        copy[at] ^= 0x41;
        const open = async () => new MemorySource(name, copy);
        try {
          // Nobody reads the file's header and footer, and what was overwritten since.
          expect(await read(files.map((f) => (f.name === name ? { name, open } : f)))).toEqual(expected);
        } catch (e) {
          expect(e).toMatchObject({ name: 'EngineError', file: name, offset: expect.any(Number) });
          noticed++;
        }
      }
    }
    expect(noticed).toBeGreaterThan(100);
  });

  it('one that is not there is named', async () => {
    const files = filesOf(database).filter((f) => !f.name.endsWith('.blob'));
    const missing = { code: 'FILE_NOT_FOUND', message: expect.stringMatching(/\d{6}\.blob/) };
    await expect(read(files)).rejects.toMatchObject(missing);
  });
});

describe('damaged databases', () => {
  const database = '8.10/v5-xxh3-snappy';
  const contents = readdirSync(path.join(fixtures, database)).map((name) => ({
    name,
    bytes: new Uint8Array(readFileSync(path.join(fixtures, database, name))),
  }));
  const withDamage = (damaged: string, bytes: Uint8Array): DatabaseFile[] =>
    contents.map((f) => ({
      name: f.name,
      open: async () => new MemorySource(f.name, f.name === damaged ? bytes : f.bytes),
    }));

  it('notices every flipped byte that is read, and says where', async () => {
    const expected = expectedOf(database);
    let noticed = 0;
    for (const { name, bytes } of contents.filter((f) => f.name !== 'CURRENT')) {
      for (let at = 0; at < bytes.length; at += 37) {
        const copy = bytes.slice();
        copy[at] ^= 0x41;
        try {
          // A flipped byte may lie where nobody reads: in padding, or in a block of another column family.
          expect(await read(withDamage(name, copy)), `${name} at ${at}`).toEqual(expected);
        } catch (e) {
          if (!(e instanceof EngineError)) throw e;
          expect(e.code).not.toBe('INTERNAL');
          noticed++;
        }
      }
    }
    expect(noticed).toBeGreaterThan(100);
  });

  /** Offsets behind each record of a log of one block: 7 bytes of header, its length in bytes 4 and 5. */
  const recordEnds = (log: Uint8Array): Set<number> => {
    const ends = new Set<number>();
    for (let at = 0; at + 7 <= log.length; ) {
      at += 7 + (log[at + 4] | (log[at + 5] << 8));
      ends.add(at);
    }
    return ends;
  };

  it('fails plainly on every shorter file', async () => {
    for (const { name, bytes } of contents) {
      for (let length = 0; length < bytes.length; length += 13) {
        // Cut between two records, a MANIFEST is a whole one of an earlier time: of that only its size in the handle tells.
        const betweenRecords = name.startsWith('MANIFEST') && recordEnds(bytes).has(length);
        if (betweenRecords) continue;
        const files = withDamage(name, bytes.slice(0, length));
        await expect(read(files), `${name} cut to ${length}`).rejects.toBeInstanceOf(EngineError);
      }
    }
  });

  it('names a file that its checkpoint does not have', async () => {
    const files = filesOf(database).filter((f) => !f.name.endsWith('.sst'));
    await expect(read(files)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });
});
