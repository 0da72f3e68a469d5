import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { dump } from '../../src/cli/dump';
import { fixture } from '../engine/plan/harness';
import { useTemporaryFolder } from '../temporaryFolder';

const folder = useTemporaryFolder();
const CANONICAL = fixture('2.3-accounts-rocksdb-canonical');

async function run(args: string[], signal = new AbortController().signal): Promise<{ code: number; out: string }> {
  let out = '';
  const write = async (text: string | Uint8Array): Promise<void> => {
    out += typeof text === 'string' ? text : new TextDecoder().decode(text);
  };
  return { code: await dump(args, { out: write, err: () => {}, signal }), out };
}

describe('dump --format parquet', () => {
  test('writes a file with a row for each line that ndjson has', async () => {
    const file = folder.at('counters.parquet');
    const of = [CANONICAL, '--operator', 'accounts', '--state', 'counters'];
    const { out } = await run(of);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect((await run([...of, '--format', 'parquet', '--out', file])).code).toBe(0);
    const bytes = new Uint8Array(readFileSync(file)).buffer;
    const rows = (await parquetReadObjects({ file: bytes })) as Record<string, unknown>[];
    expect(rows.map(({ key, ukey, value }) => [key, ukey, Number(value)])).toEqual(
      lines.map(({ key, ukey, value }) => [key, ukey, value]),
    );
  });

  test('needs a file, and leaves none behind where it is stopped', async () => {
    await expect(run([CANONICAL, '--format', 'parquet'])).rejects.toThrow('needs --out');
    const where = folder.root;
    const args = [CANONICAL, '--format', 'parquet', '--out', path.join(where, 'never.parquet')];
    await expect(run(args, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(readdirSync(where)).toEqual([]);
  });
});
