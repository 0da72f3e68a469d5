import type { Json } from '../../src/engine/json/jsonValue';
import { printJson } from '../../src/engine/json/printJson';
import { operatorIdOfUid } from '../../src/engine/metadata/operatorId';
import type { Case } from './cases';
import { aliveAt, HALF_ALIVE } from './edits';
import { allFired } from './fired';
import { has, json, type Line } from './lines';

const MAX_LONG = 9223372036854775807n;
const BALANCE = 'pojo com.acme.Balance {amount: double, updatedAt: long}';
const KIND = 'enum com.acme.Kind {DEPOSIT, WITHDRAWAL, NOTE, CLOSE}';
const ADDRESS = 'pojo com.acme.Address {street: string, number: int}';

const PAYMENT = {
  type: 'record',
  name: 'Payment',
  namespace: 'com.acme',
  fields: [
    { name: 'id', type: { type: 'string', 'avro.java.string': 'String' } },
    { name: 'cents', type: 'long' },
    { name: 'note', type: ['null', { type: 'string', 'avro.java.string': 'String' }], default: null },
    { name: 'parts', type: { type: 'array', items: 'int' } },
  ],
};
const SENSOR = {
  type: 'record',
  name: 'Sensor',
  namespace: 'com.acme.avro',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'reading', type: ['null', 'double', 'string'] },
    { name: 'mode', type: { type: 'enum', name: 'Mode', symbols: ['ON', 'OFF'] } },
    { name: 'tags', type: { type: 'map', values: 'long' } },
    { name: 'raw', type: 'bytes' },
  ],
};

/** The states of the job `types`, each of another type, in words. */
export const TYPES: Readonly<Record<string, string>> = {
  boolean: 'boolean',
  byte: 'byte',
  short: 'short',
  int: 'int',
  long: 'long',
  float: 'float',
  double: 'double',
  bigInteger: 'biginteger',
  bigDecimal: 'bigdecimal',
  char: 'char',
  string: 'string',
  enum: KIND,
  bytes: 'byte[]',
  date: 'date',
  sqlTimestamp: 'sql-timestamp',
  instant: 'instant',
  localDate: 'localdate',
  localTime: 'localtime',
  localDateTime: 'localdatetime',
  tuple: 'tuple<string, long, tuple<int, boolean>>',
  pojo: `pojo com.acme.Customer {id: long, name: string, address: ${ADDRESS}, balance: ${BALANCE}, limit: bigdecimal, since: instant, codes: int[]}`,
  row: 'row<int, string>',
  either: 'either<string, long>',
  listOfStrings: 'list<string>',
  mapOfStrings: 'map<string, long>',
  mapOfLongs: 'map<long, list<string>>',
  intArray: 'int[]',
  longArray: 'array<long>',
  stringArray: 'string[]',
  avroSpecific: 'avro com.acme.Payment "payment.avsc"',
  avroGeneric: 'avro "sensor.avsc"',
};

const ndjson = (rows: readonly unknown[]): string => rows.map((row) => `${printJson(json(row))}\n`).join('');
const ofState = (lines: readonly Line[], op: string, state: string): Line[] =>
  lines.filter((line) => has(line, { op, state }));

const TYPES_ID = '2db22d27d82fbf10fa0696f892366d9a';
const TYPES_UID = { uid: 'types', parallelism: 1, maxParallelism: 128 };

const types: Case = {
  title: 'types, an operator started from data, every type described in words',
  from: 'types-heap-canonical',
  files: (lines) => ({
    'payment.avsc': JSON.stringify(PAYMENT),
    'sensor.avsc': JSON.stringify(SENSOR),
    ...Object.fromEntries(
      Object.keys(TYPES).map((name) => [
        `${name}.ndjson`,
        ndjson(ofState(lines, TYPES_ID, name).map((line) => ({ k: line.get('key'), v: line.get('value') }))),
      ]),
    ),
  }),
  steps: [
    { removeOperator: 'types' },
    ...Object.entries(TYPES).map(([name, type]) => ({
      bootstrap: {
        operator: TYPES_UID,
        data: `${name}.ndjson`,
        key: { type: 'long', value: 'row.k' },
        states: [{ name, kind: 'value', type, value: 'row.v' }],
      },
    })),
  ],
  model: (lines) => lines.filter((line) => !has(line, { op: TYPES_ID }) || String(line.get('state')) in TYPES),
  backends: ['hashmap', 'rocksdb'],
};

