import { describe, expect, test } from 'vitest';
import { decodeEntry } from '../../../src/engine/decodeEntry';
import type { EntryDifference } from '../../../src/engine/diff/difference';
import type { SnapshotDiff } from '../../../src/engine/diff/diffResult';
import { diffSnapshots } from '../../../src/engine/diff/diffSnapshots';
import { snapshotEntries } from '../../../src/engine/entries';
import { writeJson } from '../../../src/engine/json/writeJson';
import { openSnapshot } from '../../../src/engine/snapshot';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { fixtureSnapshots } from '../../corpus';
import { useTemporaryFolder } from '../../temporaryFolder';
import { applied, fixture, planOf } from '../plan/harness';

const temporary = useTemporaryFolder();
/** So little that entries come in several stretches of key groups, and these in several slices. */
const SMALL = 1500;

async function diff(
  a: string,
  b: string,
  memory?: number,
): Promise<{ found: SnapshotDiff; entries: EntryDifference[] }> {
  const [before, after] = [await openSnapshot(a, nodeFileStore), await openSnapshot(b, nodeFileStore)];
  const entries: EntryDifference[] = [];
  const onDifference = (difference: EntryDifference) => void entries.push(difference);
  const found = await diffSnapshots(before, after, {
    onDifference,
    ...(memory !== undefined && { memory, shareBytes: memory }),
  });
  await before.close();
  await after.close();
  return { found, entries };
}

/** The entries of a snapshot as text, each state's by what identifies them; elements of lists counted. */
async function contents(path: string): Promise<Map<string, Map<string, string[]>>> {
  const states = new Map<string, Map<string, string[]>>();
  const tellers = new Map<string, number>();
  const snapshot = await openSnapshot(path, nodeFileStore);
  for await (const { operator, subtask, entries } of snapshotEntries(snapshot, {}, () => {})) {
    for (const entry of entries) {
      const name = `${operator.id} ${entry.state.name}`;
      if (entry.state.kind === 'broadcast' && (tellers.get(name) ?? subtask.index) !== subtask.index) continue;
      tellers.set(name, subtask.index);
      const { key, namespace, userKey, value } = decodeEntry(entry);
      const text = (part: unknown): string => (part === undefined ? '' : writeJson(part));
      const isElement = entry.key === null && entry.userKey === null;
      const id = isElement ? text(value) : [text(key), text(namespace), text(userKey), entry.timestamp ?? ''].join('|');
      const state = states.get(name) ?? new Map<string, string[]>();
      states.set(name, state);
      state.set(id, [...(state.get(id) ?? []), text(value)]);
    }
  }
  await snapshot.close();
  return states;
}

type Counts = Record<string, [added: number, removed: number, changed: number]>;

async function naive(a: string, b: string): Promise<Counts> {
  const [before, after] = [await contents(a), await contents(b)];
  const counts: Counts = {};
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(name) ?? new Map(), after.get(name) ?? new Map()];
    const count: Counts[string] = [0, 0, 0];
    for (const id of new Set<string>([...old.keys(), ...now.keys()])) {
      const [x, y]: string[][] = [old.get(id) ?? [], now.get(id) ?? []];
      count[0] += Math.max(0, y.length - x.length);
      count[1] += Math.max(0, x.length - y.length);
      if (x.length > 0 && y.length > 0 && x[0] !== y[0]) count[2]++;
    }
    if (count.some((n) => n > 0)) counts[name] = count;
  }
  return counts;
}

function countsOf({ operators }: SnapshotDiff): Counts {
  const counts: Counts = {};
  for (const { id, states } of operators) {
    for (const { name, added, removed, changed } of states) {
      if (added + removed + changed > 0) counts[`${id} ${name}`] = [added, removed, changed];
    }
  }
  return counts;
}

describe.each(fixtureSnapshots().map((s) => [s.name, s.path] as const))('%s', (_, path) => {
  test('is what it is', async () => {
    const { found, entries } = await diff(path, path);
    expect(entries).toEqual([]);
    expect(countsOf(found)).toEqual({});
    expect(found.same || found.problems.length > 0).toBe(true);
  });
});

