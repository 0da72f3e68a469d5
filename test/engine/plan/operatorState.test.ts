import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeEntry } from '../../../src/engine/decodeEntry';
import { snapshotEntries } from '../../../src/engine/entries';
import type { Json } from '../../../src/engine/json/jsonValue';
import { writeJson } from '../../../src/engine/json/writeJson';
import { openSnapshot } from '../../../src/engine/snapshot';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { useTemporaryFolder } from '../../temporaryFolder';
import { applied, contentOf, fixture, planOf, type Step } from './harness';

const temporary = useTemporaryFolder();

/** Elements of list and union state, and entries of broadcast state, as they lie: by state and subtask. */
type Layout = Map<string, string[]>;

async function layoutOf(path: string): Promise<Layout> {
  const layout: Layout = new Map();
  const snapshot = await openSnapshot(path, nodeFileStore);
  const failed = ({ error }: { error: Error }) => {
    throw error;
  };
  for await (const { operator, subtask, entries } of snapshotEntries(snapshot, {}, failed)) {
    for (const entry of entries) {
      if (entry.keyGroup >= 0) continue;
      const { userKey, value } = decodeEntry(entry);
      const place = `${operator.id} ${entry.state.name} ${subtask.index}`;
      const text = userKey === undefined ? writeJson(value) : `${writeJson(userKey)}: ${writeJson(value)}`;
      layout.set(place, [...(layout.get(place) ?? []), text]);
    }
  }
  await snapshot.close();
  return layout;
}

const ACCOUNTS = '14cfd403e0929194539014eaed9ae6ed';
const pending = { operator: 'accounts', state: 'pending' } as const;

/** The list `pending` of each subtask: what every element is now, by its place; null where it is gone. */
type Lists = (bigint | null)[][];
interface Change {
  step: Step;
  naive(lists: Lists): void;
}

const long = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n });
const subtask = fc.constantFrom(0, 1);
const each = (lists: Lists, change: (value: bigint, subtask: number, index: number) => bigint | null): void =>
  lists.forEach((list, s) => {
    list.forEach((value, i) => {
      if (value !== null) list[i] = change(value, s, i);
    });
  });

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ value: long, subtask }).map(({ value, subtask }) => ({
    step: { kind: 'put', ...pending, subtask, value } as Step,
    naive: (lists: Lists) => void lists[subtask].push(value),
  })),
  fc.record({ value: long, subtask, index: fc.integer({ min: 0, max: 2 }) }).map(({ value, subtask, index }) => ({
    step: { kind: 'put', ...pending, subtask, index, value } as Step,
    naive: (lists: Lists) => {
      lists[subtask][index] = value;
    },
  })),
  fc.record({ subtask, index: fc.integer({ min: 0, max: 6 }) }).map(({ subtask, index }) => ({
    step: { kind: 'delete', ...pending, subtask, index } as Step,
    naive: (lists: Lists) => each(lists, (value, s, i) => (s === subtask && i === index ? null : value)),
  })),
  long.map((most) => ({
    step: { kind: 'delete', ...pending, where: `value > ${most} && subtask == 1` } as Step,
    naive: (lists: Lists) => each(lists, (value, s) => (s === 1 && value > most ? null : value)),
  })),
  fc.integer({ min: 0, max: 4 }).map((least) => ({
    step: {
      kind: 'update',
      ...pending,
      where: `index >= ${least} && value < 1000000`,
      set: { kind: 'whole', expression: 'value + index' },
    } as Step,
    naive: (lists: Lists) =>
      each(lists, (value, _, i) => (i >= least && value < 1_000_000n ? value + BigInt(i) : value)),
  })),
);

