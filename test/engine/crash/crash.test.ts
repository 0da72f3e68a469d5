import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Content, contentOf } from '../plan/harness';
import { CommandLine, digestOf, type Ended, type Fault, filesBelow } from './commandLine';

/** How many moments of each command are tried: a few in the normal tests, hundreds with `npm run crash`. */
const MOMENTS = Number(process.env['CRASH_MOMENTS'] ?? 2);
const SEED = Number(process.env['CRASH_SEED'] ?? 1);
const PATIENCE = 60_000 + MOMENTS * 30_000;
const KEYS = 2000;

let folder = '';
let cli: CommandLine;

const at = (...parts: string[]): string => path.join(folder, ...parts);
const file = (name: string, content: string): string => {
  writeFileSync(at(name), content);
  return at(name);
};

const rows = (factor: number): string =>
  Array.from(
    { length: KEYS },
    (_, i) => `${JSON.stringify({ user: `user-${i}`, limit: i * factor, tags: ['a', `t${i}`] })}\n`,
  ).join('');

const bootstrapStep = (data: string) => ({
  bootstrap: {
    operator: { uid: 'limits', parallelism: 3, maxParallelism: 128 },
    data,
    key: { type: 'string', value: 'row.user' },
    states: [
      { name: 'limit', kind: 'value', type: 'long', value: 'int(row.limit)' },
      { name: 'tags', kind: 'list', type: 'string', value: 'row.tags' },
    ],
    timers: [{ service: 'user-timers', domain: 'event', timestamp: 'int(row.limit)' }],
  },
});

/** Commands that write, and what the result of each is. */
const COMMANDS: Readonly<Record<string, () => string[]>> = {
  copy: () => ['copy', at('source')],
  rescale: () => ['rescale', at('source'), '--parallelism', '2', '--max-parallelism', '300'],
  apply: () => ['apply', at('change.savepoint-plan.json')],
  bootstrap: () => ['apply', at('start.savepoint-plan.json')],
};
const names = Object.keys(COMMANDS);

/** Of each command: what it writes when nothing happens to it, how long that takes, and how often it touches the output. */
const whole = new Map<string, { content: Content; seconds: number; operations: number }>();
let source = '';

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'crash-'));
  cli = await CommandLine.build(folder);
  file('rows.ndjson', rows(1));
  const start = { steps: [bootstrapStep('rows.ndjson')] };
  file('start.savepoint-plan.json', JSON.stringify(start));
  const change = {
    from: 'source',
    steps: [
      { update: { operator: 'limits', state: 'limit', where: 'value < 100', set: 'value + 1' } },
      { delete: { operator: 'limits', state: 'tags', where: 'key == "user-7"' } },
      { rescale: { parallelism: 4 } },
    ],
  };
  file('change.savepoint-plan.json', JSON.stringify(change));
  const made = await cli.run(['apply', at('start.savepoint-plan.json'), '--out', at('source')]);
  if (made.code !== 0) throw new Error(made.err);
  source = digestOf(at('source'));
  for (const name of names) {
    const out = at(`whole-${name}`);
    const report = at(`${name}.count`);
    const ended = await cli.run([...COMMANDS[name](), '--out', out], { below: out, at: -1, how: 'none', report });
    if (ended.code !== 0) throw new Error(ended.err);
    const operations = Number(readFileSync(report, 'utf8'));
    whole.set(name, { content: await contentOf(out), seconds: ended.seconds, operations });
    expect(operations).toBeGreaterThan(5);
  }
}, PATIENCE);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Numbers that are the same in each run: mulberry32. */
function* random(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    yield ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}

/** Some of the operations, spread evenly, the last of them always; all of them if there are not more than asked for. */
function spread(operations: number): number[] {
  const count = Math.min(operations, MOMENTS);
  return Array.from({ length: count }, (_, i) => operations - 1 - Math.floor((i * operations) / count));
}

let runs = 0;

/** Runs a command that something happens to, and looks at what is left. */
async function interrupted(
  name: string,
  fault: Omit<Fault, 'below'> | undefined,
  stop?: { after: number; signal: NodeJS.Signals },
): Promise<{ ended: Ended; out: string; left: string[] }> {
  const out = at(`out-${runs++}`, 'snapshot');
  const given = fault === undefined ? undefined : { ...fault, below: path.dirname(out) };
  const ended = await cli.run([...COMMANDS[name](), '--out', out], given, stop);
  return { ended, out, left: filesBelow(path.dirname(out)) };
}

