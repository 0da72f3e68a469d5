import { describe, expect, test } from 'vitest';
import type { StateBackendKind } from '../../../src/engine/description';
import type { EntryFailure } from '../../../src/engine/entries';
import type { Json } from '../../../src/engine/json/jsonValue';
import { type DumpOptions, dump } from '../../../src/engine/query/dump';
import { verify } from '../../../src/engine/query/verify';
import { openSnapshot } from '../../../src/engine/snapshot';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { compareLines, orderless } from '../../compareLines';
import { fixtureSnapshots, type StoredSnapshot } from '../../corpus';
import { dumpText } from '../../dumpText';
import { field, fixtureLines, parseLines } from '../../expectedLines';

/** One suite for every way in which Flink lays state out: the fixtures are the same jobs, written by each of them. */
const LAYOUTS: readonly [name: RegExp, keyed: StateBackendKind][] = [
  [/changelog/, 'changelog'],
  // The fixture with timers on the heap beside RocksDB is a canonical savepoint too.
  [/canonical|heap-timers/, 'canonical'],
  [/rocksdb|forst/, 'rocksdb'],
  [/heap/, 'heap'],
];

async function lines(snapshot: StoredSnapshot, options: DumpOptions = {}): Promise<Json[]> {
  const opened = await openSnapshot(snapshot.path, nodeFileStore);
  const failures: EntryFailure[] = [];
  const reading = dumpText(opened, options, (failure) => failures.push(failure));
  const text = await reading.finally(() => opened.close());
  expect(failures).toEqual([]);
  return parseLines(text);
}

/** A POJO's subclass that was never written before the snapshot is not in it: only the job could read its fields. */
function withoutUndescribed(line: Json): Json {
  const value = field(line, 'value');
  if (!(line instanceof Map) || field(value ?? null, '$class') !== 'com.acme.Circle') return line;
  return new Map(line).set('value', new Map([['$any', true]]));
}

const isKnown = (key: Json | undefined): boolean => key !== undefined && field(key, '$any') !== true;

const SAME = { missing: [], unexpected: [] };

describe.each(fixtureSnapshots().map((s) => [s.name, s] as const))('%s', (name, snapshot) => {
  const expected = fixtureLines(snapshot).map(withoutUndescribed);

  test('every entry is what Flink reads', async () => {
    expect(compareLines(expected, await lines(snapshot))).toMatchObject(SAME);
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
    const found = await lines(snapshot, { state: String(state) });
    const ofState = (line: Json): boolean => field(line, 'state') === state;
    if (found.every(ofState)) expect(compareLines(expected.filter(ofState), found)).toMatchObject(SAME);
    else expect(found.filter((line) => !ofState(line)).map((line) => field(line, 'kind'))).toContain('unread');
  });

  test('one key, found in its key group', async () => {
    const sample = expected.find((line) => field(line, 'kind') === 'value' && isKnown(field(line, 'key')));
    if (sample === undefined) {
      expect(name).toContain('changelog');
      expect(await lines(snapshot, { key: 'user-1' })).toEqual([]);
      return;
    }
    const [operator, key] = [field(sample, 'op'), field(sample, 'key')];
    const wanted = expected.filter(
      (line) => field(line, 'op') === operator && orderless(field(line, 'key') ?? null) === orderless(key ?? null),
    );
    expect(wanted.length).toBeGreaterThan(0);
    expect(compareLines(wanted, await lines(snapshot, { operator: String(operator), key }))).toMatchObject(SAME);
  });

  test('a key that is not there', async () => {
    const sample = expected.find((line) => field(line, 'kind') === 'value' && typeof field(line, 'key') === 'string');
    if (sample === undefined) return;
    expect(await lines(snapshot, { operator: String(field(sample, 'op')), key: 'nobody has this key' })).toEqual([]);
  });

  // Keys of the other jobs are of many types, one of which may take anything.
  if (name.includes('accounts')) {
    test('a key that fits the keys of no operator', async () => {
      const found = lines(snapshot, { key: new Map([['no', 'such field']]) });
      await expect(found).rejects.toMatchObject({ code: 'BAD_VALUE' });
    });
  }

  test('no more than the limit', async () => {
    expect(await lines(snapshot, { limit: 2 })).toHaveLength(2);
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
    // Where values of the job's own classes hide what lies behind them, and where keys have hash codes that only these know
    // (an enum's is another one in every JVM), not all can be checked.
    const keyed = expected.filter((line) => field(line, 'kg') !== undefined).length;
    if (/accounts/.test(name)) expect([result.entries, result.keysChecked]).toEqual([expected.length, keyed]);
    else if (/bank|sql/.test(name)) expect(result.keysChecked).toBeGreaterThan(keyed * 0.8);
  });
});

test('there are fixtures of every layout', () => {
  const names = fixtureSnapshots().map((s) => s.name);
  for (const [pattern] of LAYOUTS) expect(names.some((name) => pattern.test(name))).toBe(true);
});
