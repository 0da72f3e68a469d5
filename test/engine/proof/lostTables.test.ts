import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { dump } from '../../../src/cli/dump';
import { verify } from '../../../src/engine/query/verify';
import { compareLines } from '../../compareLines';
import { fixtureSnapshots, fixturesRoot } from '../../corpus';
import { field, parseLines } from '../../expectedLines';
import { MemoryStore } from '../../memoryStore';
import { useTemporaryFolder } from '../../temporaryFolder';
import { dumpAll } from './readAll';
import { withSnapshot } from './withSnapshot';

const SNAPSHOTS = /accounts-rocksdb-(native|incremental)|forst/;
const SST_MAGIC = [0xf7, 0xcf, 0xf4, 0x85, 0xb7, 0x41, 0xe2, 0x88];
const isTable = (bytes: Uint8Array): boolean =>
  bytes.length > 8 && SST_MAGIC.every((byte, i) => bytes[bytes.length - 8 + i] === byte);

const snapshots = fixtureSnapshots().filter(({ name }) => SNAPSHOTS.test(name));

test('there are snapshots with tables', () => {
  expect(snapshots.length).toBeGreaterThan(0);
});

describe.each(snapshots.map((snapshot) => [snapshot.name, snapshot] as const))('%s', (_, snapshot) => {
  test.each(['lost', 'cut short'])(
    'a table that is %s costs one state of one subtask, which is told',
    async (damage) => {
      const whole = MemoryStore.ofFolder(path.join(fixturesRoot, snapshot.name.split(path.sep)[0]));
      const expected = await withSnapshot(snapshot.path, async (opened) => (await dumpAll(opened)).lines, whole);
      const tables = [...whole.files].filter(([, bytes]) => isTable(bytes));
      expect(tables.length).toBeGreaterThan(1);
      let costly = 0;
      for (const [name, bytes] of tables) {
        const store = new MemoryStore();
        for (const [other, content] of whole.files) store.files.set(other, content);
        if (damage === 'lost') store.files.delete(name);
        else store.files.set(name, bytes.slice(0, bytes.length - 1));
        const { dumped, verified } = await withSnapshot(
          snapshot.path,
          async (opened) => ({ dumped: await dumpAll(opened), verified: await verify(opened) }),
          store,
        );
        const { missing, unexpected } = compareLines(expected, dumped.lines);
        expect(unexpected).toEqual([]);
        // Files of other states, and of other checkpoints.
        if (dumped.failures.length === 0) {
          expect(missing).toEqual([]);
          continue;
        }
        const [{ state, subtask, error }] = dumped.failures;
        expect(dumped.failures.length).toBe(1);
        expect(path.basename(error.file ?? '')).toBe(path.basename(name));
        const lost = parseLines(missing.join('\n'));
        // A table may hold nothing but what newer ones replace.
        costly += lost.length;
        for (const line of lost)
          expect([field(line, 'state'), field(line, 'subtask')]).toEqual([state, BigInt(subtask.index)]);
        const errors = verified.problems.filter(({ severity }) => severity === 'error');
        // The missing file itself is told of, too.
        const places = errors.flatMap(({ where }) => (where === null ? [] : [where.split(' / ').slice(1).join(' / ')]));
        expect(places).toEqual([`subtask ${subtask.index} / ${state}`]);
      }
      expect(costly).toBeGreaterThan(1);
    },
  );
});

describe('on a disk', () => {
  const temporary = useTemporaryFolder();

  test('dump tells of a lost table once, with its state, and ends with exit code 1', async () => {
    const name = '2.3-accounts-rocksdb-native';
    const folder = temporary.at(name);
    cpSync(path.join(fixturesRoot, name), folder, { recursive: true });
    const tables = readdirSync(folder).filter((file) => isTable(new Uint8Array(readFileSync(path.join(folder, file)))));
    for (const table of tables) rmSync(path.join(folder, table));
    const told: string[] = [];
    const context = {
      out: async () => {},
      err: (text: string) => void told.push(text),
      signal: new AbortController().signal,
    };
    expect(await dump([folder], context)).toBe(1);
    expect(told.length).toBe(tables.length);
    expect(new Set(told).size).toBe(told.length);
    for (const text of told) expect(text).toMatch(/subtask \d+ \/ state \S/);
  });
});
