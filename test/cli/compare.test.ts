import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/cli/command';
import { diff } from '../../src/cli/diff';
import { stats } from '../../src/cli/stats';
import { fixture } from '../engine/plan/harness';

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
});