/** The same job in other formats, and by other Flinks: entries lie in other orders and in other bytes. */
const PAIRS = [
  ['2.3-accounts-rocksdb-canonical', '2.3-accounts-heap-native'],
  ['2.3-accounts-heap-canonical', '1.20-accounts-rocksdb-incremental'],
  ['2.3-accounts-rocksdb-incremental', '2.3-accounts-heap-changelog'],
  ['1.20-types-heap-canonical', '2.3-types-heap-native'],
  ['2.3-bank-heap-canonical', '2.3-bank-rocksdb-canonical'],
] as const;

describe.each(PAIRS)('%s and %s', (a, b) => {
  test.each([undefined, SMALL])('differ in what a plain comparison finds, in %s bytes', async (memory) => {
    const { found, entries } = await diff(fixture(a), fixture(b), memory);
    const expected = await naive(fixture(a), fixture(b));
    // Of a state that cannot be read whole on one side, what only the other shows says nothing.
    const comparable = new Set(
      found.operators.flatMap(({ id, states }) =>
        states.filter((s) => s.in === 'both' && !s.incomplete).map(({ name }) => `${id} ${name}`),
      ),
    );
    const compared = (counts: Counts) => Object.fromEntries(Object.entries(counts).filter(([s]) => comparable.has(s)));
    expect(comparable.size).toBeGreaterThan(0);
    expect(compared(countsOf(found))).toEqual(compared(expected));
    const total = Object.values(countsOf(found))
      .flat()
      .reduce((sum, n) => sum + n, 0);
    expect(entries.reduce((sum, { times }) => sum + times, 0)).toBe(total);
  });
});

describe('a snapshot that was changed', () => {
  const from = fixture('2.3-accounts-heap-canonical');

  test('shows what was changed, with the field', async () => {
    const out = temporary.at('changed');
    const state = { operator: 'accounts', state: 'balance' };
    const plan = planOf(
      from,
      { kind: 'put', operator: 'accounts', state: 'total', key: 'gustav', value: 1n },
      { kind: 'put', operator: 'accounts', state: 'total', key: 'nobody yet', value: 2n },
      { kind: 'delete', ...state, key: 'bob' },
      { kind: 'update', ...state, key: 'gustav', set: { kind: 'fields', expressions: [['amount', 0.25]] } },
      { kind: 'removeState', operator: 'accounts', state: 'devices' },
    );
    await applied(plan, out);
    const { found, entries } = await diff(from, out);
    expect(found.same).toBe(false);
    const named = entries.map(({ state: name, what, key, fields }) => `${what} ${name} ${key} ${fields.join()}`).sort();
    expect(named).toEqual([
      'added total "nobody yet" ',
      'changed balance "gustav" amount',
      'changed total "gustav" ',
      'removed balance "bob" ',
    ]);
    const accounts = found.operators.find(({ uid }) => uid === 'accounts');
    expect(accounts?.states.find(({ name }) => name === 'devices')?.in).toBe('before');
  });

  test('has the same entries after its keys moved to other key groups', async () => {
    const out = temporary.at('moved');
    const rescale = { kind: 'rescale', parallelism: 3, maxParallelism: 1000, operators: ['accounts'] } as const;
    await applied(planOf(from, { ...rescale, operators: ['accounts'] }), out);
    const { found, entries } = await diff(from, out, SMALL);
    expect(entries).toEqual([]);
    const accounts = found.operators.find(({ uid }) => uid === 'accounts');
    expect(accounts?.maxParallelism).toEqual({ before: 128, after: 1000 });
    expect(found.same).toBe(false);
  });

  test('names operators that only one of them has', async () => {
    const out = temporary.at('less');
    await applied(planOf(from, { kind: 'removeOperator', operator: 'accounts' }), out);
    const there = await diff(from, out);
    const back = await diff(out, from);
    expect(there.found.operators.find(({ uid }) => uid === 'accounts')?.in).toBe('before');
    expect(back.found.operators.find(({ uid }) => uid === 'accounts')?.in).toBe('after');
    expect(there.entries).toEqual([]);
  });
});
