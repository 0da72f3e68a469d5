import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineError } from '../../../../src/engine/bytes/engineError';
import type { StateBackendKind } from '../../../../src/engine/description';
import { describeSnapshot } from '../../../../src/engine/inspect';
import { nodeFileStore } from '../../../../src/engine/storage/nodeFileStore';
import type { RowQuery, RowScan, RowsWanted, RowWindow, ShownRow } from '../../../../src/view/shownRows';
import { entryDetail, entryLine } from '../../../../src/worker/entries/entryDetail';
import { SESSION_LIMITS, type SessionLimits, StateSession } from '../../../../src/worker/entries/stateSession';
import { StateSessions } from '../../../../src/worker/entries/stateSessions';
import { TimeZone } from '../../../../src/worker/entries/timeZone';
import { fixtureSnapshots, fixturesRoot } from '../../../corpus';
import { MemoryStore } from '../../../memoryStore';

const sample = path.resolve(import.meta.dirname, '../../../../media/sample');
const accounts = '14cfd403e0929194539014eaed9ae6ed';
const orders = 'bc4197a480c92c793190a9f8c0afc54c';

interface Line {
  op: string;
  subtask: number;
  state: string;
  kind: string;
  kg?: number;
  key?: unknown;
  index?: number;
  ukey?: unknown;
  timestamp?: number;
}

/** What tells entries of a state apart, without their values. */
const idOf = ({ subtask, kind, kg, index, key, ukey, timestamp }: Line): string =>
  JSON.stringify([subtask, kind, kg, index, key, ukey, timestamp]);

type Asked = Partial<Omit<RowQuery, 'target'>> & { operator?: string; backend?: StateBackendKind };

function query(state: string, { operator = accounts, backend = 'canonical', ...more }: Asked = {}): RowQuery {
  const nothing = { key: null, namespace: null, mapKey: null, filter: null, sort: null, expand: [] };
  return { target: { operator, state, backend }, ...nothing, ...more };
}

const never = (): AbortSignal => new AbortController().signal;
const quiet = (): void => {};

/** Limits so small that nothing fits. */
const TIGHT: SessionLimits = {
  ...SESSION_LIMITS,
  rows: { keptBytes: 2000, chunkBytes: 1500, chunkRows: 4, lead: 1, positions: 1 },
};

async function withSession<T>(
  of: RowQuery,
  use: (ask: Asking) => Promise<T>,
  limits: Partial<SessionLimits> = {},
  where = sample,
): Promise<T> {
  const session = new StateSession(nodeFileStore, where, of.target, { ...SESSION_LIMITS, ...limits });
  try {
    return await use(new Asking(session, of));
  } finally {
    await session.close();
  }
}

/** A query, and the session that answers it. */
class Asking {
  constructor(
    readonly session: StateSession,
    readonly of: RowQuery,
  ) {}

  window(at: RowsWanted['at'], before: number, count: number, more: Partial<RowsWanted> = {}): Promise<RowWindow> {
    return this.session.rows({ ...this.of, at, before, count, zone: 'UTC', ...more }, never());
  }

  scan(signal = never(), tell: (scan: RowScan) => void = quiet): Promise<RowScan> {
    return this.session.scan(this.of, signal, tell);
  }

  /** All rows, a window after the other. */
  async all(step = 100): Promise<ShownRow[]> {
    const rows: ShownRow[] = [];
    let at: RowsWanted['at'] = { row: 0 };
    for (;;) {
      const window: RowWindow = await this.window(at, 0, step + 1);
      const next = window.rows[step];
      rows.push(...window.rows.slice(0, step));
      if (next === undefined) {
        expect(window.isEnd).toBe(true);
        return rows;
      }
      at = { place: next.place };
    }
  }
}

const texts = ({ cells }: ShownRow): string => cells.map(({ text }) => text).join('|');

/** The cells of a column, down all rows. */
function column(window: RowWindow, id: string): string[] {
  const at = window.columns.findIndex((c) => c.id === id);
  expect(at, `column ${id} of ${window.columns.map((c) => c.id)}`).toBeGreaterThanOrEqual(0);
  return window.rows.map(({ cells }) => cells[at]?.text ?? '?');
}

