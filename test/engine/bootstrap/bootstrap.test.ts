import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BootstrapRewrite } from '../../../src/engine/bootstrap/bootstrapRewrite';
import type { RowThreads } from '../../../src/engine/bootstrap/rowThreads';
import { EncodeWorker, MergeWorker } from '../../../src/engine/bootstrap/rowWorker';
import { EngineError } from '../../../src/engine/bytes/engineError';
import { operatorIdOfUid } from '../../../src/engine/metadata/operatorId';
import { applyPlan } from '../../../src/engine/plan/applyPlan';
import { planPaths } from '../../../src/engine/plan/planPaths';
import { countRows, openBootstrap, preparePlan } from '../../../src/engine/plan/preparePlan';
import type { PlanProof } from '../../../src/engine/plan/provePlan';
import { readPlan } from '../../../src/engine/plan/readPlan';
import { planReport } from '../../../src/engine/plan/reportPlan';
import { openSnapshot } from '../../../src/engine/snapshot';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { createOutputFolder } from '../../../src/engine/storage/nodeOutputFolder';
import { FileNames } from '../../../src/engine/write/fileNames';
import type { KeyedThreads } from '../../../src/engine/write/keyed/keyedJob';
import { useTemporaryFolder } from '../../temporaryFolder';
import { applied, contentOf, fixture, idOf } from '../plan/harness';

const temporary = useTemporaryFolder();
const ID = operatorIdOfUid('limits');
const OPERATOR = { uid: 'limits', parallelism: 3, maxParallelism: 40 };

const planOf = (plan: object) => planPaths(readPlan(JSON.stringify(plan), 'a plan'), temporary.root, nodeFileStore);
const step = (bootstrap: object) => ({ bootstrap: { operator: OPERATOR, data: 'rows.ndjson', ...bootstrap } });
const run = (plan: object, out: string): Promise<PlanProof> => applied(planOf(plan), temporary.at(out));
const ndjson = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

async function failure(plan: object, out = 'out'): Promise<EngineError> {
  const thrown: unknown = await run(plan, out).catch((e) => e);
  if (!(thrown instanceof EngineError)) throw new Error(`Expected an EngineError, found ${thrown}`);
  expect(existsSync(temporary.at(out, '_metadata'))).toBe(false);
  return thrown;
}

interface ModelRow {
  k: string;
  n: string;
  v: number | null;
  l: number[];
  m: Record<string, number>;
  t: number | null;
}

/** What the states hold, by a plain map of what identifies an entry. */
type Model = Map<string, unknown>;

const word = fc.constantFrom('a', 'b', 'c', 'dd', '');
const row: fc.Arbitrary<ModelRow> = fc.record({
  k: word,
  n: word,
  v: fc.option(fc.integer({ min: -5, max: 5 })),
  l: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 3 }),
  m: fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.integer({ min: 0, max: 9 }), { noNullPrototype: true }),
  t: fc.option(fc.integer({ min: -3, max: 3 })),
});

const id = (state: string, { k, n }: ModelRow, withNamespace: boolean, userKey = '', time = ''): string =>
  idOf(ID, state, JSON.stringify(k), withNamespace ? JSON.stringify(n) : '', userKey, time);

/** The entries of rows, as the documentation of plans says: a value keeps the last, lists append, maps put. */
function entriesOf(rows: readonly ModelRow[]): Model {
  const model: Model = new Map();
  for (const item of rows) {
    if (item.v !== null) model.set(id('value', item, false), item.v);
    if (item.l.length > 0) {
      const at = id('list', item, true);
      model.set(at, [...((model.get(at) as number[] | undefined) ?? []), ...item.l]);
    }
    for (const [name, value] of Object.entries(item.m)) model.set(id('map', item, false, JSON.stringify(name)), value);
    if (item.t !== null) model.set(id('_timer_state/event_user-timers', item, true, '', String(item.t)), '');
  }
  return model;
}

/** All but the last two parts: state, key and namespace. */
const ownerOf = (entry: string): string => entry.split(' | ').slice(0, 4).join(' | ');

