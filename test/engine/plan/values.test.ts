import { describe, expect, test } from 'vitest';
import { EngineError } from '../../../src/engine/bytes/engineError';
import type { Json } from '../../../src/engine/json/jsonValue';
import { preparePlan } from '../../../src/engine/plan/preparePlan';
import { readPlan } from '../../../src/engine/plan/readPlan';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { corpusSnapshots, describeCorpus } from '../../corpus';
import { useTemporaryFolder } from '../../temporaryFolder';
import { applied, contentOf, fixture, idOf, planOf, type Step } from './harness';

const temporary = useTemporaryFolder();
const OPERATOR = '14cfd403e0929194539014eaed9ae6ed';
const SOURCE = '2.3-accounts-heap-canonical';
const at = (state: string) => ({ operator: 'accounts', state }) as const;
const fieldsOf = (...expressions: [string, Json][]) => ({ kind: 'fields', expressions }) as const;
const whole = (expression: string) => ({ kind: 'whole', expression }) as const;

async function changed(
  ...steps: Step[]
): Promise<(state: string, key: string, userKey?: string) => string | undefined> {
  const out = temporary.at('out');
  await applied(planOf(fixture(SOURCE), ...steps), out);
  const { keyed } = await contentOf(out);
  return (state, key, userKey) =>
    keyed.get(idOf(OPERATOR, state, JSON.stringify(key), '', userKey === undefined ? '' : JSON.stringify(userKey)));
}

describe('values with a time-to-live', () => {
  const T = 1767601620000;

  test('keep their stamp when they get another value', async () => {
    const of = await changed(
      { kind: 'update', ...at('lastSeen'), key: 'gustav', set: whole('value + 1') },
      { kind: 'update', ...at('recent'), key: 'gustav', set: whole("value.map(text, text + '!')") },
    );
    expect(of('lastSeen', 'gustav')).toBe(`{"$ttl":${T},"value":${T + 1}}`);
    expect(JSON.parse(of('recent', 'gustav') ?? '[]')).toEqual([
      { $ttl: 1767600180000, value: 'event 3!' },
      { $ttl: 1767600900000, value: 'event 15!' },
      { $ttl: T, value: 'event 27!' },
    ]);
  });

  test('of a list that grows or shrinks keep those of the elements that stay', async () => {
    const of = await changed({
      kind: 'update',
      ...at('recent'),
      key: 'gustav',
      set: whole("value.filter(text, text != 'event 15')"),
    });
    expect(JSON.parse(of('recent', 'gustav') ?? '[]')).toEqual([
      { $ttl: 1767600180000, value: 'event 3' },
      { $ttl: T, value: 'event 27' },
    ]);
  });

  test('get the one that is given, in any form', async () => {
    const of = await changed(
      { kind: 'update', ...at('lastSeen'), key: 'gustav', set: fieldsOf(['$ttl', 'ttl + 10']) },
      { kind: 'update', ...at('recent'), key: 'gustav', set: fieldsOf(['$ttl', 9n], ['[1].$ttl', 8n]) },
      { kind: 'put', ...at('lastSeen'), key: 'new', value: 5n, ttl: 77n },
      {
        kind: 'put',
        ...at('lastSeen'),
        key: 'newer',
        value: new Map<string, Json>([
          ['$ttl', 78n],
          ['value', 6n],
        ]),
      },
      {
        kind: 'put',
        ...at('recent'),
        key: 'new',
        value: [
          'a',
          new Map<string, Json>([
            ['$ttl', 1n],
            ['value', 'b'],
          ]),
        ],
        ttl: 2n,
      },
      { kind: 'put', ...at('devices'), key: 'new', mapKey: 'x', value: 3n, ttl: 4n },
    );
    expect(of('lastSeen', 'gustav')).toBe(`{"$ttl":${T + 10},"value":${T}}`);
    expect(JSON.parse(of('recent', 'gustav') ?? '[]').map(({ $ttl }: { $ttl: number }) => $ttl)).toEqual([9, 8, 9]);
    expect(of('lastSeen', 'new')).toBe('{"$ttl":77,"value":5}');
    expect(of('lastSeen', 'newer')).toBe('{"$ttl":78,"value":6}');
    expect(of('recent', 'new')).toBe('[{"$ttl":2,"value":"a"},{"$ttl":1,"value":"b"}]');
    expect(of('devices', 'new', 'x')).toBe('{"$ttl":4,"value":3}');
  });

  test('that are new and given none are as of now', async () => {
    const before = Date.now();
    const of = await changed({ kind: 'put', ...at('lastSeen'), key: 'new', value: 5n });
    const { $ttl, value } = JSON.parse(of('lastSeen', 'new') ?? '{}');
    expect(value).toBe(5);
    expect($ttl).toBeGreaterThanOrEqual(before);
    expect($ttl).toBeLessThanOrEqual(Date.now());
  });

  test('are chosen by their stamp', async () => {
    const before = (await contentOf(fixture(SOURCE))).keyed;
    const old = [...before].filter(([id, value]) => id.includes('| lastSeen |') && JSON.parse(value).$ttl < T);
    expect(old.length).toBeGreaterThan(0);
    const out = temporary.at('out');
    await applied(planOf(fixture(SOURCE), { kind: 'delete', ...at('lastSeen'), where: `ttl < ${T}` }), out);
    const { keyed } = await contentOf(out);
    expect([...before.keys()].filter((id) => !keyed.has(id))).toEqual(old.map(([id]) => id));
  });

  test('a stamp where there is no time-to-live is an error', async () => {
    const step: Step = { kind: 'put', ...at('total'), key: 'new', value: 5n, ttl: 7n };
    await expect(changed(step)).rejects.toMatchObject({ code: 'BAD_ARGUMENT', where: expect.stringContaining('ttl') });
  });
});

