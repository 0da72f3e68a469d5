import type { OperatorDiff, StateDiff } from '../../src/engine/diff/diffResult';
import {
  type ComparedNames,
  type CompareHostSide,
  type ComparePageSide,
  checkProtocol,
  packedPort,
} from '../../src/protocol';
import { Peer } from '../../src/rpc/peer';
import { fromProblem } from '../../src/rpc/problem';
import { explain } from '../../src/view/explain';
import type {
  ComparedSide,
  ComparisonEnd,
  ComparisonFound,
  DifferenceDetail,
  DifferenceKind,
  DifferenceQuery,
  DifferenceRow,
} from '../../src/view/shownComparison';
import { buildStrings } from '../../src/view/strings';
import { inEnglish } from '../../src/view/translate';
import { problem } from './samples';

/** Stands in for the extension behind the page that compares. What the page asked for is left in `window.fakeHost`. */
const scenario = new URLSearchParams(location.search).get('scenario') ?? 'changed';
const HOSTILE = '<img src=x onerror=alert(1)>';
const ACCOUNTS = '14cfd403e0929194539014eaed9ae6ed';

const state = (name: string, more: Partial<StateDiff> = {}): StateDiff => ({
  name,
  kind: 'value',
  of: 'keyed',
  in: 'both',
  types: [],
  added: 0,
  removed: 0,
  changed: 0,
  incomplete: false,
  ...more,
});

const operator = (more: Partial<OperatorDiff>): OperatorDiff => ({
  id: ACCOUNTS,
  uid: 'accounts',
  name: 'Accounts',
  in: 'both',
  renamed: null,
  parallelism: null,
  maxParallelism: null,
  states: [],
  ...more,
});

const changedOperators: OperatorDiff[] = [
  operator({
    parallelism: { before: 4, after: 8 },
    states: [
      state('balance', {
        types: [
          {
            what: 'type',
            before: 'pojo com.acme.Balance {amount: double}',
            after: 'pojo com.acme.Balance {amount: decimal(10, 2), since: long}',
            parts: [
              { path: 'amount', before: 'double', after: 'decimal(10, 2)' },
              { path: 'since', before: null, after: 'long' },
            ],
          },
        ],
      }),
      state('counters', { kind: 'map' }),
      state('total'),
      state('_timer_state/event_user-timers', { kind: 'timer' }),
      state('scratch', { in: 'before' }),
      state('limits', { in: 'after' }),
    ],
  }),
  operator({
    id: 'b'.repeat(32),
    uid: 'enrich',
    name: 'Enrich',
    in: 'after',
    states: [state('cache', { in: 'after' })],
  }),
  operator({ id: 'c'.repeat(32), uid: 'old-sink', name: null, in: 'before' }),
  operator({
    id: 'd'.repeat(32),
    uid: 'events',
    name: 'Source: Events',
    states: [state('SourceReaderState', { kind: 'operator-list', of: 'operator' })],
  }),
];

const COUNTS: Record<string, readonly [number, number, number]> = {
  balance: [1, 1, 3],
  counters: [0, 12, 1_200_000],
  '_timer_state/event_user-timers': [2, 0, 0],
};

const scenarios: Record<string, OperatorDiff[]> = {
  same: [operator({ states: [state('balance'), state('total')] })],
  hostile: [operator({ name: HOSTILE, uid: null, states: [state(HOSTILE)] })],
};
const operators = scenarios[scenario] ?? changedOperators;

const side = (name: string, checkpointId: bigint): ComparedSide => ({
  kind: 'savepoint',
  format: 'canonical',
  incremental: false,
  metadataVersion: 6,
  path: `/home/ada/savepoints/${name}`,
  metadataPath: `/home/ada/savepoints/${name}/_metadata`,
  checkpointId,
  bytes: 1_034_567_890,
  operators: operators.length,
});