const failure = (promise: Promise<unknown>): Promise<EngineError> =>
  promise.then(
    () => expect.fail('It should have failed.'),
    (e: unknown) => e as EngineError,
  );

describe('rows of a state', () => {
  it('stand in columns by its type', async () => {
    await withSession(query('balance'), async (ask) => {
      const window = await ask.window({ row: 0 }, 0, 3);
      expect(window.columns.map((c) => [c.id, c.field, c.type, c.expandable, c.parent])).toEqual([
        ['key', null, 'string', false, null],
        ['value.0', 'amount', 'double', false, 'value'],
        ['value.1', 'updatedAt', 'long', false, 'value'],
        ['keyGroup', null, null, false, null],
        ['subtask', null, null, false, null],
      ]);
      expect(window.rows[0]?.cells.map((c) => c.text)).toEqual(['user-1122', '860', '1767609260000', '2', '0']);
      expect(window.rows[0]?.cells[2]?.hint).toBe('2026-01-05T10:34:20Z');
      expect(window).toMatchObject({ first: 0, exact: true, at: 0, isStart: true, isEnd: false });
      const together = await ask.window({ row: 0 }, 0, 1, { expand: ['value'], zone: 'Europe/Berlin' });
      expect(together.columns.map((c) => c.id)).toEqual(['key', 'value', 'keyGroup', 'subtask']);
      expect(together.rows[0]?.cells[1]?.text).toBe('{amount: 860, updatedAt: 1767609260000}');
      const berlin = await ask.window({ row: 0 }, 0, 1, { zone: 'Europe/Berlin' });
      expect(berlin.rows[0]?.cells[2]?.hint).toBe('2026-01-05T11:34:20+01:00');
    });
  });

  it.each([
    'accounts-heap-native',
    'accounts-heap-changelog-materialized',
    'accounts-rocksdb-incremental',
    'bank-heap-canonical',
    'sql-heap-canonical',
    'types-heap-native',
  ])('are what Flink’s own reading holds, each found again by its place: 2.3, %s', async (job) => {
    const [stored] = fixtureSnapshots().filter(({ name }) => name.split(path.sep)[0] === `2.3-${job}`);
    if (stored === undefined) expect.fail('The fixture is not there.');
    const expected = readFileSync(path.join(fixturesRoot, `2.3-${job}.expected.ndjson`), 'utf8')
      .trimEnd()
      .split('\n');
    const lines = expected.map((text) => JSON.parse(text) as Line).filter(({ kind }) => kind !== 'unread');
    const { operators } = await describeSnapshot(stored.path, nodeFileStore);
    let compared = 0;
    for (const { id: operator, states } of operators) {
      for (const { name: state, backend } of states) {
        const of = query(state, { operator, backend });
        await withSession(
          of,
          async (ask) => {
            const rows = await ask.all();
            const found: string[] = [];
            for (const { place } of rows) {
              const entry = await ask.session.entry({ key: null, place }, never());
              found.push(idOf(JSON.parse(entryLine(entry)) as Line));
              for (const { bytes } of entryDetail(entry, TimeZone.UTC).parts)
                expect(bytes.head.buffer.byteLength).toBe(bytes.head.length);
            }
            const { problems, rows: counted, exact } = await ask.scan();
            expect([counted, exact], state).toEqual([found.length, true]);
            const wanted = lines.filter((line) => line.op === operator && line.state === state).map(idOf);
            // What stands behind a value of unknown length in the same key group is lost with it, and is told.
            if (problems.length === 0) expect(found.sort(), state).toEqual(wanted.sort());
            else expect(wanted, state).toEqual(expect.arrayContaining(found));
            compared += found.length;
          },
          TIGHT,
          stored.path,
        );
      }
    }
    expect(compared).toBeGreaterThan(10);
  });

  it('are the same from wherever one looks', async () => {
    const of = query('counters');
    const all = await withSession(of, (ask) => ask.all());
    expect(all.length).toBeGreaterThan(300);
    for (const limits of [SESSION_LIMITS, TIGHT]) {
      await withSession(
        of,
        async (ask) => {
          await ask.scan();
          const numbers = fc.nat(all.length - 1);
          const look = async (row: number, before: number, count: number, byPlace: boolean): Promise<void> => {
            const place = all[row]?.place;
            if (place === undefined) expect.fail();
            const window = await ask.window(byPlace ? { place } : { row }, before, count);
            const from = Math.max(0, row - before);
            const to = Math.min(all.length, row + count);
            expect(window).toMatchObject({ first: from, exact: true, at: row - from });
            expect(window).toMatchObject({ isStart: from === 0, isEnd: to === all.length });
            expect(window.rows.map(texts)).toEqual(all.slice(from, to).map(texts));
            expect(window.rows.map((r) => r.place)).toEqual(all.slice(from, to).map((r) => r.place));
          };
          await fc.assert(fc.asyncProperty(numbers, fc.nat(40), fc.nat(60), fc.boolean(), look), { numRuns: 40 });
        },
        limits,
      );
    }
  });

  it('come by estimate before they are counted, and keep their places then', async () => {
    await withSession(query('counters'), async (ask) => {
      const total = (await ask.window({ row: 0 }, 0, 1)).scan;
      expect(total).toMatchObject({ exact: false, ended: false });
      const middle = await ask.window({ row: Math.floor(total.rows / 2) }, 5, 5);
      const [row] = middle.rows;
      if (row === undefined) expect.fail('There is no row in the middle.');
      const counted = await ask.scan();
      expect(counted).toMatchObject({ exact: true, ended: true, done: 1, problems: [] });
      const again = await ask.window({ place: row.place }, 0, middle.rows.length);
      expect(again.rows).toEqual(middle.rows);
      expect(again.exact).toBe(true);
      const behind = await ask.window({ row: counted.rows + 10 }, 3, 5);
      expect(behind).toMatchObject({ first: counted.rows - 3, at: 3, isEnd: true });
    });
  });

  it('are counted without reading them where the layout says how many there are', async () => {
    const stored = (job: string) =>
      fixtureSnapshots().find(({ name }) => name.split(path.sep)[0] === `2.3-${job}`)?.path ?? '';
    let known = 0;
    for (const job of ['accounts-heap-native', 'accounts-heap-native-compressed', 'types-heap-native']) {
      for (const { id: operator, states } of (await describeSnapshot(stored(job), nodeFileStore)).operators) {
        for (const { name: state, backend } of states) {
          const of = query(state, { operator, backend });
          const exact = await withSession(of, (ask) => ask.all(), {}, stored(job));
          const scan = await withSession(of, (ask) => ask.scan(), {}, stored(job));
          if (scan.read === 0 && scan.rows > 0) {
            expect([scan.rows, scan.exact, scan.ended], `${job} ${state}`).toEqual([exact.length, true, true]);
            known++;
          }
        }
      }
    }
    expect(known).toBeGreaterThan(3);
  });

  it('that are large come in smaller windows', async () => {
    const tiny = { ...SESSION_LIMITS.rows, chunkBytes: 2000 };
    const all = await withSession(query('balance'), (ask) => ask.all());
    const same = await withSession(query('balance'), (ask) => ask.all(), { rows: tiny });
    expect(same).toEqual(all);
  });

  it('may be asked for several at a time', async () => {
    await withSession(
      query('counters'),
      async (ask) => {
        await ask.scan();
        const windows = await Promise.all([200, 0, 100].map((row) => ask.window({ row }, 0, 100)));
        const places = windows.flatMap((w) => w.rows.map((r) => JSON.stringify(r.place)));
        expect(new Set(places).size).toBe(300);
      },
      TIGHT,
    );
  });
});

