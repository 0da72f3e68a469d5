import { describe, expect, test } from 'vitest';
import { decodeEntry } from '../../../src/engine/decodeEntry';
import { snapshotEntries } from '../../../src/engine/entries';
import { writeJson } from '../../../src/engine/json/writeJson';
import { sharesOf } from '../../../src/engine/shares';
import { openSnapshot } from '../../../src/engine/snapshot';
import { countShare } from '../../../src/engine/stats/countShare';
import { snapshotStats } from '../../../src/engine/stats/snapshotStats';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { TtlValue } from '../../../src/engine/types/values';
import { fixtureSnapshots } from '../../corpus';

interface Naive {
  entries: number;
  bytes: number;
  keys: Set<string>;
  byKeyGroup: Map<number, number>;
  bySubtask: Map<number, number>;
  byKey: Map<string, number>;
  stamps: bigint[];
  due: bigint[];
}

const nothing = (): Naive => ({
  entries: 0,
  bytes: 0,
  keys: new Set(),
  byKeyGroup: new Map(),
  bySubtask: new Map(),
  byKey: new Map(),
  stamps: [],
  due: [],
});

const stampsIn = (value: unknown): bigint[] => {
  if (value instanceof TtlValue) return [value.lastAccess];
  return Array.isArray(value) ? value.flatMap(stampsIn) : [];
};

/** Everything counted in the plainest way: all in memory, by decoded values. */
async function naive(path: string): Promise<Map<string, Naive>> {
  const states = new Map<string, Naive>();
  const snapshot = await openSnapshot(path, nodeFileStore);
  for await (const batch of snapshotEntries(snapshot, {}, () => {})) {
    for (const entry of batch.entries) {
      const name = `${batch.operator.id} ${entry.state.kind} ${entry.state.name}`;
      const state = states.get(name) ?? nothing();
      states.set(name, state);
      const { key, namespace, value } = decodeEntry(entry);
      const parts = [entry.key, entry.namespace, entry.userKey, entry.value];
      const bytes = parts.reduce((sum, part) => sum + (part?.length ?? 0), entry.timestamp === null ? 0 : 8);
      const add = <K>(to: Map<K, number>, at: K) => to.set(at, (to.get(at) ?? 0) + bytes);
      state.entries++;
      state.bytes += bytes;
      if (entry.keyGroup >= 0) {
        state.keys.add(writeJson(key));
        add(state.byKeyGroup, entry.keyGroup);
        add(state.byKey, `${writeJson(key)} ${namespace === undefined ? '' : writeJson(namespace)}`);
      }
      add(state.bySubtask, batch.subtask.index);
      state.stamps.push(...stampsIn(value));
      if (entry.timestamp !== null) state.due.push(entry.timestamp);
    }
  }
  await snapshot.close();
  return states;
}

const sorted = (times: bigint[]): bigint[] => [...times].sort((a, b) => (a < b ? -1 : 1));

describe.each(fixtureSnapshots().map((s) => [s.name, s.path] as const))('%s', (_, path) => {
  test('counts what a plain count finds, in one share or in many', async () => {
    const expected = await naive(path);
    const snapshot = await openSnapshot(path, nodeFileStore);
    const whole = await snapshotStats(snapshot);
    const joined = await snapshotStats(snapshot, (s) =>
      Promise.all(sharesOf(s, 7).map((share) => countShare(s, share))),
    );
    await snapshot.close();
    for (const { operators } of [whole, joined]) {
      const found = operators.flatMap(({ id, states }) => states.map((state) => ({ id, state })));
      expect(found.map(({ id, state }) => `${id} ${state.kind} ${state.name}`).sort()).toEqual(
        [...expected.keys()].sort(),
      );
      for (const { id, state } of found) {
        const naively = expected.get(`${id} ${state.kind} ${state.name}`);
        if (naively === undefined) throw new Error('not reached');
        expect(state).toMatchObject({ entries: naively.entries, bytes: naively.bytes });
        const portions = (all: { number: number; bytes: number }[]) => new Map(all.map((p) => [p.number, p.bytes]));
        expect(portions(state.keyGroups)).toEqual(naively.byKeyGroup);
        expect(portions(state.subtasks)).toEqual(naively.bySubtask);
        expect(state.keys).toEqual(naively.keys.size === 0 ? null : { count: naively.keys.size, exact: true });
        const stamps = sorted(naively.stamps);
        expect([state.lastUsed?.count ?? 0, state.lastUsed?.first, state.lastUsed?.last]).toEqual([
          stamps.length,
          stamps[0],
          stamps[stamps.length - 1],
        ]);
        expect(state.due?.count ?? 0).toBe(naively.due.length);
        if (naively.byKey.size === 0) continue;
        const largest = [...naively.byKey.values()].sort((a, b) => b - a);
        expect(state.largest.map(({ bytes }) => bytes)).toEqual(largest.slice(0, state.largest.length));
        for (const { key, namespace, bytes } of state.largest) {
          expect(naively.byKey.get(`${key} ${namespace ?? ''}`)).toBe(bytes);
        }
      }
    }
    expect(joined.operators.map(({ keys }) => keys)).toEqual(whole.operators.map(({ keys }) => keys));
  });
});

test('a skewed subtask is measured against the key groups that it owns', async () => {
  const path = fixtureSnapshots().find(({ name }) => name.startsWith('2.3-bank-heap-canonical'))?.path ?? '';
  const snapshot = await openSnapshot(path, nodeFileStore);
  const { operators } = await snapshotStats(snapshot);
  await snapshot.close();
  const accounts = operators.find(({ name }) => name === 'Accounts');
  if (accounts?.subtaskSkew === null || accounts === undefined) throw new Error('Accounts has four subtasks.');
  const { number, bytes, ratio } = accounts.subtaskSkew;
  expect(accounts.subtasks.find((subtask) => subtask.number === number)?.bytes).toBe(bytes);
  // 128 key groups over four subtasks: each owns a quarter.
  expect(ratio).toBeCloseTo((bytes / accounts.bytes) * 4, 10);
});
