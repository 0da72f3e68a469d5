import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeSnapshot } from '../../../src/engine/inspect';
import { operatorIdOfUid } from '../../../src/engine/metadata/operatorId';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { handNames } from '../../../src/names/handNames';
import { describePlace } from '../../../src/plan/describePlace';
import { type Suggestion, suggest, wantsFile } from '../../../src/plan/suggest';
import { withNames } from '../../../src/view/givenNames';
import { inEnglish } from '../../../src/view/translate';
import { fixture } from '../../engine/plan/harness';
import { operator, snapshot, state } from '../../webview/samples';

const bank = await describeSnapshot(fixture('2.3-bank-heap-canonical'), nodeFileStore);
const types = await describeSnapshot(fixture('2.3-types-heap-canonical'), nodeFileStore);
const hostile = snapshot({
  operators: [operator('0'.repeat(32), { uid: '"}\n]\u202e', name: '$(zap)', states: [state('"],\\"x')] })],
});
const named = withNames(
  snapshot({ metadataVersion: 4, operators: [operator(operatorIdOfUid('users')), operator(operatorIdOfUid('sink'))] }),
  handNames({ [operatorIdOfUid('users')]: 'users', [operatorIdOfUid('sink')]: 'Warehouse' }),
);
const known = new Map([
  ['named', named],
  ['bank', bank],
  ['types', types],
  ['hostile', hostile],
]);
const sources = {
  snapshots: (from: string) => known.get(from) ?? null,
  paths: ['bank', '../types'],
  dataFiles: ['limits.csv'],
  types: [
    { name: 'tuple', about: 'Tuple1 to Tuple25', example: 'tuple<string, long>', vocabulary: 'state' as const },
    { name: 'bigint', about: 'BIGINT', example: 'bigint', vocabulary: 'sql' as const },
  ],
  t: inEnglish,
};

/** What is offered at the bar, and the text after the one that is wanted was taken. */
function at(marked: string): { text: string; offset: number; found: Suggestion[] } {
  const offset = marked.indexOf('|');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  return { text, offset, found: suggest(text, offset, sources) };
}
const labels = (marked: string): string[] => at(marked).found.map(({ label }) => label);
function taken(marked: string, label: string): string {
  const { text, found } = at(marked);
  const one = found.find((suggestion) => suggestion.label === label);
  if (one === undefined) throw new Error(`${label} is not among ${found.map((f) => f.label)}`);
  return text.slice(0, one.from) + one.insert + text.slice(one.to);
}
const plan = (steps: string, from = 'bank'): string => `// c\n{"from": "${from}", "steps": [${steps}]}`;

