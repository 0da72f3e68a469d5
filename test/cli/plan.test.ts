import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { apply, plan } from '../../src/cli/apply';
import type { Command, CommandContext } from '../../src/cli/command';
import { modify, rescale } from '../../src/cli/modify';
import { UsageError } from '../../src/cli/usage';
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

  test.each<[string, string[], string]>([
    [
      'an element of a list',
      ['--state', 'pending', '--subtask', '1', '--index', '0', '--put', '7'],
      'subtask 1 [0]: 85 -> 7',
    ],
    ['an element more', ['--state', 'pending', '--put', '7'], 'subtask 0 [3]: (none) -> 7'],
    [
      'elements by an expression',
      ['--state', 'pending', '--where', 'value > 86 && subtask == 1', '--delete'],
      'subtask 1 [2]: 87 -> (none)',
    ],
    [
      'a part of a tuple',
      ['--state', 'progress', '--subtask', '0', '--set', '[1]=value[1] + 1'],
      '["subtask-0",34] -> ["subtask-0",35]',
    ],
    [
      'a timer',
      [
        '--state',
        '_timer_state/event_user-timers',
        '--key',
        '"bob"',
        '--timestamp',
        '2030-01-01T00:00:00Z',
        '--put-timer',
      ],
      '"bob": (none) -> 1893456000000',
    ],
    [
      'the time of a timer',
      ['--state', '_timer_state/event_user-timers', '--key', '"gustav"', '--set', 'timestamp=5'],
      '-> 5',
    ],
    ['a stamp', ['--state', 'lastSeen', '--key', '"gustav"', '--set', '$ttl=5'], '{"$ttl":5,"value":1767601620000}'],
    [
      'a value with its stamp',
      ['--state', 'lastSeen', '--key', '"x"', '--put', '1', '--ttl', '9'],
      '(none) -> {"$ttl":9,"value":1}',
    ],
    ['bytes', ['--state', 'total', '--key', '"gustav"', '--set-hex', '0000000000000001'], '"gustav": 6000 -> 1'],
    [
      'bytes in base64',
      ['--state', 'total', '--key', '"gustav"', '--set-base64', 'AAAAAAAAAAI='],
      '"gustav": 6000 -> 2',
    ],
    ['several states', ['--state', 'pending', '--state', 'total', '--remove-state'], 'pending removed: 6 entries -> 0'],
    ['an id', ['--id', '00000000000000000000000000000001'], '(was 14cfd403e0929194539014eaed9ae6ed)'],
    ['several operators', ['--operator', 'events', '--remove-operator'], '- Source: Events: removed'],
    ['the checkpoint id', ['--checkpoint-id', '9223372036854775807'], 'checkpoint 9223372036854775807'],
  ])('modify changes %s', async (_, args, told) => {
    const source = fixture('2.3-accounts-heap-canonical');
    const out = ['--out', temporary.at('out'), '--dry-run'];
    const { code, out: text } = await run(modify, source, ...out, '--operator', 'accounts', ...args);
    expect(text).toContain(told);
    expect(code).toBe(0);
  });

  test('a step that chooses nothing is told of', async () => {
    const steps = ['total', 'pending', '_timer_state/event_user-timers'].map((state) => {
      const at = `"operator": "accounts", "state": "${state}"`;
      return `{"delete": {${at}, "where": "false"}},\n{"delete": {${at}, "where": "keyGroup == 15 || index == 0"}}`;
    });
    const { out } = await run(plan, 'check', planFile(`\n${steps.join(',\n')}`), '--json');
    const states: { name: string; idleSteps: string[] }[] = JSON.parse(out).operators.flatMap(
      (operator: { states: unknown[] }) => operator.states,
    );
    const idle = states.filter(({ idleSteps }) => idleSteps.length > 0);
    expect(idle.map(({ name, idleSteps }) => [name, idleSteps])).toEqual([
      ['total', ['line 3, column 1']],
      ['_timer_state/event_user-timers', ['line 7, column 1']],
      ['pending', ['line 5, column 1']],
    ]);
    const text = await run(
      plan,
      'check',
      planFile('{"delete": {"operator": "accounts", "state": "total", "key": "?"}}'),
    );
    expect(text.out).toContain('chose nothing');
  });

  test('a condition that has no value for any entry is told of; one that is none is refused', async () => {
    const source = fixture('2.3-accounts-heap-canonical');
    const of = [source, '--dry-run', '--operator', 'accounts', '--state', 'balance', '--delete', '--where'];
    expect((await run(modify, ...of, 'value.amout > 0.0')).out).toContain(
      'the change chose nothing; its condition has no value: No such key: amout',
    );
    await expect(run(modify, ...of, 'value.amount')).rejects.toMatchObject({ code: 'BAD_VALUE' });
  });

  test.each<[string, string[], string, string]>([
    ['a null key', ['--key', 'null', '--put', '1'], 'The key is null', '--key'],
    [
      'a namespace where there is none',
      ['--key', '"a"', '--namespace', '"x"', '--put', '1'],
      'VoidNamespace',
      '--namespace',
    ],
    ['a value of another type', ['--key', '"a"', '--put', '"x"'], 'Expected a long', '--put'],
  ])('%s is refused, with the option', async (_, args, message, where) => {
    const of = ['--dry-run', '--operator', 'accounts', '--state', 'total', ...args];
    const refused = run(modify, fixture('2.3-accounts-heap-canonical'), ...of);
    await expect(refused).rejects.toMatchObject({
      code: 'BAD_VALUE',
      where,
      message: expect.stringContaining(message),
    });
  });

  test.each<[string, Command, string[], string]>([
    [
      'what a change does not take',
      modify,
      ['--key', '"a"', '--put', '1', '--where', 'true'],
      '--where does not go with --put.',
    ],
    ['a stamp beside an expression', modify, ['--set', 'value', '--ttl', '5'], '--ttl does not go with --set.'],
    ['a field twice', modify, ['--set', 'a=1', '--set', 'a=2'], '--set gives a twice.'],
    ['an option that is missing', modify, ['--what', 'raw-keyed', '--set-hex', '00'], '--key-group is missing.'],
    [
      'a value that cannot be',
      rescale,
      ['--parallelism', '0'],
      '--parallelism: Expected a whole number from 1 to 32768.',
    ],
    ['an option that is none', rescale, ['--paralellism', '2'], "Unknown option '--paralellism'."],
  ])('wrong usage names the options: %s', async (_, command, args, message) => {
    const at = command === modify && args[0] !== '--what' ? ['--operator', 'accounts', '--state', 'total'] : [];
    const operator = args[0] === '--what' ? ['--operator', 'accounts'] : [];
    await expect(run(command, 'PATH', '--dry-run', ...at, ...operator, ...args)).rejects.toThrow(
      new UsageError(message),
    );
  });

  test('modify replaces the state of a coordinator', async () => {
    const args = [
      '--operator',
      'events',
      '--what',
      'coordinator',
      '--set-hex',
      '00 00 00 01 00000001 00000004 00000000',
    ];
    const { code, out } = await run(modify, fixture('2.3-accounts-heap-canonical'), '--out', 'x', '--dry-run', ...args);
    expect(out).toContain('coordinator: 16 bytes -> 16');
    expect(code).toBe(0);
  });

  test('what is refused has exit code 1 and says why', async () => {
    const source = fixture('1.20-in-flight-heap-unaligned');
    const { code, err } = await run(rescale, source, '--out', temporary.at('out'), '--parallelism', '3');
    expect(code).toBe(1);
    expect(err).toMatch(/^error\[REFUSED\]: .*records in flight/);
    expect(existsSync(temporary.at('out'))).toBe(false);
  });

  test.each([
    [apply, ['PLAN']],
    [apply, ['PLAN', '--out', '']],
    [modify, ['PATH', '--out', 'x']],
    [modify, ['PATH', '--out', 'x', '--operator', 'a', '--state', 'b', '--delete', '--put', '1']],
    [modify, ['PATH', '--out', 'x', '--operator', 'a', '--state', 'b', '--key', 'user', '--delete']],
    [modify, ['PATH', '--out', 'x', '--operator', 'a', '--operator', 'b', '--state', 'c', '--delete', '--key', '1']],
    [modify, ['PATH', '--out', 'x', '--operator', 'a', '--state', 'b', '--subtask', '-1', '--delete']],
    [rescale, ['PATH', '--out', 'x', '--parallelism', '1.5']],
    [plan, ['run', 'PLAN']],
  ])('wrong usage is told: %#', async (command, args) => {
    const file = planFile(PUT);
    await expect(run(command, ...args.map((arg) => (arg === 'PLAN' ? file : arg)))).rejects.toThrow(/--|plan run/);
  });
});