const states = operators.flatMap((of) => of.states);
const countsOf = (name: string): readonly [number, number, number] =>
  scenario === 'same' ? [0, 0, 0] : (COUNTS[name] ?? (scenario === 'hostile' ? [0, 0, 1] : [0, 0, 0]));

const found = (part: number): ComparisonFound => ({
  counts: states.flatMap(({ name }) => countsOf(name).map((count) => Math.floor(count * part))),
  incomplete: scenario === 'unread' ? [2] : [],
  problems:
    scenario === 'unread'
      ? [
          problem('error', 'CHECKSUM', 'The block at offset 4096 has another checksum.', {
            where: 'after / Accounts / subtask 3 / total',
            file: '/home/ada/savepoints/b/000012.sst',
          }),
        ]
      : [],
  entries: Math.floor(42_587_018 * part),
  bytes: Math.floor(2_000_000_000 * part),
  totalBytes: 2_000_000_000,
  millis: Math.floor(24_700 * part),
  capped: scenario === 'changed',
});

let names: ComparedNames = {
  before: { name: 'savepoint-9f31c2-4be07d', folder: '/home/ada/savepoints', file: '/home/ada/savepoints/a/_metadata' },
  after: { name: 'savepoint-a80d11-77c21f', folder: '/home/ada/savepoints', file: '/home/ada/savepoints/b/_metadata' },
};

const outline = () => ({ before: side('a', 17n), after: side('b', 9007199254740993n), operators });

/** Row `number` of all the rows of a state. */
function rowAt({ target }: DifferenceQuery, number: number, kinds: readonly DifferenceKind[]): DifferenceRow {
  const counts = countsOf(target.state);
  let rest = number;
  let what: DifferenceKind = 'changed';
  for (const [i, kind] of (['added', 'removed', 'changed'] as const).entries()) {
    if (!kinds.includes(kind)) continue;
    what = kind;
    if (rest < (counts[i] ?? 0)) break;
    rest -= counts[i] ?? 0;
  }
  const isTimer = target.state.startsWith('_timer');
  const text = scenario === 'hostile' ? HOSTILE : null;
  const value = (amount: string) => [
    { text: '{amount: ', marked: false },
    { text: text ?? amount, marked: what === 'changed' },
    { text: ', since: 1700000000000, owner: "ann"}', marked: false },
  ];
  return {
    what,
    key: text ?? `"user-${1000 + number}"`,
    namespace: null,
    mapKey: target.state === 'counters' ? `"WITHDRAWAL-${number % 7}"` : null,
    time: isTimer ? { millis: '1700000000000', instant: '2023-11-14T22:13:20.000Z' } : null,
    before: isTimer || what === 'added' ? null : value('1.5'),
    after: isTimer || what === 'removed' ? null : value('2.75'),
    times: 1,
  };
}

const total = ({ target, kinds }: DifferenceQuery): number => {
  const counts = countsOf(target.state);
  return kinds.reduce((sum, kind) => sum + (counts[['added', 'removed', 'changed'].indexOf(kind)] ?? 0), 0);
};

function detailOf(query: DifferenceQuery, number: number): DifferenceDetail {
  const row = rowAt(query, number, query.kinds);
  const [a, b] = [row.before === null, row.after === null];
  const is = row.what;
  const changed = (text: string) => (scenario === 'hostile' ? HOSTILE : text);
  return {
    row,
    keyGroup: 68,
    lines:
      a && b
        ? []
        : [
            { label: '', depth: 0, before: a ? null : '', after: b ? null : '', is },
            { label: 'amount', depth: 1, before: a ? null : changed('1.5'), after: b ? null : changed('2.75'), is },
            {
              label: 'since',
              depth: 1,
              before: a ? null : '1700000000000',
              after: b ? null : '1700000000000',
              is: is === 'changed' ? 'same' : is,
            },
            {
              label: 'owner',
              depth: 1,
              before: a ? null : '"ann"',
              after: b ? null : '"ann"',
              is: is === 'changed' ? 'same' : is,
            },
          ],
    more: 0,
    backends: { before: 'canonical', after: 'rocksdb' },
    canPutBack: is !== 'added',
    json: `{"key":"user-${1000 + number}"}`,
  };
}

