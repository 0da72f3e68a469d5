import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineError } from '../../../../src/engine/bytes/engineError';
import type { StateBackendKind } from '../../../../src/engine/description';
import { describeSnapshot } from '../../../../src/engine/inspect';
import { nodeFileStore } from '../../../../src/engine/storage/nodeFileStore';
import { type EntryPage, type EntryProgress, type EntryQuery, PAGE_ROWS } from '../../../../src/view/shownEntries';
import { entryDetail, entryJson } from '../../../../src/worker/entries/entryDetail';
import { EntrySession, SESSION_LIMITS, type SessionLimits } from '../../../../src/worker/entries/entrySession';
import { EntrySessions } from '../../../../src/worker/entries/entrySessions';
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

function query(state: string, more: Partial<EntryQuery> & { operator?: string; backend?: StateBackendKind } = {}) {
  const { operator = accounts, backend = 'canonical', key = null, filter = null } = more;
  return { target: { operator, state, backend }, key, filter };
}

const never = (): AbortSignal => new AbortController().signal;
const quiet = (): void => {};

async function withSession<T>(
  asked: EntryQuery,
  use: (session: EntrySession) => Promise<T>,
  limits: Partial<SessionLimits> = {},
  where = sample,
): Promise<T> {
  const session = new EntrySession(nodeFileStore, where, asked, { ...SESSION_LIMITS, ...limits });
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

async function allPages(session: EntrySession): Promise<EntryPage[]> {
  const pages: EntryPage[] = [];
  for (;;) {
    const page = await session.page(pages.length, never(), quiet);
    pages.push(page);
    if (page.ended) return pages;
    expect(pages.length).toBeLessThan(1000);
  }
}

/** What tells entries of a state apart, without their values. */
const idOf = ({ subtask, kind, kg, index, key, ukey, timestamp }: Line): string =>
  JSON.stringify([subtask, kind, kg, index, key, ukey, timestamp]);

/** The cells of a column, down all rows. */
function column(page: EntryPage, id: string): string[] {
  const at = page.columns.findIndex((c) => c.id === id);
  expect(at, `column ${id} of ${page.columns.map((c) => c.id)}`).toBeGreaterThanOrEqual(0);
  return page.rows.map((row) => row[at]?.text ?? '?');
}

const failure = (promise: Promise<unknown>): Promise<EngineError> =>
  promise.then(
    () => expect.fail('It should have failed.'),
    (e: unknown) => e as EngineError,
  );

describe('pages of entries', () => {
  it('give every entry once, in order, with its fields in columns', async () => {
    await withSession(query('balance'), async (session) => {
      const pages = await allPages(session);
      expect(pages.map((p) => p.rows.length).slice(0, -1)).toEqual(pages.slice(1).map(() => PAGE_ROWS));
      expect(pages.map((p) => p.first)).toEqual(pages.map((_, i) => i * PAGE_ROWS));
      const [first] = pages;
      expect(first?.columns.map((c) => [c.id, c.field, c.type])).toEqual([
        ['key', null, 'string'],
        ['value.0', 'amount', 'double'],
        ['value.1', 'updatedAt', 'long'],
        ['keyGroup', null, null],
        ['subtask', null, null],
      ]);
      expect(first?.rows[0]?.map((c) => c.text)).toEqual(['user-1122', '860', '1767609260000', '2', '0']);
      const keys = pages.flatMap((p) => column(p, 'key'));
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys.length).toBe(pages.at(-1)?.read);
    });
  });

  it.each([
    'accounts-heap-native',
    'accounts-rocksdb-incremental',
    'bank-heap-canonical',
    'sql-heap-canonical',
    'types-heap-native',
  ])('hold what Flink’s own reading holds, entry by entry: 2.3, %s', async (job) => {
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
        const found: string[] = [];
        const pages = await withSession(
          query(state, { operator, backend }),
          async (session) => {
            const all = await allPages(session);
            for (const page of all) {
              for (const [row, cells] of page.rows.entries()) {
                expect(cells.length).toBe(page.columns.length);
                const kept = await session.entry(page.page, row, never());
                if (kept === null) expect.fail('The row has no entry.');
                const line = JSON.parse(entryJson(kept.entry, kept.columns, null)) as Line;
                found.push(idOf(line));
                for (const { bytes } of entryDetail(kept.entry, TimeZone.UTC).parts)
                  expect(bytes.head.buffer.byteLength).toBe(bytes.head.length);
              }
            }
            return all;
          },
          {},
          stored.path,
        );
        const wanted = lines.filter((line) => line.op === operator && line.state === state).map(idOf);
        // What stands behind a value of unknown length in the same key group is lost with it, and is told.
        if (pages.at(-1)?.problems.length === 0) expect(found.sort(), state).toEqual(wanted.sort());
        else expect(wanted, state).toEqual(expect.arrayContaining(found));
        compared += found.length;
      }
    }
    expect(compared).toBeGreaterThan(10);
  });

  it('say before the last page whether there is another', async () => {
    await withSession(
      query('rates', { operator: '3ff50d17ebbf2a880bdceeca32225acc', backend: 'operator' }),
      async (s) => {
        const page = await s.page(0, never(), quiet);
        expect(page.ended).toBe(true);
        expect(page.columns.map((c) => c.id)).toEqual(['mapKey', 'value.0', 'value.1', 'subtask']);
      },
    );
  });

  it('of a state without entries are empty and the last', async () => {
    await withSession(query('balance', { filter: 'false' }), async (session) => {
      const page = await session.page(0, never(), quiet);
      expect(page).toMatchObject({ rows: [], ended: true, stopped: false });
      expect(page.read).toBeGreaterThan(100);
      expect(await session.page(3, never(), quiet)).toMatchObject({ page: 3, rows: [], ended: true, first: 0 });
    });
  });

  it('that were dropped are read again and are the same', async () => {
    const all = await withSession(query('counters'), allPages);
    expect(all.length).toBeGreaterThan(3);
    await withSession(
      query('counters'),
      async (session) => {
        for (const order of [2, 0, 1, 3, 0, 3]) {
          const page = await session.page(order, never(), quiet);
          expect(page.rows).toEqual(all[order]?.rows);
          expect(page.first).toBe(all[order]?.first);
        }
        const entry = await session.entry(1, 5, never());
        expect(entry === null ? '' : entryJson(entry.entry, entry.columns, 'key')).toBe(
          JSON.stringify(all[1] === undefined ? null : column(all[1], 'key')[5]),
        );
      },
      { keptPages: 1 },
    );
  });

  it('are shorter where entries are large', async () => {
    await withSession(
      query('balance'),
      async (session) => {
        const pages = [await session.page(0, never(), quiet), await session.page(1, never(), quiet)];
        expect(pages.map((p) => p.rows.length)).toEqual([5, 5]);
        expect(pages.map((p) => p.first)).toEqual([0, 5]);
      },
      { pageBytes: 5 * 25 - 4 },
    );
  });

  it('may be asked for several at a time', async () => {
    await withSession(query('counters'), async (session) => {
      const pages = await Promise.all([2, 0, 1].map((i) => session.page(i, never(), quiet)));
      expect(pages.map((p) => p.first)).toEqual([200, 0, 100]);
      const entries = pages.flatMap((p) => p.rows.map((row) => `${row[0]?.text} ${row[1]?.text}`));
      expect(new Set(entries).size).toBe(300);
    });
  });
});

