import * as path from 'node:path';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import type { PartState, RawEntry } from '../../../src/engine/backends/part';
import { Sink } from '../../../src/engine/bytes/sink';
import { parquetFormat } from '../../../src/engine/export/parquetFormat';
import { JsonBytes } from '../../../src/engine/json/jsonBytes';
import { parseJson } from '../../../src/engine/json/parseJson';
import { writeJson } from '../../../src/engine/json/writeJson';
import { dump } from '../../../src/engine/query/dump';
import type { LineOwner } from '../../../src/engine/query/dumpFormat';
import { entryFilter } from '../../../src/engine/query/filter';
import { openSnapshot } from '../../../src/engine/snapshot';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import type { Codec } from '../../../src/engine/types/codec';
import { newSerializer } from '../../../src/engine/types/describe/newSerializer';
import { parseTypeText } from '../../../src/engine/types/describe/typeText';
import { fixtureSnapshots } from '../../corpus';

const sample = path.resolve(import.meta.dirname, '../../../media/sample');

const codecOf = (type: string): Codec => newSerializer(parseTypeText(type), '2.0').codec;

function bytesOf(codec: Codec, value: unknown): Uint8Array {
  const sink = new Sink();
  codec.write(sink, value);
  return sink.toBytes();
}

const owner = { operator: { id: 'a'.repeat(32) }, subtask: { index: 3 } } as unknown as LineOwner;

function stateOf(type: string): PartState {
  const key = codecOf('int');
  const common = { name: 's', kind: 'value', meta: null, namespace: null, userKey: null, layout: 'whole' } as const;
  return { ...common, key, value: codecOf(type) };
}

function entryOf(state: PartState, key: number, value: Uint8Array): RawEntry {
  const keyBytes = bytesOf(state.key as Codec, key);
  const none = { namespace: null, userKey: null, timestamp: null, fault: null, index: -1 };
  return { state, keyGroup: 7, key: keyBytes, value, ...none };
}

type Row = Record<string, unknown>;

/** Values of a type as a file of Parquet, read back by another library. */
async function written(type: string, values: readonly Uint8Array[]): Promise<Row[]> {
  const state = stateOf(type);
  const out = new JsonBytes(new Uint8Array(16));
  const lines = parquetFormat(true).lines(out);
  values.forEach((value, i) => {
    lines.entry(owner, entryOf(state, i, value));
  });
  lines.end?.();
  return rowsOf(out.take(new Uint8Array(0)));
}

function rowsOf(bytes: Uint8Array): Promise<Row[]> {
  const file = new Uint8Array(bytes).buffer;
  return parquetReadObjects({ file, utf8: false }) as Promise<Row[]>;
}

/** The same from JSON. */
async function values(type: string, ...jsons: string[]): Promise<unknown[]> {
  const codec = codecOf(type);
  const rows = await written(
    type,
    jsons.map((json) => bytesOf(codec, codec.fromJson(parseJson(json)))),
  );
  return rows.map(({ value, json }) => (json === null ? value : { json }));
}