describe('a key that is looked for', () => {
  it('is found by its text or its JSON, reading only its key group', async () => {
    for (const key of ['user-1122', '"user-1122"']) {
      await withSession(query('balance', { key }), async (ask) => {
        const window = await ask.window({ row: 0 }, 0, 10);
        expect(column(window, 'key')).toEqual(['user-1122']);
        expect(window.scan).toMatchObject({ ended: true, keyGroup: 2, rows: 1, exact: true });
        expect(window.scan.read).toBeLessThan(30);
        const place = window.rows[0]?.place ?? { block: 0, index: 99 };
        const entry = await ask.session.entry({ key, place }, never());
        expect(JSON.parse(entryLine(entry))).toMatchObject({ key: 'user-1122', kg: 2 });
      });
    }
  });

  it('is found with a key of its map only, its places counted among its entries', async () => {
    const keys = column(await withSession(query('counters'), (ask) => ask.window({ row: 0 }, 0, 1000)), 'key');
    const key = keys.find((name, i) => keys[i + 1] === name) ?? '';
    const of = query('counters', { key });
    const all = await withSession(of, (ask) => ask.window({ row: 0 }, 0, 1000));
    expect(all.rows.length).toBeGreaterThan(1);
    expect(all.rows.map(({ place }) => place.index)).toEqual(all.rows.map((_, i) => i));
    const mapKey = column(all, 'mapKey')[1] ?? '';
    const one = await withSession({ ...of, mapKey }, (ask) => ask.window({ row: 0 }, 0, 1000));
    expect(one.rows.map(texts)).toEqual(all.rows.slice(1, 2).map(texts));
    expect(one.rows[0]?.place).toEqual(all.rows[1]?.place);
  });

  it('is exact beyond 2^53', async () => {
    const look = (key: string) =>
      withSession(query('amount', { operator: orders, key }), (ask) => ask.window({ row: 0 }, 0, 9));
    expect(column(await look('9223372036854775807'), 'key')).toEqual(['9223372036854775807']);
    expect((await look('9223372036854775806')).rows).toEqual([]);
  });

  it('that does not fit says why', async () => {
    for (const key of ['"x"', 'abc', '9223372036854775808', '1.5', '{']) {
      const error = await failure(
        withSession(query('amount', { operator: orders, key }), (ask) => ask.window({ row: 0 }, 0, 9)),
      );
      expect(error.code, key).toBe('BAD_VALUE');
      expect(error.message).toContain('long');
    }
  });
});

