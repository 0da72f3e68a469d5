import type { OperatorReport, PlanReport } from '../../src/engine/plan/planReport';
import { checkProtocol, packedPort, type ReportHostSide, type ReportPageSide } from '../../src/protocol';
import { Peer } from '../../src/rpc/peer';
import { fromProblem } from '../../src/rpc/problem';
import { explainPlan } from '../../src/view/explainPlan';
import { buildStrings } from '../../src/view/strings';
import { inEnglish } from '../../src/view/translate';
import { problem } from './samples';

/** Stands in for the extension behind the page of a dry run. What the page asked for is left in `window.fakeHost`. */
const scenario = new URLSearchParams(location.search).get('scenario') ?? 'rescale';

const operator = (more: Partial<OperatorReport>): OperatorReport => ({
  id: '14cfd403e0929194539014eaed9ae6ed',
  uid: 'accounts',
  name: 'Accounts',
  idBefore: '14cfd403e0929194539014eaed9ae6ed',
  copiedFrom: null,
  carried: false,
  parallelism: { before: 4, after: 4 },
  maxParallelism: { before: 128, after: 128 },
  states: [],
  rows: [],
  raw: [],
  keyGroups: null,
  subtasks: null,
  emptyLists: 0,
  keyHash: null,
  ...more,
});

const carried = operator({
  id: 'a'.repeat(32),
  idBefore: 'a'.repeat(32),
  uid: 'sink',
  name: null,
  carried: true,
});

const rescaled = operator({
  parallelism: { before: 2, after: 4 },
  maxParallelism: { before: 128, after: 20000 },
  states: [
    {
      from: 'balance',
      to: 'balance',
      entries: { before: 175, after: 176 },
      isMost: false,
      changed: 7,
      idleSteps: ['line 7, column 5'],
      idleReasons: ['No such key: amout'],
      samples: [
        { key: '"user-1"', before: null, after: '{"amount":1.5}' },
        { key: '"user-2"', before: '{"amount":2.5}', after: null },
      ],
    },
    {
      from: 'total',
      to: 'sum',
      entries: { before: 1234567, after: 1234567 },
      isMost: false,
      changed: 0,
      idleSteps: [],
      idleReasons: [],
      samples: [],
    },
    {
      from: 'scratch',
      to: null,
      entries: { before: 3, after: 0 },
      isMost: false,
      changed: 0,
      idleSteps: [],
      idleReasons: [],
      samples: [],
    },
  ],
  subtasks: { before: [3, 5], after: [1, 2, 3, 2] },
  keyGroups: {
    before: Array.from({ length: 128 }, (_, i) => i % 3),
    after: Array.from({ length: 20000 }, (_, i) => (i % 100 === 0 ? 1 : 0)),
  },
  emptyLists: 2,
  keyHash: '31 * model + vendor.hashCode()',
});

const bootstrapped = operator({
  rows: [
    {
      data: '/home/ada/limits.csv',
      states: ['limit'],
      looked: 2,
      columns: [{ name: 'user', type: 'string', hasNulls: false, samples: ['u1', 'u2'] }],
      samples: [{ state: 'limit', key: '"u1"', before: null, after: '5' }],
      counts: {
        rows: 100,
        leftOut: 2,
        bad: 1,
        entries: [{ state: 'limit', entries: 97 }],
        merged: { replaced: 3, kept: 0 },
      },
      badRows: ['line 7: limit: Expected a long, found "x".'],
    },
  ],
  raw: [{ what: 'coordinator', bytes: { before: 1, after: 20 } }],
});

const report = (more: Partial<PlanReport>): PlanReport => ({
  from: '/home/ada/savepoints/savepoint-9f31c2',
  metadataVersion: 6,
  checkpointId: 9007199254740993n,
  removed: [],
  masterStates: [],
  leftBehind: null,
  operators: [carried],
  ...more,
});

const HOSTILE = '<img src=x onerror=alert(1)>';
const reports: Record<string, () => PlanReport> = {
  rescale: () =>
    report({
      leftBehind: { changed: [rescaled], behind: [carried] },
      operators: [rescaled, carried],
      removed: [{ id: 'b'.repeat(32), uid: 'old', name: null }],
    }),
  bootstrap: () => report({ from: null, operators: [bootstrapped] }),
  nothing: () => report({}),
  hostile: () =>
    report({
      from: HOSTILE,
      operators: [
        operator({
          name: HOSTILE,
          states: [
            {
              from: HOSTILE,
              to: HOSTILE,
              entries: { before: 1, after: 1 },
              changed: 1,
              isMost: false,
              idleSteps: [],
              idleReasons: [],
              samples: [{ key: HOSTILE, before: HOSTILE, after: '<b>bold</b>' }],
            },
          ],
        }),
      ],
    }),
};

const fake = {
  asked: [] as { method: string; params: unknown }[],
  heard: [] as { event: string; body: unknown }[],
  cancelled: 0,
  say: (event: 'changed' | 'again' | 'settings', body: unknown) => peer.notify(event, body as never),
};
Object.assign(window, { fakeHost: fake });

function noted<P, R>(method: string, answer: (params: P) => R): (params: P) => R {
  return (params) => {
    fake.asked.push({ method, params });
    return answer(params);
  };
}

const toPage: ((message: unknown) => void)[] = [];
const peer = new Peer<ReportHostSide, ReportPageSide>(
  packedPort({
    post: (message) => setTimeout(() => window.postMessage(structuredClone(message), '*'), 0),
    receive: (listener) => toPage.push(listener),
  }),
  {
    ready: noted('ready', ({ protocol }) => {
      checkProtocol(protocol);
      return {
        strings: buildStrings(inEnglish),
        settings: { sizeUnits: 'decimal' as const, timeZone: 'utc' as const, locale: 'en', decoders: {} },
        name: 'a.savepoint-plan.json',
      };
    }),
    dryRun: async (params, { signal, progress }) => {
      fake.asked.push({ method: 'dryRun', params });
      if (scenario === 'slow') {
        for (let i = 0; !signal.aborted; i++) {
          progress({ stage: 'check', millis: i * 500, bytes: 0, totalBytes: 0, entries: i * 1000 });
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        fake.cancelled++;
        throw fromProblem(problem('error', 'CANCELLED', 'Cancelled.'));
      }
      if (scenario === 'refused') {
        throw fromProblem(
          problem('error', 'REFUSED', 'The key "user-1" is in key group 3, but its hash says 5.', {
            hint: 'Leave it out.',
          }),
        );
      }
      return (reports[scenario] ?? reports['rescale'] ?? (() => report({})))();
    },
    explain: ({ problem }) => explainPlan(problem, inEnglish),
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
    getState: () => null,
    setState: () => {},
  }),
});
