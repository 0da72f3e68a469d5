import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSnapshot } from '../../../../src/engine/snapshot';
import { nodeFileStore } from '../../../../src/engine/storage/nodeFileStore';
import type { KeyFound, StateFound } from '../../../../src/view/shownRows';
import { entryLine } from '../../../../src/worker/entries/entryDetail';
import { filterNames } from '../../../../src/worker/entries/filterNames';
import { formOf } from '../../../../src/worker/entries/keyForm';
import { lookUpKey } from '../../../../src/worker/entries/keyLookup';
import { StateSession } from '../../../../src/worker/entries/stateSession';
import { fixtureSnapshots, fixturesRoot } from '../../../corpus';

const sample = path.resolve(import.meta.dirname, '../../../../media/sample');
const accounts = '14cfd403e0929194539014eaed9ae6ed';
const never = (): AbortSignal => new AbortController().signal;

interface Line {
  op: string;
  subtask: number;
  state: string;
  kind: string;
  kg: number;
  key?: unknown;
}

async function withSnapshot<T>(
  where: string,
  use: (find: (operator: string, key: string, more?: object) => Promise<KeyFound>) => Promise<T>,
): Promise<T> {
  const snapshot = await openSnapshot(where, nodeFileStore);
  const nothing = { namespace: null, mapKey: null, target: null, zone: 'UTC' };
  try {
    return await use((operator, key, more = {}) =>
      lookUpKey(snapshot, { operator, key, ...nothing, ...more }, never(), () => {}),
    );
  } finally {
    await snapshot.close();
  }
}

const totals = ({ states }: KeyFound): Record<string, number> =>
  Object.fromEntries(states.map(({ target, total }) => [target.state, total]));

