import { describe, expect, it } from 'vitest';
import type { OperatorDiff, StateDiff } from '../../../src/engine/diff/diffResult';
import { compareStrings } from '../../../src/view/compareStrings';
import type { ComparisonFound, ComparisonOutline } from '../../../src/view/shownComparison';
import { inEnglish } from '../../../src/view/translate';
import { restoreState } from '../../../webview/compare/compareState';
import { changeLines, comparedState, diffTitle, rowsOf, seenRows, totals } from '../../../webview/compare/diffModel';

const strings = compareStrings(inEnglish);
const state = (name: string, more: Partial<StateDiff> = {}): StateDiff => ({
  ...{ name, kind: 'value', of: 'keyed', in: 'both', types: [], added: 0, removed: 0, changed: 0, incomplete: false },
  ...more,
});
const operator = (id: string, more: Partial<OperatorDiff> = {}): OperatorDiff => ({
  ...{ id, uid: id, name: null, in: 'both', renamed: null, parallelism: null, maxParallelism: null, states: [] },
  ...more,
});
const side: ComparisonOutline['before'] = {
  kind: 'savepoint',
  format: 'canonical',
  incremental: false,
  metadataVersion: 6,
  path: '',
  metadataPath: '',
  checkpointId: 1n,
  bytes: 0,
  operators: 0,
};
const outline = (...operators: OperatorDiff[]): ComparisonOutline => ({ before: side, after: side, operators });
const found = (counts: number[], incomplete: number[] = []): ComparisonFound => ({
  ...{ counts, incomplete, problems: [], entries: 0, bytes: 0, totalBytes: 0, millis: 0, capped: false },
});

describe('rows of a comparison', () => {
  const rows = rowsOf(
    outline(
      operator('a', { states: [state('same'), state('more'), state('unread')] }),
      operator('b', { states: [state('quiet')] }),
      operator('c', { in: 'after', states: [state('new', { in: 'after' })] }),
      operator('d', { parallelism: { before: 2, after: 4 } }),
    ),
    found([0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0], [2]),
  );

  it('have the counts of their state, operators the sums', () => {
    expect(rows.map(({ operator, state, counts }) => [state?.name ?? operator.id, ...counts])).toEqual([
      ['a', 1, 2, 3],
      ['same', 0, 0, 0],
      ['more', 1, 2, 3],
      ['unread', 0, 0, 0],
      ['b', 0, 0, 0],
      ['quiet', 0, 0, 0],
      ['c', 0, 0, 0],
      ['new', 0, 0, 0],
      ['d', 0, 0, 0],
    ]);
    expect(totals(rows)).toEqual({ operators: 4, differing: 3, states: 5 });
  });

  it('that differ, or could not be compared whole, are seen', () => {
    expect(seenRows(rows, true).map(({ operator, state }) => state?.name ?? operator.id)).toEqual([
      ...['a', 'more', 'unread', 'c', 'new', 'd'],
    ]);
    expect(seenRows(rows, false)).toHaveLength(9);
  });

  it('of a state that both have lead to its entries', () => {
    expect(rows.map((row) => comparedState(row)?.state ?? null)).toEqual([
      ...[null, 'same', 'more', 'unread', null, 'quiet', null, null, null],
    ]);
  });
});

describe('what changed beside entries', () => {
  const lines = (of: OperatorDiff, at = 0) => changeLines(rowsOf(outline(of), found([]))[at] ?? fail(), strings);
  const fail = (): never => {
    throw new Error('There is no such row.');
  };

  it('of an operator', () => {
    const renamed = { before: 'Old', after: 'New' };
    const maxParallelism = { before: 128, after: 256 };
    expect(lines(operator('a', { renamed, maxParallelism }))).toEqual([
      'renamed: Old → New',
      'max parallelism 128 → 256',
    ]);
    expect(lines(operator('a', { in: 'before' }))).toEqual(['removed: only in the first']);
  });

  it('of a state, field by field where its type is alike', () => {
    const parts = [
      { path: 'amount', before: 'double', after: 'long' },
      { path: 'since', before: null, after: 'long' },
      { path: 'old', before: 'int', after: null },
    ];
    const types = [
      { what: 'type' as const, before: 'pojo A', after: 'pojo A', parts },
      { what: 'key' as const, before: 'int', after: 'long', parts: [] },
    ];
    expect(lines(operator('a', { states: [state('s', { types })] }), 1)).toEqual([
      'type: amount: double → long',
      'type: field since added, long',
      'type: field old removed, int',
      'key: int → long',
    ]);
    expect(lines(operator('a', { states: [state('s', { in: 'after' })] }), 1)).toEqual(['state added']);
    expect(lines(operator('a', { in: 'after', states: [state('s', { in: 'after' })] }), 1)).toEqual([]);
  });

  it('names an operator as people know it', () => {
    expect(diffTitle(operator('a', { name: 'Accounts' }))).toBe('Accounts');
    expect(diffTitle(operator('14cfd403e0929194539014eaed9ae6ed', { uid: null }))).toBe('14cfd403…e6ed');
  });
});

describe('what the page kept', () => {
  const name = (file: string) => ({ name: file, folder: '/', file });
  const names = { before: name('/a'), after: name('/b') };
  const target = { operator: 'o', state: 's', of: 'keyed' };

  it('comes back for the same snapshots', () => {
    const kept = { before: '/a', after: '/b', target, kinds: ['changed', 'x'], row: 7, onlyDiffering: false };
    expect(restoreState(kept, names)).toEqual({ ...kept, kinds: ['changed'] });
  });

  it('is left alone where it is of others, or not as expected', () => {
    const fresh = restoreState(null, names);
    expect(fresh).toEqual({
      ...{
        before: '/a',
        after: '/b',
        target: null,
        kinds: ['added', 'removed', 'changed'],
        row: 0,
        onlyDiffering: true,
      },
    });
    for (const kept of [
      7,
      { before: '/b', after: '/a', target, row: 3 },
      { before: '/a', after: '/b', target: { operator: 1 }, kinds: 'all', row: -1, onlyDiffering: 'no' },
    ])
      expect(restoreState(kept, names)).toEqual(fresh);
  });
});