function merged(old: Model, rows: Model, merge: string): Model {
  const result: Model = new Map(old);
  const oldOwners = new Set([...old.keys()].map(ownerOf));
  const newOwners = new Set([...rows.keys()].map(ownerOf));
  if (merge === 'replace') for (const entry of old.keys()) if (newOwners.has(ownerOf(entry))) result.delete(entry);
  for (const [entry, value] of rows) {
    const before = old.get(entry);
    if (merge === 'keep' && oldOwners.has(ownerOf(entry))) continue;
    if (merge === 'append' && Array.isArray(before)) result.set(entry, [...before, ...(value as number[])]);
    else if (merge === 'old + value' && before !== undefined && value !== '') {
      result.set(entry, Array.isArray(before) ? [...before, ...(value as number[])] : Number(before) + Number(value));
    } else result.set(entry, value);
  }
  return result;
}

const asContent = (model: Model): Map<string, string> =>
  new Map([...model].map(([entry, value]) => [entry, value === '' ? '' : JSON.stringify(value)]));

/** `append` is for lists and maps; the value then says something else for itself. */
const STATES = (merge: string) => [
  { name: 'value', kind: 'value', type: 'long', value: 'row.v', ...(merge === 'append' && { merge: 'replace' }) },
  { name: 'list', kind: 'list', type: 'int', value: 'row.l', namespace: { type: 'string', value: 'row.n' } },
  { name: 'map', kind: 'map', type: ['string', 'long'], value: 'row.m' },
];
const TIMERS = [
  { service: 'user-timers', domain: 'event', timestamp: 'row.t', namespace: { type: 'string', value: 'row.n' } },
];