describe('everything under a key', () => {
  it.each([
    'accounts-heap-native',
    'accounts-heap-canonical',
    'accounts-rocksdb-incremental',
    'accounts-rocksdb-heap-timers',
    'accounts-heap-changelog-materialized',
    'sql-heap-canonical',
  ])('is what Flink’s own reading holds under it: 2.3, %s', async (job) => {
    const [stored] = fixtureSnapshots().filter(({ name }) => name.split(path.sep)[0] === `2.3-${job}`);
    if (stored === undefined) expect.fail('The fixture is not there.');
    const file = path.join(fixturesRoot, `2.3-${job}.expected.ndjson`);
    const lines = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as Line)
      .filter(({ key, kind }) => key !== undefined && kind !== 'unread');
    const byKey = new Map<string, Line[]>();
    for (const line of lines) {
      const name = JSON.stringify([line.op, line.key]);
      byKey.set(name, [...(byKey.get(name) ?? []), line]);
    }
    expect(byKey.size).toBeGreaterThan(2);
    await withSnapshot(stored.path, async (find) => {
      for (const [first, ...more] of [...byKey.values()].slice(0, 20)) {
        if (first === undefined) continue;
        const found = await find(first.op, JSON.stringify(first.key));
        expect(found).toMatchObject({ keyGroup: first.kg, subtask: first.subtask, problems: [] });
        const wanted: Record<string, number> = {};
        for (const { state } of [first, ...more]) wanted[state] = (wanted[state] ?? 0) + 1;
        expect(totals(found)).toEqual(wanted);
        const [state] = found.states;
        if (state === undefined) continue;
        // A row's place is one of a query for this key.
        const session = new StateSession(nodeFileStore, stored.path, state.target);
        for (const { place } of state.rows) {
          const entry = await session.entry({ key: found.key, place }, never());
          expect(JSON.parse(entryLine(entry))).toMatchObject({ state: state.target.state, key: first.key });
        }
        await session.close();
      }
    });
  });

  it('may be asked for by an entry that has it, for one state, one map key or one namespace', async () => {
    const target = { operator: accounts, state: 'counters', backend: 'canonical' as const };
    const session = new StateSession(nodeFileStore, sample, target);
    const asked = {
      target,
      key: null,
      namespace: null,
      mapKey: null,
      filter: null,
      sort: null,
      expand: [],
      zone: 'UTC',
    };
    const [row] = (await session.rows({ ...asked, at: { row: 0 }, before: 0, count: 1 }, never())).rows;
    if (row === undefined) expect.fail('The state has no rows.');
    const { raw } = await session.entry({ key: null, place: row.place }, never());
    await session.close();
    const snapshot = await openSnapshot(sample, nodeFileStore);
    const told: StateFound[] = [];
    const nothing = { operator: accounts, namespace: null, mapKey: null, target: null, zone: 'UTC' };
    const found = await lookUpKey(snapshot, { ...nothing, key: raw }, never(), (state) => told.push(state));
    expect(told).toEqual(found.states);
    expect(found.keyGroup).toBe(raw.keyGroup);
    expect(Object.keys(totals(found))).toContain('counters');
    const only = await lookUpKey(snapshot, { ...nothing, key: found.key, target }, never(), () => {});
    expect(Object.keys(totals(only))).toEqual(['counters']);
    const mapKey = found.states.find((state) => state.target.state === 'counters')?.rows[0]?.cells[1]?.text ?? '';
    const one = await lookUpKey(snapshot, { ...nothing, key: found.key, mapKey }, never(), () => {});
    expect(totals(one)).toEqual({ counters: 1 });
    const none = await lookUpKey(
      snapshot,
      { ...nothing, key: found.key, namespace: '{"start":0,"end":1}' },
      never(),
      () => {},
    );
    expect(none.states).toEqual([]);
    await snapshot.close();
  });

  it('is nothing under a key that is not there, and an error for one that does not fit', async () => {
    await withSnapshot(sample, async (find) => {
      const found = await find(accounts, 'nobody');
      expect(found).toMatchObject({ key: '"nobody"', states: [] });
      expect(found.keyGroup).not.toBeNull();
      await expect(find('bc4197a480c92c793190a9f8c0afc54c', 'nobody')).rejects.toMatchObject({ code: 'BAD_VALUE' });
      await expect(find('f'.repeat(32), 'x')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });
});

const LONG = { name: 'long', serializer: '' };
const TEXT = { name: 'string', serializer: '' };

describe('a form', () => {
  it('of a plain key is one field', () => {
    expect(formOf(TEXT)).toMatchObject({ name: null, type: 'string', input: 'text' });
    expect(formOf(LONG)).toMatchObject({ input: 'integer' });
    expect(formOf({ name: 'enum', className: 'E', constants: ['A', 'B'], serializer: '' })).toMatchObject({
      input: 'choice',
      choices: ['A', 'B'],
    });
    expect(formOf({ name: 'kryo', serializer: '' })).toMatchObject({ input: 'json' });
  });

  it('of a composite has a field for each of its own', () => {
    const pojo = {
      name: 'pojo',
      fields: [
        { name: 'user', type: TEXT },
        { name: 'id', type: LONG },
      ],
      serializer: '',
    };
    const form = formOf({ name: 'tuple', arguments: [pojo, LONG], serializer: '' });
    expect(form).toMatchObject({ input: 'fields', isArray: true, example: '[{"user": "user-42", "id": 42}, 42]' });
    expect(form.fields.map(({ name, input }) => [name, input])).toEqual([
      ['f0', 'fields'],
      ['f1', 'integer'],
    ]);
    expect(form.fields[0]).toMatchObject({ isArray: false });
  });
});

describe('names for a filter', () => {
  it('are those of the parts of an entry and their fields, each of which a filter takes', async () => {
    const target = { operator: accounts, state: 'balance', backend: 'canonical' as const };
    const session = new StateSession(nodeFileStore, sample, target);
    const { state } = await session.open(never());
    if (state === null) expect.fail('The state is not there.');
    const names = filterNames(state);
    expect(names.filter(({ is }) => is !== 'function').map(({ name, type }) => `${name}: ${type}`)).toEqual([
      'key: string',
      expect.stringMatching(/^value: pojo /),
      'value.amount: double',
      'value.updatedAt: long',
      'keyGroup: int',
      'subtask: int',
    ]);
    const query = { target, key: null, namespace: null, mapKey: null, sort: null, expand: [] };
    const filter =
      'size(key) > 0 && value.amount == value.amount && value.updatedAt > 0 && keyGroup >= 0 && subtask >= 0';
    const scan = await session.scan({ ...query, filter }, never(), () => {});
    const all = await session.scan({ ...query, filter: null }, never(), () => {});
    expect(scan.rows).toBe(all.rows);
    expect(scan.misfit).toBeNull();
    for (const [wrong, why] of [
      ['value.amout < 0.0', 'No such key: amout'],
      ['key', 'It gives neither true nor false.'],
    ]) {
      const { rows, misfit } = await session.scan({ ...query, filter: wrong ?? null }, never(), () => {});
      expect([rows, misfit], wrong).toEqual([0, why]);
    }
    await session.close();
  });
});