const ACCOUNTS_ID = '14cfd403e0929194539014eaed9ae6ed';
const ACCOUNTS_UID = { uid: 'accounts', parallelism: 2, maxParallelism: 128 };
const accountsKey = { type: 'string', value: 'row.k' };

const step = (data: string, more: object) => ({
  bootstrap: { operator: ACCOUNTS_UID, data, key: accountsKey, ...more },
});
const state = (name: string, kind: string, type: string | string[], more: object = {}) =>
  step(`${name}.ndjson`, { states: [{ name, kind, type, value: 'row.v', ...more }] });

/** The value under a stamp, and the stamp. */
function timed(value: unknown): { v: unknown; t: unknown } {
  return value instanceof Map && value.has('$ttl')
    ? { v: value.get('value'), t: value.get('$ttl') }
    : { v: value, t: null };
}

function accountsFiles(lines: readonly Line[]): Record<string, string> {
  const files: Record<string, unknown[]> = { event: [], processing: [] };
  for (const line of lines) {
    if (!has(line, { op: ACCOUNTS_ID }) || !line.has('key')) continue;
    const k = line.get('key');
    const name = String(line.get('state'));
    const timer = /^_timer_state\/(event|processing)_/.exec(name)?.[1];
    if (timer !== undefined) files[timer].push({ k, t: line.get('timestamp') });
    else {
      const value = line.get('value');
      const items = name === 'recent' && Array.isArray(value) ? value.map((item) => [item]) : [value];
      files[name] ??= [];
      for (const item of items) {
        const { v, t } = timed(Array.isArray(item) && name === 'recent' ? item[0] : item);
        files[name].push({ k, mk: line.get('ukey'), v: name === 'recent' ? [v] : v, t });
      }
    }
  }
  return Object.fromEntries(Object.entries(files).map(([name, rows]) => [`${name}.ndjson`, ndjson(rows)]));
}

const accounts: Case = {
  title: 'accounts, an operator started from data, with every kind of state, timers and times to live',
  from: 'accounts-heap-canonical',
  files: accountsFiles,
  steps: [
    { removeOperator: 'accounts' },
    state('balance', 'value', BALANCE),
    state('history', 'list', `pojo com.acme.Entry {time: long, kind: ${KIND}, amount: double, memo: string}`),
    state('counters', 'map', ['string', 'long'], { mapKey: 'row.mk' }),
    state('total', 'reducing', 'long'),
    state('average', 'aggregating', 'tuple<long, long>'),
    state('lastSeen', 'value', 'long', { ttl: 'row.t' }),
    state('recent', 'list', 'string', { ttl: 'row.t' }),
    state('devices', 'map', ['string', 'int'], { mapKey: 'row.mk', ttl: 'row.t' }),
    step('event.ndjson', { timers: [{ service: 'user-timers', domain: 'event', timestamp: 'row.t' }] }),
    step('processing.ndjson', { timers: [{ service: 'user-timers', domain: 'processing', timestamp: 'row.t' }] }),
  ],
  model: (lines) => lines.filter((line) => !has(line, { op: ACCOUNTS_ID }) || line.has('key')),
  backends: ['hashmap', 'rocksdb'],
  task: { finishes: true, aliveAt: HALF_ALIVE, isRead: true },
  fired: allFired,
  alive: aliveAt(HALF_ALIVE),
};

const HOURLY_ID = 'f8f5c9fd69abb9f6dd2532745bd779bd';
const window = { type: 'time-window', value: 'row.w' };

/** A window that is filled from data closes when its time has come. */
const windows: Case = {
  title: 'bank, windows filled from data',
  from: 'bank-heap-canonical',
  files: (lines) => ({
    'windows.ndjson': ndjson(
      ofState(lines, HOURLY_ID, 'window-contents').map((line) => ({
        k: line.get('key'),
        w: line.get('ns'),
        v: line.get('value'),
      })),
    ),
  }),
  steps: [
    { removeOperator: 'hourly' },
    {
      bootstrap: {
        operator: { uid: 'hourly', parallelism: 2, maxParallelism: 128 },
        data: 'windows.ndjson',
        key: { type: 'string', value: 'row.k' },
        states: [
          {
            name: 'window-contents',
            kind: 'reducing',
            type: `tuple<${KIND}, long>`,
            value: 'row.v',
            namespace: window,
          },
        ],
        timers: [{ service: 'window-timers', domain: 'event', timestamp: 'int(row.w.end) - 1', namespace: window }],
      },
    },
  ],
  backends: ['hashmap', 'rocksdb'],
  task: { finishes: true },
  fired: allFired,
};