describe('rows become entries', () => {
  test('as in a plain map: rows of one key, and then into what is there', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 12 }),
        fc.array(row, { maxLength: 12 }),
        fc.constantFrom('replace', 'keep', 'append', 'old + value'),
        async (first, second, merge) => {
          const name = String(runs++);
          const plan = (from: string | undefined) => ({
            from,
            steps: [step({ key: { type: 'string', value: 'row.k' }, states: STATES(merge), timers: TIMERS, merge })],
          });
          temporary.file('rows.ndjson', ndjson(first));
          await run(plan(undefined), `${name}-new`);
          const model = entriesOf(first);
          expect((await contentOf(temporary.at(`${name}-new`))).keyed).toEqual(asContent(model));
          temporary.file('rows.ndjson', ndjson(second));
          const proof = await run(plan(`${name}-new`), `${name}-into`);
          const { keyed } = await contentOf(temporary.at(`${name}-into`));
          expect(keyed).toEqual(asContent(merged(model, entriesOf(second), merge)));
          expect(proof.keysChecked).toBe(keyed.size);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('into the state of any backend; what no row is about stays as it is', async () => {
    for (const name of [
      '1.20-accounts-rocksdb-incremental',
      '2.3-accounts-heap-native-compressed',
      '2.3-accounts-rocksdb-native',
    ]) {
      const before = await contentOf(fixture(name));
      const [operator] = [...before.keyed.keys()].map((entry) => entry.split(' | ')[0]);
      const snapshot = await openSnapshot(fixture(name), nodeFileStore);
      const found = snapshot.operators.find((candidate) => candidate.id === operator);
      await snapshot.close();
      temporary.file('rows.csv', 'id,n\nuser-1,5\nnew,6\n');
      const states = [{ name: 'added', kind: 'value', type: 'long', value: 'int(row.n)' }];
      const plan = {
        from: fixture(name),
        steps: [{ bootstrap: { operator: found?.uid ?? operator, data: 'rows.csv', key: 'row.id', states } }],
      };
      const proof = await run(plan, name);
      const after = await contentOf(temporary.at(name));
      expect(after.operator).toEqual(before.operator);
      const added = [...after.keyed].filter(([entry]) => !before.keyed.has(entry));
      expect(added.sort()).toEqual([
        [idOf(operator, 'added', '"new"'), '6'],
        [idOf(operator, 'added', '"user-1"'), '5'],
      ]);
      expect(new Map([...after.keyed].filter(([entry]) => before.keyed.has(entry)))).toEqual(before.keyed);
      expect(proof.statesUntouched).toBeGreaterThan(0);
    }
  });

  test("into keys of the job's own class, by a hash code that is found in those that are stored", async () => {
    const from = fixture('2.3-bank-heap-canonical');
    const snapshot = await openSnapshot(from, nodeFileStore);
    const before = await contentOf(from);
    const devices = [...before.keyed.keys()]
      .map((entry) => entry.split(' | '))
      .filter(([, , key]) => key.includes('vendor'));
    await snapshot.close();
    const [[operator, , known]] = devices;
    temporary.file('rows.ndjson', `{"device":${known}}\n{"device":{"model":4711,"vendor":"Nobody"}}\n`);
    const states = [{ name: 'seen', kind: 'value', type: 'boolean', value: 'true' }];
    const plan = { from, steps: [{ bootstrap: { operator, data: 'rows.ndjson', key: 'row.device', states } }] };
    const proof = await run(plan, 'out');
    const after = await contentOf(temporary.at('out'));
    expect([...after.keyed].filter(([entry]) => !before.keyed.has(entry)).sort()).toEqual(
      [
        [idOf(operator, 'seen', known), 'true'],
        [idOf(operator, 'seen', '{"model":4711,"vendor":"Nobody"}'), 'true'],
      ].sort(),
    );
    expect(proof.keysChecked).toBeGreaterThan(devices.length);
  });

  test('of a state of another snapshot', async () => {
    temporary.file('rows.csv', 'id,n\na,5\nb,6\n');
    const states = [{ name: 'count', kind: 'value', type: 'long', value: 'row.n' }];
    await run({ steps: [step({ data: 'rows.csv', key: { type: 'string', value: 'row.id' }, states })] }, 'first');
    const data = { from: 'first', operator: 'limits', state: 'count' };
    const copied = {
      name: 'copied',
      kind: 'map',
      type: ['string', 'long'],
      mapKey: "'was ' + row.key",
      value: 'row.value * 2',
    };
    const plan = { operator: { uid: 'other' }, data, where: 'row.value > 5', key: { type: 'int', value: 'row.value' } };
    await run({ steps: [{ bootstrap: { ...plan, states: [copied] } }] }, 'second');
    expect([...(await contentOf(temporary.at('second'))).keyed]).toEqual([
      [idOf(operatorIdOfUid('other'), 'copied', '6', '', '"was b"'), '12'],
    ]);
  });

  test('types of another snapshot; several steps into one operator', async () => {
    const from = fixture('2.3-accounts-heap-canonical');
    const snapshot = await openSnapshot(from, nodeFileStore);
    const names = (await contentOf(from)).keyed.keys();
    const [id0, state] =
      [...names].map((entry) => entry.split(' | ')).find(([, name]) => !name.startsWith('_timer')) ?? [];
    await snapshot.close();
    temporary.file('rows.csv', 'id,n\nuser-1,5\n');
    const key = { typeOf: { from, operator: id0 }, value: 'row.id' };
    const one = { name: 'one', kind: 'value', type: 'int', value: 'row.n' };
    const two = { name: 'two', kind: 'value', type: 'string', value: 'row.n' };
    const steps = [
      step({ data: 'rows.csv', key, states: [one] }),
      step({ data: 'rows.csv', key: 'row.id', states: [two] }),
    ];
    await run({ steps }, 'out');
    expect((await contentOf(temporary.at('out'))).keyed).toEqual(
      new Map([
        [idOf(ID, 'one', '"user-1"'), '5'],
        [idOf(ID, 'two', '"user-1"'), '"5"'],
      ]),
    );
    expect(state).toBeDefined();
  });

  test('in any memory the same bytes, and no temporary file stays', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => `k${i % 70},${i}`);
    temporary.file('rows.csv', `id,n\n${rows.join('\n')}\n`);
    const states = [
      { name: 'all', kind: 'list', type: 'long', value: 'row.n' },
      { name: 'last', kind: 'value', type: 'long', value: 'row.n' },
    ];
    const bootstrap = step({ data: 'rows.csv', key: { type: 'string', value: 'row.id' }, states });
    const written: unknown[] = [];
    for (const memory of [1, 500, 1_000_000]) {
      const output = await createOutputFolder(temporary.at(`out-${memory}`));
      const prepared = await preparePlan(planOf({ steps: [bootstrap] }), nodeFileStore);
      const { rewrite } = prepared.operators[0];
      if (!(rewrite instanceof BootstrapRewrite)) throw new Error('It is written otherwise.');
      const small = new BootstrapRewrite(rewrite.source, rewrite.target, rewrite.jobs, null, memory);
      const handles = await small.write({ output, names: new FileNames(), store: nodeFileStore });
      await prepared.close();
      written.push(handles.map(({ offsets, stream }) => [offsets, stream?.type === 'bytes' ? stream.data : null]));
      expect(readdirSync(output.path)).toEqual([]);
    }
    expect(written[0]).toEqual(written[2]);
    expect(written[1]).toEqual(written[2]);
    await run({ steps: [bootstrap] }, 'out');
    const { keyed } = await contentOf(temporary.at('out'));
    expect(keyed.get(idOf(ID, 'all', '"k3"'))).toBe('[3,73,143,213,283]');
    expect(keyed.get(idOf(ID, 'last', '"k3"'))).toBe('283');
  });
});

