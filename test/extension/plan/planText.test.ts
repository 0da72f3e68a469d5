import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/engine/json/jsonValue';
import { parseJson } from '../../../src/engine/json/parseJson';
import { readPlan } from '../../../src/engine/plan/readPlan';
import { addStep, jsonText, object, planText, stepOf } from '../../../src/plan/planText';
import { jsonString, labelText } from '../../../src/plan/spell';

const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.double({ noDefaultInfinity: true, noNaN: true }),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .uniqueArray(fc.tuple(fc.string(), tie('value')), { selector: ([name]) => name, maxLength: 4 })
      .map((fields) => new Map<string, Json>(fields)),
  ),
})).value;

describe('JSON in a plan', () => {
  it('reads back as it was, whatever its length', () => {
    fc.assert(
      fc.property(json, fc.nat(200), (value, indent) => {
        expect(parseJson(jsonText(value, indent))).toEqual(value);
      }),
    );
  });

  it('shows every character of a name that was made to mislead', () => {
    const name = 'a\u202eb\u0000c\u2066d\u{e0041}"\\';
    expect(jsonString(name)).toBe('"a\\u202eb\\u0000c\\u2066d\\udb40\\udc41\\"\\\\"');
    expect(JSON.parse(jsonString(name))).toBe(name);
    expect(labelText(name)).toBe('a\ufffdb\ufffdc\ufffdd\ufffd"\\');
    expect(labelText('x'.repeat(200))).toHaveLength(101);
  });

  it('is on one line where that fits', () => {
    expect(jsonText(object({ a: 1n, b: [1.5, null], c: new Map() }))).toBe('{ "a": 1, "b": [1.5, null], "c": {} }');
    expect(jsonText(object({ a: 'x'.repeat(90), b: 'y'.repeat(40) }), 4).split('\n')).toEqual([
      '{',
      `      "a": "${'x'.repeat(90)}",`,
      `      "b": "${'y'.repeat(40)}"`,
      '    }',
    ]);
  });
});

describe('a step', () => {
  it('that is long has its fields in lines', () => {
    const value = object({ amount: 1.5, memo: 'x'.repeat(50) });
    const long = stepOf('put', object({ operator: 'a', state: 's', key: 'k', value }));
    expect(
      planText({ from: 'a', steps: [long], comment: [] })
        .split('\n')
        .slice(2, 8),
    ).toEqual([
      '  "steps": [',
      '    { "put": {',
      '      "operator": "a",',
      '      "state": "s",',
      '      "key": "k",',
      `      "value": { "amount": 1.5, "memo": "${'x'.repeat(50)}" } } }`,
    ]);
  });
});

describe('a new plan', () => {
  const step = stepOf('removeOperator', 'old');

  it('is one that the engine reads', () => {
    const text = planText({ from: '../a "b"', metadataVersion: 4, steps: [step], comment: ['one', 'two'] });
    expect(text.startsWith('// one\n// two\n{\n')).toBe(true);
    expect(readPlan(text, 'x')).toMatchObject({
      from: '../a "b"',
      metadataVersion: 4,
      steps: [{ kind: 'removeOperator', operator: 'old' }],
    });
    expect(readPlan(planText({ from: 'a', steps: [], comment: [] }), 'x').steps).toEqual([]);
  });

  it.each([
    ['a plan of one step', planText({ from: 'a', steps: [step], comment: [] }), 2],
    ['a plan without steps', planText({ from: 'a', steps: [], comment: [] }), 1],
    ['a trailing comma', '{"from": "a", "steps": [ {"removeOperator": "b"}, ]}', 2],
    ['a comment behind the last step', '{"from": "a", "steps": [ {"removeOperator": "b"} // why\n ]}', 2],
    ['a comment and no step', '{"from": "a", "steps": [ /* none yet */ ]}', 1],
  ])('takes a step more: %s', (_, text, count) => {
    const added = addStep(text, stepOf('setCheckpointId', 7n));
    if (added === null) throw new Error('There is a list of steps.');
    const { offset, length, insert } = added;
    const result = text.slice(0, offset) + insert + text.slice(offset + length);
    const { steps } = readPlan(result, 'x');
    expect(steps).toHaveLength(count);
    expect(steps.at(-1)).toMatchObject({ kind: 'setCheckpointId', checkpointId: 7n });
    for (const comment of ['// why', '/* none yet */']) expect(result.includes(comment)).toBe(text.includes(comment));
  });

  it('has no place for a step where there is no list of them', () => {
    expect(addStep('{"from": "a"}', step)).toBeNull();
    expect(addStep('not JSON', step)).toBeNull();
  });
});
