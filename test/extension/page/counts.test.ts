import { describe, expect, it } from 'vitest';
import type { StatsNews } from '../../../src/view/shownStats';
import { countFindings } from '../../../webview/model/countFindings';
import { Counts, NO_NEWS } from '../../../webview/model/counts';
import { timeColumns } from '../../../webview/model/timeColumns';
import { shopStats } from '../../webview/counts';
import { operator, problem, shop, state } from '../../webview/samples';

const [users] = shop().operators;
const profile = users?.states.find(({ name }) => name === 'profile');
if (users === undefined || profile === undefined) throw new Error('The sample is another.');
const counts = (news: Partial<StatsNews>): Counts => new Counts({ ...NO_NEWS, ...news });

describe('the number of entries', () => {
  it('is not known, then being counted, then at least so many, then exact', () => {
    expect(counts({}).entries(users, profile)).toEqual({ is: 'unknown' });
    expect(counts({ phase: 'counting' }).entries(users, profile)).toEqual({ is: 'counting' });
    const stats = shopStats(0.5);
    const entries = stats.operators[0]?.states.find(({ name }) => name === 'profile')?.entries;
    expect(counts({ phase: 'counting', stats }).entries(users, profile)).toEqual({ is: 'atLeast', entries });
    expect(counts({ phase: 'stopped', stats }).entries(users, null)).toEqual({
      is: 'atLeast',
      entries: stats.operators[0]?.entries,
    });
    const all = shopStats(1);
    expect(counts({ phase: 'done', stats: all }).entries(users, null)).toEqual({
      is: 'exact',
      entries: all.operators[0]?.entries,
    });
  });

  it('is what a header says, counted or not', () => {
    const told = state('told', { entries: 16, kind: 'operator-list' });
    for (const phase of ['none', 'counting', 'stopped', 'failed'] as const) {
      expect(counts({ phase }).entries(users, told)).toEqual({ is: 'exact', entries: 16 });
    }
  });

  it('is none of a state that was read and has nothing, and not known of one that could not be read', () => {
    const done = counts({ phase: 'done', stats: shopStats(1) });
    expect(done.entries(users, state('empty'))).toEqual({ is: 'exact', entries: 0 });
    expect(done.entries(users, state('opaque', { readable: false }))).toEqual({ is: 'unknown' });
    const problems = [problem('error', 'CORRUPT', 'A block is damaged.')];
    const partly = counts({ phase: 'done', stats: { ...shopStats(1), problems } });
    expect(partly.entries(users, state('lost'))).toEqual({ is: 'unknown' });
    expect(partly.entries(operator('f'.repeat(32)), null)).toEqual({ is: 'exact', entries: 0 });
  });
});

describe('points in time as columns', () => {
  const width = 1024n;
  it('have gaps where nothing is, and lose none', () => {
    const bins = [0n, 1n, 5n].map((at, i) => ({ from: at * width, count: i + 1 }));
    const { columns, never } = timeColumns({ count: 6, first: 0n, last: 6000n, width, bins });
    expect(columns.map(({ count }) => count)).toEqual([1, 2, 0, 0, 0, 3]);
    expect(columns[5]).toEqual({ from: 5n * width, to: 6n * width, count: 3 });
    expect(never).toBe(0);
  });

  it('are few however far they lie apart, and tell "never" apart', () => {
    const bins = [
      { from: -(1n << 62n), count: 3 },
      { from: 0n, count: 4 },
      { from: 1n << 62n, count: 5 },
    ];
    const { columns, never } = timeColumns({ count: 20, first: 0n, last: 0n, width, bins });
    expect(columns.length).toBeLessThanOrEqual(64);
    expect(columns.reduce((sum, { count }) => sum + count, 0)).toBe(12);
    expect(never).toBe(8);
    expect(timeColumns({ count: 2, first: 0n, last: 0n, width, bins: [] })).toEqual({ columns: [], never: 2 });
  });
});

describe('what the count finds', () => {
  it('is skew of states, but not of those whose operator is told of already, and not before all is counted', () => {
    const stats = shopStats(1);
    const [finding, ...more] = countFindings(stats, []);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      code: 'SKEW',
      states: [{ operator: users.id, name: 'history' }],
      values: [2, 2.6],
    });
    expect(countFindings(shopStats(0.5), [])).toEqual([]);
    expect(countFindings(null, [])).toEqual([]);
    if (finding === undefined) throw new Error('not reached');
    expect(countFindings(stats, [{ ...finding, operators: [users.id], states: [] }])).toEqual([]);
    expect(countFindings(shopStats(0.001), [])).toEqual([]);
  });

  it('is what could not be read, where that is not known already', () => {
    const lost = problem('error', 'CORRUPT', 'A block is damaged.', { where: 'users / subtask 1' });
    const stats = { ...shopStats(0.001), isComplete: true, problems: [lost] };
    expect(countFindings(stats, [])).toMatchObject([{ code: 'PROBLEM', severity: 'error', problem: lost }]);
    const [known] = countFindings(stats, []);
    if (known === undefined) throw new Error('not reached');
    expect(countFindings(stats, [known])).toEqual([]);
  });
});
