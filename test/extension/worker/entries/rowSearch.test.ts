import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSnapshot } from '../../../../src/engine/snapshot';
import { nodeFileStore } from '../../../../src/engine/storage/nodeFileStore';
import type { RowQuery, RowSearch, SearchScan, ShownRow } from '../../../../src/view/shownRows';
import { StateSession } from '../../../../src/worker/entries/stateSession';
import { TimeZone } from '../../../../src/worker/entries/timeZone';
import { fixture } from '../../../engine/plan/harness';

const sample = path.resolve(import.meta.dirname, '../../../../media/sample');
const target = { operator: '14cfd403e0929194539014eaed9ae6ed', state: 'counters', backend: 'canonical' as const };
const never = (): AbortSignal => new AbortController().signal;
const quiet = (): void => {};

const QUERY: RowQuery = { target, key: null, namespace: null, mapKey: null, filter: null, sort: null, expand: [] };

describe('full-text search', () => {
  let session: StateSession;
  beforeEach(() => {
    session = new StateSession(nodeFileStore, sample, target);
  });
  afterEach(() => session.close());

  const all = async (of: RowQuery): Promise<ShownRow[]> => {
    await session.scan(of, never(), quiet);
    return (await session.rows({ ...of, at: { row: 0 }, before: 0, count: 1000, zone: 'UTC' }, never())).rows;
  };
  const has = (text: string) => (row: ShownRow) =>
    row.cells.slice(0, -2).some((cell) => cell.text.toLowerCase().includes(text));

  for (const [what, of] of [
    ['all rows', QUERY],
    ['rows of a filter', { ...QUERY, filter: 'keyGroup % 2 == 0' }],
    ['sorted rows', { ...QUERY, sort: { column: 'key', descending: true } }],
  ] as const) {
    for (const counted of [false, true]) {
      it(`steps through ${what} in their order, and round, ${counted ? 'counted' : 'before they are counted'}`, async () => {
        const rows = await all(of);
        const wanted = rows.filter(has('er-12'));
        expect(wanted.length).toBeGreaterThan(2);
        const search: RowSearch = { ...of, text: 'ER-12' };
        if (counted)
          expect(await session.countMatches(search, never(), quiet)).toMatchObject({
            matches: wanted.length,
            ended: true,
          });
        for (const backwards of [false, true]) {
          const order = backwards ? [...wanted].reverse() : wanted;
          let from: ShownRow['place'] | null = null;
          for (const row of [...order, ...order.slice(0, 1)]) {
            const found = await session.searchNext({ ...search, from, backwards }, never(), quiet);
            expect(found?.place).toEqual(row.place);
            expect(found?.row).toBe(rows.indexOf(row));
            expect(found?.column).toBe('key');
            if (counted && of.sort === null) expect(found?.match).toBe(wanted.indexOf(row));
            from = found?.place ?? null;
          }
        }
      });
    }
  }

  it('finds nothing where there is nothing, and can be stopped', async () => {
    const search: RowSearch = { ...QUERY, text: 'no such text' };
    expect(await session.searchNext({ ...search, from: null, backwards: false }, never(), quiet)).toBeNull();
    const scan: SearchScan = await session.countMatches(search, AbortSignal.abort(), quiet);
    expect(scan).toMatchObject({ matches: 0 });
    expect(await session.countMatches(search, never(), quiet)).toMatchObject({ matches: 0, ended: true, done: 1 });
    const stopped = session.searchNext(
      { ...QUERY, text: 'zz', from: null, backwards: true },
      AbortSignal.abort(),
      quiet,
    );
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('windows and times', () => {
  it('are the namespaces of a state with how many rows each has', async () => {
    const sql = fixture('2.3-bank-heap-native');
    const { operator, state } = await windowed(sql);
    const of = { operator, state, backend: 'heap' as const };
    const session = new StateSession(nodeFileStore, sql, of);
    const list = await session.namespaces(TimeZone.UTC, never(), quiet);
    const counted = await session.scan({ ...QUERY, target: of }, never(), quiet);
    expect(list.total).toBeGreaterThan(0);
    expect(list.namespaces.reduce((sum, { rows }) => sum + rows, 0)).toBe(counted.rows);
    for (const { namespace, rows } of list.namespaces) {
      const one = await session.scan({ ...QUERY, target: of, namespace }, never(), quiet);
      expect(one.rows, namespace).toBe(rows);
    }
    await session.close();
  });

  it('are counted over time, for timers', async () => {
    const of = { ...target, state: '_timer_state/event_user-timers' };
    const session = new StateSession(nodeFileStore, sample, of);
    const { rows } = await session.scan({ ...QUERY, target: of }, never(), quiet);
    expect(rows).toBeGreaterThan(0);
    const bins = await session.times({ ...QUERY, target: of, of: 'timestamp' }, never(), quiet);
    expect(bins.bins.reduce((sum, { count }) => sum + count, 0)).toBe(rows);
    expect(BigInt(bins.first)).toBeLessThanOrEqual(BigInt(bins.last));
    const sorted = { ...QUERY, target: of, sort: { column: 'timestamp', descending: false } };
    await session.scan(sorted, never(), quiet);
    const window = await session.rows({ ...sorted, at: { row: 0 }, before: 0, count: 1000, zone: 'UTC' }, never());
    const at = window.columns.findIndex(({ id }) => id === 'timestamp');
    const times = window.rows.map(({ cells }) => BigInt(cells[at]?.text ?? '0'));
    expect(times[0]).toBe(BigInt(bins.first));
    expect(times).toEqual([...times].sort((a, b) => (a < b ? -1 : 1)));
    await session.close();
  });
});

/** A state of the snapshot with windows. */
async function windowed(where: string): Promise<{ operator: string; state: string }> {
  const snapshot = await openSnapshot(where, nodeFileStore);
  try {
    for (const { id, subtasks } of snapshot.operators) {
      for (const subtask of subtasks) {
        for (const part of (await subtask.open()).parts) {
          const found = part.states.find(
            ({ namespace, kind }) => namespace?.type.name === 'time-window' && kind !== 'timer',
          );
          if (found !== undefined) return { operator: id, state: found.name };
        }
      }
    }
  } finally {
    await snapshot.close();
  }
  throw new Error('No state has windows.');
}
