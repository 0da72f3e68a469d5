import type { Json } from '../../src/engine/json/jsonValue';
import type { Case } from './cases';
import { fixtureOf } from './copies';
import { allFired } from './fired';
import { type Line, withFields } from './lines';
import { Model } from './model';

const ACCOUNTS = '14cfd403e0929194539014eaed9ae6ed';
const MAX_LONG = 9223372036854775807n;
const TTL_MILLIS = 3650n * 86_400_000n;
const START = Date.parse('2026-01-05T08:00:00Z');
/** At which about half of the states with a time to live are over. */
export const HALF_ALIVE = START + 45 * 60_000 + Number(TTL_MILLIS);

const at = (state: string, more: object = {}) => ({ operator: 'accounts', state, ...more });
const ENTRY = { time: 5, kind: 'CLOSE', amount: -0.5, memo: null };

/** One change of each kind of keyed state. */
const editSteps = [
  { put: at('balance', { key: 'gustav', value: { amount: 1.5, updatedAt: 7 } }) },
  { put: at('balance', { key: 'new \u{1f4b0}', value: { amount: 0.1, updatedAt: -1 } }) },
  { update: at('balance', { where: 'value.amount < 0.0', set: { amount: '0.0' } }) },
  { delete: at('history', { key: 'bob' }) },
  { put: at('history', { key: 'new \u{1f4b0}', value: [ENTRY, { ...ENTRY, memo: 'm' }] }) },
  { delete: at('counters', { where: 'mapKey == "DEPOSIT"' }) },
  { put: at('counters', { key: 'alice', mapKey: 'BONUS', value: MAX_LONG }) },
  { put: at('total', { key: 'gustav', value: MAX_LONG }) },
  { put: at('average', { key: '', value: [3, -7] }) },
  { put: at('lastSeen', { key: 'new \u{1f4b0}', value: { $ttl: START, value: 5 } }) },
  {
    put: at('recent', {
      key: 'emil',
      value: [
        { $ttl: START, value: 'old' },
        { $ttl: HALF_ALIVE, value: 'young' },
      ],
    }),
  },
  { put: at('devices', { key: 'alice', mapKey: 'device 9', value: { $ttl: START + 1, value: 9 } }) },
];

function edited(lines: readonly Line[]): Line[] {
  const accounts = new Model(lines, ACCOUNTS);
  accounts.put('value', 'balance', { key: 'gustav', value: { amount: 1.5, updatedAt: 7 } });
  accounts.put('value', 'balance', { key: 'new \u{1f4b0}', value: { amount: 0.1, updatedAt: -1 } });
  accounts.change('balance', (line) => {
    const value = line.get('value') as Map<string, Json>;
    return Number(value.get('amount')) < 0 ? withFields(line, { value: withFields(value, { amount: 0 }) }) : line;
  });
  accounts.remove('history', { key: 'bob' });
  accounts.put('list', 'history', { key: 'new \u{1f4b0}', value: [ENTRY, { ...ENTRY, memo: 'm' }] });
  accounts.remove('counters', { ukey: 'DEPOSIT' });
  accounts.put('map', 'counters', { key: 'alice', ukey: 'BONUS', value: MAX_LONG });
  accounts.put('reducing', 'total', { key: 'gustav', value: MAX_LONG });
  accounts.put('aggregating', 'average', { key: '', value: [3, -7] });
  accounts.put('value', 'lastSeen', { key: 'new \u{1f4b0}', value: { $ttl: START, value: 5 } });
  const recent = [
    { $ttl: START, value: 'old' },
    { $ttl: HALF_ALIVE, value: 'young' },
  ];
  accounts.put('list', 'recent', { key: 'emil', value: recent });
  accounts.put('map', 'devices', { key: 'alice', ukey: 'device 9', value: { $ttl: START + 1, value: 9 } });
  return accounts.all();
}

/** States with a time to live as their job sees them at a time: without what is over, and without stamps. */
export function aliveAt(time: number): (lines: readonly Line[]) => Line[] {
  const isTimed = (value: Json): value is Map<string, Json> => value instanceof Map && value.has('$ttl');
  const left = (value: Json): Json[] =>
    isTimed(value) && BigInt(String(value.get('$ttl'))) + TTL_MILLIS > BigInt(time) ? [value.get('value') ?? null] : [];
  return (lines) =>
    lines.flatMap((line) => {
      const value = line.get('value') ?? null;
      if (isTimed(value)) return left(value).map((alive) => withFields(line, { value: alive }));
      if (!Array.isArray(value) || !value.some(isTimed)) return [];
      const alive = value.flatMap(left);
      return alive.length === 0 ? [] : [withFields(line, { value: alive })];
    });
}

/** Each way in which a backend lays out the same states. */
const LAYOUTS = [
  ...['heap-canonical', 'heap-canonical-compressed', 'heap-native', 'heap-native-compressed', 'heap-checkpoint'],
  ...['heap-changelog-materialized', 'rocksdb-changelog-materialized', 'rocksdb-canonical', 'rocksdb-native'],
  ...['rocksdb-incremental', 'rocksdb-file-merging', 'rocksdb-heap-timers'],
].map((layout) => `accounts-${layout}`);

const backendOf = (name: string) => fixtureOf(name).backend;

/** What a job that has another parallelism finds of a snapshot of one subtask is the same but for its own elements. */
const scaleAccounts = [{ uid: 'accounts', parallelism: 3, maxParallelism: 300 }];

export const edits: Case[] = [
  ...LAYOUTS.map(
    (from): Case => ({
      title: `${from}, one entry changed in each state`,
      from,
      steps: editSteps,
      model: edited,
      backends: [backendOf(from)],
      task: { finishes: true, aliveAt: HALF_ALIVE, isRead: from === 'accounts-rocksdb-incremental' },
      fired: allFired,
      alive: aliveAt(HALF_ALIVE),
    }),
  ),
  ...LAYOUTS.map(
    (from): Case => ({
      title: `${from}, rescaled`,
      from,
      steps: [{ rescale: { parallelism: 3, maxParallelism: 300, operators: ['accounts'] } }],
      backends: [backendOf(from) === 'hashmap' ? 'rocksdb' : 'hashmap'],
      task: { scales: scaleAccounts, finishes: true },
      fired: allFired,
    }),
  ),
];
