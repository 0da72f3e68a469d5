import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { DifferencePacket } from '../../../../src/engine/diff/differencePacket';
import { runSharesHere } from '../../../../src/engine/diff/runShares';
import { nodeFileStore } from '../../../../src/engine/storage/nodeFileStore';
import { openScratchFile } from '../../../../src/engine/storage/nodeScratchFile';
import type { ComparisonEnd, ComparisonProgress, DifferenceKind } from '../../../../src/view/shownComparison';
import { compareAnswers } from '../../../../src/worker/compare/compareAnswers';
import { ComparisonDesk } from '../../../../src/worker/compare/comparisonDesk';
import type { ComparingPlaces } from '../../../../src/worker/compare/comparisonSession';
import { DifferenceLog } from '../../../../src/worker/compare/differenceLog';
import { applied, fixture, planOf } from '../../../engine/plan/harness';
import { useTemporaryFolder } from '../../../temporaryFolder';
import { compareHere } from './compareHere';

const temporary = useTemporaryFolder();
const FROM = fixture('2.3-accounts-heap-canonical');
const ACCOUNTS = '14cfd403e0929194539014eaed9ae6ed';
const ALL: DifferenceKind[] = ['added', 'removed', 'changed'];
const balance = { target: { operator: ACCOUNTS, state: 'balance', of: 'keyed' as const }, kinds: ALL };

/** A copy in which one value is another, one is gone, and one is new. */
async function changed(name: string): Promise<string> {
  const out = temporary.at(name);
  const state = { operator: 'accounts', state: 'balance' };
  await applied(
    planOf(
      FROM,
      { kind: 'delete', ...state, key: 'bob' },
      { kind: 'update', ...state, key: 'gustav', set: { kind: 'fields', expressions: [['amount', 0.25]] } },
      { kind: 'put', operator: 'accounts', state: 'total', key: 'nobody yet', value: 2n },
    ),
    out,
  );
  return out;
}

const desks: ComparisonDesk[] = [];
const answersWith = (places: Partial<ComparingPlaces> = {}) => {
  const all = { ...compareHere, ...places };
  const desk = new ComparisonDesk(nodeFileStore, all);
  desks.push(desk);
  return compareAnswers(nodeFileStore, all, desk);
};
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close();
});

const context = (signal = new AbortController().signal, told: ComparisonProgress[] = []) => ({
  signal,
  progress: (progress: ComparisonProgress) => void told.push(progress),
});
const quiet = { signal: new AbortController().signal, progress: () => undefined };

const countsOf = ({ outline, counts }: ComparisonEnd): Record<string, number[]> => {
  const states = outline.operators.flatMap(({ states }) => states);
  return Object.fromEntries(
    states.flatMap(({ name }, i) => {
      const own = counts.slice(3 * i, 3 * i + 3);
      return own.some((count) => count > 0) ? [[name, own]] : [];
    }),
  );
};