describe('key groups that do not fit the memory', () => {
  /** The same plan, with so many bytes of entries, and of one key group, in memory. */
  async function runIn(plan: object, out: string, memory: number, largest: number): Promise<PlanProof> {
    const prepared = await preparePlan(planOf(plan), nodeFileStore);
    try {
      const [draft] = prepared.operators;
      const { rewrite } = draft;
      if (!(rewrite instanceof BootstrapRewrite)) throw new Error('It is written otherwise.');
      draft.rewrite = new BootstrapRewrite(rewrite.source, rewrite.target, rewrite.jobs, null, memory, largest);
      return await applyPlan(prepared, await createOutputFolder(temporary.at(out)), nodeFileStore);
    } finally {
      await prepared.close();
    }
  }

  test('are put together part by part, as those that do', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 30 }),
        fc.array(row, { maxLength: 30 }),
        fc.constantFrom('replace', 'keep', 'append', 'old + value'),
        fc.constantFrom(300, 3000),
        fc.constantFrom(400, 2000),
        async (first, second, merge, memory, largest) => {
          const name = String(runs++);
          const plan = (from: string | undefined) => ({
            from,
            steps: [step({ key: { type: 'string', value: 'row.k' }, states: STATES(merge), timers: TIMERS, merge })],
          });
          temporary.file('rows.ndjson', ndjson(first));
          await runIn(plan(undefined), `${name}-new`, memory, largest);
          const model = entriesOf(first);
          expect((await contentOf(temporary.at(`${name}-new`))).keyed).toEqual(asContent(model));
          temporary.file('rows.ndjson', ndjson(second));
          const proof = await runIn(plan(`${name}-new`), `${name}-into`, memory, largest);
          const { keyed } = await contentOf(temporary.at(`${name}-into`));
          expect(keyed).toEqual(asContent(merged(model, entriesOf(second), merge)));
          expect(proof.keysChecked).toBe(keyed.size);
          expect(readdirSync(temporary.at(`${name}-into`))).toEqual(['_metadata']);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('a key group of many blocks', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `k${i % 15_000},${i},${'x'.repeat(i % 1000)}`);
    temporary.file('rows.csv', `id,n,t\n${rows.join('\n')}\n`);
    const states = [
      { name: 'all', kind: 'list', type: 'string', value: 'row.t' },
      { name: 'last', kind: 'value', type: 'long', value: 'row.n' },
    ];
    const operator = { uid: 'limits', parallelism: 1, maxParallelism: 1 };
    const plan = { steps: [step({ operator, data: 'rows.csv', key: { type: 'string', value: 'row.id' }, states })] };
    await runIn(plan, 'small', 1_000_000, 1_000_000);
    await run(plan, 'large');
    const { keyed } = await contentOf(temporary.at('small'));
    expect(keyed.size).toBeGreaterThan(29_900);
    expect(keyed).toEqual((await contentOf(temporary.at('large'))).keyed);
    expect(readdirSync(temporary.at('small'))).toHaveLength(2);
  });
});

/** Does the work of threads, in an order that threads may have too. */
function turnedAround(): KeyedThreads & { rows: RowThreads } {
  return {
    count: () => 1,
    run: () => Promise.reject(new Error('Nobody asks for this.')),
    rows: {
      count: () => 2,
      shareBytes: 30,
      taskBytes: 100,
      async encode(job, shares, _count, take) {
        for (const [number, share] of [...shares.entries()].reverse()) {
          const { job: opened, close } = await openBootstrap(job.plan, job.step, nodeFileStore);
          try {
            await new EncodeWorker(opened, job, 60).encode(share, number, take);
          } finally {
            await close();
          }
        }
      },
      async merge(job, tasks, _count, take) {
        const worker = await MergeWorker.open(job, nodeFileStore);
        const taken: Promise<void>[] = [];
        for (const [number, task] of [...tasks.entries()].reverse()) taken.push(take(await worker.merge(task, number)));
        await Promise.all(taken);
        await worker.close();
      },
    },
  };
}

