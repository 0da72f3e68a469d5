import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import { raw } from '../../src/cli/raw';
import { fixturesRoot } from '../corpus';
import { useTemporaryFolder } from '../temporaryFolder';

const folder = useTemporaryFolder();
const IN_FLIGHT = path.join(fixturesRoot, '2.3-in-flight-heap-unaligned/chk-1');

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await raw(args, {
    out: async (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('lists a piece a line', async () => {
  const { code, out } = await run(IN_FLIGHT);
  expect(code).toBe(0);
  const lines = out.trimEnd().split('\n');
  expect(lines).toHaveLength(6);
  expect(lines[0]).toMatch(/^coordinator · Source: Events · 16 bytes · .*_metadata at \d+$/);
  expect(lines[3]).toMatch(
    /^channel · Source: Events · subtask 0 · result · partition 0 · subpartition 1 · \d+ bytes · /,
  );
});

test('says as JSON what the pieces hold', async () => {
  const { out } = await run(IN_FLIGHT, '--json', '--operator', 'events', '--what', 'payload');
  expect(jsonLines(out)).toEqual([
    expect.objectContaining({
      what: 'payload',
      uid: 'events',
      subtask: 0,
      name: 'SourceReaderState',
      index: 0,
      decoded: {
        version: 1,
        is: [{ format: 'NumberSequenceSource split', value: { splitId: '1', from: 400, to: 999999999 } }],
      },
    }),
  ]);
});

test('exports each piece as a file, with an index', async () => {
  const target = folder.at('out');
  expect((await run(IN_FLIGHT, '--out', target)).code).toBe(0);
  const index = jsonLines(readFileSync(path.join(target, 'index.ndjson'), 'utf8'));
  expect(readdirSync(target).sort()).toEqual([...index.map(({ exported }) => String(exported)), 'index.ndjson'].sort());
  for (const { exported, bytes } of index) {
    expect(readFileSync(path.join(target, String(exported)))).toHaveLength(Number(bytes));
  }
});

test('writes into no folder that has something in it', async () => {
  folder.file('out/mine', 'mine');
  await expect(run(IN_FLIGHT, '--out', folder.at('out'))).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  expect(readdirSync(folder.at('out'))).toEqual(['mine']);
});

test('leaves nothing behind when it is interrupted', async () => {
  const interrupted = new AbortController();
  const context = { out: async () => undefined, err: () => undefined, signal: interrupted.signal };
  interrupted.abort();
  await expect(raw([IN_FLIGHT, '--out', folder.at('out')], context)).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(existsSync(folder.at('out'))).toBe(false);
});

test('goes on behind state that is missing, tells of it, and exits with 1', async () => {
  cpSync(IN_FLIGHT, folder.at('chk-1'), { recursive: true });
  for (const name of readdirSync(folder.at('chk-1'))) {
    if (name !== '_metadata') rmSync(folder.at('chk-1', name));
  }
  const { code, out, err } = await run(folder.at('chk-1'), '--what', 'channel');
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain('error[FILE_NOT_FOUND]');
  expect(err).toContain('Counts / subtask 1 / channel');
});

test('refuses what it does not know', async () => {
  await expect(run(IN_FLIGHT, '--what', 'everything')).rejects.toThrow(/--what takes one of coordinator, master/);
  await expect(run(IN_FLIGHT, '--operator', 'nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