/** Either there is no snapshot, or it is the whole of it. The source is what it was. */
async function expectAllOrNothing(name: string, out: string): Promise<void> {
  expect(digestOf(at('source'))).toBe(source);
  if (existsSync(path.join(out, '_metadata'))) {
    expect(await contentOf(out)).toEqual(whole.get(name)?.content);
    return;
  }
  // What is left is in nobody's way: the command says so, or goes on from an empty folder.
  const again = await cli.run([...COMMANDS[name](), '--out', out]);
  if (filesBelow(out).length > 0 && again.code !== 0) {
    expect(again.code).toBe(3);
    expect(again.err).toContain('If an interrupted run has left it, remove it');
    expect(again.err).toContain(out);
    rmSync(out, { recursive: true });
    return;
  }
  expect(again).toMatchObject({ code: 0, err: '' });
  rmSync(out, { recursive: true });
}

describe.each(names)('%s that is killed', (name) => {
  test(
    'at operations on files leaves no snapshot, or all of it',
    async () => {
      for (const operation of spread(whole.get(name)?.operations ?? 0)) {
        const { ended, out } = await interrupted(name, { at: operation, how: 'kill' });
        expect(ended.signal).toBe('SIGKILL');
        await expectAllOrNothing(name, out);
      }
    },
    PATIENCE,
  );

  test(
    'at any time leaves no snapshot, or all of it',
    async () => {
      const { seconds = 0 } = whole.get(name) ?? {};
      const numbers = random(SEED + names.indexOf(name));
      for (let i = 0; i < MOMENTS; i++) {
        const after = (numbers.next().value ?? 0) * seconds * 1100;
        const { out } = await interrupted(name, undefined, { after, signal: 'SIGKILL' });
        await expectAllOrNothing(name, out);
      }
    },
    PATIENCE,
  );
});

describe.each(names)('%s that fails', (name) => {
  test.each([
    ['ENOSPC', /The disk is full/],
    ['EACCES', /no permission/],
    ['EIO', /cannot be written/],
  ])(
    'with %s at any operation says so, and leaves nothing',
    async (how, words) => {
      for (const operation of spread(whole.get(name)?.operations ?? 0)) {
        const { ended, out, left } = await interrupted(name, { at: operation, how });
        expect(digestOf(at('source'))).toBe(source);
        // Where a link cannot be made a copy can; where a folder cannot be made durable, the system has no way to.
        if (ended.code === 0) {
          expect(await contentOf(out)).toEqual(whole.get(name)?.content);
          continue;
        }
        expect(ended.code).toBe(3);
        expect(ended.err).toMatch(words);
        expect(left).toEqual([]);
      }
    },
    PATIENCE,
  );

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'by %s leaves nothing',
    async (signal, code) => {
      const { seconds = 0 } = whole.get(name) ?? {};
      const numbers = random(SEED + 10 + names.indexOf(name));
      for (let i = 0; i < MOMENTS; i++) {
        // Before that, Node itself is not up.
        const after = 150 + (numbers.next().value ?? 0) * seconds * 900;
        const { ended, out, left } = await interrupted(name, undefined, { after, signal });
        expect(digestOf(at('source'))).toBe(source);
        // Null: Node was not up yet, or had done its work and was going.
        const isDone = ended.code === 0 || (ended.code === null && existsSync(path.join(out, '_metadata')));
        if (isDone) expect(await contentOf(out)).toEqual(whole.get(name)?.content);
        else {
          expect([code, null]).toContain(ended.code);
          expect(left).toEqual([]);
        }
      }
    },
    PATIENCE,
  );
});

describe('a source that changes underneath', () => {
  const changing = names.filter((name) => name !== 'bootstrap');
  test.each(changing.flatMap((name) => ['truncate', 'delete', 'change', 'replace'].map((how) => [name, how])))(
    '%s: %s is noticed, and nothing is left',
    async (name, how) => {
      const data = filesBelow(at('source')).find((found) => !found.startsWith('_') && !found.endsWith('.json')) ?? '';
      mkdirSync(at('kept'), { recursive: true });
      cpSync(at('source'), at('kept', 'source'), { recursive: true, preserveTimestamps: true });
      try {
        const { ended, left } = await interrupted(name, { at: 2, how, victim: at('source', data) });
        expect([1, 3]).toContain(ended.code);
        expect(ended.err).toMatch(/^error\[/m);
        expect(left).toEqual([]);
      } finally {
        rmSync(at('source'), { recursive: true });
        cpSync(at('kept', 'source'), at('source'), { recursive: true, preserveTimestamps: true });
        expect(digestOf(at('source'))).toBe(source);
      }
    },
    PATIENCE,
  );
});
