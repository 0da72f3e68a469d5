import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bootstrap } from '../../src/cli/bootstrap';
import type { CommandContext } from '../../src/cli/command';
import { UsageError } from '../../src/cli/usage';
import { operatorIdOfUid } from '../../src/engine/metadata/operatorId';
import { contentOf, idOf } from '../engine/plan/harness';
import { useTemporaryFolder } from '../temporaryFolder';

const temporary = useTemporaryFolder();
const ID = operatorIdOfUid('limits');

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const told = { out: '', err: '' };
  const context: CommandContext = {
    out: async (text) => {
      told.out += typeof text === 'string' ? text : new TextDecoder().decode(text);
    },
    err: (text) => {
      told.err += text;
    },
    signal: new AbortController().signal,
  };
  return { code: await bootstrap(args, context), ...told };
}

const OF_LIMIT = ['--uid', 'limits', '--key-type', 'string', '--key', 'row.id', '--state', 'limit'];
const AS_LONG = ['--kind', 'value', '--type', 'long', '--value', 'int(row.limit)'];

describe('bootstrap on the command line', () => {
  test('columns alone', async () => {
    const file = temporary.file('limits.csv', 'id,limit\na,1\nb,\n');
    expect((await run(file, '--dry-run')).out).toBe(
      'columns by the first 2 rows:\n  id     string  a | b\n  limit  long, some empty  1\n',
    );
    expect(JSON.parse((await run(file, '--dry-run', '--json')).out)).toEqual({
      columns: [
        { name: 'id', type: 'string', hasNulls: false, samples: ['a', 'b'] },
        { name: 'limit', type: 'long', hasNulls: true, samples: ['1'] },
      ],
      rows: 2,
    });
  });

  test('one state into a new snapshot, then into that', async () => {
    const file = temporary.file('limits.txt', 'id;limit\na;1\nb;9007199254740993\n');
    const of = [file, '--format', 'csv', '--delimiter', ';', ...OF_LIMIT, ...AS_LONG];
    const dry = await run(...of, '--dry-run', '--json', '--parallelism', '2');
    expect(JSON.parse(dry.out)).toMatchObject({
      from: null,
      dryRun: true,
      operators: [{ uid: 'limits', rows: [{ data: file, counts: { rows: 2, bad: 0, entries: { limit: 2 } } }] }],
    });
    const { code, out } = await run(...of, '--out', temporary.at('new'), '--parallelism', '2');
    expect(code).toBe(0);
    expect(out).toContain('2 entries written anew and the key group of 2 proved from their keys');
    temporary.file('limits.txt', 'id;limit\na;5\nc;6\n');
    const into = ['--from', temporary.at('new'), '--out', temporary.at('into'), '--merge', 'old + value'];
    expect((await run(...of, ...into)).out).toContain('1 entries of the operator replaced, 0 kept');
    expect((await contentOf(temporary.at('into'))).keyed).toEqual(
      new Map([
        [idOf(ID, 'limit', '"a"'), '6'],
        [idOf(ID, 'limit', '"b"'), '9007199254740993'],
        [idOf(ID, 'limit', '"c"'), '6'],
      ]),
    );
  });

  test('operator state, which has no keys', async () => {
    const file = temporary.file('rows.csv', 'k,v\na,1\nb,2\n');
    const list = ['--state', 'l', '--kind', 'operator-list', '--type', 'long', '--value', 'row.v'];
    const of = ['--uid', 'limits', '--parallelism', '1'];
    expect((await run(file, '--out', temporary.at('list'), ...of, ...list)).code).toBe(0);
    expect((await contentOf(temporary.at('list'))).operator).toEqual([`${ID} l  1`, `${ID} l  2`]);
    const map = ['--state', 'b', '--kind', 'broadcast', '--type', 'string', '--type', 'long', '--map-key', 'row.k'];
    expect((await run(file, '--out', temporary.at('map'), ...of, ...map, '--value', 'row.v')).code).toBe(0);
    expect((await contentOf(temporary.at('map'))).operator).toEqual([`${ID} b "a" 1`, `${ID} b "b" 2`]);
  });

  test('hints speak of options', async () => {
    const empty = temporary.file('empty.csv', '');
    await expect(run(empty, '--dry-run')).rejects.toMatchObject({ hint: expect.stringContaining('--no-header') });
    const unknown = temporary.file('rows.dat', 'a\n');
    await expect(run(unknown, '--dry-run')).rejects.toMatchObject({ hint: expect.stringContaining('Say --format ') });
  });

  test('a parallelism beside an operator that is there is wrong usage', async () => {
    const file = temporary.file('limits.csv', 'id,limit\na,1\n');
    const of = [file, '--dry-run', '--from', 'x', '--operator', 'o', '--parallelism', '3', '--key', 'row.id'];
    await expect(run(...of, '--state', 's', '--value', 'row.limit')).rejects.toThrow(UsageError);
  });

  test('a map of two types; bad rows are listed', async () => {
    const file = temporary.file('rows.ndjson', '{"id":"a","k":"x","v":1}\n{"id":"a","k":"y"}\n{\n');
    const of = ['--kind', 'map', '--type', 'string', '--type', 'long', '--map-key', 'row.k', '--value', 'row.v'];
    const { out } = await run(file, ...OF_LIMIT, ...of, '--on-bad-row', 'skip', '--out', temporary.at('out'));
    expect(out).toContain('1 rows, 2 bad ones left out');
    expect(out).toContain('left out: line 2, column v / limit / value: The row has no field v.');
    expect(out).toContain('left out: line 3, character 2: Expected a field name in double quotes.');
    expect([...(await contentOf(temporary.at('out'))).keyed]).toEqual([[idOf(ID, 'limit', '"a"', '', '"x"'), '1']]);
  });

  test('a dry run tells how many entries there will be at most; a bad row names the option that leaves it out', async () => {
    const file = temporary.file('rows.csv', 'id,v\na,1\na,2\nb,3\n');
    const of = ['--kind', 'value', '--type', 'long', '--value', 'row.v'];
    expect((await run(file, ...OF_LIMIT, ...of, '--dry-run')).out).toContain('  limit: 0 entries -> at most 3\n');
    const written = await run(file, ...OF_LIMIT, ...of, '--out', temporary.at('two'));
    expect(written.out).toContain('  limit: 0 entries -> 2\n');
    temporary.file('rows.csv', 'id,v\na,x\n');
    const thrown: unknown = await run(file, ...OF_LIMIT, ...of, '--out', temporary.at('bad')).catch((e) => e);
    expect(thrown).toMatchObject({
      code: 'BAD_VALUE',
      where: 'operator limits / line 2, column v / limit / value',
      hint: 'Say --on-bad-row skip to leave such rows out, or --on-bad-row N to leave out at most N.',
    });
  });

  test.each([
    [[], 'DATA is missing.'],
    [['x.csv', '--out', 'y'], '--state is missing'],
    [['x.csv', '--out', 'y', '--state', 's', '--key', 'row.id', '--value', 'row.v'], 'Say which operator'],
    [['x.csv', '--out', 'y', '--state', 's', '--uid', 'u', '--value', 'row.v'], '--key is missing'],
    [['x.csv', '--out', 'y', '--state', 's', '--uid', 'u', '--key', 'row.id'], '--value is missing'],
    [['x.csv', ...OF_LIMIT, ...AS_LONG], '--out is missing'],
    [['x.csv', ...OF_LIMIT, ...AS_LONG, '--out', 'y', '--on-bad-row', 'never'], '--on-bad-row takes a whole number'],
  ])('%j is wrong usage', async (args, message) => {
    const thrown: unknown = await run(...args).catch((e) => e);
    expect(thrown).toBeInstanceOf(UsageError);
    expect(String(thrown)).toContain(message);
    expect(existsSync('y')).toBe(false);
  });
});