describe('operator state', () => {
  const states = [
    { name: 'offsets', kind: 'operator-list', type: 'tuple<long, string>', value: '[[int(row.id), row.name]]' },
    { name: 'all', kind: 'operator-union', type: 'string', value: 'row.name' },
    { name: 'rules', kind: 'broadcast', type: ['long', 'long'], mapKey: 'row.id', value: 'int(row.n)' },
  ];
  const text = 'id,n,name\n1,10,a\n2,20,b\n3,30,c\n1,11,d\n';

  test('list and union state is dealt, broadcast state is everywhere', async () => {
    temporary.file('rows.csv', text);
    const keyed = { name: 'k', kind: 'value', type: 'string', value: 'row.name' };
    const steps = [
      step({ data: 'rows.csv', states }),
      step({ data: 'rows.csv', key: { type: 'int', value: 'row.id' }, states: [keyed] }),
    ];
    const proof = await run({ steps }, 'out');
    const { operator, keyed: entries } = await contentOf(temporary.at('out'));
    expect(operator).toEqual([
      `${ID} all  "a"`,
      `${ID} all  "b"`,
      `${ID} all  "c"`,
      `${ID} all  "d"`,
      `${ID} offsets  [1,"a"]`,
      `${ID} offsets  [1,"d"]`,
      `${ID} offsets  [2,"b"]`,
      `${ID} offsets  [3,"c"]`,
      `${ID} rules 1 11`,
      `${ID} rules 2 20`,
      `${ID} rules 3 30`,
    ]);
    expect(entries.size).toBe(3);
    // Three entries in each of three subtasks, eight elements, three keyed entries.
    expect(proof.entries).toBe(20);
    const snapshot = await openSnapshot(temporary.at('out'), nodeFileStore);
    expect(
      snapshot.operators[0].subtasks.map(({ managedOperatorState }) => managedOperatorState?.states),
    ).toMatchObject(
      Array.from({ length: 3 }, () => [
        { name: 'offsets', mode: 'splitDistribute' },
        { name: 'all', mode: 'union' },
        { name: 'rules', mode: 'broadcast' },
      ]),
    );
    await snapshot.close();
  });

  test('a whole map, a bad row, and what is refused', async () => {
    temporary.file('rows.ndjson', '{"m":{"1":5,"2":6}}\n{"m":{"2":7}}\n{"m":{"x":1}}\n');
    const rules = { name: 'rules', kind: 'broadcast', type: ['long', 'long'], value: 'row.m' };
    const plan = { steps: [step({ states: [rules], onBadRow: 'skip' })] };
    await run(plan, 'out');
    expect((await contentOf(temporary.at('out'))).operator).toEqual([`${ID} rules 1 5`, `${ID} rules 2 7`]);
    const error = await failure({ steps: [step({ states: [rules] })] }, 'bad');
    expect([error.where, error.message]).toEqual([
      expect.stringContaining('line 3, column m / rules'),
      '"x" is not a whole number.',
    ]);
    expect((await failure({ from: 'out', ...plan }, 'again')).message).toBe(
      'The operator limits has an operator state rules.',
    );
    const more = { from: 'out', steps: [step({ states: [{ ...rules, name: 'more' }], onBadRow: 'skip' })] };
    expect((await failure(more, 'more')).code).toBe('REFUSED');
  });
});

