import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { apply, plan } from '../../src/cli/apply';
import type { Command, CommandContext } from '../../src/cli/command';
import { modify, rescale } from '../../src/cli/modify';
import { contentOf, fixture, idOf } from '../engine/plan/harness';
import { useTemporaryFolder } from '../temporaryFolder';

const temporary = useTemporaryFolder();
const ACCOUNTS = '14cfd403e0929194539014eaed9ae6ed';

async function run(command: Command, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const told = { out: '', err: '' };
  const context = {
    out: async (text: string) => {
      told.out += text;
    },
    err: (text: string) => {
      told.err += text;
    },
    signal: new AbortController().signal,
  } as CommandContext;
  return { code: await command(args, context), ...told };
}

const planFile = (steps: string): string => {
  const from = path.relative(temporary.root, fixture('2.3-accounts-heap-canonical'));
  return temporary.file(
    'a.savepoint-plan.json',
    `// relative to this file\n{"from": ${JSON.stringify(from)}, "steps": [${steps}]}`,
  );
};

describe('plans on the command line', () => {
  const PUT = '{"put": {"operator": "accounts", "state": "total", "key": "gustav", "value": 9223372036854775807}}';

  test('plan check and a dry run say what would change, and write nothing', async () => {
    const file = planFile(PUT);
    const checked = await run(plan, 'check', file, '--json');
    const dry = await run(apply, file, '--out', temporary.at('out'), '--dry-run', '--json');
    expect([checked.code, dry.code]).toEqual([0, 0]);
    expect(dry.out).toBe(checked.out);
    expect(existsSync(temporary.at('out'))).toBe(false);
    const report = JSON.parse(dry.out);
    expect(report).toMatchObject({ dryRun: true, path: null, proof: null, metadataVersion: 6 });
    const accounts = report.operators.find((operator: { uid: string }) => operator.uid === 'accounts');
    expect(accounts.states.find((state: { name: string }) => state.name === 'total')).toMatchObject({
      entriesBefore: 10,
      entriesAfter: 10,
      changed: 1,
      samples: [{ key: '"gustav"', before: '6000', after: '9223372036854775807' }],
    });
    expect(accounts.subtasksAfter).toEqual(accounts.subtasksBefore);
  });

  test('apply writes and tells what it proved', async () => {
    const { code, out } = await run(apply, planFile(PUT), '--out', temporary.at('out'), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      dryRun: false,
      path: temporary.at('out'),
      proof: { operators: 3, statesUntouched: 9 },
    });
    const { keyed } = await contentOf(temporary.at('out'));
    expect(keyed.get(idOf(ACCOUNTS, 'total', '"gustav"'))).toBe('9223372036854775807');
  });

  test('modify and rescale are plans of one step', async () => {
    const source = fixture('2.3-accounts-heap-canonical');
    const [one, two] = [temporary.at('one'), temporary.at('two')];
    const at = ['--operator', 'accounts', '--state', 'balance'];
    const set = await run(
      modify,
      source,
      '--out',
      one,
      ...at,
      '--key',
      '"gustav"',
      '--set',
      'amount=value.amount + 1.0',
    );
    expect(set).toMatchObject({ code: 0, err: '' });
    const { keyed } = await contentOf(one);
    expect(keyed.get(idOf(ACCOUNTS, 'balance', '"gustav"'))).toBe('{"amount":61,"updatedAt":1767601620000}');
    const scaled = await run(rescale, one, '--out', two, '--parallelism', '3', '--max-parallelism', '300');
    expect(scaled.out).toContain('parallelism 2 -> 3, max parallelism 128 -> 300');
    expect((await contentOf(two)).keyed).toEqual(keyed);
  });

  test('what is refused has exit code 1 and says why', async () => {
    const source = fixture('1.20-bank-rocksdb-canonical');
    const { code, err } = await run(rescale, source, '--out', temporary.at('out'), '--max-parallelism', '300');
    expect(code).toBe(1);
    expect(err).toMatch(/^error\[REFUSED\]: .*hash/);
    expect(existsSync(temporary.at('out'))).toBe(false);
  });

  test.each([
    [apply, ['PLAN']],
    [modify, ['PATH', '--out', 'x']],
    [modify, ['PATH', '--out', 'x', '--operator', 'a', '--state', 'b', '--delete', '--put', '1']],
    [modify, ['PATH', '--out', 'x', '--operator', 'a', '--state', 'b', '--key', 'user', '--delete']],
    [rescale, ['PATH', '--out', 'x', '--parallelism', '1.5']],
    [plan, ['run', 'PLAN']],
  ])('wrong usage is told: %#', async (command, args) => {
    const file = planFile(PUT);
    await expect(run(command, ...args.map((arg) => (arg === 'PLAN' ? file : arg)))).rejects.toThrow(/--|plan run/);
  });
});
