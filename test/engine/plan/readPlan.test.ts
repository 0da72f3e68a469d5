import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../../src/engine/bytes/engineError';
import { readPlan } from '../../../src/engine/plan/readPlan';

const read = (text: string) => readPlan(text, 'a.savepoint-plan.json');
const steps = (text: string) => read(`{"from": "x", "steps": [${text}]}`).steps;

/** One of each step, as the documentation shows them. */
const EXAMPLES: Record<string, string> = {
  removeOperator: '{ "removeOperator": "old-sink" }',
  changeUid: '{ "changeUid": { "operator": "bc764cd8ddf7a0cff126f51c16239658", "uid": "accounts" } }',
  copyOperator: '{ "copyOperator": { "from": "../other", "operator": "rates", "uid": "rates" } }',
  setCheckpointId: '{ "setCheckpointId": 9007199254740993 }',
  removeState: '{ "removeState": { "operator": "accounts", "state": "scratch" } }',
  renameState: '{ "renameState": { "operator": "accounts", "state": "cnt", "to": "count" } }',
  put: '{ "put": { "operator": "accounts", "state": "count", "key": "user-1", "value": 9007199254740993 } }',
  delete: '{ "delete": { "operator": "accounts", "state": "count", "where": "key.startsWith(\'test-\')" } }',
  update: '{ "update": { "operator": "a", "state": "b", "where": "value.x < 0.0", "set": { "x": "0.0" } } }',
  setBytes: '{ "setBytes": { "operator": "a", "state": "b", "key": 1, "hex": "00 ff" } }',
  rescale: '{ "rescale": { "parallelism": 8, "maxParallelism": 1024 } }',
  bootstrap:
    '{ "bootstrap": { "operator": { "uid": "limits" }, "data": "limits.csv", "key": "row.id", "states": [{ "name": "limit", "kind": "value", "type": "long", "value": "int(row.limit)" }] } }',
};

