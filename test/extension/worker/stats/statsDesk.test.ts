import { cpSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSnapshot } from '../../../../src/engine/snapshot';
import { countShare } from '../../../../src/engine/stats/countShare';
import { snapshotStats } from '../../../../src/engine/stats/snapshotStats';
import type { SnapshotStats } from '../../../../src/engine/stats/statsModel';
import { statsShares } from '../../../../src/engine/stats/statsShares';
import { nodeFileStore } from '../../../../src/engine/storage/nodeFileStore';
import type { ShownStats, StatsProgress } from '../../../../src/view/shownStats';
import { EngineClient } from '../../../../src/worker/engineClient';
import { ScratchIndex } from '../../../../src/worker/scratch/scratchIndex';
import { CountedSnapshot } from '../../../../src/worker/stats/countedSnapshot';
import { type CountInThreads, StatsDesk } from '../../../../src/worker/stats/statsDesk';
import { fixtureSnapshots } from '../../../corpus';
import { useTemporaryFolder } from '../../../temporaryFolder';

const temporary = useTemporaryFolder();
const BANK = fixtureSnapshots().find(({ name }) => name === '2.3-bank-heap-canonical')?.path ?? '';
const BOUND = 10_000_000;

async function statsOf(snapshotPath: string): Promise<SnapshotStats> {
  const snapshot = await openSnapshot(snapshotPath, nodeFileStore);
  const stats = await snapshotStats(snapshot);
  await snapshot.close();
  return stats;
}

/** The numbers of what a page is shown that `stats` has too. */
const numbers = ({ entries, bytes, operators, problems }: ShownStats | SnapshotStats) => ({
  entries,
  bytes,
  problems,
  operators: operators.map(({ id, entries, bytes, keys, states }) => ({
    ...{ id, entries, bytes, keys },
    states: states.map(({ name, kind, entries, bytes, keys }) => ({ name, kind, entries, bytes, keys })),
  })),
});

/** Counts in this thread, one share after the other, and ends after so many. */
function oneByOne(counted: number[], most = Number.POSITIVE_INFINITY): CountInThreads {
  return async (file, _, shares, receive, signal) => {
    const snapshot = await openSnapshot(file, nodeFileStore);
    try {
      for (const { number, share } of shares) {
        if (counted.length >= most) throw new Error('The thread is gone.');
        const onBatch = (soFar: () => Awaited<ReturnType<typeof countShare>>): void =>
          receive({ number, counted: soFar(), isDone: false, read: 0 });
        receive({ number, counted: await countShare(snapshot, share, { signal, onBatch }), isDone: true, read: 10 });
        counted.push(number);
      }
    } finally {
      await snapshot.close();
    }
  };
}

const scratch = (folder: string | null): ScratchIndex =>
  new ScratchIndex({ folder, program: 'test', note: () => undefined });
const untold = (): void => undefined;
const never = (): AbortSignal => new AbortController().signal;