describe('elements of operator state', () => {
  test('any plan does what the same changes of plain arrays do', { timeout: 120_000 }, async () => {
    const source = fixture('2.3-accounts-heap-canonical');
    const before = await layoutOf(source);
    const read = (layout: Layout, s: number): string[] => layout.get(`${ACCOUNTS} pending ${s}`) ?? [];
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(changes, { minLength: 1, maxLength: 8 }),
        fc.option(fc.integer({ min: 1, max: 5 })),
        async (plan, parallelism) => {
          const lists: Lists = [0, 1].map((s) => read(before, s).map(BigInt));
          for (const { naive } of plan) naive(lists);
          const expected = lists.map((list) => list.filter((value) => value !== null).map(String));
          const steps = plan.map(({ step }) => step);
          if (parallelism !== null) {
            steps.push({ kind: 'rescale', parallelism, maxParallelism: null, operators: ['accounts'] });
          }
          const out = temporary.at(`run-${run++}`);
          await applied(planOf(source, ...steps), out);
          const after = await layoutOf(out);
          if (parallelism === null || parallelism === 2) {
            if (parallelism === null) expect([read(after, 0), read(after, 1)]).toEqual(expected);
            for (const [place, texts] of before)
              if (!place.includes(' pending ')) expect(after.get(place)).toEqual(texts);
          }
          const all = Array.from({ length: parallelism ?? 2 }, (_, s) => read(after, s)).flat();
          expect(all.sort()).toEqual(expected.flat().sort());
          expect((await contentOf(out)).keyed).toEqual((await contentOf(source)).keyed);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('subtasks in which nothing changes keep their files, and other states their bytes', async () => {
    const source = fixture('2.3-accounts-heap-canonical');
    const out = temporary.at('out');
    await applied(planOf(source, { kind: 'put', ...pending, subtask: 1, index: 0, value: 5n }), out);
    const [before, after] = [await handlesOf(source), await handlesOf(out)];
    expect(after[0]).toEqual(before[0]);
    expect(after[1]).not.toEqual(before[1]);
    expect(after[1].length).toBe(before[1].length);
    expect(differing(before[1], after[1])).toBeLessThanOrEqual(8);
  });

  test('union state, states that go and states that are renamed', async () => {
    const source = fixture('1.20-accounts-heap-canonical');
    const out = temporary.at('out');
    const progress = { operator: 'accounts', state: 'progress' } as const;
    await applied(
      planOf(
        source,
        { kind: 'removeState', ...pending },
        { kind: 'update', ...progress, where: "value[0] == 'subtask-1'", set: fieldsOf(['[1]', 'value[1] * 2']) },
        { kind: 'renameState', ...progress, to: 'how far' },
        { kind: 'put', operator: 'accounts', state: 'how far', value: ['added', -1n] },
      ),
      out,
    );
    const [before, after] = [await layoutOf(source), await layoutOf(out)];
    expect([...after.keys()].filter((place) => place.startsWith(ACCOUNTS))).toEqual([
      `${ACCOUNTS} how far 0`,
      `${ACCOUNTS} how far 1`,
    ]);
    const [name, count] = JSON.parse(before.get(`${ACCOUNTS} progress 1`)?.[0] ?? '[]');
    expect(after.get(`${ACCOUNTS} how far 1`)).toEqual([`["${name}",${count * 2}]`]);
    expect(after.get(`${ACCOUNTS} how far 0`)).toEqual([
      ...(before.get(`${ACCOUNTS} progress 0`) ?? []),
      '["added",-1]',
    ]);
  });

  test('the offsets of a source are rewound', async () => {
    const source = fixture('2.3-accounts-heap-canonical');
    const out = temporary.at('out');
    const splits = { operator: 'events', state: 'SourceReaderState' } as const;
    await applied(
      planOf(
        source,
        { kind: 'update', ...splits, where: "value.splitId == '1'", set: fieldsOf(['from', 'value.from - 40']) },
        {
          kind: 'put',
          ...splits,
          value: new Map<string, Json>([
            ['$format', 'NumberSequenceSource split'],
            ['splitId', 'more'],
            ['from', 1n],
            ['to', 2n],
          ]),
        },
      ),
      out,
    );
    const payloads = ((await layoutOf(out)).get('0c80f7e50ab54b30f6a2580946f9e942 SourceReaderState 0') ?? []).map(
      (text) => Buffer.from(JSON.parse(text), 'base64').toString('hex'),
    );
    expect(payloads).toEqual([
      '000000010000001300013100000000000000320000000' + '03b9ac9ff',
      '00000001' + '00000016' + '00046d6f7265' + '0000000000000001' + '0000000000000002',
    ]);
  });
});

describe('broadcast state', () => {
  const rates = { operator: 'transfers', state: 'rates' } as const;
  const rate = (currency: string, perEuro: number) =>
    new Map<string, Json>([
      ['currency', currency],
      ['perEuro', perEuro],
    ]);

  test('changes alike in every subtask, and goes to every new one', async () => {
    const source = fixture('2.3-bank-heap-native');
    const before = await layoutOf(source);
    const places = [...before.keys()].filter((place) => place.includes(' rates '));
    expect(places.length).toBeGreaterThan(1);
    const [operator] = places[0].split(' ');
    const of = { ...rates, operator };
    const texts = before.get(places[0]) ?? [];
    const [first] = texts.map((text) => JSON.parse(text.slice(0, text.indexOf(':'))) as string);
    const out = temporary.at('out');
    await applied(
      planOf(
        source,
        { kind: 'put', ...of, mapKey: 'QQQ', value: rate('QQQ', 2.5) },
        { kind: 'delete', ...of, mapKey: first },
        { kind: 'update', ...of, where: "mapKey == 'QQQ'", set: fieldsOf(['perEuro', 'value.perEuro * 2.0']) },
      ),
      out,
    );
    const expected = [...texts.slice(1), '"QQQ": {"currency":"QQQ","perEuro":5}'];
    const after = await layoutOf(out);
    for (const place of places) expect(after.get(place), place).toEqual(expected);

    const wider = temporary.at('wider');
    await applied(planOf(out, { kind: 'rescale', parallelism: 3, maxParallelism: null, operators: [operator] }), wider);
    const dealt = await layoutOf(wider);
    for (let s = 0; s < 3; s++) expect(dealt.get(`${operator} rates ${s}`)).toEqual(expected);
  });

  test('a whole map takes the place of all entries', async () => {
    const source = fixture('1.20-bank-heap-canonical');
    const place = [...(await layoutOf(source)).keys()].find((name) => name.includes(' rates ')) ?? '';
    const out = temporary.at('out');
    const [operator] = place.split(' ');
    const value = new Map([['A', rate('A', 1)]]);
    await applied(planOf(source, { kind: 'put', operator, state: 'rates', value }), out);
    expect((await layoutOf(out)).get(place)).toEqual(['"A": {"currency":"A","perEuro":1}']);
  });
});

describe('refused before anything is written', () => {
  test.each<[string, Step, string]>([
    ['an index that is not there', { kind: 'put', ...pending, subtask: 0, index: 9, value: 1n }, 'BAD_ARGUMENT'],
    ['an index of nobody knows which subtask', { kind: 'put', ...pending, index: 0, value: 1n }, 'BAD_ARGUMENT'],
    ['a subtask without the state', { kind: 'put', ...pending, subtask: 7, value: 1n }, 'BAD_ARGUMENT'],
    ['a key of what has none', { kind: 'put', ...pending, key: 'x', value: 1n }, 'BAD_ARGUMENT'],
    ['no value', { kind: 'put', ...pending }, 'BAD_ARGUMENT'],
    ['a value of another type', { kind: 'put', ...pending, value: 'text' }, 'BAD_VALUE'],
    ['bytes that are no long', { kind: 'setBytes', ...pending, index: 0, bytes: new Uint8Array(7) }, 'BAD_VALUE'],
    ['a name that keyed state has', { kind: 'renameState', ...pending, to: 'total' }, 'BAD_ARGUMENT'],
  ])('%s', async (_, step, code) => {
    await expect(
      applied(planOf(fixture('2.3-accounts-heap-canonical'), step), temporary.at('out')),
    ).rejects.toMatchObject({ code });
  });
});

const fieldsOf = (...expressions: [string, Json][]) => ({ kind: 'fields', expressions }) as const;

/** The bytes of operator state of each subtask of `accounts`. */
async function handlesOf(path: string): Promise<Uint8Array[]> {
  const snapshot = await openSnapshot(path, nodeFileStore);
  const operator = snapshot.operators.find(({ id }) => id === ACCOUNTS);
  const all: Uint8Array[] = [];
  for (const { managedOperatorState } of operator?.subtasks ?? []) {
    if (managedOperatorState?.stream == null) continue;
    const source = await snapshot.files.open(managedOperatorState.stream);
    all.push(await source.read(0, source.size));
  }
  await snapshot.close();
  return all;
}

const differing = (a: Uint8Array, b: Uint8Array): number => a.filter((byte, i) => byte !== b[i]).length;