const GROUP_ID = '40f19461e08d0359bf224b3e8b99445d';

/** An operator of SQL, whose key and value are rows. */
const sql: Case = {
  title: 'sql, an aggregate started from data',
  from: 'sql-rocksdb-canonical',
  files: (lines) => ({
    'groups.ndjson': ndjson(
      ofState(lines, GROUP_ID, 'accState').map((line) => ({ k: line.get('key'), v: line.get('value') })),
    ),
  }),
  steps: [
    { removeOperator: GROUP_ID },
    {
      bootstrap: {
        operator: { id: GROUP_ID, parallelism: 1, maxParallelism: 128 },
        data: 'groups.ndjson',
        key: { type: 'rowData {account: varchar(2147483647)}', value: 'row.k' },
        states: [{ name: 'accState', kind: 'value', type: 'rowData {n: bigint, sum: bigint}', value: 'row.v' }],
      },
    },
  ],
  backends: ['hashmap', 'rocksdb'],
};

/** Keys that the operator has already are merged. */
const merged: Case = {
  title: 'accounts, data brought into the state of an operator',
  from: 'accounts-rocksdb-incremental',
  files: () => ({ 'more.csv': 'user,amount\nalice,9007199254740993\nnew,5\n' }),
  steps: [
    {
      bootstrap: {
        operator: 'accounts',
        data: 'more.csv',
        key: 'row.user',
        states: [
          { name: 'total', value: 'int(row.amount)', merge: 'old + value' },
          { name: 'counters', mapKey: '"IMPORTED"', value: 'int(row.amount)', merge: 'append' },
        ],
      },
    },
  ],
  model: (lines) => {
    const rows: [string, bigint][] = [
      ['alice', 9007199254740993n],
      ['new', 5n],
    ];
    const at = (kind: string, name: string, key: string) => ({ op: ACCOUNTS_ID, kind, state: name, key });
    return rows.reduce<Line[]>(
      (all, [key, amount]) => {
        const old = all.find((line) => has(line, at('reducing', 'total', key)))?.get('value') ?? 0n;
        const total = { ...at('reducing', 'total', key), value: BigInt(String(old)) + amount };
        const counter = { ...at('map', 'counters', key), ukey: 'IMPORTED', value: amount };
        return [
          ...all.filter((line) => !has(line, at('reducing', 'total', key))),
          json(total) as Map<string, never>,
          json(counter) as Map<string, never>,
        ];
      },
      [...lines],
    );
  },
  backends: ['rocksdb'],
};

const SQL_COLUMNS =
  'rowData {a: varchar(20), b: decimal(10, 2), c: decimal(38, 18), d: timestamp(3), e: timestamp(9), f: timestamp_ltz(6), ' +
  'g: date, h: time(3), i: bigint not null, j: double, k: boolean, l: array<int>}';

const SQL_ROWS = [
  [
    ...['Зоя', '-12345678.90', '12345678901234567890.123456789012345678', '2024-01-31T23:59:59.120'],
    ...['1969-12-31T23:59:59.123456789', '2024-02-29T12:00:00.000001', '2024-02-29', '23:59:59.999'],
    ...[MAX_LONG, -0.5, true, [1, null, -2147483648]],
  ],
  [
    '',
    '0.00',
    '-0.100000000000000001',
    '1970-01-01T00:00:00',
    null,
    null,
    '0001-01-01',
    '00:00:00',
    -1,
    null,
    false,
    [],
  ],
  [null, null, null, null, null, null, null, null, 0, 1.5, null, null],
];

const ROWS_ID = operatorIdOfUid('rows');
const rowsKey = { type: 'tuple<string, int>', value: 'row.k' };
const sqlRow = (i: number) => ({ k: ['key', i], n: i, v: SQL_ROWS[i % SQL_ROWS.length] });