describe('the count of a snapshot', () => {
  test.each(fixtureSnapshots().map((s) => [s.name, s.path] as const))(
    '%s: a page is shown the numbers of stats',
    async (_, file) => {
      const expected = await statsOf(file);
      const desk = new StatsDesk(nodeFileStore, oneByOne([]), scratch(null));
      const of = { path: file, version: 1 };
      const { stats } = await desk.count({ ...of, scan: true, keepBytes: 0 }, never(), untold);
      expect(stats.isComplete).toBe(true);
      expect(numbers(stats)).toStrictEqual(numbers(expected));
      for (const operator of expected.operators) {
        for (const state of operator.states) {
          const { name, kind, valueSizes, largest, lastUsed, due, valueBytes, entries, bytes } = state;
          const detail = desk.detail({ ...of, operator: operator.id, state: { name, kind } });
          expect(detail).toMatchObject({ valueSizes, largest, lastUsed, due, valueBytes, entries, bytes });
          for (const [spread, portions] of [
            [detail?.subtasks, state.subtasks],
            [detail?.keyGroups, state.keyGroups],
          ] as const) {
            const sum = (of: readonly { entries: number; bytes: number }[] = []) => [
              of.reduce((all, { entries }) => all + entries, 0),
              of.reduce((all, { bytes }) => all + bytes, 0),
            ];
            expect(sum(spread?.bars)).toEqual(sum(portions));
            expect(spread?.used ?? 0).toBe(portions.length);
          }
        }
        expect(desk.detail({ ...of, operator: operator.id, state: null })).toMatchObject({ entries: operator.entries });
      }
      expect(desk.detail({ ...of, operator: 'nobody', state: null })).toBeNull();
      expect(desk.detail({ ...of, version: 2, operator: expected.operators[0]?.id ?? '', state: null })).toBeNull();
    },
  );

  test('says nothing of skew before everything is counted: one subtask comes before the other', async () => {
    const desk = new StatsDesk(nodeFileStore, oneByOne([], 9), scratch(null));
    const of = { path: BANK, version: 1 };
    await expect(desk.count({ ...of, scan: true, keepBytes: 0 }, never(), untold)).rejects.toThrow('gone');
    const { stats } = await desk.count({ ...of, scan: false, keepBytes: 0 }, never(), untold);
    expect(stats.entries).toBeGreaterThan(0);
    for (const { id, skew, bars, states } of stats.operators) {
      expect([skew, bars]).toEqual([null, []]);
      for (const { name, kind, skew } of states) {
        expect(skew).toBeNull();
        const detail = desk.detail({ ...of, operator: id, state: { name, kind } });
        expect([detail?.isComplete, detail?.subtasks.skew, detail?.keyGroups?.skew ?? null]).toEqual([
          false,
          null,
          null,
        ]);
      }
    }
    // All subtasks begin before any of them is far.
    const counted = await CountedSnapshot.open(BANK, nodeFileStore, never());
    const starts = counted.missing().map(({ share }) => share.number / share.count);
    expect(starts).toEqual([...starts].sort((x, y) => x - y));
    expect(new Set(starts).size).toBeGreaterThan(3);
  });

  test('grows, and never shrinks', async () => {
    const expected = await statsOf(BANK);
    const counted = await CountedSnapshot.open(BANK, nodeFileStore, never());
    let last = 0;
    await oneByOne([])(
      BANK,
      0,
      counted.missing(),
      (share) => {
        counted.add(share.number, share.counted, share.isDone);
        const { entries } = counted.stats();
        expect(entries).toBeGreaterThanOrEqual(last);
        expect(entries).toBeLessThanOrEqual(expected.entries);
        last = entries;
      },
      never(),
    );
    expect(counted.stats()).toStrictEqual(expected);
  });

  test('goes on where it was interrupted, also in another process', async () => {
    const copy = temporary.at('copy');
    cpSync(BANK, copy, { recursive: true });
    const snapshot = await openSnapshot(copy, nodeFileStore);
    const shares = statsShares(snapshot).length;
    await snapshot.close();
    const of = { path: copy, version: 1, keepBytes: BOUND };
    const first = scratch(temporary.at('index'));
    const some: number[] = [];
    const desk = new StatsDesk(nodeFileStore, oneByOne(some, 5), first);
    await expect(desk.count({ ...of, scan: true }, never(), untold)).rejects.toThrow('The thread is gone.');
    const soFar = await desk.count({ ...of, scan: false }, never(), untold);
    expect(soFar.stats.isComplete).toBe(false);
    await first.close();

    const second = scratch(temporary.at('index'));
    const others: number[] = [];
    const other = new StatsDesk(nodeFileStore, oneByOne(others), second);
    expect((await other.count({ ...of, scan: false }, never(), untold)).stats).toStrictEqual(soFar.stats);
    const { stats, isKept } = await other.count({ ...of, scan: true }, never(), untold);
    expect(isKept).toBe(false);
    expect([...some, ...others].sort((a, b) => a - b)).toEqual(Array.from({ length: shares }, (_, i) => i));
    expect(numbers(stats)).toStrictEqual(numbers(await statsOf(copy)));
    await second.close();

    const third = scratch(temporary.at('index'));
    const last: number[] = [];
    const known = new StatsDesk(nodeFileStore, oneByOne(last), third);
    expect(await known.count({ ...of, scan: true }, never(), untold)).toMatchObject({ isKept: true, stats });
    expect(last).toEqual([]);
    await third.close();
  });

  test('is not taken for that of a snapshot that was changed', async () => {
    const copy = temporary.at('copy');
    cpSync(BANK, copy, { recursive: true });
    const index = scratch(temporary.at('index'));
    const of = { path: copy, keepBytes: BOUND, scan: true };
    await new StatsDesk(nodeFileStore, oneByOne([]), index).count({ ...of, version: 1 }, never(), untold);
    const again: number[] = [];
    const desk = new StatsDesk(nodeFileStore, oneByOne(again), index);
    await desk.count({ ...of, version: 1 }, never(), untold);
    expect(again).toEqual([]);
    // Its bytes stay the same, but who knows: its time is another.
    utimesSync(path.join(copy, '_metadata'), new Date(1_000_000), new Date(1_000_000));
    await desk.count({ ...of, version: 2 }, never(), untold);
    expect(again.length).toBeGreaterThan(0);
    await index.close();
  });

  test('keeps nothing beside the snapshot, and nothing at all where nothing may be kept', async () => {
    const copy = temporary.at('copy');
    cpSync(BANK, copy, { recursive: true });
    const before = (await nodeFileStore.list(copy)).map(({ name }) => name);
    const index = scratch(temporary.at('index'));
    const desk = new StatsDesk(nodeFileStore, oneByOne([]), index);
    await desk.count({ path: copy, version: 1, scan: true, keepBytes: 0 }, never(), untold);
    expect((await nodeFileStore.list(copy)).map(({ name }) => name)).toEqual(before);
    expect((await nodeFileStore.status(temporary.at('index'))).kind).toBe('missing');
  });
});

