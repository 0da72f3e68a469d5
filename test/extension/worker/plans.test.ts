import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeSnapshot } from '../../../src/engine/inspect';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { createOutputFolder } from '../../../src/engine/storage/nodeOutputFolder';
import { readRecord } from '../../../src/engine/write/writeRecord';
import type { PlanProgress } from '../../../src/view/planWork';
import { engineHandlers } from '../../../src/worker/handlers';
import { contentOf, fixture, idOf } from '../../engine/plan/harness';
import { useTemporaryFolder } from '../../temporaryFolder';
import { compareHere } from './compare/compareHere';
import { countNothing } from './stats/countNothing';

const temporary = useTemporaryFolder();
const handlers = engineHandlers(
  nodeFileStore,
  describeSnapshot,
  { createFolder: createOutputFolder, threads: null },
  countNothing,
  compareHere,
);
const SOURCE = fixture('2.3-accounts-heap-canonical');
const ACCOUNTS = '14cfd403e0929194539014eaed9ae6ed';

const context = (signal = new AbortController().signal, told: PlanProgress[] = []) => ({
  signal,
  progress: (progress: PlanProgress) => void told.push(progress),
});

/** A plan as it stands in an editor: its paths are relative to its folder. */
function source(...steps: string[]): { text: string; file: string } {
  const file = temporary.at('plans/a.savepoint-plan.json');
  mkdirSync(path.dirname(file), { recursive: true });
  const from = path.relative(path.dirname(file), SOURCE);
  return { text: `{"from": ${JSON.stringify(from)}, "steps": [${steps.join()}]}`, file };
}
const PUT = '{"put": {"operator": "accounts", "state": "total", "key": "gustav", "value": 7}}';

describe('plans in the engine’s thread', () => {
  test('a dry run tells what changes and writes nothing', async () => {
    const before = readdirSync(temporary.root);
    const report = await handlers.dryRun(source(PUT), context());
    expect(report).toMatchObject({ from: SOURCE, metadataVersion: 6, removed: [] });
    const accounts = report.operators.find(({ uid }) => uid === 'accounts');
    expect(accounts?.states.find(({ from }) => from === 'total')).toMatchObject({
      changed: 1,
      entries: { before: 10, after: 10 },
      samples: [{ key: '"gustav"', before: '6000', after: '7' }],
    });
    // It goes to a page and another thread.
    expect(structuredClone(report)).toEqual(report);
    expect(readdirSync(temporary.root).filter((name) => name !== 'plans')).toEqual(before);
  });

  test('a run writes, proves, and keeps the plan beside the result', async () => {
    const told: PlanProgress[] = [];
    const out = temporary.at('out');
    const plan = source(PUT);
    const written = await handlers.runPlan({ ...plan, out }, context(undefined, told));
    expect(written.path).toBe(out);
    expect(written.proof['entries']).toBeGreaterThan(0);
    expect((await contentOf(out)).keyed.get(idOf(ACCOUNTS, 'total', '"gustav"'))).toBe('7');
    const described = await handlers.describe({ path: out }, { ...context(), progress: () => {} });
    expect(described.record).toMatchObject({ from: SOURCE, plan: plan.text, proof: written.proof });
    expect(described.record?.program).toMatch(/^savepoint-explorer \d/);
  });

  test('a run that was cancelled leaves nothing', async () => {
    const controller = new AbortController();
    const out = temporary.at('new/out');
    const run = handlers.runPlan({ ...source(PUT), out }, context(controller.signal));
    controller.abort();
    await expect(run).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(existsSync(temporary.at('new'))).toBe(false);
  });

  test('a folder with something in it is not written to', async () => {
    mkdirSync(temporary.at('full'));
    writeFileSync(temporary.at('full/mine'), 'x');
    const run = handlers.runPlan({ ...source(PUT), out: temporary.at('full') }, context());
    await expect(run).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    expect(readdirSync(temporary.at('full'))).toEqual(['mine']);
  });

  test('a copy has every entry, and another version where one is wanted', async () => {
    const out = temporary.at('copy');
    await handlers.runCopy({ path: SOURCE, out, metadataVersion: 4 }, context());
    expect(await contentOf(out)).toEqual(await contentOf(SOURCE));
    const { snapshot } = await handlers.describe({ path: out }, { ...context(), progress: () => {} });
    expect(snapshot.metadataVersion).toBe(4);
    expect(await readRecord(out, nodeFileStore)).not.toBeNull();
  });

  test('a plan is checked without reading entries, all of its steps', async () => {
    const checked = async (text: string) =>
      (await handlers.checkPlan({ ...source(), text }, { ...context(), progress: () => {} })).map(({ code }) => code);
    expect(await checked(source(PUT).text)).toEqual([]);
    expect(await checked(source('{"removeOperator": "x"}', PUT, '{"removeOperator": "y"}').text)).toEqual([
      'NOT_FOUND',
      'NOT_FOUND',
    ]);
    expect(await checked('{')).toEqual(['BAD_ARGUMENT']);
  });

  test('a data file shows its columns', async () => {
    const file = temporary.file('limits.csv', 'user,limit\nu1,5\nu2,\n');
    const look = await handlers.lookAtData({ file }, { ...context(), progress: () => {} });
    expect(look).toMatchObject({ rows: 2, bad: null });
    expect(look.columns.map(({ name, type }) => [name, type])).toEqual([
      ['user', 'string'],
      ['limit', 'long'],
    ]);
  });
});