describe('a key that is looked for', () => {
  it('is found by its text or its JSON, reading only its key group', async () => {
    for (const key of ['user-1122', '"user-1122"']) {
      const page = await withSession(query('balance', { key }), (s) => s.page(0, never(), quiet));
      expect(column(page, 'key')).toEqual(['user-1122']);
      expect(page).toMatchObject({ ended: true, keyGroup: 2 });
      expect(page.read).toBeLessThan(30);
    }
  });

  it('is exact beyond 2^53', async () => {
    const found = await withSession(query('amount', { operator: orders, key: '9223372036854775807' }), (s) =>
      s.page(0, never(), quiet),
    );
    expect(column(found, 'key')).toEqual(['9223372036854775807']);
    const other = await withSession(query('amount', { operator: orders, key: '9223372036854775806' }), (s) =>
      s.page(0, never(), quiet),
    );
    expect(other.rows).toEqual([]);
  });

  it('that is not there gives no rows; one that does not fit says why', async () => {
    const none = await withSession(query('balance', { key: 'nobody' }), (s) => s.page(0, never(), quiet));
    expect(none).toMatchObject({ rows: [], ended: true });
    expect(none.keyGroup).not.toBeNull();
    for (const key of ['"x"', 'abc', '9223372036854775808', '1.5', '{']) {
      const error = await failure(
        withSession(query('amount', { operator: orders, key }), (s) => s.page(0, never(), quiet)),
      );
      expect(error.code, key).toBe('BAD_VALUE');
      expect(error.message).toContain('long');
    }
  });
});

describe('a filter', () => {
  it('keeps what matches', async () => {
    const page = await withSession(query('balance', { filter: 'value.amount > 1000.0' }), (s) =>
      s.page(0, never(), quiet),
    );
    expect(page.rows.length).toBeGreaterThan(0);
    expect(column(page, 'value.0').every((amount) => Number(amount) > 1000)).toBe(true);
  });

  it('that is no CEL fails before anything is read', () => {
    expect(() => new EntrySession(nodeFileStore, sample, query('balance', { filter: 'value.' }))).toThrow(
      expect.objectContaining({ code: 'BAD_ARGUMENT' }),
    );
  });
});

