import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../src/engine/json/jsonValue';
import { useTemporaryFolder } from '../../temporaryFolder';
import { applied, type Content, contentOf, fixture, idOf, planOf, type Step } from './harness';

const temporary = useTemporaryFolder();
const OPERATOR = '14cfd403e0929194539014eaed9ae6ed';
const KEYS = ['gustav', 'bob', 'emil', 'dora', 'a new key', 'another 💰', ''];
const USER_KEYS = ['DEPOSIT', 'NOTE', 'ZZ', ''];

/** One step, and what it does to a plain map of all entries: the slow and simple truth that the plan is held against. */
interface Change {
  step: Step;
  naive(content: Map<string, string>): void;
}

const key = fc.constantFrom(...KEYS);
const long = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n });
const quoted = (text: string): string => JSON.stringify(text);
const total = (of: string): string => idOf(OPERATOR, 'total', quoted(of));
const counter = (of: string, userKey: string): string => idOf(OPERATOR, 'counters', quoted(of), '', quoted(userKey));
const at = (state: string) => ({ operator: 'accounts', state }) as const;

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ key, value: long }).map(({ key, value }) => ({
    step: { kind: 'put', ...at('total'), key, value } as Step,
    naive: (content: Map<string, string>) => void content.set(total(key), String(value)),
  })),
  fc.record({ key, mapKey: fc.constantFrom(...USER_KEYS), value: long }).map(({ key, mapKey, value }) => ({
    step: { kind: 'put', ...at('counters'), key, mapKey, value } as Step,
    naive: (content: Map<string, string>) => void content.set(counter(key, mapKey), String(value)),
  })),
  fc.record({ key, map: fc.dictionary(fc.constantFrom(...USER_KEYS), long) }).map(({ key, map }) => ({
    step: { kind: 'put', ...at('counters'), key, value: new Map<string, Json>(Object.entries(map)) } as Step,
    naive: (content: Map<string, string>) => {
      for (const id of [...content.keys()])
        if (id.startsWith(`${OPERATOR} | counters | ${quoted(key)} |`)) content.delete(id);
      for (const [userKey, value] of Object.entries(map)) content.set(counter(key, userKey), String(value));
    },
  })),
  key.map((key) => ({
    step: { kind: 'delete', ...at('total'), key } as Step,
    naive: (content: Map<string, string>) => void content.delete(total(key)),
  })),
  fc.bigInt({ min: 0n, max: 20_000n }).map((least) => ({
    step: { kind: 'delete', ...at('total'), where: `value < ${least}` } as Step,
    naive: (content: Map<string, string>) => {
      for (const [id, value] of content)
        if (id.startsWith(`${OPERATOR} | total |`) && BigInt(value) < least) content.delete(id);
    },
  })),
  fc.constantFrom(...USER_KEYS).map((userKey) => ({
    step: {
      kind: 'update',
      ...at('counters'),
      where: `mapKey == ${quoted(userKey)} && value < 1000000`,
      set: { kind: 'whole', expression: 'value + 7' },
    } as Step,
    naive: (content: Map<string, string>) => {
      for (const [id, value] of content) {
        const isCounter = id.startsWith(`${OPERATOR} | counters |`) && id.split(' | ')[4] === quoted(userKey);
        if (isCounter && BigInt(value) < 1000000n) content.set(id, String(BigInt(value) + 7n));
      }
    },
  })),
  fc
    .record({ parallelism: fc.integer({ min: 1, max: 9 }), maxParallelism: fc.integer({ min: 9, max: 700 }) })
    .map((to) => ({
      step: { kind: 'rescale', ...to, operators: ['accounts'] } as Step,
      naive: () => {},
    })),
);

const SOURCES = ['2.3-accounts-heap-canonical', '2.3-accounts-heap-native', '2.3-accounts-rocksdb-heap-timers'];

