import { describe, expect, it } from 'vitest';
import { buildStrings } from '../../../src/view/strings';
import { inEnglish } from '../../../src/view/translate';
import { Counts, NO_NEWS } from '../../../webview/model/counts';
import { buildRows, findTarget, operatorKey, type Row, type TableView, targetOf } from '../../../webview/model/rows';
import { spreadOf } from '../../../webview/model/subtaskSpread';
import { freshEntries, restoreState } from '../../../webview/pageState';
import { shopStats } from '../../webview/counts';
import { large, operator, shop, snapshot, state } from '../../webview/samples';

const strings = buildStrings(inEnglish);
const view = (more: Partial<TableView> = {}): TableView => ({
  expanded: new Set(),
  sort: { column: 'bytes', descending: true },
  filter: '',
  ...more,
});
const name = (row: Row): string =>
  row.kind === 'operator' ? (row.operator.uid ?? row.operator.id) : row.kind === 'state' ? row.state.name : row.label;
const rowsOf = (data = shop(), v = view(), counts = new Counts()): Row[] =>
  buildRows({ snapshot: data, counts }, v, strings).rows;
const [users] = shop().operators;
if (users === undefined) throw new Error('The sample has no operators.');
const usersKey = operatorKey(users);

describe('rows of the table', () => {
  it('are the operators, largest first', () => {
    expect(rowsOf().map(name)).toEqual([
      'users',
      'sessions',
      'totals',
      'feed',
      '0a448493b4782967b150582570326227',
      'sink',
    ]);
    expect(rowsOf().map((r) => r.expandable)).toEqual([true, true, true, true, true, false]);
  });

  it('sort either way by each column', () => {
    const sorted = (column: TableView['sort']['column'], descending: boolean) =>
      rowsOf(shop(), view({ sort: { column, descending } })).map(name);
    expect(sorted('bytes', false)).toEqual(sorted('bytes', true).reverse());
    expect(sorted('name', false)[0]).toBe('0a448493b4782967b150582570326227');
    expect(sorted('parallelism', false)[0]).toBe('0a448493b4782967b150582570326227');
    // The same parallelism, but the larger maximum.
    expect(sorted('parallelism', true)[0]).toBe('feed');
  });

  it('sort by their entries, as far as they are counted', () => {
    const stats = shopStats(1);
    const [, sessions] = stats.operators;
    const counts = new Counts({ ...NO_NEWS, phase: 'done', stats });
    const sorted = (descending: boolean, known = counts) =>
      rowsOf(shop(), view({ sort: { column: 'entries', descending }, expanded: new Set([usersKey]) }), known).map(name);
    expect(sorted(true).slice(0, 6)).toEqual(['users', 'counters', 'history', 'profile', 'lastSeen', 'user-timers']);
    expect(sorted(true).slice(6, 8)).toEqual(['sessions', 'totals']);
    expect(sessions?.entries).toBeGreaterThan(0);
    // Nothing is known of any: by name.
    expect(sorted(true, new Counts()).slice(-5)).toEqual(['counters', 'history', 'lastSeen', 'profile', 'user-timers']);
  });

  it('open states, then the parts of their types', () => {
    const profile = `${usersKey}/s/canonical/profile`;
    const open = rowsOf(shop(), view({ expanded: new Set([usersKey, profile, `${profile}/1`]) }));
    expect(open.slice(0, 12).map((r) => `${r.level} ${name(r)}`)).toEqual([
      '1 users',
      '2 counters',
      '2 profile',
      '3 key',
      '3 address',
      '4 city',
      '4 zip',
      '3 amount',
      '3 id',
      '3 name',
      '3 tags',
      '3 updatedAt',
    ]);
    expect(open[2]).toMatchObject({ position: 2, siblings: 5, expanded: true });
    expect(open[4]).toMatchObject({ position: 2, siblings: 7, expanded: true, expandable: true });
  });

  it('have distinct keys', () => {
    const data = shop();
    const first = new Set(data.operators.map(operatorKey));
    const second = new Set([...first, ...rowsOf(data, view({ expanded: first })).map((r) => r.key)]);
    const keys = rowsOf(data, view({ expanded: second })).map((r) => r.key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBeGreaterThan(30);
  });

  it('show what has no name of its own: coordinator, channels, raw state', () => {
    const all = operator('a', {
      uid: 'a',
      coordinatorBytes: 1,
      channelStateBytes: 2,
      rawKeyedBytes: 3,
      rawOperatorBytes: 4,
      legacyBytes: 5,
    });
    const rows = rowsOf(snapshot({ operators: [all] }), view({ expanded: new Set([operatorKey(all)]) }));
    expect(rows.slice(1).map((r) => r.kind === 'line' && r.bytes)).toEqual([1, 2, 3, 4, 5]);
  });

  it('put states of unknown size last, whichever way they are sorted', () => {
    const one = operator('a', {
      states: [state('unknown', { bytes: null }), state('small', { bytes: 1 }), state('big', { bytes: 9 })],
    });
    const sorted = (descending: boolean) =>
      rowsOf(
        snapshot({ operators: [one] }),
        view({ expanded: new Set([operatorKey(one)]), sort: { column: 'bytes', descending } }),
      )
        .slice(1)
        .map(name);
    expect(sorted(true)).toEqual(['big', 'small', 'unknown']);
    expect(sorted(false)).toEqual(['small', 'big', 'unknown']);
  });

  it('are filtered by name, uid, id, state and type, and open where the match is inside', () => {
    const filtered = (filter: string) => rowsOf(shop(), view({ filter })).map(name);
    expect(filtered('  FEED ')).toEqual(['feed']);
    expect(filtered('0a4484')).toEqual(['0a448493b4782967b150582570326227']);
    expect(filtered('lastSeen')).toEqual(['users', 'lastSeen']);
    expect(filtered('decimal(38')).toEqual(['totals', 'total']);
    expect(filtered('timewindow')).toEqual([
      'users',
      'user-timers',
      'sessions',
      'window-contents',
      'merging-window-set',
    ]);
    expect(filtered('no such thing')).toEqual([]);
  });

  it('find a target and what must be open for it', () => {
    const data = shop();
    expect(findTarget(data, { operator: users.id, state: null })).toEqual({ key: usersKey, open: [] });
    expect(findTarget(data, { operator: users.id, state: 'history' })).toEqual({
      key: `${usersKey}/s/canonical/history`,
      open: [usersKey],
    });
    expect(findTarget(data, { operator: users.id, state: 'gone' })).toEqual({ key: usersKey, open: [] });
    expect(findTarget(data, { operator: 'gone', state: null })).toBeNull();
    const rows = rowsOf(data, view({ expanded: new Set([usersKey]) }));
    expect(rows[1] && targetOf(rows[1])).toEqual({ operator: users.id, state: 'counters' });
  });

  it('of thousands of operators are all made', () => {
    const data = large(5000, 5);
    expect(rowsOf(data, view({ expanded: new Set(data.operators.map(operatorKey)) }))).toHaveLength(30_000);
  });
});

describe('the spread over subtasks', () => {
  it('is measured against the average', () => {
    const skewed = operator('a', { subtaskBytes: [10, 10, 70, 10].map((bytes, subtask) => ({ subtask, bytes })) });
    expect(spreadOf(skewed)).toMatchObject({ bars: [10, 10, 70, 10], largest: { subtask: 2, bytes: 70 }, skew: 2.8 });
  });

  it('leaves a gap for a subtask without state, and needs two subtasks', () => {
    expect(spreadOf(operator('a', { parallelism: 3, subtaskBytes: [{ subtask: 2, bytes: 5 }] }))?.bars).toEqual([
      0, 0, 5,
    ]);
    expect(spreadOf(operator('a', { parallelism: 1 }))).toBeNull();
    expect(spreadOf(operator('a', { subtaskBytes: [] }))).toBeNull();
  });

  it('puts many subtasks into few bars, the largest of each', () => {
    const spread = spreadOf(
      operator('a', {
        parallelism: 1000,
        bytes: 1000,
        subtaskBytes: Array.from({ length: 1000 }, (_, subtask) => ({ subtask, bytes: subtask })),
      }),
    );
    expect(spread?.bars).toHaveLength(24);
    expect(Math.max(...(spread?.bars ?? []))).toBe(999);
  });

  it('stands a subtask number outside the parallelism', () => {
    expect(spreadOf(operator('a', { parallelism: 2, subtaskBytes: [{ subtask: 7, bytes: 3 }] }))?.bars).toEqual([0, 3]);
  });
});

describe('what a page remembers', () => {
  it('survives, and survives nonsense', () => {
    const kept = {
      expanded: ['a'],
      selected: 'b',
      sort: { column: 'name', descending: false },
      filter: 'x',
      scrollTop: 12,
      bytes: { of: 'files', asTable: true },
      entries: {
        target: { operator: 'ab', state: 'profile', backend: 'canonical' },
        key: 'user-1',
        namespace: '0',
        mapKey: null,
        filter: 'value > 1',
        sort: { column: 'key', descending: true },
        place: { block: 2, index: 17 },
        column: 'value',
        view: 'bytes',
      },
    };
    expect(restoreState(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
    const fresh = restoreState(undefined);
    for (const nonsense of [
      null,
      5,
      'x',
      [],
      {
        expanded: 'a',
        selected: 5,
        sort: { column: 'size' },
        filter: null,
        scrollTop: -1,
        bytes: 5,
        entries: { target: {} },
      },
      { entries: { target: { operator: 'a', state: 5, backend: 'heap' } } },
    ]) {
      expect(restoreState(nonsense)).toEqual(fresh);
    }
    const target = { operator: 'a', state: 'b', backend: 'heap' };
    const kept2 = { target, place: { block: -1, index: 0.5 }, sort: 'key', column: 5, key: 5, view: 'x' };
    expect(restoreState({ entries: kept2 }).entries).toEqual(freshEntries({ ...target, backend: 'heap' }));
  });
});