describe('plan files', () => {
  test.each(Object.entries(EXAMPLES))('%s', (kind, text) => {
    expect(steps(text)).toMatchObject([{ kind, place: 'line 1, column 25' }]);
  });

  test('one step names several', () => {
    expect(steps('{ "removeOperator": ["a", "b"] }')).toMatchObject([{ operator: 'a' }, { operator: 'b' }]);
    expect(steps('{ "removeState": { "operator": "a", "state": ["x", "y"], "of": "operator" } }')).toMatchObject([
      { kind: 'removeState', operator: 'a', state: 'x', of: 'operator' },
      { kind: 'removeState', operator: 'a', state: 'y', of: 'operator' },
    ]);
    expect(steps('{ "renameState": { "operator": "a", "states": { "x": "y", "z": "x" } } }')).toMatchObject([
      { kind: 'renameState', state: 'x', to: 'y' },
      { kind: 'renameState', state: 'z', to: 'x' },
    ]);
  });

  test('times are milliseconds or instants, bytes hex or base64', () => {
    const put = (time: string) => `{ "put": { "operator": "a", "state": "b", "key": 1, "timestamp": ${time} } }`;
    expect(steps(`${put('-1')}, ${put('"2026-01-31T12:00:00.5Z"')}`)).toMatchObject([
      { timestamp: -1n },
      { timestamp: 1769860800500n },
    ]);
    const bytes = (given: string) => `{ "setBytes": { "what": "master", "name": "a", ${given} } }`;
    expect(steps(`${bytes('"hex": "00 fF"')}, ${bytes('"base64": "AP8="')}`)).toMatchObject([
      { kind: 'setRawBytes', bytes: Uint8Array.of(0, 255) },
      { kind: 'setRawBytes', bytes: Uint8Array.of(0, 255) },
    ]);
    for (const wrong of ['"hex": "0"', '"hex": "xx"', '"base64": "A"', '"hex": "00", "base64": ""', '"hex": 5']) {
      expect(() => steps(bytes(wrong)), wrong).toThrowError(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
    }
    for (const wrong of ['"tomorrow"', '1.5', '"2026-01-31T12:00:00.0001Z"', '9223372036854775808']) {
      expect(() => steps(put(wrong)), wrong).toThrowError(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
    }
  });

  test('numbers are exact, comments and trailing commas are allowed', () => {
    const plan = read(
      `\uFEFF// first\n{ "from": "x", /* then */ "metadataVersion": 4, "steps": [${EXAMPLES['put']},], }`,
    );
    expect(plan).toMatchObject({ from: 'x', metadataVersion: 4, steps: [{ value: 9007199254740993n }] });
  });

  test.each([
    ['{ "from": "x", "steps": [ }', 'line 1, column 27'],
    ['{\n  "from": 5, "steps": [] }', 'line 2, column 11'],
    ['{ "from": "x",\n "steps": [\n  { "rescale": {} } ] }', 'line 3, column 16'],
    ['{ "from": "x", "steps": [ { "rescael": {} } ] }', 'line 1, column 40'],
    ['{ "from": "x", "steps": [ {} ] }', 'line 1, column 27'],
    ['{ "from": "x", "from": "y", "steps": [] }', 'line 1, column 16'],
    ['{ "from": "x", "steps": [ { "delete": { "operator": "a", "state": "b" } } ] }', 'line 1, column 39'],
    ['{ "from": "x", "steps": [ { "changeUid": { "operator": "a", "id": "ABC" } } ] }', 'line 1, column 67'],
    ['{ "from": "x", "steps": [ { "rescale": { "parallelism": 1.5 } } ] }', 'line 1, column 57'],
    ['{ "from": "x", "steps": [ { "rescale": { "maxParallelism": 32769 } } ] }', 'line 1, column 60'],
    ['{ "from": "x", "steps": [ { "rescale": { "parallelism": 2, "operators": [] } } ] }', 'line 1, column 73'],
    ['', 'line 1, column 1'],
    [`{ "from": ${'['.repeat(100_000)}`, 'line 1, column 210'],
  ])('what is wrong is told with its place: %.60s', (text, where) => {
    expect(() => read(text)).toThrowError(expect.objectContaining({ code: 'BAD_ARGUMENT', where }));
  });

  test('any text is a plan or an error', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"from"',
      '"steps"',
      ':',
      ',',
      '"x"',
      '1',
      '//',
      '/*',
      '\n',
      'null',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((some) => some.join('')),
        ),
        (text) => {
          try {
            read(text);
          } catch (e) {
            expect(e).toBeInstanceOf(EngineError);
          }
        },
      ),
    );
  });
});

describe('the schema', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../../media/savepoint-plan.schema.json', import.meta.url), 'utf8'),
  );
  const described = schema.definitions.step.properties;

  test('describes every step', () => {
    expect(Object.keys(described).sort()).toEqual(Object.keys(EXAMPLES).sort());
  });

  test.each(Object.keys(described))('%s has the fields that are read, and asks for those that are needed', (name) => {
    const { type, properties, required } = described[name];
    if (type !== 'object') return expect(() => steps(`{ "${name}": {} }`)).toThrow(EngineError);
    const none = `{ "${name}": { "no such field": 1 } }`;
    const told = /there are (.*)\.$/.exec(messageOf(() => steps(none)))?.[1];
    expect(told?.split(', ').sort()).toEqual(
      Object.keys(properties)
        .map((field) => `"${field}"`)
        .sort(),
    );
    const example = JSON.parse(EXAMPLES[name])[name];
    for (const field of required) {
      const { [field]: _, ...rest } = example;
      expect(() => steps(JSON.stringify({ [name]: rest })), field).toThrow(EngineError);
    }
  });

  test('is what the editor is told of', () => {
    const { contributes } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
    expect(contributes.jsonValidation).toEqual([
      { fileMatch: '*.savepoint-plan.json', url: './media/savepoint-plan.schema.json' },
    ]);
  });
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (e) {
    return e instanceof Error ? e.message : String(e);
  }
  throw new Error('It did not fail.');
}
