import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { useTemporaryFolder } from '../../temporaryFolder';
import { applied, contentOf, fixture, idOf, planOf, type Step } from './harness';

const temporary = useTemporaryFolder();
const OPERATOR = '14cfd403e0929194539014eaed9ae6ed';
const STATES = ['_timer_state/event_user-timers', '_timer_state/processing_user-timers'] as const;
const KEYS = ['gustav', 'bob', 'emil', 'nobody has it', ''];
const SOURCES = ['2.3-accounts-heap-canonical', '2.3-accounts-rocksdb-heap-timers', '2.3-accounts-rocksdb-native'];

/** A queue: key and time of each timer. Steps act on it one after the other. */
type Queue = Set<string>;
interface Change {
  state: string;
  step: Step;
  naive(queue: Queue): Queue;
}

const timer = (key: string, time: bigint): string => `${JSON.stringify(key)} @ ${time}`;
const timeOf = (text: string): bigint => BigInt(text.slice(text.lastIndexOf(' ') + 1));
const keyOf = (text: string): string => JSON.parse(text.slice(0, text.lastIndexOf(' @ ')));

const state = fc.constantFrom(...STATES);
const key = fc.constantFrom(...KEYS);
const time = fc.oneof(
  fc.constantFrom(4102444800000n, 4102444800001n, -5n, 0n),
  fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
);
const at = (state: string) => ({ operator: 'accounts', state }) as const;
const moved = (queue: Queue, isMeant: (text: string) => boolean, to: (time: bigint) => bigint): Queue =>
  new Set([...queue].map((text) => (isMeant(text) ? timer(keyOf(text), to(timeOf(text))) : text)));

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ state, key, time }).map(({ state, key, time }) => ({
    state,
    step: { kind: 'put', ...at(state), key, timestamp: time } as Step,
    naive: (queue: Queue) => new Set([...queue, timer(key, time)]),
  })),
  fc.record({ state, key }).map(({ state, key }) => ({
    state,
    step: { kind: 'delete', ...at(state), key } as Step,
    naive: (queue: Queue) => new Set([...queue].filter((text) => keyOf(text) !== key)),
  })),
  fc.record({ state, time }).map(({ state, time }) => ({
    state,
    step: { kind: 'delete', ...at(state), timestamp: time } as Step,
    naive: (queue: Queue) => new Set([...queue].filter((text) => timeOf(text) !== time)),
  })),
  fc.record({ state, time }).map(({ state, time }) => ({
    state,
    step: { kind: 'update', ...at(state), set: { kind: 'whole', expression: `${time}` } } as Step,
    naive: (queue: Queue) =>
      moved(
        queue,
        () => true,
        () => time,
      ),
  })),
  fc.record({ state, key, by: fc.bigInt({ min: -2n, max: 2n }) }).map(({ state, key, by }) => ({
    state,
    step: {
      kind: 'update',
      ...at(state),
      where: `key == ${JSON.stringify(key)} && timestamp > -1000 && timestamp < 5000000000000`,
      set: { kind: 'fields', expressions: [['timestamp', `timestamp + ${by}`]] },
    } as Step,
    naive: (queue: Queue) =>
      moved(
        queue,
        (text) => keyOf(text) === key && timeOf(text) > -1000n && timeOf(text) < 5_000_000_000_000n,
        (was) => was + by,
      ),
  })),
);

async function queueOf(path: string, state: string): Promise<Queue> {
  const { keyed } = await contentOf(path);
  const queue: Queue = new Set();
  for (const id of keyed.keys()) {
    const [operator, name, key, , , time] = id.split(' | ');
    if (operator === OPERATOR && name === state) queue.add(`${key} @ ${time}`);
  }
  return queue;
}

describe('timers', () => {
  test('any plan does what the same changes of plain sets do', { timeout: 180_000 }, async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...SOURCES),
        fc.array(changes, { minLength: 1, maxLength: 8 }),
        fc.option(fc.integer({ min: 4, max: 300 })),
        async (source, plan, maxParallelism) => {
          const steps = plan.map(({ step }) => step);
          if (maxParallelism !== null) {
            steps.push({ kind: 'rescale', parallelism: null, maxParallelism, operators: ['accounts'] });
          }
          const out = temporary.at(`run-${run++}`);
          await applied(planOf(fixture(source), ...steps), out);
          for (const state of STATES) {
            let expected = await queueOf(fixture(source), state);
            for (const change of plan) if (change.state === state) expected = change.naive(expected);
            expect([...(await queueOf(out, state))].sort()).toEqual([...expected].sort());
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('a timer has no value, and its key stays', async () => {
    const source = fixture('2.3-accounts-heap-canonical');
    const [name] = STATES;
    const steps: [Step, string][] = [
      [{ kind: 'put', ...at(name), key: 'bob', timestamp: 1n, value: 1n }, 'BAD_ARGUMENT'],
      [{ kind: 'put', ...at(name), key: 'bob' }, 'BAD_ARGUMENT'],
      [{ kind: 'put', ...at(name), key: 5n, timestamp: 1n }, 'BAD_VALUE'],
      [{ kind: 'update', ...at(name), set: { kind: 'fields', expressions: [['key', "'x'"]] } }, 'BAD_ARGUMENT'],
      [{ kind: 'update', ...at(name), set: { kind: 'whole', expression: "'soon'" } }, 'BAD_VALUE'],
      [{ kind: 'setBytes', ...at(name), key: 'bob', bytes: new Uint8Array(1) }, 'BAD_ARGUMENT'],
    ];
    for (const [step, code] of steps) {
      await expect(applied(planOf(source, step), temporary.at('out')), JSON.stringify(code)).rejects.toMatchObject({
        code,
      });
    }
  });

  test('windows: the namespace of timers chooses, and can be set', async () => {
    const source = fixture('2.3-bank-heap-canonical');
    const before = await contentOf(source);
    const id = [...before.keyed.keys()].find((entry) => /_timer_state.*"start":/.test(entry)) ?? '';
    const [operator, state, key, namespace, , time] = id.split(' | ');
    const out = temporary.at('out');
    const window = JSON.parse(namespace);
    const moved = `{ "start": value_start, "end": value_end }`
      .replace('value_start', 'namespace.start')
      .replace('value_end', 'namespace.end + 1000');
    await applied(
      planOf(source, {
        kind: 'update',
        operator,
        state,
        where: `namespace.start == ${window.start} && timestamp == ${time} && key == ${key}`,
        set: {
          kind: 'fields',
          expressions: [
            ['namespace', moved.replaceAll('"start"', "'start'").replaceAll('"end"', "'end'")],
            ['timestamp', 'timestamp + 1000'],
          ],
        },
      }),
      out,
    );
    const expected = new Map(before.keyed);
    expected.delete(id);
    const later = JSON.stringify({ start: window.start, end: window.end + 1000 });
    expected.set(idOf(operator, state, key, later, '', String(BigInt(time) + 1000n)), '');
    expect((await contentOf(out)).keyed).toEqual(expected);
  });
});