describe('in threads', () => {
  const threaded = async (plan: object, out: string) => {
    const threads = turnedAround();
    const prepared = await preparePlan(planOf(plan), nodeFileStore, { threads });
    try {
      await applyPlan(prepared, await createOutputFolder(temporary.at(out)), nodeFileStore, { threads });
      return planReport(prepared);
    } finally {
      await prepared.close();
    }
  };
  const files = (out: string) => {
    const snapshot = readFileSync(temporary.at(out, '_metadata'));
    return snapshot.length;
  };

  test('the same comes out, of any shares', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 2, maxLength: 40 }),
        fc.constantFrom('ndjson', 'csv', 'json'),
        async (rows, format) => {
          const name = String(runs++);
          const quoted = (value: unknown): string => `"${String(value ?? '').replaceAll('"', '""')}"`;
          const cells = ({ k, n, v, l, m, t }: ModelRow) => [k, `${n}\n"`, v, JSON.stringify(l), JSON.stringify(m), t];
          const text =
            format === 'csv'
              ? `k,n,v,l,m,t\n${rows.map((item) => cells(item).map(quoted).join()).join('\n')}\n`
              : format === 'json'
                ? JSON.stringify(rows, null, 1)
                : ndjson(rows);
          temporary.file(`rows.${format}`, text);
          const key = { type: 'string', value: 'row.k' };
          const plan = { steps: [step({ data: `rows.${format}`, key, states: STATES('replace'), timers: TIMERS })] };
          await run(plan, `${name}-one`);
          const report = await threaded(plan, `${name}-many`);
          expect((await contentOf(temporary.at(`${name}-many`))).keyed).toEqual(
            (await contentOf(temporary.at(`${name}-one`))).keyed,
          );
          expect(files(`${name}-many`)).toBe(files(`${name}-one`));
          expect(report.operators[0].rows[0].counts).toMatchObject({ rows: rows.length, leftOut: 0, bad: 0 });
          expect(readdirSync(temporary.at(`${name}-many`))).toEqual(['_metadata']);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('the same comes out of a snapshot', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({ k: `key ${i % 15}`, n: '', v: i, l: [i], m: { x: i }, t: i }));
    temporary.file('rows.ndjson', ndjson(rows));
    const key = { type: 'string', value: 'row.k' };
    await run({ steps: [step({ key, states: STATES('replace'), timers: TIMERS })] }, 'from');
    const data = { from: 'from', operator: 'limits', state: 'value' };
    const states = [{ name: 'half', kind: 'value', type: 'double', value: 'double(row.value) / 2.0' }];
    const plan = { steps: [step({ data, key: { type: 'string', value: 'row.key' }, states })] };
    await run(plan, 'one');
    const report = await threaded(plan, 'many');
    expect(report.operators[0].rows[0].counts).toMatchObject({ rows: 15 });
    expect(files('many')).toBe(files('one'));
    expect((await contentOf(temporary.at('many'))).keyed.get(idOf(ID, 'half', '"key 14"'))).toBe('14.5');
  });

  test('a bad row is told of as by one alone', async () => {
    const lines = Array.from({ length: 1500 }, (_, i) => `k${i},${i === 1300 || i === 1200 ? 'x' : i}`);
    temporary.file('rows.csv', `id,n\n${lines.join('\n')}\n`);
    const states = [{ name: 'n', kind: 'value', type: 'long', value: 'int(row.n)' }];
    // Behind the first thousand, which are looked at before anything is written.
    const plan = { steps: [step({ data: 'rows.csv', key: { type: 'string', value: 'row.id' }, states })] };
    const alone = await failure(plan, 'alone');
    await expect(threaded(plan, 'many')).rejects.toMatchObject({ message: alone.message, where: alone.where });
    expect(alone.where).toContain('line 1202, column n');
  });
});

