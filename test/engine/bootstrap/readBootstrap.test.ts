import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../../src/engine/bytes/engineError';
import { readPlan } from '../../../src/engine/plan/readPlan';

type Schema = {
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  oneOf?: Schema[];
  required?: string[];
};

const { definitions } = JSON.parse(
  readFileSync(new URL('../../../media/savepoint-plan.schema.json', import.meta.url), 'utf8'),
);
const schema: Schema = definitions.step.properties.bootstrap;

const TYPE_OF = { from: '../other', operator: 'accounts', state: 'history' };
const STATE = { name: 'limit', kind: 'value', type: 'long', value: 'int(row.limit)' };
const TIMER = { service: 'user-timers', domain: 'event', timestamp: 'int(row.due)' };
const STEP = {
  operator: { uid: 'limits', parallelism: 4, maxParallelism: 1024 },
  data: 'limits.csv',
  key: { type: 'string', value: 'row.user_id' },
  states: [STATE],
  timers: [TIMER],
};

function read(step: object) {
  const text = JSON.stringify({ steps: [{ bootstrap: step }] });
  const { from, steps } = readPlan(text, 'a.savepoint-plan.json');
  expect(from).toBeNull();
  const [found] = steps;
  if (found?.kind !== 'bootstrap') throw new Error('It is another step.');
  return found;
}

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (e) {
    if (e instanceof EngineError) return e.message;
    throw e;
  }
  throw new Error('Nothing was thrown.');
}

describe('the step bootstrap', () => {
  test('in full', () => {
    const namespace = { type: 'time-window', value: 'row.window' };
    const map = {
      name: 'm',
      kind: 'map',
      type: ['string', 'long'],
      mapKey: 'row.k',
      value: 'row.v',
      merge: 'old + value',
    };
    const history = { name: 'h', kind: 'list', typeOf: TYPE_OF, value: 'row.h', namespace, ttl: 'row.seen' };
    const step = read({
      ...STEP,
      data: { file: 'limits.txt', format: 'csv', delimiter: ';', quote: "'", header: false, columns: ['a', 'b'] },
      where: 'row.a > 5',
      states: [STATE, map, history],
      timers: [{ ...TIMER, namespace: { type: 'long', value: 'row.n' } }],
      merge: 'keep',
      onBadRow: { limit: 7 },
    });
    const none = { mapKey: null, namespace: null, ttl: null, merge: null };
    expect(step).toEqual({
      kind: 'bootstrap',
      place: 'line 1, column 11',
      target: { kind: 'named', name: { uid: 'limits' }, parallelism: 4, maxParallelism: 1024 },
      data: {
        kind: 'file',
        file: 'limits.txt',
        format: 'csv',
        csv: { delimiter: ';', quote: "'", header: false, columns: ['a', 'b'] },
      },
      where: 'row.a > 5',
      key: { type: { kind: 'words', types: ['string'] }, value: 'row.user_id' },
      states: [
        { ...none, name: 'limit', kind: 'value', type: { kind: 'words', types: ['long'] }, value: 'int(row.limit)' },
        {
          ...none,
          name: 'm',
          kind: 'map',
          type: { kind: 'words', types: ['string', 'long'] },
          mapKey: 'row.k',
          value: 'row.v',
          merge: { kind: 'expression', expression: 'old + value' },
        },
        {
          ...none,
          name: 'h',
          kind: 'list',
          type: { kind: 'of', ...TYPE_OF },
          value: 'row.h',
          namespace: { type: { kind: 'words', types: ['time-window'] }, value: 'row.window' },
          ttl: 'row.seen',
        },
      ],
      timers: [{ ...TIMER, namespace: { type: { kind: 'words', types: ['long'] }, value: 'row.n' } }],
      merge: { kind: 'keep' },
      onBadRow: { limit: 7 },
    });
  });

  test('what is left out: replace, stop at a bad row, types as the operator has them', () => {
    const step = read({
      operator: 'accounts',
      data: TYPE_OF,
      key: 'row.key',
      states: [{ name: 'n', value: 'row.value' }],
    });
    expect(step).toMatchObject({
      target: { kind: 'existing', operator: 'accounts' },
      data: { kind: 'snapshot', ...TYPE_OF },
      key: { type: null, value: 'row.key' },
      states: [{ kind: null, type: null }],
      merge: { kind: 'replace' },
      onBadRow: { limit: 0 },
    });
    expect(read({ ...STEP, onBadRow: 'skip' }).onBadRow.limit).toBe(Number.POSITIVE_INFINITY);
  });

  test.each([
    [{ ...STEP, states: undefined, timers: undefined }, '"states" is missing (or "timers").'],
    [{ ...STEP, operator: {} }, '"uid" is missing (or "id").'],
    [{ ...STEP, operator: { uid: 'a', id: 'b' } }, 'both given'],
    [{ ...STEP, data: { file: 'a', from: 'b' } }, 'but not both'],
    [{ ...STEP, data: { from: 'b', operator: 'c', state: 'd', header: true } }, 'Only a file has this'],
    [{ ...STEP, states: [{ ...STATE, typeOf: TYPE_OF }] }, 'both given'],
    [{ ...STEP, states: [{ ...STATE, type: ['a', 'b', 'c'] }] }, 'Expected a type'],
    [{ ...STEP, states: [{ ...STATE, kind: 'folding' }] }, 'Expected one of "value", "list"'],
    [{ ...STEP, states: [{ ...STATE, mapKey: 'row.k' }] }, 'Only a map has keys of its own.'],
    [{ ...STEP, onBadRow: 'never' }, 'Expected one of "stop", "skip"'],
    [{ ...STEP, onBadRow: { limit: -1 } }, 'Expected a whole number'],
    [{ ...STEP, timers: [{ ...TIMER, domain: 'ingestion' }] }, 'Expected one of "event", "processing"'],
  ])('%j', (step, message) => {
    expect(messageOf(() => read(step))).toContain(message);
  });
});

