import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFileStore } from '../../../../src/engine/storage/nodeFileStore';
import type { RowPlace, RowQuery, RowSelection } from '../../../../src/view/shownRows';
import { rowsText } from '../../../../src/worker/entries/rowsText';
import { StateSession } from '../../../../src/worker/entries/stateSession';
import { valueText } from '../../../../src/worker/entries/valueText';
import { hexDump } from '../../../../src/worker/entries/wholeText';

const sample = path.resolve(import.meta.dirname, '../../../../media/sample');
const target = { operator: '14cfd403e0929194539014eaed9ae6ed', state: 'balance', backend: 'canonical' as const };
const never = (): AbortSignal => new AbortController().signal;
const QUERY: RowQuery = { target, key: null, namespace: null, mapKey: null, filter: null, sort: null, expand: [] };

describe('rows that are copied', () => {
  let session: StateSession;
  beforeEach(() => {
    session = new StateSession(nodeFileStore, sample, target);
  });
  afterEach(() => session.close());

  const places = async (query = QUERY): Promise<RowPlace[]> => {
    await session.scan(query, never(), () => {});
    const window = await session.rows({ ...query, at: { row: 0 }, before: 0, count: 1000, zone: 'UTC' }, never());
    return window.rows.map(({ place }) => place);
  };
  const copy = async (from: number, to: number, more: Partial<RowSelection>, query = QUERY) => {
    const all = await places(query);
    const range = { from: all.at(from), to: all.at(to) };
    if (range.from === undefined || range.to === undefined) expect.fail('There is no such row.');
    const nothing = { columns: null, format: 'text' as const, zone: 'UTC' };
    return rowsText(session, { ...query, ...nothing, ranges: [{ from: range.from, to: range.to }], ...more }, never());
  };

  it('are text with tabs, CSV with a head, or JSON', async () => {
    const [first] = (await copy(0, 0, {})).text.split('\t');
    expect(first).toBe('user-1122');
    const text = await copy(0, 1, { columns: ['key', 'value.0'] });
    expect(text).toMatchObject({ rows: 2, cut: false });
    expect(text.text.split('\n')[0]).toBe('user-1122\t860');
    const csv = (await copy(0, 1, { format: 'csv', columns: ['key', 'value.0'] })).text.split('\r\n');
    expect(csv.slice(0, 2)).toEqual(['key,value.amount', 'user-1122,860']);
    const json = JSON.parse((await copy(0, 1, { format: 'json', columns: ['key', 'value.0'] })).text);
    expect(json[0]).toEqual({ key: 'user-1122', 'value.amount': 860 });
    expect((await copy(0, 0, { format: 'json', columns: ['value.0'] })).text).toBe('860');
    const whole = JSON.parse((await copy(0, 2, { format: 'json' })).text);
    expect(whole.map((line: { state: string }) => line.state)).toEqual(['balance', 'balance', 'balance']);
  });

  it('are all from the first to the last, in the order of the query', async () => {
    for (const query of [QUERY, { ...QUERY, sort: { column: 'value.0', descending: true } }]) {
      const all = await copy(0, -1, { columns: ['key'] }, query);
      expect(all.rows).toBe((await places(query)).length);
      expect(new Set(all.text.split('\n')).size).toBe(all.rows);
    }
    const some = await copy(3, 120, { columns: ['key'] });
    expect(some.rows).toBe(118);
  });

  it('are whole where cells are cut, and one is open in an editor as JSON, text or bytes', async () => {
    const [place] = await places();
    if (place === undefined) expect.fail();
    const entry = await session.entry({ key: null, place }, never());
    const as = (format: 'json' | 'text' | 'hex', column: string | null) =>
      valueText(entry, { column, as: format, zone: 'UTC' });
    expect(as('text', 'key')).toBe('user-1122');
    expect(as('json', 'value')).toBe('{\n  "amount": 860,\n  "updatedAt": 1767609260000\n}');
    expect(as('json', 'value.0')).toBe('860');
    expect(JSON.parse(as('json', null))).toMatchObject({ key: 'user-1122', kind: 'value' });
    expect(as('hex', 'key')).toMatch(/^00000000 {2}[0-9a-f ]{47} {2}\.user-1122$/);
  });
});

it('a hex dump has sixteen bytes a line', () => {
  expect(hexDump(new Uint8Array(0))).toBe('');
  expect(hexDump(Uint8Array.from({ length: 18 }, (_, i) => 0x40 + i))).toBe(
    '00000000  40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f  @ABCDEFGHIJKLMNO\n' +
      `00000010  50 51${' '.repeat(42)}  PQ`,
  );
});