describe('the engine’s thread', () => {
  let folder = '';
  let script = '';
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'engine-thread-'));
    script = path.join(folder, 'engineWorker.js');
    await build({
      entryPoints: [path.resolve(import.meta.dirname, '../../../../src/worker/engineWorker.ts')],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'error',
      alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    });
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test('counts in threads, and says that it has no database where none lies beside it', async () => {
    const notes: string[] = [];
    const workerData = { type: 'engine', scratchFolder: temporary.at('index') };
    const start = (): Worker => new Worker(script, { workerData, env: {} });
    const engine = new EngineClient(
      start,
      () => undefined,
      3000,
      (note) => notes.push(note),
    );
    const told: StatsProgress[] = [];
    const params = { path: BANK, version: 1, keepBytes: BOUND };
    const { stats, read } = await engine.call(
      'countEntries',
      { ...params, scan: true },
      { onProgress: (progress) => told.push(progress) },
    );
    expect(numbers(stats)).toStrictEqual(numbers(await statsOf(BANK)));
    expect(read).toBeGreaterThan(0);
    expect(told[0]?.stats.entries).toBe(0);
    expect(await engine.call('countEntries', { ...params, scan: false })).toMatchObject({ isKept: true, stats });
    await engine.call('clearCache', {});
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/^Nothing is kept in the cache on the disk, only in memory: No native build/);
    engine.dispose();
  });

  test('stops at once when it is asked to, and answers with what it counted', async () => {
    const workerData = { type: 'engine', scratchFolder: null };
    const engine = new EngineClient(
      () => new Worker(script, { workerData, env: {} }),
      () => undefined,
    );
    const stop = new AbortController();
    const answer = engine.call(
      'countEntries',
      { path: BANK, version: 1, keepBytes: 0, scan: true },
      { signal: stop.signal, onProgress: () => stop.abort() },
    );
    const { stats } = await answer;
    expect(stats.entries).toBeLessThan((await statsOf(BANK)).entries);
    expect(stats.isComplete).toBe(false);
    // The thread itself goes on.
    expect((await engine.call('classify', { paths: [path.join(BANK, '_metadata')] }))[0]).toMatchObject({
      is: 'snapshot',
    });
    engine.dispose();
  });

  test('fails with the error of a snapshot that cannot be opened', async () => {
    temporary.file('_metadata', 'nothing');
    const engine = new EngineClient(
      () => new Worker(script, { workerData: { type: 'engine', scratchFolder: null }, env: {} }),
      () => undefined,
    );
    const params = { path: temporary.root, version: 1, keepBytes: 0, scan: true };
    await expect(engine.call('countEntries', params)).rejects.toMatchObject({ code: 'NOT_A_SNAPSHOT' });
    engine.dispose();
  });
});