describe('a column of Parquet', () => {
  it('holds integers to the last bit', async () => {
    const ends = ['9223372036854775807', '-9223372036854775808', '9007199254740993', '0'];
    expect(await values('long', ...ends)).toEqual(ends.map(BigInt));
    expect(await values('int', '2147483647', '-2147483648')).toEqual([2147483647, -2147483648]);
    expect(await values('byte', '-128', '127')).toEqual([-128, 127]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { minLength: 1 }),
        async (all) => {
          expect(await values('long', ...all.map(String))).toEqual(all);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('tells 0.0 from -0.0, and holds NaN and the infinities', async () => {
    const texts = ['0.0', '-0.0', '"NaN"', '"Infinity"', '"-Infinity"', '0.1', '-0.0', '0.0', '0.0', '0.0'];
    for (const type of ['double', 'float']) {
      const found = (await values(type, ...texts)) as number[];
      const wanted = [0, -0, Number.NaN, Infinity, -Infinity, type === 'float' ? Math.fround(0.1) : 0.1, -0, 0, 0, 0];
      expect(found.map((n, i) => Object.is(n, wanted[i]))).toEqual(wanted.map(() => true));
    }
    const inside = (await values('list<double>', '[0.0, -0.0, 0.0, -0.0, 0.0]')) as number[][];
    expect(inside[0]?.map((n) => Object.is(n, -0))).toEqual([false, true, false, true, false]);
  });

  it('holds texts, bytes and null apart from what is empty', async () => {
    expect(await values('string', '"a"', '""', '"😀\\u0000é"')).toEqual(['a', '', '😀\0é']);
    expect(await values('string', '"\\ud83d"')).toEqual([{ json: '{"value":"\\ud83d"}' }]);
    expect(await values('byte[]', '"AAEC/w=="', '""')).toEqual([Uint8Array.of(0, 1, 2, 255), new Uint8Array(0)]);
    expect(await values('string?', 'null', '"null"')).toEqual([null, 'null']);
    expect(await values('enum a.Color {RED, GREEN}', '"GREEN"')).toEqual(['GREEN']);
    expect(await values('boolean', 'true', 'false')).toEqual([true, false]);
  });

  it('holds times as times', async () => {
    const [date] = await values('date', '"2024-01-31T23:59:59.123Z"');
    expect(date).toEqual(new Date('2024-01-31T23:59:59.123Z'));
    const rows = await values('instant', '"2024-01-31T23:59:59.123456789Z"', '"9999-12-31T00:00:00Z"');
    expect(rows[1]).toEqual({ json: '{"value":"9999-12-31T00:00:00Z"}' });
    expect(rows[0]).not.toHaveProperty('json');
    expect((await values('localdate', '"2024-01-31"'))[0]).toEqual(new Date('2024-01-31'));
    const [dateTime] = await values('localdatetime', '"2024-01-31T23:59:59.5"');
    expect(dateTime).toEqual(new Date('2024-01-31T23:59:59.5Z'));
  });

  it('holds decimals by their precision and scale', async () => {
    expect(await values('decimal(10, 2)', '"12.50"', '"-0.01"')).toEqual([12.5, -0.01]);
    expect(await values('bigdecimal', '"1E-30"', '"12345678901234567890.5"')).toEqual([
      '1E-30',
      '12345678901234567890.5',
    ]);
    expect(await values('biginteger', '"123456789012345678901234567890"')).toEqual(['123456789012345678901234567890']);
  });

  it('nests records, lists and maps', async () => {
    const pojo = 'pojo a.B {id: long, name: string, tags: list<string>, inner: pojo a.C {x: double}}';
    expect(
      await values(
        pojo,
        '{"id":9007199254740993,"name":"n","tags":["a",""],"inner":{"x":-0.0}}',
        '{"id":1,"name":null,"tags":[],"inner":null}',
        '{"id":2,"name":"","tags":null,"inner":{"x":1.5}}',
      ),
    ).toEqual([
      { id: 9007199254740993n, name: 'n', tags: ['a', ''], inner: { x: -0 } },
      // What this reader gives for a null group, and a null list.
      { id: 1n, name: null, tags: [], inner: undefined },
      { id: 2n, name: '', tags: undefined, inner: { x: 1.5 } },
    ]);
    expect(await values('map<string, long>', '{"a":1,"b":2}', '{}')).toEqual([{ a: 1n, b: 2n }, {}]);
    expect(await values('tuple<string, int>', '["x",5]')).toEqual([{ f0: 'x', f1: 5 }]);
    expect(await values('list<tuple<long, list<int>>>', '[[1,[2,3]],[4,[]]]', '[]')).toEqual([
      [
        { f0: 1n, f1: [2, 3] },
        { f0: 4n, f1: [] },
      ],
      [],
    ]);
  });

  it('holds what it cannot as JSON beside it, with the reason where it is not decoded', async () => {
    const [row] = await written('long', [Uint8Array.of(1, 2, 3)]);
    expect(row).toMatchObject({ key: 0, value: null, kg: 7, subtask: 3, kind: 'value' });
    expect(JSON.parse(String(row?.['json']))).toMatchObject({ value: { $bytes: 'AQID', $why: expect.any(String) } });
    const rows = await values('row<int>', '{"$kind":"-D","fields":[1]}', '[2]');
    expect(rows).toEqual([{ json: '{"value":{"$kind":"-D","fields":[1]}}' }, { f0: 2 }]);
  });
});

async function dumped(where: string, operator: string, state: string, format = parquetFormat(true), filter?: string) {
  const snapshot = await openSnapshot(where, nodeFileStore);
  const pieces: Uint8Array[] = [];
  const options = { operator, state, format, where: filter === undefined ? undefined : entryFilter(filter) };
  for await (const piece of dump(snapshot, options, () => {})) pieces.push(piece.slice());
  await snapshot.close();
  return Buffer.concat(pieces);
}

describe('a dump to Parquet', () => {
  it('has every entry of a state that the dump in lines has, none of them in JSON', async () => {
    let compared = 0;
    for (const job of [
      'types-heap-native',
      'accounts-rocksdb-incremental',
      'sql-heap-canonical',
      'bank-heap-canonical',
    ]) {
      const [stored] = fixtureSnapshots().filter(({ name }) => name.split(path.sep)[0] === `2.3-${job}`);
      if (stored === undefined) expect.fail('The fixture is not there.');
      const snapshot = await openSnapshot(stored.path, nodeFileStore);
      for (const { id, subtasks } of snapshot.operators) {
        const names = new Set<string>();
        for (const subtask of subtasks) {
          for (const part of (await subtask.open()).parts) for (const { name } of part.states) names.add(name);
        }
        for (const state of names) {
          const lines: Row[] = [];
          const text: Uint8Array[] = [];
          for await (const piece of dump(snapshot, { operator: id, state }, () => {})) text.push(piece.slice());
          for (const line of Buffer.concat(text).toString().split('\n')) if (line !== '') lines.push(JSON.parse(line));
          const rows = await rowsOf(await dumped(stored.path, id, state));
          expect(rows.length, state).toBe(lines.length);
          for (const [i, row] of rows.entries()) {
            const line = lines[i] ?? {};
            expect([row['subtask'], row['state'], row['kg'] ?? undefined]).toEqual([
              line['subtask'],
              line['state'],
              line['kg'],
            ]);
            if (line['kind'] === 'unread') expect(String(row['json'])).toContain('"unread"');
            else if (row['json'] !== null) expect(String(row['json'])).toMatch(/\$why|\$kind|\$class|\\ud8/);
            else if (line['key'] !== undefined) expect(row['key'], state).not.toBeNull();
            if (typeof line['key'] === 'string' && typeof row['key'] === 'string') expect(row['key']).toBe(line['key']);
            compared++;
          }
        }
      }
      await snapshot.close();
    }
    expect(compared).toBeGreaterThan(100);
  });

  it('takes a filter, and is a file even of nothing', async () => {
    const accounts = '14cfd403e0929194539014eaed9ae6ed';
    const rows = await rowsOf(await dumped(sample, accounts, 'balance', parquetFormat(true), 'value.amount > 1000.0'));
    expect(rows.length).toBeGreaterThan(0);
    for (const { value } of rows) expect((value as { amount: number }).amount).toBeGreaterThan(1000);
    const empty = await dumped(sample, accounts, 'balance', parquetFormat(true), 'false');
    expect(await rowsOf(empty)).toEqual([]);
  });

  it('of several states has their parts as JSON', async () => {
    const snapshot = await openSnapshot(sample, nodeFileStore);
    const pieces: Uint8Array[] = [];
    for await (const piece of dump(snapshot, { format: parquetFormat(false) }, () => {})) pieces.push(piece.slice());
    await snapshot.close();
    const rows = await rowsOf(Buffer.concat(pieces));
    expect(new Set(rows.map(({ state }) => state)).size).toBeGreaterThan(2);
    const balance = rows.find(({ state }) => state === 'balance');
    expect(balance?.['key']).toMatch(/^"/);
    expect(JSON.parse(String(balance?.['value']))).toHaveProperty('amount');
  });

  it('writes row groups as they fill', async () => {
    const state = stateOf('byte[]');
    const out = new JsonBytes(new Uint8Array(16));
    const lines = parquetFormat(true).lines(out);
    const codec = state.value as Codec;
    const value = bytesOf(codec, crypto.getRandomValues(new Uint8Array(60_000)));
    const pieces: Uint8Array[] = [];
    for (let i = 0; i < 900; i++) {
      lines.entry(owner, entryOf(state, i, value));
      if (out.length > 0) pieces.push(out.take(new Uint8Array(0)).slice());
    }
    expect(pieces.length).toBeGreaterThanOrEqual(3);
    lines.end?.();
    pieces.push(out.take(new Uint8Array(0)).slice());
    const file = Buffer.concat(pieces);
    const { row_groups, num_rows } = parquetMetadata(file.buffer.slice(file.byteOffset, file.byteOffset + file.length));
    expect([row_groups.length >= 4, num_rows]).toEqual([true, 900n]);
    expect(writeJson((await rowsOf(file)).map(({ key }) => key))).toBe(
      writeJson(Array.from({ length: 900 }, (_, i) => i)),
    );
  });
});