describe('a filter', () => {
  it('finds the rows that match, at their places, whether they are kept or read again', async () => {
    const everything = await withSession(query('balance'), (ask) => ask.all());
    const wanted = everything.filter(({ cells }) => Number(cells[1]?.text) > 500);
    expect(wanted.length).toBeGreaterThan(90);
    for (const limits of [SESSION_LIMITS, TIGHT]) {
      await withSession(
        query('balance', { filter: 'value.amount > 500.0' }),
        async (ask) => {
          expect(await ask.scan()).toMatchObject({ rows: wanted.length, exact: true, ended: true });
          expect((await ask.all(7)).map(texts)).toEqual(wanted.map(texts));
          const between = everything.find(({ cells }) => Number(cells[1]?.text) <= 500);
          if (between === undefined) expect.fail();
          const next = await ask.window({ place: between.place }, 0, 1);
          const index = wanted.findIndex(
            ({ place: { block, index } }) =>
              block > between.place.block || (block === between.place.block && index > between.place.index),
          );
          expect([next.first, next.rows.map(texts)]).toEqual([index, wanted.slice(index, index + 1).map(texts)]);
        },
        limits,
      );
    }
  });

  it('that is stopped goes on where it stood', async () => {
    await withSession(query('balance', { filter: 'true' }), async (ask) => {
      expect((await ask.window({ row: 0 }, 0, 10)).rows).toEqual([]);
      expect(await ask.scan(AbortSignal.abort())).toMatchObject({ rows: 0, exact: false, ended: false, read: 0 });
      const controller = new AbortController();
      const scanning = ask.scan(controller.signal);
      controller.abort();
      const stopped = await scanning;
      expect(stopped.ended).toBe(false);
      const whole = await ask.scan();
      expect(whole).toMatchObject({ ended: true, exact: true });
      expect(whole.rows).toBe((await withSession(query('balance'), (all) => all.scan())).rows);
    });
  });

  it('that is no CEL fails before anything is read', async () => {
    const error = await failure(withSession(query('balance', { filter: 'value.' }), (ask) => ask.scan()));
    expect(error.code).toBe('BAD_ARGUMENT');
  });
});