describe('rows that do not fit', () => {
  const states = [{ name: 'limit', kind: 'value', type: 'int', value: 'row.limit' }];
  const key = { type: 'string', value: 'row.id' };
  const data = 'rows.csv';
  const text = 'id,limit\na,1\nb,x\nc,3000000000\nd,4,5\ne,6\n';

  test('stop at the first, which is named by file, line and column, and leave nothing behind', async () => {
    temporary.file('rows.csv', text);
    const error = await failure({ steps: [step({ data, key, states })] });
    expect(error.code).toBe('BAD_VALUE');
    expect(error.file).toBe(temporary.at('rows.csv'));
    expect(error.where).toContain('line 3, column limit / limit / value');
    expect(error.message).toBe('"x" is not a whole number.');
  });

  test('are left out and told of', async () => {
    temporary.file('rows.csv', text);
    const plan = planOf({ steps: [step({ data, key, states, onBadRow: 'skip' })] });
    const prepared = await preparePlan(plan, nodeFileStore);
    await countRows(prepared);
    const [{ rows }] = planReport(prepared).operators;
    await prepared.close();
    expect(rows[0].counts).toMatchObject({ rows: 2, bad: 3, entries: [{ state: 'limit', entries: 2 }] });
    expect(rows[0].badRows).toEqual([
      'line 3, column limit / limit / value: "x" is not a whole number.',
      'line 4, column limit / limit / value: 3000000000 does not fit an int: -2147483648 to 2147483647.',
      'line 5: The row has 3 fields, but there are 2 columns.',
    ]);
    expect(rows[0].columns.map(({ name, type }) => `${name} ${type}`)).toEqual(['id string', 'limit string']);
    expect(rows[0].samples).toEqual([
      { state: 'limit', key: '"a"', before: null, after: '1' },
      { state: 'limit', key: '"e"', before: null, after: '6' },
    ]);
    await applied(plan, temporary.at('out'));
    expect([...(await contentOf(temporary.at('out'))).keyed.values()].sort()).toEqual(['1', '6']);
  });

  test('up to a limit', async () => {
    temporary.file('rows.csv', text);
    const error = await failure({ steps: [step({ data, key, states, onBadRow: { limit: 2 } })] });
    expect([error.message, error.hint]).toEqual([
      'The row has 3 fields, but there are 2 columns.',
      'A field that holds , must stand in ". 3 rows are bad, of which 2 may be left out.',
    ]);
    await run({ steps: [step({ data, key, states, onBadRow: { limit: 3 } })] }, 'enough');
  });

  test('an empty cell is null where no text is wanted, and a null is nothing', async () => {
    temporary.file('rows.csv', 'id,limit,tag\na,,\nb,2,x\n');
    const all = [...states, { name: 'tag', kind: 'value', type: 'string', value: 'row.tag' }];
    await run({ steps: [step({ data, key, states: all })] }, 'out');
    expect((await contentOf(temporary.at('out'))).keyed).toEqual(
      new Map([
        [idOf(ID, 'limit', '"b"'), '2'],
        [idOf(ID, 'tag', '"a"'), '""'],
        [idOf(ID, 'tag', '"b"'), '"x"'],
      ]),
    );
  });
});

test('data that changes while it is read is noticed', async () => {
  temporary.file('rows.csv', 'id,n\na,1\n');
  const states = [{ name: 'n', kind: 'value', type: 'long', value: 'row.n' }];
  const plan = planOf({ steps: [step({ data: 'rows.csv', key: { type: 'string', value: 'row.id' }, states })] });
  const prepared = await preparePlan(plan, nodeFileStore);
  temporary.file('rows.csv', 'id,n\na,2\n');
  const output = await createOutputFolder(temporary.at('out'));
  await expect(applyPlan(prepared, output, nodeFileStore)).rejects.toMatchObject({ code: 'FILE_CHANGED' });
  await prepared.close();
  expect(existsSync(temporary.at('out'))).toBe(false);
});

describe('a step that cannot be done', () => {
  const key = { type: 'string', value: 'row.id' };
  const states = [{ name: 'limit', kind: 'value', type: 'long', value: 'int(row.limit)' }];
  const bootstrap = (changes: object) => ({ steps: [step({ data: 'rows.csv', key, states, ...changes })] });
  const state = (changes: object) => bootstrap({ states: [{ ...states[0], ...changes }] });

  test.each([
    [
      'an unknown column',
      state({ value: 'int(row.limt)' }),
      'BAD_ARGUMENT',
      'The data has no column limt. Did you mean limit?',
    ],
    ['no CEL', state({ value: 'int(' }), 'BAD_ARGUMENT', 'The expression cannot be understood'],
    ['no type', state({ type: 'lung' }), 'BAD_ARGUMENT', 'lung'],
    ['no type at all', state({ type: undefined }), 'BAD_ARGUMENT', 'The type of values is missing'],
    ['a map of one type', state({ kind: 'map' }), 'BAD_ARGUMENT', 'A map has the types of its keys and of its values'],
    [
      'a state twice',
      bootstrap({ states: [...states, ...states] }),
      'BAD_ARGUMENT',
      'The state limit is filled twice.',
    ],
    ['no file', bootstrap({ data: 'none.csv' }), 'FILE_NOT_FOUND', 'There is no such file'],
    ['a file of no format', bootstrap({ data: 'rows.txt' }), 'BAD_ARGUMENT', 'does not say its format'],
    [
      'a key without a known hash',
      bootstrap({ key: { type: 'pojo a.B {x: long}', value: 'row.id' } }),
      'REFUSED',
      'hash code of keys',
    ],
    ['no such operator', bootstrap({ operator: 'nobody' }), 'NOT_FOUND', 'no operator nobody'],
    [
      'more subtasks than key groups',
      bootstrap({ operator: { uid: 'a', parallelism: 9, maxParallelism: 4 } }),
      'BAD_ARGUMENT',
      'larger than the max parallelism',
    ],
  ])('%s', async (_, plan, code, message) => {
    temporary.file('rows.csv', 'id,limit\na,1\n');
    temporary.file('rows.txt', 'id,limit\na,1\n');
    const error = await failure(plan);
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(message)]);
  });

  test('an operator that is there keeps its keys, kinds and sizes', async () => {
    temporary.file('rows.csv', 'id,limit\na,1\n');
    await run(bootstrap({}), 'first');
    const into = (plan: object) => failure({ from: 'first', ...plan });
    expect((await into(bootstrap({ key: { type: 'long', value: 'row.limit' } }))).message).toBe(
      "The operator's keys are string, not long.",
    );
    expect((await into(state({ kind: 'list' }))).message).toBe(
      "The operator's state limit is of kind value, not list.",
    );
    expect((await into(state({ type: 'int' }))).message).toBe(
      "The operator's state limit has values of type long, not int.",
    );
    expect((await into(bootstrap({ merge: 'append' }))).message).toBe(
      'limit is no list and no map, so that nothing can be appended.',
    );
    expect((await into(bootstrap({ operator: { ...OPERATOR, parallelism: 7 } }))).message).toBe(
      'The operator limits has the parallelism 3, not 7.',
    );
  });
});

