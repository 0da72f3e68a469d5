import type { Json } from '../../src/engine/json/jsonValue';
import { fixture } from '../engine/plan/harness';
import { TYPES } from './bootstraps';
import type { Case } from './cases';
import { allFired } from './fired';
import { has, json, type Line, linesOf, withFields } from './lines';
import { Model } from './model';

const IDS = {
  accounts: '14cfd403e0929194539014eaed9ae6ed',
  rates: '3ff50d17ebbf2a880bdceeca32225acc',
  types: '2db22d27d82fbf10fa0696f892366d9a',
};
const [EVENT, PROCESSING] = ['_timer_state/event_user-timers', '_timer_state/processing_user-timers'];
const NEXT_DAY = Date.parse('2026-01-06T00:00:00Z');

const at = (operator: string, state: string, more: object = {}) => ({ operator, state, ...more });
const withoutLines = (fields: Record<string, unknown>) => (lines: readonly Line[]) =>
  lines.filter((line) => !has(line, fields));

/** What is left out, added from elsewhere, or called otherwise. */
const structure: Case[] = [
  {
    title: 'accounts, a state removed and another renamed',
    from: 'accounts-rocksdb-native',
    steps: [{ removeState: at('accounts', 'history') }, { renameState: at('accounts', 'total', { to: 'sum' }) }],
    model: (lines) => lines.filter((line) => !has(line, { state: 'history' }) && !has(line, { state: 'total' })),
    backends: ['rocksdb'],
    task: { finishes: true },
    fired: allFired,
  },
  {
    title: 'bank, an operator removed',
    from: 'bank-heap-native',
    steps: [{ removeOperator: 'accounts' }],
    model: withoutLines({ op: IDS.accounts }),
    backends: ['hashmap'],
  },
  {
    title: 'bank, an operator taken from another snapshot',
    from: 'bank-rocksdb-canonical',
    steps: (_, release) => [
      { removeOperator: 'accounts' },
      {
        copyOperator: {
          from: fixture(`${release.replace(/\.0$/, '')}-accounts-rocksdb-incremental`),
          operator: 'accounts',
          uid: 'accounts',
        },
      },
    ],
    // It holds the same, worked out by two subtasks and not four.
    model: (lines) => [
      ...withoutLines({ op: IDS.accounts })(lines),
      ...linesOf('2.3-accounts-rocksdb-incremental').filter((line) => has(line, { op: IDS.accounts })),
    ],
    backends: ['rocksdb'],
    task: { scales: [{ uid: 'accounts', parallelism: 2 }] },
  },
];

const timers: Case[] = (
  ['accounts-rocksdb-incremental', 'accounts-heap-native', 'accounts-rocksdb-heap-timers'] as const
).map((from) => ({
  title: `${from}, timers added, moved and removed; those whose time has come fire at once`,
  from,
  steps: [
    { put: at('accounts', EVENT, { key: 'new', timestamp: NEXT_DAY + 50 }) },
    { delete: at('accounts', EVENT, { where: `timestamp == ${NEXT_DAY}` }) },
    { update: at('accounts', EVENT, { where: `timestamp == ${NEXT_DAY + 2}`, set: { timestamp: 'timestamp + 5' } }) },
    { update: at('accounts', PROCESSING, { where: 'key == "bob"', set: { timestamp: 'timestamp - 4000000000000' } }) },
  ],
  model: (lines) => {
    const model = new Model(lines, IDS.accounts);
    model.remove(EVENT, { timestamp: NEXT_DAY });
    model.change(EVENT, (line) =>
      has(line, { timestamp: NEXT_DAY + 2 }) ? withFields(line, { timestamp: NEXT_DAY + 7 }) : line,
    );
    model.add({ kind: 'timer', state: EVENT, key: 'new', timestamp: NEXT_DAY + 50 });
    // These have fired, and the checkpoint that was waited for has filled the list state anew.
    model.remove(PROCESSING, { key: 'bob' });
    model.remove('pending', {});
    model.change('progress', (line) => withFields(line, { value: [(line.get('value') as Json[])[0], 0] }));
    return model.all();
  },
  backends: [from.includes('heap-native') ? 'hashmap' : 'rocksdb'],
  task: { settles: true, finishes: true },
  fired: (expected, lines) => [
    ...allFired(expected),
    ...lines
      .filter((line) => has(line, { state: PROCESSING, key: 'bob' }))
      .map((line) =>
        json({
          operator: 'accounts',
          timer: 'processing',
          key: 'bob',
          timestamp: BigInt(String(line.get('timestamp'))) - 4000000000000n,
        }),
      ),
  ],
  // After the checkpoint each subtask knows its own progress alone.
  unionIsOwn: true,
}));

