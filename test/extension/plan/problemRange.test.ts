import * as path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { problemRange } from '../../../src/plan/problemRange';
import { checkPlan } from '../../../src/worker/plans';
import { fixture } from '../../engine/plan/harness';

const bank = fixture('2.3-bank-heap-canonical');
const folder = path.dirname(bank);
const file = path.join(folder, 'a.savepoint-plan.json');

/** The engine's problems with a plan, and the text that each is about. */
async function problems(text: string): Promise<[code: string, about: string][]> {
  const found = await checkPlan({ text, file }, nodeFileStore, new AbortController().signal);
  return found.map((problem) => {
    const { from, to } = problemRange(text, problem);
    return [problem.code, text.slice(from, to)];
  });
}
const plan = (...steps: string[]): string =>
  `// a plan\n{\n  "from": "${path.basename(bank)}",\n  "steps": [\n    ${steps.join(',\n    ')}\n  ]\n}\n`;

describe('a problem of a plan is marked where it is', () => {
  it.each([
    ['a plan without fault', plan('{ "removeOperator": "rates" }'), []],
    ['no such operator', plan('{ "removeOperator": "rate" }'), [['NOT_FOUND', '"rate"']]],
    [
      'no such operator in an object',
      plan('{ "removeState": { "operator": "nobody", "state": "x" } }'),
      [['NOT_FOUND', '"nobody"']],
    ],
    [
      'no such state',
      plan('{ "removeState": { "operator": "accounts", "state": "balence" } }'),
      [['NOT_FOUND', '"balence"']],
    ],
    [
      'a value of another type',
      plan('{ "put": { "operator": "accounts", "state": "total", "key": "u", "value": "seven" } }'),
      [['BAD_VALUE', '"seven"']],
    ],
    [
      'a field of another type, in a value on several lines',
      plan(
        '{ "put": { "operator": "accounts", "state": "balance", "key": "u", "value": {\n  "amount": 1.0,\n  "updatedAt": 1.5\n} } }',
      ),
      [['BAD_VALUE', '1.5']],
    ],
    ['no such step', plan('{ "removeOperators": "rates" }'), [['BAD_ARGUMENT', '"rates"']]],
    ['a number out of range', plan('{ "rescale": { "parallelism": 0 } }'), [['BAD_ARGUMENT', '0']]],
    ['no such snapshot', '{ "from": "nowhere", "steps": [] }', [['FILE_NOT_FOUND', '"nowhere"']]],
    ['an empty text', '', [['BAD_ARGUMENT', '']]],
    ['no JSON', '{ "from": nowhere, "steps": [] }', [['BAD_ARGUMENT', 'nowhere']]],
    [
      'several, each at its place',
      plan('{ "removeOperator": "a" }', '{ "setCheckpointId": 3 }', '{ "removeOperator": "b" }'),
      [
        ['NOT_FOUND', '"a"'],
        ['NOT_FOUND', '"b"'],
      ],
    ],
  ])('%s', async (_, text, expected) => {
    expect(await problems(text)).toEqual(expected);
  });

  it('also with the line ends of Windows', async () => {
    const text = plan('{ "removeOperator": "rate" }').replaceAll('\n', '\r\n');
    expect(await problems(text)).toEqual([['NOT_FOUND', '"rate"']]);
  });

  it('lies in the text, whatever the problem says', () => {
    const text = plan('{ "removeOperator": "rates" }');
    const part = fc.oneof(fc.constantFrom('removeOperator', '[0]', 'x', ''), fc.string());
    const start = fc.oneof(
      fc.tuple(fc.nat(20), fc.nat(60)).map(([line, column]) => `line ${line}, column ${column}`),
      fc.tuple(fc.nat(20), fc.nat(60)).map(([line, column]) => `step at line ${line}, column ${column}`),
      fc.string(),
    );
    fc.assert(
      fc.property(start, fc.array(part), (first, parts) => {
        const { from, to } = problemRange(text, { where: [first, ...parts].join(' / ') });
        expect(0 <= from && from <= to && to <= text.length).toBe(true);
      }),
    );
    expect(problemRange('', { where: null })).toEqual({ from: 0, to: 0 });
  });
});