/** Every object of the schema, with what a step is that has another one in its place. */
const OBJECTS: [string, Schema | undefined, (inside: object) => object][] = [
  ['operator', schema.properties?.operator?.oneOf?.[1], (operator) => ({ ...STEP, operator })],
  ['data', schema.properties?.data?.oneOf?.[1], (data) => ({ ...STEP, data: { file: 'x', ...data } })],
  ['key', schema.properties?.key?.oneOf?.[1], (key) => ({ ...STEP, key })],
  ['states', schema.properties?.states?.items, (state) => ({ ...STEP, states: [state] })],
  ['timers', schema.properties?.timers?.items, (timer) => ({ ...STEP, timers: [timer] })],
  [
    'namespace',
    schema.properties?.states?.items?.properties?.namespace?.oneOf?.[1],
    (namespace) => ({ ...STEP, states: [{ ...STATE, namespace }] }),
  ],
  [
    'typeOf',
    schema.properties?.states?.items?.properties?.typeOf,
    (typeOf) => ({ ...STEP, states: [{ ...STATE, type: undefined, typeOf }] }),
  ],
  ['onBadRow', schema.properties?.onBadRow?.oneOf?.[1], (onBadRow) => ({ ...STEP, onBadRow })],
];

describe('the schema of it', () => {
  test.each(OBJECTS)('%s has the fields that are read', (name, part, inside) => {
    const told = /there are (.*)\.$/.exec(messageOf(() => read(inside({ 'no such field': 1 }))))?.[1];
    const described = Object.keys(part?.properties ?? {}).map((field) => `"${field}"`);
    // Data may be a state of a snapshot too, which the schema has apart.
    const others = name === 'data' ? ['"from"', '"operator"', '"state"'] : [];
    expect(told?.split(', ').sort()).toEqual([...described, ...others].sort());
  });
});
