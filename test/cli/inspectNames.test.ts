import * as path from 'node:path';
import { expect, test } from 'vitest';
import { inspect } from '../../src/cli/inspect';
import { fixturesRoot } from '../corpus';
import { useTemporaryFolder } from '../temporaryFolder';

const folder = useTemporaryFolder();
const ACCOUNTS = path.join(fixturesRoot, '1.20-accounts-heap-canonical');

async function run(...args: string[]): Promise<string> {
  let out = '';
  const io = {
    out: async (text: string) => {
      out += text;
    },
    err: () => undefined,
    signal: new AbortController().signal,
  };
  expect(await inspect(args, io)).toBe(0);
  return out;
}

test('the uids of sources stand beside the hashes that they give', async () => {
  const job = folder.file('src/com/acme/Jobs.java', 'class Jobs {\n  { s.uid("accounts"); }\n}\n');
  folder.file('target/classes/Jobs.java', 's.uid("events");');
  const text = await run(ACCOUNTS, '--names', folder.root);
  expect(text).toContain(`14cfd403e0929194539014eaed9ae6ed · uid accounts at ${job}:2 · parallelism 2 of 128`);
  expect(text).not.toContain('uid events');
  const { operators } = JSON.parse(await run(ACCOUNTS, '--names', folder.root, '--json'));
  expect(operators.map((o: { uid: unknown; given: unknown }) => [o.uid, o.given])).toEqual([
    [null, null],
    [null, null],
    [null, { uid: 'accounts', file: job, line: 2 }],
  ]);
});

test('without asking, nothing is looked for', async () => {
  const { operators } = JSON.parse(await run(ACCOUNTS, '--json'));
  expect(operators[0]).not.toHaveProperty('given');
});

test('a folder that is not there is told of', async () => {
  await expect(run(ACCOUNTS, '--names', folder.at('nowhere'))).rejects.toMatchObject({ file: folder.at('nowhere') });
});
