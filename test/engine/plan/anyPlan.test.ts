import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../src/engine/plan/plan';
import { useTemporaryFolder } from '../../temporaryFolder';
import { applied, type Content, contentOf, fixture, idOf, planOf, type Step } from './harness';

const temporary = useTemporaryFolder();
const OPERATOR = '14cfd403e0929194539014eaed9ae6ed';
const SOURCES = ['2.3-accounts-heap-canonical', '2.3-accounts-heap-native', '1.20-accounts-heap-changelog'];
const TIMERS = '_timer_state/event_user-timers';

/** Names that states have by now, by those that they had; null for states that are gone. */
interface Model extends Content {
  names: Map<string, string | null>;
}

/** One step, as the states are called by then, and what it does to the model. None where its state is gone. */
type Change = (model: Model) => Step | null;

const key = fc.constantFrom('gustav', 'bob', 'dora', 'a new key', '💰');
const long = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n });
const quoted = (text: string): string => JSON.stringify(text);
const called = (model: Model, state: string): string | null =>
  model.names.get(state) ?? (model.names.has(state) ? null : state);
const at = (state: string) => ({ operator: OPERATOR, state });

function of(state: string, make: (model: Model, name: string) => Step): Change {
  return (model) => {
    const name = called(model, state);
    return name === null ? null : make(model, name);
  };
}

/** What a line of an element of a list begins with; there may be a state whose name goes on behind a space. */
const elementOf = (state: string): string => `${OPERATOR} ${state}  `;

function elements(model: Model, state: string, change: (value: bigint) => bigint | null): void {
  const prefix = elementOf(state);
  model.operator = model.operator.flatMap((line) => {
    if (!line.startsWith(prefix)) return [line];
    const value = change(BigInt(line.slice(prefix.length)));
    return value === null ? [] : [prefix + value];
  });
}

function entries(model: Model, state: string, change: (id: string, value: string) => [string, string] | null): void {
  const next = new Map<string, string>();
  for (const [id, value] of model.keyed) {
    const changed = id.startsWith(`${OPERATOR} | ${state} |`) ? change(id, value) : ([id, value] as const);
    if (changed !== null) next.set(changed[0], changed[1]);
  }
  model.keyed = next;
}

const renamed = (id: string, from: string, to: string): string => id.replace(`| ${from} |`, `| ${to} |`);

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ key, value: long }).map(({ key, value }) =>
    of('total', (model, name) => {
      model.keyed.set(idOf(OPERATOR, name, quoted(key)), String(value));
      return { kind: 'put', ...at(name), key, value };
    }),
  ),
  long.map((least) =>
    of('total', (model, name) => {
      entries(model, name, (id, value) => (BigInt(value) < least ? null : [id, value]));
      return { kind: 'delete', ...at(name), where: `value < ${least}` };
    }),
  ),
  fc.record({ key, time: long }).map(({ key, time }) =>
    of(TIMERS, (model, name) => {
      model.keyed.set(idOf(OPERATOR, name, quoted(key), '', '', String(time)), '');
      return { kind: 'put', ...at(name), key, timestamp: time };
    }),
  ),
  key.map((key) =>
    of(TIMERS, (model, name) => {
      entries(model, name, (id, value) =>
        id.startsWith(`${OPERATOR} | ${name} | ${quoted(key)} |`) ? null : [id, value],
      );
      return { kind: 'delete', ...at(name), key };
    }),
  ),
  long.map((value) =>
    of('pending', (model, name) => {
      model.operator = [...model.operator, `${OPERATOR} ${name}  ${value}`];
      return { kind: 'put', ...at(name), value };
    }),
  ),
  fc.constantFrom(2n, 3n).map((divisor) =>
    of('pending', (model, name) => {
      elements(model, name, (value) => (value % divisor === 0n ? null : value));
      return { kind: 'delete', ...at(name), where: `value % ${divisor} == 0` };
    }),
  ),
  fc.integer({ min: 1, max: 5 }).map((by) =>
    of('pending', (model, name) => {
      elements(model, name, (value) => (value < 1000n && value > -1000n ? value * BigInt(by) : value));
      const set = { kind: 'whole', expression: `value * ${by}` } as const;
      return { kind: 'update', ...at(name), where: 'value < 1000 && value > -1000', set };
    }),
  ),
  fc
    .record({ state: fc.constantFrom('total', 'pending', 'recent'), to: fc.constantFrom('x', 'y', 'ü') })
    .map(({ state, to }) =>
      of(state, (model, name) => {
        const target = [...model.names.values()].includes(to) || name === to ? `${to} of ${state}` : to;
        if (target === name) return { kind: 'renameState', ...at(name), to: name };
        model.names.set(state, target);
        entries(model, name, (id, value) => [renamed(id, name, target), value]);
        model.operator = model.operator.map((line) => line.replace(elementOf(name), elementOf(target)));
        return { kind: 'renameState', ...at(name), to: target };
      }),
    ),
  fc.constantFrom('average', 'progress', 'recent').map((state) =>
    of(state, (model, name) => {
      model.names.set(state, null);
      entries(model, name, () => null);
      model.operator = model.operator.filter((line) => !line.startsWith(elementOf(name)));
      return { kind: 'removeState', ...at(name) };
    }),
  ),
  fc.record({ parallelism: fc.integer({ min: 1, max: 6 }), maxParallelism: fc.integer({ min: 6, max: 300 }) }).map(
    (to): Change =>
      () => ({ kind: 'rescale', ...to, operators: [OPERATOR] }),
  ),
);

describe('plans of steps of every kind', () => {
  test('do what the same changes of a plain model do, in one snapshot or one after the other', {
    timeout: 240_000,
  }, async () => {
    const stored = new Map<string, Content>();
    for (const source of SOURCES) stored.set(source, await contentOf(fixture(source)));
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...SOURCES),
        fc.array(changes, { minLength: 1, maxLength: 10 }),
        fc.nat(10),
        async (source, plan, cut) => {
          const content = stored.get(source) ?? { keyed: new Map(), operator: [] };
          const model: Model = { keyed: new Map(content.keyed), operator: [...content.operator], names: new Map() };
          const steps = plan.map((change) => change(model)).filter((step) => step !== null);
          let from = fixture(source);
          // What the first plan wrote is what the second starts from.
          for (const some of [steps.slice(0, cut), steps.slice(cut)]) {
            if (some.length === 0) continue;
            const out = temporary.at(`run-${run++}`);
            const next: Plan = planOf(from, ...some);
            await applied(next, out);
            from = out;
          }
          const after = await contentOf(from);
          expect(after.keyed).toEqual(model.keyed);
          expect(after.operator).toEqual([...model.operator].sort());
        },
      ),
      { numRuns: 40 },
    );
  });
});