describe('names', () => {
  it('of operators, with or without quotes', () => {
    for (const place of ['|', '"|"', '"acc|"', '"|acc"'])
      expect(taken(plan(`{"removeOperator": ${place}}`), 'accounts')).toBe(plan('{"removeOperator": "accounts"}'));
    const rates = plan('{"rescale": {"operators": ["accounts", "|"]}}');
    expect(taken(rates, 'rates')).toBe(plan('{"rescale": {"operators": ["accounts", "rates"]}}'));
    // One without a uid is named by its id.
    expect(labels(plan('{"removeState": {"operator": |}}'))).toContain('4bb1e9d34498e86b2f85e0c20a13e018');
  });

  it('that the workspace gives to hashes: a uid takes the place of the hash, another name helps to find it', () => {
    const found = at('{"from": "named", "steps": [{"removeOperator": "|"}]}').found;
    expect(found.map(({ label }) => label)).toEqual(['users', operatorIdOfUid('sink')]);
    expect(found[1]).toMatchObject({
      detail: expect.stringMatching(/^Warehouse/),
      insert: `"${operatorIdOfUid('sink')}"`,
      filter: `"Warehouse ${operatorIdOfUid('sink')}"`,
    });
  });

  it('of the states of the operator that is named, with their types', () => {
    const step = '{"renameState": {"operator": "accounts", "state": "|", "to": "x"}}';
    const { found } = at(plan(step));
    expect(found.map(({ label }) => label)).toContain('balance');
    expect(found.find(({ label }) => label === 'balance')?.detail).toContain('pojo com.acme.Balance {amount: double');
    expect(labels(plan('{"removeState": {"operator": "nobody", "state": "|"}}'))).toEqual([]);
  });

  it('as they are after the steps before', () => {
    const before =
      '{"changeUid": {"operator": "accounts", "uid": "books"}}, {"renameState": {"operator": "books", "state": "total", "to": "sum"}}, ' +
      '{"removeState": {"operator": "books", "state": "balance"}}, {"removeOperator": "rates"}, ' +
      '{"bootstrap": {"operator": {"uid": "fresh"}, "states": [{"name": "limit"}]}}, ';
    const operators = labels(plan(`${before}{"removeState": {"operator": "|"}}`));
    expect(operators).toContain('books');
    expect(operators).toContain('fresh');
    expect(operators).not.toContain('accounts');
    expect(operators).not.toContain('rates');
    const states = labels(plan(`${before}{"removeState": {"operator": "books", "state": "|"}}`));
    expect(states).toContain('sum');
    expect(states).not.toContain('total');
    expect(states).not.toContain('balance');
    expect(labels(plan(`${before}{"removeState": {"operator": "fresh", "state": "|"}}`))).toEqual(['limit']);
  });

  it('in lists of names', () => {
    expect(labels(plan('{"removeOperator": ["accounts", "|"]}'))).toContain('rates');
    expect(labels(plan('{"removeState": {"operator": "accounts", "state": ["total", "|"]}}'))).toContain('balance');
    const after =
      '{"removeOperator": ["rates", "cents"]}, {"removeState": {"operator": "accounts", "state": ["total"]}}, ';
    const operators = labels(plan(`${after}{"removeOperator": "|"}`));
    expect(operators.filter((name) => name === 'rates' || name === 'cents')).toEqual([]);
    expect(labels(plan(`${after}{"removeState": {"operator": "accounts", "state": "|"}}`))).not.toContain('total');
  });

  it('of the snapshot that a step names', () => {
    const copied = labels(plan('{"copyOperator": {"from": "types", "operator": "|"}}'));
    expect(copied).toContain('types');
    expect(copied).not.toContain('accounts');
    const after = '{"copyOperator": {"from": "types", "operator": "types", "uid": "t2"}}, ';
    expect(labels(plan(`${after}{"removeState": {"operator": "t2", "state": "|"}}`))).toContain('avroSpecific');
  });

  it('of files', () => {
    expect(taken('{"from": "|"}', '../types')).toBe('{"from": "../types"}');
    expect(taken(plan('{"bootstrap": {"data": |}}'), 'limits.csv')).toBe(plan('{"bootstrap": {"data": "limits.csv"}}'));
    const { text, offset } = at('{"from": "|"}');
    expect(wantsFile(text, offset)).toBe(true);
    expect(wantsFile(plan('{"removeOperator": ""}'), plan('{"removeOperator": "').length)).toBe(false);
  });

  it('of types', () => {
    const key = plan('{"bootstrap": {"key": {"type": "tu|"}}}');
    expect(labels(key)).toEqual(['tuple']);
    expect(at(key).found[0]?.filter).toBe('"tuple"');
    expect(taken(key, 'tuple')).toBe(plan('{"bootstrap": {"key": {"type": "tuple<string, long>"}}}'));
    expect(labels(plan('{"bootstrap": {"states": [{"type": ["string", "|"]}]}}'))).toEqual(['tuple']);
  });

  it('that were made to hurt stay what they are: text', () => {
    const { text, found } = at(plan('{"removeState": {"operator": |, "state": ""}}', 'hostile'));
    const [one] = found;
    if (one === undefined) throw new Error('There is an operator.');
    const result = text.slice(0, one.from) + one.insert + text.slice(one.to);
    expect(JSON.parse(result.slice(5)).steps[0].removeState.operator).toBe('"}\n]\u202e');
    expect(result).not.toContain('\u202e');
    expect(one.label).toBe('"}\ufffd]\ufffd');
  });
});

