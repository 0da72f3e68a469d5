import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SnapshotDescription } from '../../../src/engine/description';
import { describeSnapshot } from '../../../src/engine/inspect';
import { isFileStream, unwrapStream } from '../../../src/engine/metadata/handles';
import type { KeyedStateHandle, StreamHandle } from '../../../src/engine/metadata/model';
import { openSnapshot } from '../../../src/engine/snapshot';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { fixtureSnapshots, fixturesRoot, type StoredSnapshot } from '../../corpus';
import { field, fixtureLines } from '../../expectedLines';
import { MemoryStore } from '../../memoryStore';

const named = (name: string): StoredSnapshot => {
  const found = fixtureSnapshots().find((s) => s.name.split(path.sep)[0] === name);
  if (found === undefined) throw new Error(`There is no fixture ${name}.`);
  return found;
};

const statesOf = (description: SnapshotDescription, uid: string) =>
  description.operators.find((o) => o.uid === uid)?.states ?? [];

describe.each(fixtureSnapshots().map((s) => [s.name, s] as const))('%s', (_, snapshot) => {
  const expected = fixtureLines(snapshot);

  test('names every operator and state that has entries, and its kind', async () => {
    const description = await describeSnapshot(snapshot.path, nodeFileStore);
    const found = new Set(description.operators.flatMap((o) => o.states.map((s) => `${o.id} ${s.name} ${s.kind}`)));
    for (const line of expected) {
      expect(found).toContain(`${field(line, 'op')} ${field(line, 'state')} ${field(line, 'kind')}`);
    }
    expect(description.operators.flatMap((o) => o.problems).filter((p) => p.severity === 'error')).toEqual([]);
    expect(description.problems.filter((p) => p.severity !== 'info')).toEqual([]);
  });

  test('counts the elements of operator state', async () => {
    const description = await describeSnapshot(snapshot.path, nodeFileStore);
    for (const { id, states } of description.operators) {
      for (const state of states.filter((s) => s.kind === 'operator-list' || s.kind === 'operator-union')) {
        const lines = expected.filter((line) => field(line, 'op') === id && field(line, 'state') === state.name);
        expect(state.entries).toBe(lines.length);
      }
    }
  });
});

test('types, namespaces and time-to-live are told', async () => {
  const description = await describeSnapshot(named('2.3-accounts-heap-canonical').path, nodeFileStore);
  expect(description).toMatchObject({ kind: 'savepoint', format: 'canonical', incremental: false, metadataVersion: 6 });
  const states = statesOf(description, 'accounts');
  const state = (name: string) => states.find((s) => s.name === name);
  expect(state('lastSeen')).toMatchObject({ kind: 'value', type: 'ttl<long>', ttl: true, namespaceType: null });
  expect(state('devices')?.ttl).toBe(true);
  expect(state('counters')).toMatchObject({ kind: 'map', type: 'map<string, long>', ttl: false, keyType: 'string' });
  expect(state('history')?.type).toMatch(/^list<pojo /);
  expect(state('pending')).toMatchObject({ kind: 'operator-list', backend: 'operator', subtasks: 2 });
  expect(state('progress')).toMatchObject({ kind: 'operator-union' });
  expect(state('_timer_state/event_user-timers')).toMatchObject({ kind: 'timer', type: 'string' });
  expect(description.operators.find((o) => o.uid === 'accounts')?.keyType).toBe('string');
});

describe('what is read', () => {
  test.each(fixtureSnapshots().map((s) => [s.name, s] as const))('%s: no byte of data', async (name, snapshot) => {
    const [top] = name.split(path.sep);
    const store = MemoryStore.ofFolder(path.join(fixturesRoot, top));
    await describeSnapshot(snapshot.path, store);
    const ends = await headerEnds(snapshot, store);
    const read = [...store.files.keys()].filter((file) => file !== snapshot.metadataPath && store.bytesRead(file) > 0);
    expect(read.filter((file) => !ends.has(file))).toEqual([]);
    for (const file of read) {
      expect(Math.max(...store.reads.filter((r) => r.file === file).map((r) => r.to))).toBeLessThanOrEqual(
        ends.get(file) ?? 0,
      );
    }
  });
});

