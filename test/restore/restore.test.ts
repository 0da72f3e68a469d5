import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apply } from '../../src/cli/apply';
import type { Command } from '../../src/cli/command';
import { copy } from '../../src/cli/copy';
import type { Json } from '../../src/engine/json/jsonValue';
import { printJson } from '../../src/engine/json/printJson';
import { openSnapshot } from '../../src/engine/snapshot';
import { nodeFileStore } from '../../src/engine/storage/nodeFileStore';
import { compareLines } from '../compareLines';
import { fixture } from '../engine/plan/harness';
import { bootstraps } from './bootstraps';
import type { Case } from './cases';
import { changes } from './changes';
import { copies, fixtureOf, fixtures } from './copies';
import { edits } from './edits';
import {
  type Backend,
  prepareFlink,
  type Release,
  type Restored,
  type RestoreTask,
  restoreAll,
  whyNoFlink,
} from './flink';
import { dealt, found, json, type Line, linesOf, type Operators, without } from './lines';

const RELEASES: Release[] = ['1.20.0', '2.3.0'];
/** Maven may have to fetch all of Flink. */
const PATIENCE = 15 * 60_000;
const wanted = process.env['RESTORE_ONLY'];

interface Planned {
  release: Release;
  backend: Backend;
  id: string;
  proof: Case;
}

const planned = (release: Release): Planned[] =>
  [...copies, ...edits, ...changes, ...bootstraps]
    .filter((proof) => fixtures.some(({ name }) => name === sourceOf(release, proof)))
    .filter(({ writtenBy, only }) => writtenBy !== release && (only ?? release) === release)
    .flatMap((proof) =>
      proof.backends.map((backend) => ({ release, backend, proof, id: `${proof.title}, goes on with ${backend}` })),
    )
    .filter(({ id }) => wanted === undefined || id.includes(wanted));

const sourceOf = (release: Release, { from, writtenBy = release }: Case): string =>
  `${writtenBy.replace(/\.0$/, '')}-${from}`;

/** What was written, by release and id: operators by their new scale, or why it was not written. */
const written = new Map<string, Operators | string>();
const restored = new Map<string, Restored | string>();
let folder = '';

const keyOf = ({ release, id }: Planned): string => `${release} ${id}`;

async function write(one: Planned): Promise<RestoreTask | null> {
  const { release, proof, backend, id } = one;
  const source = fixture(sourceOf(release, proof));
  const own = mkdtempSync(path.join(folder, 'proof-'));
  const out = path.join(own, 'snapshot');
  const plan = path.join(own, 'a.savepoint-plan.json');
  const lines = linesOf(sourceOf(release, proof));
  const files = proof.files?.(lines) ?? {};
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(own, name), content);
  const steps = typeof proof.steps === 'function' ? proof.steps(lines, release) : proof.steps;
  if (steps !== undefined) writeFileSync(plan, printJson(json({ from: source, ...proof.plan, steps })));
  const [command, given]: [Command, string] = steps === undefined ? [copy, source] : [apply, plan];
  const told: string[] = [];
  const context = {
    out: async () => {},
    err: (text: string) => told.push(text),
    signal: new AbortController().signal,
  };
  const code = await command([given, '--out', out], context).catch((e: Error) => {
    told.push(String(e));
    return 3;
  });
  if (code !== 0) {
    written.set(keyOf(one), `exit code ${code}: ${told.join('')}`);
    return null;
  }
  written.set(keyOf(one), await operatorsOf(out, proof.dealtTo ?? {}));
  return { id, snapshot: out, job: fixtureOf(proof.from).job, backend, ...proof.task };
}

async function operatorsOf(snapshotPath: string, dealtTo: Readonly<Record<string, number>>): Promise<Operators> {
  const snapshot = await openSnapshot(snapshotPath, nodeFileStore);
  try {
    return new Map(
      snapshot.operators.map(({ id, state: { parallelism, maxParallelism } }) => [
        id,
        { parallelism: dealtTo[id] ?? parallelism, maxParallelism },
      ]),
    );
  } finally {
    await snapshot.close();
  }
}

if (whyNoFlink !== '') process.stderr.write(`What real Flink restores: skipped, ${whyNoFlink}.\n`);

describe.skipIf(whyNoFlink !== '')('what real Flink restores', () => {
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'restored-'));
    const flink = await prepareFlink();
    const running: Promise<void>[] = [];
    for (const release of RELEASES) {
      const tasks: RestoreTask[] = [];
      for (const one of planned(release)) {
        const task = await write(one);
        if (task !== null) tasks.push(task);
      }
      running.push(
        restoreAll(flink, release, tasks).then((all) => {
          for (const [id, result] of all) restored.set(`${release} ${id}`, result);
        }),
      );
    }
    await Promise.all(running);
  }, PATIENCE);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describe.each(RELEASES.filter((release) => planned(release).length > 0))('Flink %s', (release) => {
    test.each(planned(release).map((one) => [one.id, one] as const))('%s', (_, one) => {
      const { proof } = one;
      const operators = written.get(keyOf(one));
      if (typeof operators !== 'object') throw new Error(`It was not written: ${operators}`);
      const result = restored.get(keyOf(one));
      if (typeof result !== 'object') throw new Error(`Flink does not restore it: ${result}`);
      const lines = linesOf(sourceOf(release, proof));
      const expected = proof.model?.(lines) ?? lines;
      const isDealtAnew = proof.isDealtAnew ?? proof.steps !== undefined;
      const toAll = proof.unionIsOwn !== true;
      expectSame(dealt(expected, operators, isDealtAnew, toAll), found(result.entries, operators, isDealtAnew));
      if (proof.fired !== undefined) expectSame(proof.fired(expected, lines), result.fired);
      if (proof.task?.isRead === true) expectSame(readable(expected), result.read);
      if (proof.alive !== undefined) {
        expectSame(dealt(proof.alive(expected), operators, true), found(result.alive, operators, true));
      }
    });
  });
});

/** What `fixtures.ProcessorApi` asks for, without places. */
function readable(lines: readonly Line[]): Line[] {
  const states = ['balance', 'history', 'counters', 'total', '_timer_state/event_user-timers', 'pending'];
  return lines
    .filter((line) => states.includes(String(line.get('state'))))
    .map((line) => without(line, 'op', 'subtask', 'kg', 'index'));
}

function expectSame(expected: readonly (Json | Line)[], actual: readonly (Json | Line)[]): void {
  const { missing, unexpected } = compareLines(expected as Json[], actual as Json[]);
  expect({ missing: missing.slice(0, 5), unexpected: unexpected.slice(0, 5) }).toEqual({ missing: [], unexpected: [] });
}