test('other steps about the same operator go together with rows: rename, removal, edits, another max parallelism', async () => {
  temporary.file('rows.csv', 'id,n\na,1\nb,2\nc,3\n');
  const of = (name: string) => ({ name, kind: 'value', type: 'long', value: 'row.n' });
  const key = { type: 'string', value: 'row.id' };
  await run({ steps: [step({ data: 'rows.csv', key, states: ['kept', 'gone', 'old'].map(of) })] }, 'first');
  temporary.file('rows.csv', 'id,n\nb,20\nd,40\n');
  const merged = { ...of('new'), merge: 'old + value' };
  const steps = [
    { removeState: { operator: 'limits', state: 'gone' } },
    { renameState: { operator: 'limits', state: 'old', to: 'new' } },
    { put: { operator: 'limits', state: 'kept', key: 'z', value: 9 } },
    { rescale: { parallelism: 5, maxParallelism: 977 } },
    { bootstrap: { operator: 'limits', data: 'rows.csv', key: 'row.id', states: [merged] } },
  ];
  await run({ from: 'first', steps }, 'second');
  expect((await contentOf(temporary.at('second'))).keyed).toEqual(
    new Map(
      [
        ['kept', 'a', '1'],
        ['kept', 'b', '2'],
        ['kept', 'c', '3'],
        ['kept', 'z', '9'],
        ['new', 'a', '1'],
        ['new', 'b', '22'],
        ['new', 'c', '3'],
        ['new', 'd', '40'],
      ].map(([state, name, value]) => [idOf(ID, state, JSON.stringify(name)), value]),
    ),
  );
  const later = { from: 'first', steps: [steps[4], { removeState: { operator: 'limits', state: 'new' } }] };
  expect((await failure(later, 'third')).message).toBe('A step before this one fills the state new with rows.');
  const twice = { from: 'first', steps: [steps[4], steps[4]] };
  expect((await failure(twice, 'fourth')).message).toBe('Two steps of the plan fill the state new.');
});

test("cells of text become Kryo's collections and dates", async () => {
  temporary.file('rows.csv', 'id,tags,counts,day\na,"[""x"",""y""]","{""k"":5}",2024-02-29\nb,,,\n');
  const kryo = (name: string, type: string) => ({
    name,
    kind: 'value',
    type: `kryo java.${type}`,
    value: `row.${name}`,
  });
  const states = [
    kryo('tags', 'util.List<string>'),
    kryo('counts', 'util.Map<string, long>'),
    kryo('day', 'time.LocalDate'),
  ];
  for (const metadataVersion of [4, 6]) {
    const out = `version ${metadataVersion}`;
    const key = { type: 'string', value: 'row.id' };
    await run({ metadataVersion, steps: [step({ data: 'rows.csv', key, states })] }, out);
    expect((await contentOf(temporary.at(out))).keyed).toEqual(
      new Map(
        [
          ['tags', '["x","y"]'],
          ['counts', '{"k":5}'],
          ['day', '"2024-02-29"'],
        ].map(([state, value]) => [idOf(ID, state, '"a"'), value]),
      ),
    );
  }
});
