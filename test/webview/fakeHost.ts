import type { Problem, SnapshotDescription } from '../../src/engine/description';
import { checkProtocol, type HostSide, type PageSide, packedPort } from '../../src/protocol';
import { pack, unpack } from '../../src/rpc/msgpack';
import { type Handlers, Peer } from '../../src/rpc/peer';
import { fromProblem } from '../../src/rpc/problem';
import { explain } from '../../src/view/explain';
import { shareTypes } from '../../src/view/sharedTypes';
import type { RowMethods } from '../../src/view/shownRows';
import { buildStrings } from '../../src/view/strings';
import { inEnglish } from '../../src/view/translate';
import { checkFilter, FakeRows } from './browser/fakeRows';
import { keyFields, names } from './browser/fakeTypes';
import { FakeCount } from './counts';
import { FakeHealth } from './health';
import { damaged, large, operator, problem, shop, snapshot, state } from './samples';

/**
 * Stands in for the extension in a plain browser: gives the page `acquireVsCodeApi` and answers it over the real protocol.
 * What the page asked for is left in `window.fakeHost` for the tests.
 */
const scenario = new URLSearchParams(location.search).get('scenario') ?? 'shop';

const failures: Record<string, Problem> = {
  parquet: problem('error', 'NOT_A_SNAPSHOT', 'This is a Parquet file (it begins with PAR1), not a Flink snapshot.', {
    file: '/home/ada/tables/orders/_metadata',
    offset: 0,
  }),
  truncated: problem('error', 'TRUNCATED', 'The file ends too early: 65535 bytes wanted at 1200, but 313 are left.', {
    file: '/home/ada/jobs/shop/savepoints/savepoint-9f31c2-4be07d/_metadata',
    offset: 1200,
    where: 'operator bc764cd8ddf7a0cff126f51c16239658 / subtask 3',
  }),
};

const snapshots = {
  /** What a test put into the window before: a description from the engine, packed. */
  given: () =>
    unpack(Uint8Array.from((window as unknown as { givenSnapshot: number[] }).givenSnapshot)) as SnapshotDescription,
  shop,
  damaged,
  empty: () => snapshot(),
  large: () => large(3000, 6),
  /** Names as a job may give them to hurt who looks at them. */
  hostile: () =>
    snapshot({
      operators: [
        operator('0'.repeat(32), {
          name: '<img src=x onerror=alert(1)>',
          uid: '"><b>bold</b>',
          keyType: '<script>alert(2)</script>',
          states: [state('javascript:alert(3)', { type: '<b>type</b>' }), state('safe\u202egnp.exe')],
        }),
      ],
    }),
};

/** What stands beside a snapshot that a plan made. */
const WRITTEN = {
  program: 'savepoint-explorer 0.1.0',
  from: '/home/ada/jobs/shop/savepoints/savepoint-1a2b3c-000000',
  plan: '{"from": "../savepoint-1a2b3c-000000", "steps": []}',
  proof: {
    operators: 6,
    carriedBytes: 741_000_000,
    keyGroupBytes: 12_000,
    entries: 1200,
    keysChecked: 1200,
    statesUntouched: 3,
  },
};

declare global {
  interface Window {
    /** A test may put the engine itself behind the page. Bodies are packed, as a test speaks JSON with its browser. */
    askEngine?: (method: string, params: number[]) => Promise<number[]>;
  }
}

async function throughEngine(method: string, params: unknown): Promise<unknown> {
  const answer = (await window.askEngine?.(method, [...pack(params)])) ?? [];
  return unpack(Uint8Array.from(answer));
}

const health = new FakeHealth((news) => peer.notify('health', news));
const rows = new FakeRows(scenario);

/** Milliseconds that each answer about rows takes, as a test wishes. */
const answers = { delay: 0 };

/** The engine's part: made up, or the engine itself where a test put it behind the page. */
const entries: Handlers<{ methods: RowMethods; events: Record<never, never> }> = {
  rows: row('rows', (params) => {
    const isFirst = fake.asked.filter((a) => a.method === 'rows').length === 1;
    if (scenario !== 'deadEngine' || !isFirst) return rows.rows(params);
    throw fromProblem(problem('error', 'INTERNAL', 'The reading thread ended unexpectedly (exit code 134).'));
  }),
  scanRows: row('scanRows', (params, context) =>
    rows.scanRows(params, context).finally(() => {
      fake.cancelled = rows.stops;
    }),
  ),
  rowDetail: row('rowDetail', (params) => rows.detail(params)),
  searchNext: row('searchNext', (params, context) => rows.searchNext(params, context)),
  scanSearch: row('scanSearch', (params) => rows.scanSearch(params)),
  lookUpKey: row('lookUpKey', (params, { progress }) => rows.lookUpKey(params, progress)),
  keyForm: row('keyForm', ({ target }) => keyFields(target)),
  filterNames: row('filterNames', () => names),
  checkFilter: row('checkFilter', ({ filter }) => checkFilter(filter)),
  timeBins: row('timeBins', (params) => rows.timeBins(params)),
  namespaces: row('namespaces', () => rows.namespaces()),
};

function row<M extends keyof RowMethods>(
  method: M,
  answer: Handlers<{ methods: RowMethods; events: Record<never, never> }>[M],
): Handlers<{ methods: RowMethods; events: Record<never, never> }>[M] {
  return (async (params: RowMethods[M]['params'], context: never) => {
    fake.asked.push({ method, params });
    if (answers.delay > 0) await new Promise((resolve) => setTimeout(resolve, answers.delay));
    if (window.askEngine !== undefined) return await throughEngine(method, params);
    return await answer(params, context);
  }) as Handlers<{ methods: RowMethods; events: Record<never, never> }>[M];
}

