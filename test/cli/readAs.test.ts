import { beforeEach, expect, test } from 'vitest';
import { dump } from '../../src/cli/dump';
import { UsageError } from '../../src/cli/usage';
import { fixture } from '../engine/plan/harness';
import { ENUM, jobsOwn, TUPLE, withJobsOwn } from '../jobsOwn';
import { useTemporaryFolder } from '../temporaryFolder';

const folder = useTemporaryFolder();
const PAIR = jobsOwn(TUPLE, 'PairSnapshot');
const KIND = jobsOwn(ENUM, 'KindSnapshot');

beforeEach(() => {
  const store = withJobsOwn(fixture('2.3-accounts-heap-native'), { [TUPLE]: 'PairSnapshot', [ENUM]: 'KindSnapshot' });
  for (const [file, bytes] of store.files) folder.file(store.baseName(file), bytes);
});

async function run(...args: string[]): Promise<{ code: number; lines: { state: string; value: unknown }[] }> {
  let text = '';
  const out = async (more: string | Uint8Array): Promise<void> => {
    text += typeof more === 'string' ? more : new TextDecoder().decode(more);
  };
  const code = await dump([folder.root, ...args], { out, err: () => {}, signal: new AbortController().signal });
  return { code, lines: text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)])) };
}

test('dump --read-as reads values as it is told, class by class', async () => {
  const choices = ['--read-as', `${PAIR}=tuple<long, long>`, '--read-as', `${KIND} = int`];
  const average = await run('--state', 'average', ...choices);
  expect(average.code).toBe(0);
  expect(average.lines[0]).toMatchObject({ state: 'average', key: 'gustav', value: [3, 6000] });
  const history = await run('--state', 'history', ...choices, '--where', 'value.exists(e, e.kind == 2)');
  expect(history.lines.length).toBeGreaterThan(0);
});

test.each([
  ['tuple<long>', 'CLASS=TYPE'],
  ['com.acme.Money=', 'CLASS=TYPE'],
  ['=long', 'CLASS=TYPE'],
  [
    'com.acme.Money=lonng',
    "'lonng', chosen for com.acme.Money, is no type to read values with: No type is called lonng",
  ],
])('dump --read-as %s is wrong usage', async (choice, why) => {
  await expect(run('--read-as', choice)).rejects.toThrow(UsageError);
  await expect(run('--read-as', choice)).rejects.toThrow(why);
});
