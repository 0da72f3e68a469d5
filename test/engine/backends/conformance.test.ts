import { describe, expect, test } from 'vitest';
import type { StateBackendKind } from '../../../src/engine/description';
import type { EntryFailure } from '../../../src/engine/entries';
import type { Json } from '../../../src/engine/json/jsonValue';
import { type DumpOptions, dump } from '../../../src/engine/query/dump';
import { verify } from '../../../src/engine/query/verify';
import { openSnapshot } from '../../../src/engine/snapshot';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { fixtureSnapshots, type StoredSnapshot } from '../../corpus';
import { canonical, field, fixtureLines, parseLines } from '../../expectedLines';

/** One suite for every way in which Flink lays state out: the fixtures are the same jobs, written by each of them. */
const LAYOUTS: readonly [name: RegExp, keyed: StateBackendKind][] = [
  [/changelog/, 'changelog'],
  // The fixture with timers on the heap beside RocksDB is a canonical savepoint too.
  [/canonical|heap-timers/, 'canonical'],
  [/rocksdb/, 'rocksdb'],
  [/heap/, 'heap'],
];

async function lines(snapshot: StoredSnapshot, options: DumpOptions = {}): Promise<Json[]> {
  const opened = await openSnapshot(snapshot.path, nodeFileStore);
  const failures: EntryFailure[] = [];
  let text = '';
  for await (const chunk of dump(opened, options, (failure) => failures.push(failure))) text += chunk;
  await opened.close();
  expect(failures).toEqual([]);
  return parseLines(text);
}

const asSet = (found: readonly Json[]): string[] => found.map(canonical).sort();

describe.each(fixtureSnapshots().map((s) => [s.name, s] as const))('%s', (name, snapshot) => {
  const expected = fixtureLines(snapshot);

  test('every entry is what Flink reads', async () => {
    expect(asSet(await lines(snapshot))).toEqual(asSet(expected));
  });

  test('keyed state has the layout that the writer has', async () => {
    const layout = LAYOUTS.find(([pattern]) => pattern.test(name))?.[1];
    const opened = await openSnapshot(snapshot.path, nodeFileStore);
    const found = new Set<StateBackendKind>();
    for (const subtask of opened.operators.flatMap((o) => o.subtasks)) {
      for (const part of (await subtask.open()).parts) found.add(part.backend);
    }
    await opened.close();
    found.delete('operator');
    found.delete('raw');
    expect([...found]).toEqual([layout]);
  });

  test('one state alone', async () => {
    const state = field(expected[expected.length >> 1], 'state');
    const wanted = expected.filter((line) => field(line, 'state') === state);
    expect(asSet(await lines(snapshot, { state: String(state) }))).toEqual(asSet(wanted));
  });

  test('one key, found in its key group', async () => {
    const sample = expected.find((line) => field(line, 'kind') === 'value');
    const [operator, key] = [field(sample ?? null, 'op'), field(sample ?? null, 'key')];
    const wanted = expected.filter(
      (line) => field(line, 'op') === operator && canonical(field(line, 'key') ?? null) === canonical(key ?? null),
    );
    expect(wanted.length).toBeGreaterThan(0);
    expect(asSet(await lines(snapshot, { operator: String(operator), key }))).toEqual(asSet(wanted));
  });

  test('a key that is not there', async () => {
    const sample = expected.find((line) => field(line, 'kind') === 'value' && typeof field(line, 'key') === 'string');
    if (sample === undefined) return;
    expect(await lines(snapshot, { operator: String(field(sample, 'op')), key: 'nobody has this key' })).toEqual([]);
  });

  test('no more than the limit', async () => {
    expect(await lines(snapshot, { limit: 5 })).toHaveLength(5);
  });

  test('a cancelled dump ends with CANCELLED', async () => {
    const opened = await openSnapshot(snapshot.path, nodeFileStore);
    const dumped = dump(opened, {}, () => {}, AbortSignal.abort());
    await expect(dumped.next()).rejects.toMatchObject({ code: 'CANCELLED' });
    await opened.close();
  });

  test('is whole, and keys are in their groups', async () => {
    const opened = await openSnapshot(snapshot.path, nodeFileStore);
    const result = await verify(opened);
    await opened.close();
    expect(result.problems.filter((p) => p.severity === 'error')).toEqual([]);
    expect(result.whole).toBe(true);
    expect(result.entries).toBe(expected.length);
    // The hash code of an enum is another one in every JVM, so that keys of one operator of the bank cannot be checked.
    const keyed = expected.filter((line) => field(line, 'kg') !== undefined).length;
    expect(result.keysChecked).toBe(name.includes('bank') ? keyed - 10 : keyed);
  });
});

test('there are fixtures of every layout', () => {
  const names = fixtureSnapshots().map((s) => s.name);
  for (const [pattern] of LAYOUTS) expect(names.some((name) => pattern.test(name))).toBe(true);
});