const layoutOf = (state: string): string => `columns:${state}`;
const counts = new FakeCount(scenario, (news) => peer.notify('stats', news));

interface FakeHost {
  asked: { method: string; params: unknown }[];
  heard: { event: string; body: unknown }[];
  say(
    event: 'changed' | 'health' | 'focus' | 'settings' | 'showEntries' | 'copyEntry' | 'modifyEntry',
    body: unknown,
  ): void;
  cancelled: number;
  answers: { delay: number };
  /** Names, and the reading of everything. */
  health: FakeHealth;
  /** Lets the count of entries go on; ends once the page shows it. */
  grow(part: number): Promise<void>;
}

/** Messages arrive in the order in which they were sent: with one of our own, all before it have arrived. */
const arrived = (): Promise<void> =>
  new Promise((done) => {
    const mark = crypto.randomUUID();
    const listen = (event: MessageEvent<unknown>): void => {
      if (event.data !== mark) return;
      event.stopImmediatePropagation();
      window.removeEventListener('message', listen, true);
      requestAnimationFrame(() => done());
    };
    window.addEventListener('message', listen, true);
    setTimeout(() => window.postMessage(mark, '*'), 0);
  });

const toPage: ((message: unknown) => void)[] = [];
const kept = `state:${scenario}`;

const fake: FakeHost = {
  asked: [],
  heard: [],
  cancelled: 0,
  answers,
  get health() {
    return health;
  },
  grow: async (part) => {
    counts.grow(part);
    await arrived();
  },
  say: (event, body) => peer.notify(event, body as never),
};
(window as unknown as { fakeHost: FakeHost }).fakeHost = fake;

function noted<P, R>(method: string, answer: (params: P) => R): (params: P) => R {
  return (params) => {
    fake.asked.push({ method, params });
    return answer(params);
  };
}

const peer = new Peer<HostSide, PageSide>(
  packedPort({
    post: (message) => setTimeout(() => window.postMessage(structuredClone(message), '*'), 0),
    receive: (listener) => toPage.push(listener),
  }),
  {
    ready: noted('ready', ({ protocol }) => {
      checkProtocol(scenario === 'oldPage' ? 0 : protocol);
      return {
        strings: buildStrings(inEnglish),
        settings: { sizeUnits: 'decimal' as const, timeZone: 'utc' as const, locale: 'en', decoders: {} },
        name: 'savepoint-9f31c2-4be07d',
        folder: '/home/ada/jobs/shop/savepoints/savepoint-9f31c2-4be07d',
      };
    }),
    load: async (params, { signal, progress }) => {
      fake.asked.push({ method: 'load', params });
      if (scenario === 'slow') {
        for (let i = 0; !signal.aborted; i++) {
          progress({ millis: i * 250 });
          await new Promise((resolve) => setTimeout(resolve, 250));
        }
        fake.cancelled++;
        throw fromProblem(problem('error', 'CANCELLED', 'Cancelled.'));
      }
      const failure = failures[scenario];
      if (failure !== undefined) throw fromProblem(failure);
      const make = snapshots[scenario as keyof typeof snapshots] ?? shop;
      return { ...shareTypes(make()), millis: 61, bytesRead: 212_000, record: scenario === 'written' ? WRITTEN : null };
    },
    health: () => health.news(snapshots[scenario as keyof typeof snapshots] ?? shop),
    openSource: noted('openSource', () => null),
    nameOperator: noted('nameOperator', () => null),
    modifyOperator: noted('modifyOperator', () => null),
    ...entries,
    copyRows: noted('copyRows', ({ ranges }) => ({ rows: ranges.length, cut: false })),
    modifyRow: noted('modifyRow', () => null),
    exportRows: noted('exportRows', () => null),
    chooseDecoder: noted('chooseDecoder', () => null),
    openValue: noted('openValue', () => null),
    openBytes: noted('openBytes', () => 'copied' as const),
    keptColumns: ({ target }) => {
      const layout = sessionStorage.getItem(layoutOf(target.state));
      return layout === null ? null : (JSON.parse(layout) as Record<string, unknown>);
    },
    keepColumns: noted('keepColumns', ({ target, kept: layout }) => {
      sessionStorage.setItem(layoutOf(target.state), JSON.stringify(layout));
      return null;
    }),
    stats: noted('stats', () => counts.news),
    statsDetail: noted('statsDetail', (target) => counts.detail(target)),
    explain: ({ problem }) => explain(problem, inEnglish),
    copy: noted('copy', () => null),
    act: noted('act', () => null),
    revealFile: noted('revealFile', () => null),
  },
  {
    verify: (what) => {
      fake.heard.push({ event: 'verify', body: what });
      health.verify(what);
    },
    count: (body) => {
      fake.heard.push({ event: 'count', body });
      counts.told(body);
    },
    selected: (body) => fake.heard.push({ event: 'selected', body }),
    defect: (body) => fake.heard.push({ event: 'defect', body }),
  },
);

Object.assign(window, {
  acquireVsCodeApi: () => ({
    postMessage: (message: unknown) => {
      const copy = structuredClone(message);
      setTimeout(() => {
        for (const listener of toPage) listener(copy);
      }, 0);
    },
    getState: () => JSON.parse(sessionStorage.getItem(kept) ?? 'null') as unknown,
    setState: (state: unknown) => sessionStorage.setItem(kept, JSON.stringify(state)),
  }),
});
