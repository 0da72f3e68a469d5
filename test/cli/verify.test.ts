import { cpSync, readdirSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import { verify } from '../../src/cli/verify';
import { fixturesRoot } from '../corpus';
import { useTemporaryFolder } from '../temporaryFolder';

const folder = useTemporaryFolder();
const INCREMENTAL = path.join(fixturesRoot, '1.20-accounts-rocksdb-incremental/chk-3');

async function run(...args: string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const code = await verify(args, {
    out: async (text) => {
      out += text;
    },
    err: () => undefined,
    signal: new AbortController().signal,
  });
  return { code, out };
}

test('says what matters for a restore, beside what is wrong', async () => {
  const { code, out } = await run(INCREMENTAL);
  expect(code).toBe(0);
  expect(out).toMatch(/^whole: 137 entries read/m);
  expect(out).toMatch(/^for a restore:$/m);
  expect(out).toMatch(/^ {2}warning\[MOVED\]: 64 files were found beside the metadata/m);
  expect(out).toMatch(/^ {4}hint: Flink looks where the metadata says\./m);
  expect(out).toMatch(/^ {2}info\[RESTORABLE\]: Restored by Flink 1\.16 and later\.$/m);
});

test('says it as JSON, with codes and operators for scripts', async () => {
  const { out } = await run(INCREMENTAL, '--json');
  const { whole, health } = JSON.parse(out);
  expect(whole).toBe(true);
  expect(health).toContainEqual({
    severity: 'info',
    code: 'UID_UNKNOWN',
    message: '2 operators are known by their hash only.',
    hint: expect.any(String),
    operators: ['0c80f7e50ab54b30f6a2580946f9e942', '14cfd403e0929194539014eaed9ae6ed'],
    states: [],
  });
});

test('a file that is missing is a fault; what only stands in the way of a restore is none', async () => {
  const copy = folder.at('job');
  cpSync(path.dirname(INCREMENTAL), copy, { recursive: true });
  const [lost = ''] = readdirSync(path.join(copy, 'shared')).sort();
  rmSync(path.join(copy, 'shared', lost));
  const { code, out } = await run(path.join(copy, 'chk-3'), '--json');
  expect(code).toBe(1);
  expect(JSON.parse(out).health[0]).toMatchObject({ severity: 'error', code: 'FILES_MISSING' });
});