describe('parts of values', () => {
  test('elements of tuples, records in lists, keys of maps', async () => {
    const of = await changed(
      { kind: 'update', ...at('average'), key: 'gustav', set: fieldsOf(['f1', '41'], ['[0]', 'value[0] + 1']) },
      {
        kind: 'update',
        ...at('history'),
        key: 'gustav',
        set: fieldsOf(['[0].memo', "'changed'"], ['[0].kind', "'NOTE'"]),
      },
    );
    const before = (await contentOf(fixture(SOURCE))).keyed;
    const was = (state: string) => JSON.parse(before.get(idOf(OPERATOR, state, '"gustav"')) ?? 'null');
    expect(JSON.parse(of('average', 'gustav') ?? 'null')).toEqual([was('average')[0] + 1, 41]);
    const [first, ...rest] = was('history');
    expect(JSON.parse(of('history', 'gustav') ?? 'null')).toEqual([
      { ...first, memo: 'changed', kind: 'NOTE' },
      ...rest,
    ]);
  });
});

describe('bytes', () => {
  test('take the place of values, and are checked', async () => {
    const of = await changed(
      { kind: 'setBytes', ...at('total'), key: 'gustav', bytes: Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 2) },
      { kind: 'setBytes', ...at('counters'), key: 'gustav', mapKey: 'NOTE', bytes: new Uint8Array(8).fill(0xff) },
    );
    expect(of('total', 'gustav')).toBe('258');
    expect(of('counters', 'gustav', 'NOTE')).toBe('-1');
    const short: Step = { kind: 'setBytes', ...at('total'), key: 'gustav', bytes: new Uint8Array(9) };
    await expect(applied(planOf(fixture(SOURCE), short), temporary.at('no'))).rejects.toMatchObject({
      code: 'BAD_VALUE',
    });
  });

  test('values that only the job can read are put as the dump shows them', async () => {
    const source = fixture('1.20-types-opaque-heap-canonical');
    const { keyed } = await contentOf(source);
    const [id, shown] = [...keyed].find(([, value]) => value.startsWith('{"$bytes"')) ?? ['', ''];
    const [operator, state, key] = id.split(' | ');
    const bytes = Buffer.from(JSON.parse(shown).$bytes, 'base64');
    bytes[bytes.length - 1] ^= 1;
    const out = temporary.at('out');
    const value = new Map<string, Json>([['$bytes', bytes.toString('base64')]]);
    await applied(planOf(source, { kind: 'put', operator, state, key: JSON.parse(key), value }), out);
    const now = (await contentOf(out)).keyed.get(id) ?? '{}';
    expect(JSON.parse(now).$bytes).toBe(bytes.toString('base64'));
  });
});