/** Of each file with a header: where its data begins, by the offsets in the metadata. Logs name their states in their data. */
async function headerEnds(snapshot: StoredSnapshot, store: MemoryStore): Promise<Map<string, number>> {
  const opened = await openSnapshot(snapshot.path, store);
  const ends = new Map<string, number>();
  const add = async (stream: StreamHandle | null, end: number): Promise<void> => {
    const file = unwrapStream(stream);
    if (file === null || !isFileStream(file)) return;
    const start = file.type === 'segment' ? file.start : 0;
    const { path: found } = await opened.files.locate(file);
    if (found !== null) ends.set(found, Math.max(ends.get(found) ?? 0, start + end));
  };
  const addKeyed = async (handle: KeyedStateHandle | null): Promise<void> => {
    if (handle === null || handle.type === 'changelogBytes') return;
    if ('offsets' in handle) await add(handle.stream, Math.min(...handle.offsets.filter((offset) => offset > 0)));
    else if ('meta' in handle) await add(handle.meta, Number.POSITIVE_INFINITY);
    else if ('streams' in handle) for (const { stream } of handle.streams) await add(stream, Number.POSITIVE_INFINITY);
    else for (const inner of [...handle.materialized, ...handle.nonMaterialized]) await addKeyed(inner);
  };
  // Raw keyed state has no header: its smallest key group (which stands for all) tells that it holds timers, and which.
  const addRaw = async (handle: KeyedStateHandle | null): Promise<void> => {
    if (handle === null || !('offsets' in handle) || handle.stream === null) return;
    const { size } = await opened.files.open(handle.stream);
    const starts = [...new Set(handle.offsets.filter((offset) => offset >= 0)), size].sort((a, b) => a - b);
    const lengths = starts.slice(1).map((end, i) => end - starts[i]);
    await add(handle.stream, starts[lengths.indexOf(Math.min(...lengths)) + 1]);
  };
  for (const { managedOperatorState, managedKeyedState, rawKeyedState } of opened.operators.flatMap(
    (o) => o.subtasks,
  )) {
    await addRaw(rawKeyedState);
    const offsets = managedOperatorState?.states.flatMap((s) => s.offsets) ?? [];
    await add(managedOperatorState?.stream ?? null, Math.min(...offsets));
    await addKeyed(managedKeyedState);
  }
  await opened.close();
  return ends;
}

describe('a file that is lost or damaged costs only its own part', () => {
  const snapshot = named('2.3-accounts-heap-canonical');

  test('lost', async () => {
    const store = MemoryStore.ofFolder(snapshot.path);
    const whole = await describeSnapshot(snapshot.path, store);
    for (const file of [...store.files.keys()].filter((name) => name !== snapshot.metadataPath)) {
      const damaged = MemoryStore.ofFolder(snapshot.path);
      damaged.files.delete(file);
      const description = await describeSnapshot(snapshot.path, damaged);
      expect(description.operators.map((o) => o.id)).toEqual(whole.operators.map((o) => o.id));
      expect(description.files.filter((f) => !f.found)).toHaveLength(1);
      expect(description.problems[0]).toMatchObject({ severity: 'error', code: 'FILE_NOT_FOUND' });
      const told = description.operators.flatMap((o) => o.problems).filter((p) => p.code === 'FILE_NOT_FOUND');
      expect(told).toHaveLength(1);
    }
  });

  test('cut short', async () => {
    const store = MemoryStore.ofFolder(snapshot.path);
    for (const [file, bytes] of store.files) {
      if (file === snapshot.metadataPath) continue;
      const damaged = MemoryStore.ofFolder(snapshot.path);
      damaged.files.set(file, bytes.slice(0, 40));
      const description = await describeSnapshot(snapshot.path, damaged);
      expect(description.problems[0]).toMatchObject({ severity: 'error', code: 'FILE_CHANGED' });
      const told = description.operators.flatMap((o) => o.problems).filter((p) => p.severity === 'error');
      expect(told).toHaveLength(1);
      expect(told[0].file).toBe(file);
    }
  });
});

test('a cancelled description ends with CANCELLED', async () => {
  const snapshot = named('2.3-accounts-heap-canonical');
  await expect(describeSnapshot(snapshot.path, nodeFileStore, AbortSignal.abort())).rejects.toMatchObject({
    code: 'CANCELLED',
  });
});