describe('an order', () => {
  const sorted = (descending: boolean, limits: Partial<SessionLimits> = {}) =>
    withSession(
      query('balance', { sort: { column: 'value.0', descending } }),
      async (ask) => ({ scan: await ask.scan(), rows: await ask.window({ row: 0 }, 0, 1000) }),
      limits,
    );

  it('is that of numbers, up or down', async () => {
    for (const descending of [false, true]) {
      const { scan, rows } = await sorted(descending);
      const amounts = column(rows, 'value.0').map(Number);
      const ordered = [...amounts].sort((a, b) => (descending ? b - a : a - b));
      expect(amounts).toEqual(ordered);
      expect(scan).toMatchObject({ ended: true, capped: null, rows: amounts.length });
    }
  });

  it('of more rows than can be kept has the first of all, and says so', async () => {
    const whole = column((await sorted(true)).rows, 'value.0');
    const { scan, rows } = await sorted(true, { sort: { rows: 10, bytes: 1 << 20 } });
    expect(column(rows, 'value.0')).toEqual(whole.slice(0, 10));
    expect(scan).toMatchObject({ capped: 10, rows: 10, ended: true });
  });
});

describe('what cannot be read', () => {
  it('is told once, and costs only itself', async () => {
    const store = MemoryStore.ofFolder(sample);
    const whole = await withSession(query('balance'), (ask) => ask.all());
    const files = [...store.files.keys()].filter((file) => !file.endsWith('_metadata'));
    const [largest] = files.sort((a, b) => (store.files.get(b)?.length ?? 0) - (store.files.get(a)?.length ?? 0));
    store.files.delete(largest ?? '');
    const session = new StateSession(store, sample, query('balance').target);
    const ask = new Asking(session, query('balance'));
    const rows = await ask.all();
    const { problems, exact, rows: counted } = await ask.scan();
    await session.close();
    expect(problems.map((problem) => problem.code)).toEqual(['FILE_NOT_FOUND']);
    expect(problems[0]?.where).toMatch(/^subtask \d/);
    expect([counted, exact]).toEqual([rows.length, true]);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.length).toBeLessThan(whole.length);
  });

  it('fails, and works when tried again after it was mended', async () => {
    const store = MemoryStore.ofFolder(sample);
    const metadata = path.join(sample, '_metadata');
    const bytes = store.files.get(metadata) ?? new Uint8Array();
    store.files.set(metadata, bytes.slice(0, 20));
    const session = new StateSession(store, sample, query('balance').target);
    const ask = new Asking(session, query('balance'));
    expect((await failure(ask.window({ row: 0 }, 0, 100))).code).toBe('TRUNCATED');
    store.files.set(metadata, bytes);
    expect((await ask.window({ row: 0 }, 0, 100)).rows).toHaveLength(100);
    await session.close();
  });

  it('is an operator, or a place, that the snapshot does not have', async () => {
    const operator = 'f'.repeat(32);
    const look = (of: RowQuery) => withSession(of, (ask) => ask.window({ row: 0 }, 0, 1));
    expect((await failure(look(query('balance', { operator })))).code).toBe('NOT_FOUND');
    const place = { block: 1_000_000, index: 0 };
    const lost = withSession(query('balance'), (ask) => ask.session.entry({ key: null, place }, never()));
    expect((await failure(lost)).code).toBe('NOT_FOUND');
  });
});

describe('sessions', () => {
  it('keep their place between requests, and read anew after a change', async () => {
    const store = MemoryStore.ofFolder(sample);
    const sessions = new StateSessions(store);
    const ask = (version: number, state = 'balance') => {
      const of = { path: sample, version, ...query(state), at: { row: 0 }, before: 0, count: 10, zone: 'UTC' };
      return sessions.use(of, (session) => session.rows(of, never()));
    };
    await ask(1);
    const reads = store.reads.length;
    await ask(1);
    expect(store.reads.length).toBe(reads);
    await ask(2);
    expect(store.reads.length).toBeGreaterThan(reads);
    await sessions.close(sample);
    const before = store.reads.length;
    await ask(2);
    expect(store.reads.length).toBeGreaterThan(before);
    await sessions.close(sample);
  });
});
