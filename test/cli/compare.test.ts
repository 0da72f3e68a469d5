import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/cli/command';
import { diff } from '../../src/cli/diff';
import { diffText } from '../../src/cli/diffText';
import { stats } from '../../src/cli/stats';
import type { EntryDifference } from '../../src/engine/diff/difference';
import type { OperatorDiff, StateDiff } from '../../src/engine/diff/diffResult';
import { fixture } from '../engine/plan/harness';
import { useTemporaryFolder } from '../temporaryFolder';

const temporary = useTemporaryFolder();

async function run(command: Command, ...args: string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const code = await command(args, {
    out: async (text) => {
      out += typeof text === 'string' ? text : new TextDecoder().decode(text);
    },
    err: () => {},
    signal: new AbortController().signal,
  });
  return { code, out };
}

const CANONICAL = fixture('2.3-accounts-rocksdb-canonical');
const HEAP = fixture('2.3-accounts-heap-native');

describe('stats', () => {
  test('says as text and as JSON where the bytes are', async () => {
    const text = await run(stats, CANONICAL);
    expect(text.code).toBe(0);
    expect(text.out).toContain('counters · map · 12 keys · 28 entries');
    const { code, out } = await run(stats, CANONICAL, '--json');
    expect(code).toBe(0);
    const { entries, operators } = JSON.parse(out);
    expect(entries).toBe(operators.reduce((sum: number, o: { entries: number }) => sum + o.entries, 0));
    const accounts = operators.find((o: { uid: string }) => o.uid === 'accounts');
    expect(accounts).toMatchObject({ keys: { count: 12, exact: true }, parallelism: 2, maxParallelism: 128 });
    const counters = accounts.states.find((state: { name: string }) => state.name === 'counters');
    expect(counters).toMatchObject({ entries: 28, keys: { count: 12, exact: true } });
    expect(counters.largest[0]).toMatchObject({ entries: 2, bytes: 140 });
  });
});

describe('diff', () => {
  test('two formats of the same state are the same but for how it is laid out', async () => {
    const { code, out } = await run(diff, CANONICAL, HEAP);
    expect(out).toContain('no difference');
    expect(code).toBe(0);
  });

  test('lists what differs, and ends with 1', async () => {
    const [a, b] = [fixture('1.20-types-heap-canonical'), fixture('2.3-accounts-heap-native')];
    const { code, out } = await run(diff, a, b, '--json', '--limit', '1');
    expect(code).toBe(1);
    const found = JSON.parse(out);
    expect(found).toMatchObject({ before: a, after: b, same: false });
    expect(new Set(found.operators.map((o: { in: string }) => o.in))).toContain('after');
    await expect(run(diff, a, b, '--operator', 'nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(run(diff, a, b, '--limit', 'x')).rejects.toThrow(/--limit/);
  });

  test('writes every difference into a file, a line each, and lists the first', async () => {
    const [a, b] = [fixture('1.20-types-heap-canonical'), fixture('2.3-types-heap-native')];
    const file = temporary.at('differences.ndjson');
    const { code, out } = await run(diff, a, b, '--json', '--limit', '0', '--entries', file);
    expect(code).toBe(1);
    const { operators, entries } = JSON.parse(out);
    expect(entries).toEqual([]);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const states = operators.flatMap((o: { states: object[] }) => o.states);
    const counted = states.reduce(
      (sum: number, s: { added: number; removed: number; changed: number }) => sum + s.added + s.removed + s.changed,
      0,
    );
    expect(counted).toBeGreaterThan(0);
    const times = lines.reduce((sum, line) => sum + JSON.parse(line).times, 0);
    expect(times).toBe(counted);
    const all = await run(diff, a, b, '--json', '--limit', '1000');
    const key = (entry: object) => JSON.stringify(entry);
    expect(lines.map((line) => key(JSON.parse(line))).sort()).toEqual(JSON.parse(all.out).entries.map(key).sort());
    await expect(run(diff, a, b, '--entries', temporary.at('no/folder/x'))).rejects.toMatchObject({ code: 'IO' });
  });

  test('tells keyed from operator state of the same name', () => {
    const state = (of: 'keyed' | 'operator', kind: 'value' | 'operator-list'): StateDiff => ({
      ...{ name: 's', kind, of, in: 'both', types: [], added: 1, removed: 0, changed: 0, incomplete: false },
    });
    const entry = (keyGroup: number, key: string | null, after: string): EntryDifference => ({
      ...{ operator: 'x', state: 's', what: 'added', keyGroup, key, namespace: null, mapKey: null, timestamp: null },
      ...{ before: null, after, fields: [], times: 1 },
    });
    const operator: OperatorDiff = {
      ...{ id: 'x', uid: 'u', name: null, in: 'both', renamed: null, parallelism: null, maxParallelism: null },
      states: [state('keyed', 'value'), state('operator', 'operator-list')],
    };
    const text = diffText({ before: 'a', after: 'b' }, { same: false, problems: [], operators: [operator] }, [
      entry(7, '"k"', '1'),
      entry(-1, null, '2'),
    ]);
    expect(text.split('\n').slice(4, -1)).toEqual([
      '  s · value · 1 added, 0 removed, 0 changed',
      '    + "k": 1',
      '  s · operator-list · 1 added, 0 removed, 0 changed',
      '    + 2',
    ]);
  });

  test('says field by field how a type differs', async () => {
    const text = diffText(
      { before: 'a', after: 'b' },
      {
        same: false,
        problems: [],
        operators: [
          {
            ...{ id: 'x', uid: 'accounts', name: null, in: 'both', parallelism: null, maxParallelism: null },
            renamed: { before: 'Old', after: 'New' },
            states: [
              {
                ...{
                  name: 's',
                  kind: 'value',
                  of: 'keyed',
                  in: 'both',
                  added: 0,
                  removed: 0,
                  changed: 0,
                  incomplete: true,
                },
                types: [
                  {
                    ...{ what: 'type', before: 'pojo A {…}', after: 'pojo A {…}' },
                    parts: [
                      { path: 'a', before: 'int', after: 'long' },
                      { path: 'b', before: null, after: 'string' },
                      { path: 'c', before: 'int', after: null },
                    ],
                  },
                ],
              },
            ],
          },
        ],
      },
      [],
    );
    expect(text.split('\n').slice(3, -1)).toEqual([
      'accounts · Old -> New',
      '  s · value · 0 added, 0 removed, 0 changed',
      '    could not be read whole: what only one of them shows there is left out',
      '    type: ~ a: int -> long',
      '    type: + b: string',
      '    type: - c: int',
    ]);
  });
});