/** A snapshot that is made of data alone. */
const fromNothing = (more: Pick<Case, 'title' | 'plan'> & Partial<Case>): Case => ({
  from: 'types-heap-canonical',
  files: () => ({ 'rows.ndjson': ndjson(Array.from({ length: 9 }, (_, i) => sqlRow(i))) }),
  steps: [
    {
      bootstrap: {
        operator: { uid: 'rows', parallelism: 2, maxParallelism: 64 },
        data: 'rows.ndjson',
        key: rowsKey,
        states: [
          { name: 'value', kind: 'value', type: SQL_COLUMNS, value: 'row.v' },
          { name: 'list', kind: 'list', type: SQL_COLUMNS, value: '[row.v, row.v]' },
          { name: 'map', kind: 'map', type: ['long', SQL_COLUMNS], mapKey: 'int(row.n)', value: 'row.v' },
        ],
      },
    },
  ],
  model: () =>
    Array.from({ length: 9 }, (_, i) => sqlRow(i)).flatMap(({ k, n, v }) => [
      line({ kind: 'value', state: 'value', key: k, value: v }),
      line({ kind: 'list', state: 'list', key: k, value: [v, v] }),
      line({ kind: 'map', state: 'map', key: k, ukey: n, value: v }),
    ]),
  backends: ['hashmap', 'rocksdb'],
  ...more,
  task: { job: 'sql-types' },
});

const line = (fields: object): Line => json({ op: ROWS_ID, ...fields }) as Map<string, Json>;

const nothing: Case[] = [
  fromNothing({
    title: "started from nothing, rows of SQL's types, metadata of Flink 1.20",
    plan: { from: undefined, metadataVersion: 4 },
  }),
  fromNothing({
    title: "started from nothing, rows of SQL's types, newest metadata",
    plan: { from: undefined },
    only: '2.3.0',
  }),
  fromNothing({
    title: "started from nothing, rows of SQL's types, for the heap backend",
    plan: { from: undefined, metadataVersion: 4, format: 'heap' },
    backends: ['hashmap'],
  }),
];

const RATES_ID = '3ff50d17ebbf2a880bdceeca32225acc';

/** List, union and broadcast state of rows; elements are dealt out as Flink deals them. */
const operatorStates: Case[] = [
  {
    title: 'bank, broadcast state from data',
    from: 'bank-heap-canonical',
    files: (lines) => ({
      'rates.ndjson': ndjson(
        lines
          .filter((line) => has(line, { op: RATES_ID, subtask: 0 }))
          .map((line) => ({ k: line.get('ukey'), v: line.get('value') })),
      ),
    }),
    steps: [
      { removeOperator: 'rates' },
      {
        bootstrap: {
          operator: { uid: 'rates', parallelism: 2, maxParallelism: 128 },
          data: 'rates.ndjson',
          states: [
            {
              name: 'rates',
              kind: 'broadcast',
              type: ['string', 'pojo com.acme.Rate {currency: string, perEuro: double}'],
              mapKey: 'row.k',
              value: 'row.v',
            },
          ],
        },
      },
    ],
    backends: ['hashmap', 'rocksdb'],
  },
  {
    title: 'accounts, list and union state from data',
    from: 'accounts-heap-canonical',
    files: (lines) => ({
      'pending.ndjson': ndjson(ofState(lines, ACCOUNTS_ID, 'pending').map((line) => ({ v: line.get('value') }))),
      'progress.ndjson': ndjson(ofState(lines, ACCOUNTS_ID, 'progress').map((line) => ({ v: line.get('value') }))),
    }),
    steps: [
      { removeOperator: 'accounts' },
      ...[
        ['pending', 'operator-list', 'long'],
        ['progress', 'operator-union', 'tuple<string, long>'],
      ].map(([name, kind, type]) => ({
        bootstrap: {
          operator: ACCOUNTS_UID,
          data: `${name}.ndjson`,
          states: [{ name, kind, type, value: '[row.v]' }],
        },
      })),
    ],
    model: (lines) => lines.filter((line) => !has(line, { op: ACCOUNTS_ID }) || !line.has('key')),
    backends: ['hashmap'],
  },
];

export const bootstraps: Case[] = [types, accounts, windows, sql, merged, ...nothing, ...operatorStates];