const fake = {
  asked: [] as { method: string; params: unknown }[],
  heard: [] as { event: string; body: unknown }[],
  cancelled: 0,
  kept: null as unknown,
  say: (event: 'changed' | 'settings', body: unknown) => peer.notify(event, body as never),
};
Object.assign(window, { fakeHost: fake });

function noted<P, R>(method: string, answer: (params: P) => R): (params: P) => R {
  return (params) => {
    fake.asked.push({ method, params });
    return answer(params);
  };
}

const wait = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis));
const toPage: ((message: unknown) => void)[] = [];
let part = 0;
const peer = new Peer<CompareHostSide, ComparePageSide>(
  packedPort({
    post: (message) => setTimeout(() => window.postMessage(structuredClone(message), '*'), 0),
    receive: (listener) => toPage.push(listener),
  }),
  {
    ready: noted('ready', ({ protocol }) => {
      checkProtocol(protocol);
      const settings = { sizeUnits: 'decimal' as const, timeZone: 'utc' as const, locale: 'en', decoders: {} };
      return { strings: buildStrings(inEnglish), settings, ...names };
    }),
    compare: async (params, { signal, progress }): Promise<ComparisonEnd> => {
      fake.asked.push({ method: 'compare', params });
      if (params.anew) part = 0;
      if (scenario === 'missing') {
        throw fromProblem(
          problem('error', 'FILE_NOT_FOUND', 'There is no file.', {
            where: 'after',
            file: '/home/ada/savepoints/b/_metadata',
          }),
        );
      }
      if (scenario !== 'slow') part = 1;
      progress({ outline: outline(), ...found(part) });
      while (part < 1 && !signal.aborted) {
        await wait(50);
        part = Math.min(0.9, part + 0.05);
        progress({ outline: null, ...found(part) });
        if (fake.asked.filter(({ method }) => method === 'compare').length > 1) part = 1;
      }
      if (signal.aborted) fake.cancelled++;
      return { outline: outline(), ...found(part), stopped: part < 1 };
    },
    differences: noted('differences', ({ first, count, ...query }) => {
      const all = total(query);
      const rows = Array.from({ length: Math.max(0, Math.min(count, all - first)) }, (_, i) =>
        rowAt(query, first + i, query.kinds),
      );
      return { first, rows, total: all };
    }),
    differenceDetail: noted('differenceDetail', ({ row, ...query }) => detailOf(query, row)),
    exportDifferences: async (params, { signal, progress }) => {
      fake.asked.push({ method: 'exportDifferences', params });
      for (let i = 0; i < 40 && !signal.aborted; i++) {
        progress({ bytes: i * 25_000_000, totalBytes: 1_000_000_000 });
        await wait(20);
      }
      if (signal.aborted) {
        fake.cancelled++;
        throw fromProblem(problem('error', 'CANCELLED', 'Cancelled.'));
      }
      return { written: 5 };
    },
    swap: noted('swap', () => {
      names = { before: names.after, after: names.before };
      return names;
    }),
    openSide: noted('openSide', () => null),
    putBack: noted('putBack', () => null),
    explain: ({ problem }) => explain(problem, inEnglish),
    copy: noted('copy', () => null),
    act: noted('act', () => null),
  },
  { defect: (body) => fake.heard.push({ event: 'defect', body }) },
);

Object.assign(window, {
  acquireVsCodeApi: () => ({
    postMessage: (message: unknown) => {
      const copy = structuredClone(message);
      setTimeout(() => {
        for (const listener of toPage) listener(copy);
      }, 0);
    },
    getState: () => JSON.parse(sessionStorage.getItem('kept') ?? 'null'),
    setState: (kept: unknown) => {
      fake.kept = kept;
      sessionStorage.setItem('kept', JSON.stringify(kept));
    },
  }),
});
