import { expect, test } from 'vitest';
import { readPlan } from '../../../src/engine/plan/readPlan';
import { useTemporaryFolder } from '../../temporaryFolder';
import { applied, contentOf } from '../plan/harness';

const temporary = useTemporaryFolder();

/** What a state `s` of one key holds after a plan. */
async function after(name: string, plan: object): Promise<unknown> {
  const out = temporary.at(name);
  await applied(readPlan(JSON.stringify(plan), 'a test'), out);
  const [text] = (await contentOf(out)).keyed.values();
  return JSON.parse(text);
}

const rows = (file: string, ttl: number, list: readonly number[]) => ({
  operator: { uid: 'op', parallelism: 1 },
  data: temporary.file(file, JSON.stringify({ k: 'a', ttl, list })),
  key: { type: 'string', value: 'row.k' },
  states: [{ name: 's', kind: 'list', type: 'double', value: 'row.list', ttl: 'row.ttl' }],
});

const stamped = (...elements: [number, number][]) => elements.map(([$ttl, value]) => ({ $ttl, value }));

test('elements of a list keep their stamps in what an expression makes of it', async () => {
  expect(await after('one', { steps: [{ bootstrap: rows('one.ndjson', 5, [1, 2.5]) }] })).toEqual(
    stamped([5, 1], [5, 2.5]),
  );
  const merged = { ...rows('two.ndjson', 7, [3]), merge: 'old + value' };
  expect(await after('two', { from: temporary.at('one'), steps: [{ bootstrap: merged }] })).toEqual(
    stamped([5, 1], [5, 2.5], [7, 3]),
  );
  const dropped = { ...rows('three.ndjson', 9, [4]), merge: 'old.filter(x, x != 2.5) + [8.0]' };
  expect(await after('three', { from: temporary.at('two'), steps: [{ bootstrap: dropped }] })).toEqual(
    stamped([5, 1], [7, 3], [9, 8]),
  );
  const filtered = { operator: 'op', state: 's', key: 'a', set: 'value.filter(x, x != 8.0)' };
  expect(await after('four', { from: temporary.at('three'), steps: [{ update: filtered }] })).toEqual(
    stamped([5, 1], [7, 3]),
  );
});