describe('two snapshots compared for a page', () => {
  test('are told of at first by their headers, and at the end by their entries', async () => {
    const after = await changed('counted');
    const answers = answersWith();
    const told: ComparisonProgress[] = [];
    const end = await answers.compare({ before: FROM, after, anew: false }, context(undefined, told));
    expect(told[0].outline?.operators.find(({ id }) => id === ACCOUNTS)?.uid).toBe('accounts');
    expect(told[0].entries).toBe(0);
    expect(end.stopped).toBe(false);
    expect(end.bytes).toBe(end.totalBytes);
    expect(end.outline.before).toMatchObject({ kind: 'savepoint', format: 'canonical' });
    expect(countsOf(end)).toEqual({ balance: [0, 1, 1], total: [1, 0, 0] });
  });

  test('list their differences, with the fields that differ', async () => {
    const after = await changed('listed');
    const answers = answersWith();
    await answers.compare({ before: FROM, after, anew: false }, context());
    const { rows, total } = await answers.differences({ ...balance, first: 0, count: 100 }, quiet);
    expect(total).toBe(2);
    const row = rows.find(({ key }) => key === '"gustav"');
    expect(row?.what).toBe('changed');
    expect(row?.after?.filter(({ marked }) => marked)).toEqual([{ text: '0.25', marked: true }]);
    const only = await answers.differences({ ...balance, kinds: ['removed'], first: 0, count: 100 }, quiet);
    expect(only.rows.map(({ what, key, after }) => [what, key, after])).toEqual([['removed', '"bob"', null]]);
    const number = rows.findIndex(({ key }) => key === '"gustav"');
    const detail = await answers.differenceDetail({ ...balance, row: number }, quiet);
    expect(detail.lines.map(({ label, is }) => `${label} ${is}`)).toEqual([
      ' changed',
      'amount changed',
      'updatedAt same',
    ]);
    expect(detail.backends).toEqual({ before: 'canonical', after: 'canonical' });
    expect(detail.canPutBack).toBe(true);
    expect(JSON.parse(detail.json)).toMatchObject({ key: 'gustav', fields: ['amount'] });
    const gone = await answers.differences({ ...balance, first: 7, count: 10 }, quiet);
    expect(gone).toEqual({ first: 7, rows: [], total: 2 });
    await expect(answers.differenceDetail({ ...balance, row: 9 }, quiet)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('stop in the middle with what is whole, and go on from there', async () => {
    const after = await changed('stopped');
    const stopping = new AbortController();
    let shares = 0;
    const answers = answersWith({
      run: (before, other) => async (wanted, options, receive, signal) => {
        await runSharesHere(before, other)(
          wanted,
          options,
          async (event) => {
            // In the middle of a share: its differences are here, its end is not.
            if (event.type === 'differences' && shares++ === 0) stopping.abort();
            await receive(event);
            signal?.throwIfAborted();
          },
          signal,
        );
      },
    });
    const paths = { before: FROM, after, anew: false };
    const half = await answers.compare(paths, context(stopping.signal));
    expect(half.stopped).toBe(true);
    expect(half.bytes).toBeLessThan(half.totalBytes);
    const kept = await answers.differences({ ...balance, first: 0, count: 10 }, quiet);
    expect(kept.total).toBe((countsOf(half)['balance'] ?? []).reduce((sum, n) => sum + n, 0));
    const end = await answers.compare(paths, context());
    expect(end.stopped).toBe(false);
    expect(countsOf(end)).toEqual({ balance: [0, 1, 1], total: [1, 0, 0] });
    expect((await answers.differences({ ...balance, first: 0, count: 10 }, quiet)).total).toBe(2);
  });

  test('are written as lines, those of one state or of all', async () => {
    const after = await changed('exported');
    const answers = answersWith();
    await answers.compare({ before: FROM, after, anew: false }, context());
    const [one, all] = [temporary.at('one.ndjson'), temporary.at('all.ndjson')];
    expect(await answers.exportDifferences({ file: one, target: balance.target }, quiet)).toEqual({ written: 2 });
    expect(await answers.exportDifferences({ file: all, target: null }, quiet)).toEqual({ written: 3 });
    const lines = readFileSync(one, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).what).sort()).toEqual(['changed', 'removed']);
    expect(readFileSync(all, 'utf8').split('\n')).toHaveLength(4);
    const stopped = { signal: AbortSignal.abort(), progress: () => undefined };
    const none = temporary.at('none.ndjson');
    await expect(answers.exportDifferences({ file: none, target: null }, stopped)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(() => readFileSync(none)).toThrow(/ENOENT/);
  });

  test('say which of them cannot be opened', async () => {
    const answers = answersWith();
    const missing = temporary.at('missing');
    await expect(answers.compare({ before: FROM, after: missing, anew: false }, context())).rejects.toMatchObject({
      where: expect.stringContaining('after'),
    });
    await expect(answers.differences({ ...balance, first: 0, count: 1 }, quiet)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('the log of differences', () => {
  const bytesOf = (text: string) => new TextEncoder().encode(text);
  const packet = (...all: [what: DifferenceKind, key: string][]): Uint8Array => {
    const packed = new DifferencePacket();
    for (const [what, key] of all) {
      const nothing = { namespace: null, mapKey: null, before: null, after: null };
      packed.add({ state: 0, what, keyGroup: 3, key: bytesOf(key), ...nothing, times: 1 });
    }
    return packed.take();
  };
  const keys = async (log: DifferenceLog, kinds: DifferenceKind[], first = 0, count = 1000) =>
    (await log.window('op', 0, kinds, first, count)).map(({ difference: { key } }) =>
      new TextDecoder().decode(key ?? bytesOf('')),
    );

  test('keeps its order, whatever kinds are looked at while it grows', async () => {
    const log = new DifferenceLog(await openScratchFile(temporary.at('scratch')));
    await log.add(0, 'op', packet(['added', 'a'], ['removed', 'b']));
    expect(await keys(log, ['removed'])).toEqual(['b']);
    await log.add(1, 'other', packet(['added', 'x']));
    await log.add(1, 'op', packet(['changed', 'c'], ['removed', 'd'], ['added', 'e']));
    expect(await keys(log, ['removed'])).toEqual(['b', 'd']);
    expect(await keys(log, ALL)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await keys(log, ['added', 'changed'], 1, 1)).toEqual(['c']);
    log.forget((share) => share === 1);
    expect(await keys(log, ALL)).toEqual(['a', 'b']);
    expect(log.count('op', 0, ['changed'])).toBe(0);
    expect(log.count('other', 0, ALL)).toBe(0);
    await log.close();
  });

  test('keeps no more than it may, and says so', async () => {
    const most = { listed: 100, kept: 150, bytes: 1 << 20 };
    const log = new DifferenceLog(await openScratchFile(temporary.at('scratch')), most);
    const many = Array.from({ length: 120 }, (_, i): [DifferenceKind, string] => ['added', `key ${i}`]);
    await log.add(0, 'op', packet(...many));
    expect(log.count('op', 0, ALL)).toBe(100);
    expect(log.isCapped).toBe(true);
    await log.add(0, 'op', packet(['removed', 'still']));
    expect(await keys(log, ['removed'])).toEqual(['still']);
    expect((await keys(log, ALL, 99)).length).toBe(2);
    await log.close();
  });

  test('gives large differences without their values, and alone only where they can be looked at', async () => {
    const log = new DifferenceLog(await openScratchFile(temporary.at('scratch')));
    const packed = new DifferencePacket();
    const put = (key: string, bytes: number) =>
      packed.add({
        ...{ state: 0, what: 'changed', keyGroup: 3, key: bytesOf(key), namespace: null, mapKey: null, times: 1 },
        ...{ before: new Uint8Array(bytes), after: new Uint8Array(1) },
      });
    for (const [key, bytes] of [
      ['small', 10],
      ['large', 2_000_000],
      ['after it', 10],
      ['huge', 17_000_000],
    ] as const)
      put(key, bytes);
    put('k'.repeat(100_000), 2_000_000);
    await log.add(0, 'op', packed.take());
    const window = await log.window('op', 0, ALL, 0, 10);
    expect(window.map(({ isWhole }) => isWhole)).toEqual([true, false, true, false, false]);
    expect(window.map(({ difference }) => difference.key?.length ?? null)).toEqual([5, 5, 8, 4, null]);
    expect(window.map(({ difference }) => difference.before?.length ?? null)).toEqual([10, null, 10, null, null]);
    expect((await log.one('op', 0, ALL, 1))?.before).toHaveLength(2_000_000);
    await expect(log.one('op', 0, ALL, 3)).rejects.toMatchObject({ code: 'LIMIT' });
    expect(await log.one('op', 0, ALL, 5)).toBe(null);
    await log.close();
  });
});