describe('stopping', () => {
  it('keeps what was found, and asking again goes on from there', async () => {
    const whole = await withSession(query('balance', { filter: 'true' }), (s) => s.page(0, never(), quiet));
    await withSession(
      query('balance', { filter: 'true' }),
      async (session) => {
        const controller = new AbortController();
        const seen: EntryProgress[] = [];
        const stopped = await session.page(0, controller.signal, (progress) => {
          seen.push(progress);
          if (seen.length === 3) controller.abort();
        });
        expect(stopped.stopped).toBe(true);
        expect(stopped.ended).toBe(false);
        expect(stopped.rows.length).toBeGreaterThan(0);
        expect(stopped.rows.length).toBeLessThan(PAGE_ROWS);
        expect(seen.flatMap((p) => p.rows)).toEqual(stopped.rows);
        expect(seen.map((p) => p.from)).toEqual([0, 1, 2]);
        const row = await session.entry(0, 0, never());
        expect(row).not.toBeNull();
        const again: EntryProgress[] = [];
        const rest = await session.page(0, never(), (progress) => again.push(progress));
        expect(rest.rows).toEqual(whole.rows);
        expect(again[0]?.rows.slice(0, stopped.rows.length)).toEqual(stopped.rows);
      },
      { turn: 0, progressEvery: 0 },
    );
  });

  it('before anything was read is a cancellation', async () => {
    const error = await failure(withSession(query('balance'), (s) => s.page(0, AbortSignal.abort(), quiet)));
    expect(error.code).toBe('CANCELLED');
  });
});

describe('what cannot be read', () => {
  it('is told, and costs only itself', async () => {
    const store = MemoryStore.ofFolder(sample);
    const whole = await withSession(query('balance'), allPages);
    const files = [...store.files.keys()].filter((file) => !file.endsWith('_metadata'));
    const [largest] = files.sort((a, b) => (store.files.get(b)?.length ?? 0) - (store.files.get(a)?.length ?? 0));
    store.files.delete(largest ?? '');
    const session = new EntrySession(store, sample, query('balance'));
    const pages = await allPages(session);
    await session.close();
    const [problem] = pages.at(-1)?.problems ?? [];
    expect(problem?.code).toBe('FILE_NOT_FOUND');
    expect(problem?.where).toMatch(/^subtask \d/);
    const count = (all: EntryPage[]) => all.reduce((sum, p) => sum + p.rows.length, 0);
    expect(count(pages)).toBeGreaterThan(0);
    expect(count(pages)).toBeLessThan(count(whole));
  });

  it('fails, and works when tried again after it was mended', async () => {
    const store = MemoryStore.ofFolder(sample);
    const metadata = path.join(sample, '_metadata');
    const bytes = store.files.get(metadata) ?? new Uint8Array();
    store.files.set(metadata, bytes.slice(0, 20));
    const session = new EntrySession(store, sample, query('balance'));
    expect((await failure(session.page(0, never(), quiet))).code).toBe('TRUNCATED');
    store.files.set(metadata, bytes);
    expect((await session.page(0, never(), quiet)).rows).toHaveLength(PAGE_ROWS);
    await session.close();
  });

  it('is an operator that the snapshot does not have', async () => {
    const error = await failure(
      withSession(query('balance', { operator: 'f'.repeat(32) }), (s) => s.page(0, never(), quiet)),
    );
    expect(error.code).toBe('NOT_FOUND');
  });
});

describe('sessions', () => {
  it('keep their place between requests, and read anew after a change', async () => {
    const store = MemoryStore.ofFolder(sample);
    const sessions = new EntrySessions(store);
    const ask = (version: number, page: number) =>
      sessions.page({ path: sample, version, ...query('balance'), page }, never(), quiet);
    await ask(1, 0);
    const reads = store.reads.length;
    await ask(1, 0);
    expect(store.reads.length).toBe(reads);
    await ask(2, 0);
    expect(store.reads.length).toBeGreaterThan(reads);
    const place = { path: sample, version: 2, ...query('balance'), page: 0, row: 0 };
    expect((await sessions.detail(place, never())).keyGroup).toBe(2);
    expect(await sessions.json(place, 'value.0', never())).toBe('860');
    expect(await sessions.json(place, null, never())).toContain('"state":"balance"');
    expect((await failure(sessions.detail({ ...place, page: 99 }, never()))).code).toBe('NOT_FOUND');
    await sessions.close(sample);
    const before = store.reads.length;
    await ask(2, 0);
    expect(store.reads.length).toBeGreaterThan(before);
    await sessions.close(sample);
  });

  it('beyond a few make room, the one that was not used for longest first', async () => {
    const store = MemoryStore.ofFolder(sample);
    const sessions = new EntrySessions(store);
    const ask = (filter: string) =>
      sessions.page({ path: sample, version: 1, ...query('balance', { filter }), page: 0 }, never(), quiet);
    const filters = ['true', 'keyGroup >= 0', 'keyGroup > 1', 'keyGroup > 2', 'keyGroup > 3'];
    for (const filter of filters) await ask(filter);
    const reads = store.reads.length;
    await ask(filters[4] ?? '');
    expect(store.reads.length).toBe(reads);
    await ask(filters[0] ?? '');
    expect(store.reads.length).toBeGreaterThan(reads);
    await sessions.close(sample);
  });
});