describe('an error of a value', () => {
  /** What is told of a plan whose fourth line is this step. */
  async function told(step: string): Promise<EngineError> {
    const text = `{ "from": ${JSON.stringify(fixture(SOURCE))},\n  // a comment\n  "steps": [\n    ${step}\n] }`;
    try {
      const prepared = await preparePlan(readPlan(text, 'a plan'), nodeFileStore);
      await prepared.close();
    } catch (e) {
      if (e instanceof EngineError) return e;
      throw e;
    }
    throw new Error('It did not fail.');
  }
  const put = (state: string, rest: string): string =>
    `{ "put": { "operator": "accounts", "state": "${state}", ${rest} } }`;

  test.each<[string, string, string, string, string]>([
    [
      'a field of a list element',
      put('history', '"key": "a", "value": [{"amount": 1, "kind": "NOTE", "memo": 5, "time": 1}]'),
      'BAD_VALUE',
      '"memo"',
      'value / [0]',
    ],
    [
      'a number beyond its type',
      put('total', '"key": "a", "value": 9223372036854775808'),
      'BAD_VALUE',
      '9223372036854775808',
      'value',
    ],
    ['a key', put('total', '"key": 5, "value": 1'), 'BAD_VALUE', '5', 'key'],
    [
      'an enum',
      put('history', '"key": "a", "value": [{"amount": 1, "kind": "NONE", "memo": "", "time": 1}]'),
      'BAD_VALUE',
      '"kind"',
      'value / [0]',
    ],
    [
      'an expression',
      '{ "delete": { "operator": "accounts", "state": "total", "where": "value <" } }',
      'BAD_ARGUMENT',
      '"value <"',
      'where',
    ],
    [
      'a path',
      '{ "update": { "operator": "accounts", "state": "balance", "set": { "a..b": "1" } } }',
      'BAD_ARGUMENT',
      '"1"',
      'set / a..b',
    ],
    ['a state', put('totl', '"key": "a", "value": 1'), 'NOT_FOUND', '"totl"', 'state'],
  ])('%s names its line, its column and the way to it', async (_, step, code, part, where) => {
    const error = await told(step);
    expect(error.code).toBe(code);
    const column = step.indexOf(part) + 5;
    expect(error.where).toMatch(/^line 4, column \d+ \/ /);
    expect(error.where).toContain(where);
    const found = Number(/column (\d+)/.exec(error.where ?? '')?.[1]);
    // The innermost part that stands in the plan: the value of that field, or what comes right before it.
    expect(Math.abs(found - column)).toBeLessThanOrEqual(part.length + 4);
  });

  test('names the type, and the field that was meant', async () => {
    const missing = await told(put('balance', '"key": "a", "value": {"amuont": 1, "updatedAt": 2}'));
    expect(missing).toMatchObject({ code: 'BAD_VALUE' });
    expect(missing.hint).toContain('amount');
    expect((await told(put('totl', '"key": "a", "value": 1'))).hint).toBe('Did you mean "total"?');
    expect((await told(put('total', '"key": "a", "value": "ten"'))).hint).toContain('long');
    expect((await told('{ "put": { "operator": "accounts", "stat": "x" } }').catch((e) => e)).hint).toContain('state');
  });
});

describeCorpus('keys in the form of Kryo', () => {
  test('are chosen by how they are shown, as by an expression', async () => {
    const name = 'older/stateful-scala-udf-migration-itcase-flink1.14-hashmap-savepoint';
    const from = corpusSnapshots().find((snapshot) => snapshot.name === name)?.path ?? '';
    const { keyed } = await contentOf(from);
    const at = { operator: 'd1392353922252257afa15351a98bae9', state: 'optionState' };
    await applied(
      planOf(
        from,
        { kind: 'delete', ...at, key: 3n },
        { kind: 'delete', ...at, key: '1' },
        { kind: 'update', ...at, where: 'key == 1', set: fieldsOf(['[1]', 'value[1] + 1']) },
      ),
      temporary.at('out'),
    );
    const after = (await contentOf(temporary.at('out'))).keyed;
    const changed = [...keyed].filter(([id, value]) => after.get(id) !== value);
    expect(changed.map(([id, value]) => [id, value, after.get(id)])).toEqual([
      [idOf(at.operator, at.state, '3'), '["3",6]', undefined],
      [idOf(at.operator, at.state, '1'), '["1",2]', '["1",3]'],
    ]);
  });
});