describe('changes of entries', () => {
  test('any plan does what the same changes of a plain map do', { timeout: 120_000 }, async () => {
    const before = new Map<string, Content>();
    for (const source of SOURCES) before.set(source, await contentOf(fixture(source)));
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...SOURCES),
        fc.array(changes, { minLength: 1, maxLength: 8 }),
        async (source, plan) => {
          const out = temporary.at(`run-${run++}`);
          await applied(planOf(fixture(source), ...plan.map(({ step }) => step)), out);
          const expected = new Map(before.get(source)?.keyed);
          for (const { naive } of plan) naive(expected);
          const content = await contentOf(out);
          expect(content.keyed).toEqual(expected);
          expect(content.operator).toEqual(before.get(source)?.operator);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('lists, times to live and fields of records', async () => {
    const out = temporary.at('out');
    const history = [
      new Map<string, Json>([
        ['amount', 1.5],
        ['kind', 'NOTE'],
        ['memo', 'm'],
        ['time', 5n],
      ]),
    ];
    await applied(
      planOf(
        fixture('2.3-accounts-rocksdb-native'),
        { kind: 'put', ...at('history'), key: 'gustav', value: [] },
        { kind: 'put', ...at('history'), key: 'bob', value: history },
        {
          kind: 'update',
          ...at('balance'),
          key: 'gustav',
          set: { kind: 'fields', expressions: [['amount', 'value.amount * 2.0']] },
        },
        { kind: 'update', ...at('lastSeen'), key: 'gustav', set: { kind: 'fields', expressions: [['$ttl', 5n]] } },
      ),
      out,
    );
    const { keyed } = await contentOf(out);
    const of = (state: string, key: string) => keyed.get(idOf(OPERATOR, state, quoted(key)));
    expect(of('history', 'gustav')).toBeUndefined();
    expect(of('history', 'bob')).toBe('[{"amount":1.5,"kind":"NOTE","memo":"m","time":5}]');
    expect(of('balance', 'gustav')).toBe('{"amount":120,"updatedAt":1767601620000}');
    expect(of('lastSeen', 'gustav')).toBe('{"$ttl":5,"value":1767601620000}');
  });

  test('a state is removed and another renamed; all others keep their entries', async () => {
    const source = fixture('2.3-accounts-heap-changelog-materialized');
    const out = temporary.at('out');
    await applied(
      planOf(source, { kind: 'removeState', ...at('average') }, { kind: 'renameState', ...at('recent'), to: 'latest' }),
      out,
    );
    const expected = new Map<string, string>();
    for (const [id, value] of (await contentOf(source)).keyed) {
      if (!id.includes('| average |')) expected.set(id.replace('| recent |', '| latest |'), value);
    }
    expect((await contentOf(out)).keyed).toEqual(expected);
  });
});

describe('a change and its inverse', () => {
  test.each<[string, Step[]]>([
    [
      'put and delete',
      [
        {
          kind: 'put',
          ...at('counters'),
          key: 'a new key',
          value: new Map<string, Json>([
            ['X', 1n],
            ['Y', null],
          ]),
        },
        { kind: 'delete', ...at('counters'), key: 'a new key' },
      ],
    ],
    [
      'two names',
      [
        { kind: 'renameState', ...at('total'), to: 'sum of all amounts' },
        { kind: 'renameState', ...at('sum of all amounts'), to: 'total' },
      ],
    ],
    [
      'add and subtract',
      [
        { kind: 'update', ...at('counters'), set: { kind: 'whole', expression: 'value + 7' } },
        { kind: 'update', ...at('counters'), set: { kind: 'whole', expression: 'value - 7' } },
      ],
    ],
  ])('%s, in two snapshots', async (_, [change, inverse]) => {
    const source = fixture('2.3-accounts-heap-changelog');
    await applied(planOf(source, change), temporary.at('changed'));
    const before = await contentOf(source);
    expect(await contentOf(temporary.at('changed'))).not.toEqual(before);
    await applied(planOf(temporary.at('changed'), inverse), temporary.at('back'));
    expect(await contentOf(temporary.at('back'))).toEqual(before);
  });
});

describe('refused before anything is written', () => {
  const put = (state: string, value: Json, more: object = {}): Step =>
    ({ kind: 'put', ...at(state), key: 'gustav', value, ...more }) as Step;
  test.each<[string, Step, string]>([
    ['a long that does not fit', put('total', 1n << 63n), 'BAD_VALUE'],
    ['text for a number', put('total', 'ten'), 'BAD_VALUE'],
    ['a field that is missing', put('balance', new Map<string, Json>([['amount', 1.0]])), 'BAD_VALUE'],
    ['an enum constant that does not exist', put('history', [new Map<string, Json>([['kind', 'NONE']])]), 'BAD_VALUE'],
    ['a key of another type', { ...put('total', 1n), key: 5n } as Step, 'BAD_VALUE'],
    ['a map key where there is no map', put('total', 1n, { mapKey: 'x' }), 'BAD_ARGUMENT'],
    ['a state that does not exist', put('nothing', 1n), 'NOT_FOUND'],
    ['an operator that does not exist', { kind: 'removeOperator', operator: 'nobody' }, 'NOT_FOUND'],
    ['a name that is taken', { kind: 'renameState', ...at('total'), to: 'balance' }, 'BAD_ARGUMENT'],
    ['an entry of timers', put('_timer_state/event_user-timers', null), 'BAD_ARGUMENT'],
    ['what is not CEL', { kind: 'delete', ...at('total'), where: 'value <' }, 'BAD_ARGUMENT'],
    [
      'a uid that another operator has',
      { kind: 'changeUid', operator: 'accounts', to: { uid: 'accounts-sink' } },
      'BAD_ARGUMENT',
    ],
  ])('%s', async (_, step, code) => {
    await expect(
      applied(planOf(fixture('2.3-accounts-heap-canonical'), step), temporary.at('out')),
    ).rejects.toMatchObject({
      code,
    });
  });
});