describe('values', () => {
  const put = (state: string, rest: string, operatorName = 'accounts'): string =>
    plan(`{"put": {"operator": "${operatorName}", "state": "${state}", "key": "u", ${rest}}}`);

  it('have the form of their type', () => {
    expect(taken(put('balance', '"value": |'), '{ "amount": 0.0, "updatedAt": 0 }')).toContain(
      '"value": { "amount": 0.0, "updatedAt": 0 }',
    );
    expect(labels(put('lastSeen', '"value": |'))).toEqual(['0']);
    expect(labels(put('counters', '"value": |'))).toEqual(['{}']);
    expect(labels(put('counters', '"mapKey": "a", "value": |'))).toEqual(['0']);
    expect(labels(put('history', '"value": [{"kind": "|"}]'))).toEqual([
      '"DEPOSIT"',
      '"WITHDRAWAL"',
      '"NOTE"',
      '"CLOSE"',
    ]);
  });

  it('have the fields of their type that are not there yet', () => {
    expect(labels(put('balance', '"value": {"amount": 1.0, "|"}'))).toEqual(['updatedAt']);
    expect(taken(put('balance', '"value": {"|"}'), 'amount')).toBe(put('balance', '"value": {"amount": 0.0}'));
    expect(taken(put('balance', '"value": {"|": 1}'), 'amount')).toBe(put('balance', '"value": {"amount": 1}'));
    expect(labels(put('history', '"value": [{"|"}]'))).toEqual(['amount', 'kind', 'memo', 'time']);
  });

  it('are computed from fields', () => {
    const update = (rest: string) => plan(`{"update": {"operator": "accounts", "state": "balance", ${rest}}}`);
    expect(taken(update('"set": {"|"}'), 'amount')).toBe(update('"set": {"amount": ""}'));
    expect(labels(update('"where": "|"'))).toEqual(['key', 'value', 'size()', 'int()', 'double()', 'string()']);
    expect(taken(update('"where": "value.am| < 0.0"'), 'amount')).toBe(update('"where": "value.amount < 0.0"'));
    expect(labels(update('"set": {"amount": "value.|"}'))).toEqual(['amount', 'updatedAt']);
    const pending = plan('{"delete": {"operator": "accounts", "state": "pending", "where": "|"}}');
    expect(labels(pending).slice(0, 3)).toEqual(['value', 'subtask', 'index']);
    const kind = plan('{"delete": {"operator": "types", "state": "enum", "where": "value == |"}}', 'types');
    expect(taken(kind, "'NOTE'")).toContain(`"where": "value == 'NOTE'"`);
  });

  it('are not offered where a plan has none', () => {
    for (const place of ['|', plan('|'), plan('{"|": 1}'), plan('{"put": {"|": 1}}'), '{"steps": |}', '[|', '']) {
      expect(labels(place.includes('|') ? place : '|')).toEqual([]);
    }
  });
});

describe('any text at any place', () => {
  it('fails nobody, and each suggestion lies in the text', () => {
    const whole = plan('{"put": {"operator": "accounts", "state": "balance", "key": "u", "value": {"amount": 1}}}');
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length), fc.nat(whole.length), (from, to, place) => {
        const text = whole.slice(0, Math.min(from, to)) + whole.slice(Math.max(from, to));
        const offset = Math.min(place, text.length);
        for (const { from: start, to: end } of suggest(text, offset, sources)) {
          expect(start).toBeLessThanOrEqual(end);
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(text.length);
        }
        describePlace(text, offset, { snapshots: sources.snapshots, t: inEnglish, units: 'decimal', locale: 'en' });
      }),
    );
  });
});

describe('what stands there', () => {
  const describeAt = (marked: string) => {
    const { text, offset } = at(marked);
    return describePlace(text, offset, { snapshots: sources.snapshots, t: inEnglish, units: 'decimal', locale: 'en' });
  };

  it('is an operator', () => {
    const found = describeAt(plan('{"removeOperator": "acc|ounts"}'));
    expect(found).toMatchObject({ title: 'Accounts', type: null });
    expect(found?.lines).toContain('uid accounts');
    expect(found?.lines).toContain('parallelism 4 of 128');
  });

  it('is a state with its type, also at its key and value', () => {
    const step = (place: string) =>
      plan(
        `{"put": {"operator": "accounts", "state": ${place === 's' ? '"bal|ance"' : '"balance"'}, "key": ${place === 'k' ? '"u|"' : '"u"'}, "value": 1}}`,
      );
    for (const place of ['s', 'k']) {
      expect(describeAt(step(place))).toMatchObject({
        title: 'balance',
        type: 'string → pojo com.acme.Balance {amount: double, updatedAt: long}',
      });
    }
  });

  it('is nothing where nothing is known', () => {
    expect(describeAt(plan('{"removeOperator": "nobo|dy"}'))).toBeNull();
    expect(describeAt('{"fr|om": "bank"}')).toBeNull();
  });
});