const operatorState: Case[] = [
  {
    title: 'accounts, list and union state changed',
    from: 'accounts-heap-checkpoint',
    steps: [
      { put: at('accounts', 'pending', { subtask: 1, value: 5 }) },
      { delete: at('accounts', 'pending', { subtask: 0, index: 0 }) },
      { update: at('accounts', 'pending', { where: 'value == 89', set: 'value + 1000' }) },
      { put: at('accounts', 'progress', { subtask: 0, value: ['subtask-9', -1] }) },
    ],
    model: (lines) => {
      const model = new Model(lines, IDS.accounts);
      model.remove('pending', { subtask: 0, index: 0 });
      model.change('pending', (line) => (has(line, { value: 89 }) ? withFields(line, { value: 1089 }) : line));
      model.add({ kind: 'operator-list', state: 'pending', value: 5 });
      model.add({ kind: 'operator-union', state: 'progress', value: ['subtask-9', -1] });
      return model.all();
    },
    backends: ['hashmap'],
  },
  {
    title: 'bank, broadcast state changed',
    from: 'bank-heap-canonical',
    steps: [
      { put: at('rates', 'rates', { mapKey: 'CHF', value: { currency: 'CHF', perEuro: 0.9417 } }) },
      { delete: at('rates', 'rates', { mapKey: 'JPY' }) },
    ],
    model: (lines) => {
      const model = new Model(lines, IDS.rates);
      model.remove('rates', { ukey: 'JPY' });
      model.add({ kind: 'broadcast', state: 'rates', ukey: 'CHF', value: { currency: 'CHF', perEuro: 0.9417 } });
      return model.all();
    },
    backends: ['hashmap', 'rocksdb'],
  },
];

const KEYED = ['accounts', 'orders', 'routes', 'devices', 'hourly', 'sessions'];

const rescales: Case[] = [
  {
    title: 'bank, rescaled: windows and keys of several types',
    from: 'bank-rocksdb-canonical',
    steps: [
      { rescale: { parallelism: 2, maxParallelism: 512, operators: KEYED } },
      { rescale: { parallelism: 3, operators: ['rates'] } },
    ],
    backends: ['hashmap', 'rocksdb'],
    task: {
      scales: [...KEYED.map((uid) => ({ uid, parallelism: 2, maxParallelism: 512 })), { uid: 'rates', parallelism: 3 }],
      finishes: true,
    },
    fired: allFired,
  },
  {
    title: 'sql, another max parallelism: rows are keys',
    from: 'sql-rocksdb-canonical',
    steps: [{ rescale: { maxParallelism: 200 } }],
    backends: ['hashmap'],
    task: { scales: [{ uid: '*', maxParallelism: 200 }] },
  },
  {
    title: 'accounts, the parallelism changed by Flink',
    from: 'accounts-heap-native-compressed',
    steps: [{ setCheckpointId: 7 }],
    dealtTo: { [IDS.accounts]: 3 },
    backends: ['hashmap'],
    task: { scales: [{ uid: 'accounts', parallelism: 3 }], finishes: true },
    fired: allFired,
  },
];

const forms: Case[] = [
  {
    title: 'a checkpoint of RocksDB as a savepoint of the heap backend',
    from: 'accounts-rocksdb-incremental',
    plan: { format: 'heap' },
    steps: [],
    backends: ['hashmap'],
    task: { finishes: true },
    fired: allFired,
  },
  {
    title: 'a snapshot of Flink 1.20 in the newest metadata, restored by 2.3',
    from: 'accounts-heap-canonical',
    writtenBy: '1.20.0',
    plan: { metadataVersion: 6 },
    // All operators: Flink asks the same max parallelism of those that run in one task.
    steps: [{ rescale: { maxParallelism: 200 } }],
    backends: ['rocksdb'],
    task: { scales: [{ uid: '*', maxParallelism: 200 }], finishes: true },
    fired: allFired,
  },
];

/** Every type: the value under key 0 is put under key 6 too. */
const types: Case = {
  title: 'types, a value of every type put',
  from: 'types-heap-canonical',
  steps: (lines) =>
    samples(lines).map((line) => ({
      put: at('types', String(line.get('state')), { key: 6, value: line.get('value') }),
    })),
  model: (lines) => {
    const model = new Model(lines, IDS.types);
    for (const line of samples(lines)) {
      model.put('value', String(line.get('state')), { key: 6, value: line.get('value') });
    }
    return model.all();
  },
  backends: ['hashmap', 'rocksdb'],
};

const samples = (lines: readonly Line[]): Line[] =>
  lines.filter((line) => has(line, { op: IDS.types, key: 0 }) && String(line.get('state')) in TYPES);

export const changes: Case[] = [...structure, ...timers, ...operatorState, ...rescales, ...forms, types];
