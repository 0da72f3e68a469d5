import { expect, it } from 'vitest';
import { entryLine } from '../../../src/compare/entryLine';
import type { EntryDifference } from '../../../src/engine/diff/difference';
import { differenceJson } from '../../../src/engine/diff/differenceJson';

const difference = (more: Partial<EntryDifference>): EntryDifference => ({
  operator: 'op',
  state: 'counters',
  what: 'changed',
  keyGroup: 3,
  key: '"user-1"',
  namespace: null,
  mapKey: '"EUR"',
  timestamp: null,
  before: '9007199254740993',
  after: '5',
  fields: [''],
  times: 1,
  ...more,
});
const keyed = { operator: 'op', state: 'counters', of: 'keyed' as const };

it('the old entry of a difference is a line of a dump, with all digits', () => {
  expect(entryLine(differenceJson(difference({})), keyed)).toBe(
    '{"op":"op","state":"counters","kind":"value","key":"user-1","ukey":"EUR","value":9007199254740993}',
  );
});

it('a namespace and a null value stay; broadcast state has no key', () => {
  const line = entryLine(
    differenceJson(difference({ namespace: '{"start":1,"end":2}', mapKey: null, before: 'null' })),
    keyed,
  );
  expect(line).toBe(
    '{"op":"op","state":"counters","kind":"value","key":"user-1","ns":{"start":1,"end":2},"value":null}',
  );
  const rates = { operator: 'op', state: 'rates', of: 'operator' as const };
  expect(entryLine(differenceJson(difference({ key: null })), rates)).toBe(
    '{"op":"op","state":"rates","kind":"broadcast","ukey":"EUR","value":9007199254740993}',
  );
});

it('a difference is one line of JSON, whose names scripts may rely on', () => {
  const line = differenceJson(difference({ timestamp: -9223372036854775808n, fields: ['a"b'] }));
  expect(JSON.parse(line)).toMatchObject({ operator: 'op', what: 'changed', fields: ['a"b'], times: 1 });
  expect(line).toContain('"timestamp":-9223372036854775808');
  expect(line).not.toContain('\n');
});
