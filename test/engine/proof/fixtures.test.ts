import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeSnapshot } from '../../../src/engine/inspect';
import type { Json } from '../../../src/engine/json/jsonValue';
import type { KeyGroupsHandle } from '../../../src/engine/metadata/model';
import type { Snapshot, SnapshotOperator } from '../../../src/engine/snapshot';
import { compareLines, isAny, orderless } from '../../compareLines';
import { fixtureSnapshots, fixturesRoot, type StoredSnapshot } from '../../corpus';
import { field, fixtureLines } from '../../expectedLines';
import { MemoryStore } from '../../memoryStore';
import { dumpAll } from './readAll';
import { withSnapshot } from './withSnapshot';

const storeOf = (snapshot: StoredSnapshot): MemoryStore =>
  MemoryStore.ofFolder(path.join(fixturesRoot, snapshot.name.split(path.sep)[0]));

/** One entry of each keyed state whose key is known, by operator and state. */
function oneKeyOfEach(expected: readonly Json[]): Map<string, Json> {
  const found = new Map<string, Json>();
  for (const line of expected) {
    const key = field(line, 'key');
    if (key === undefined || isAny(key)) continue;
    const state = `${field(line, 'op')} ${field(line, 'state')}`;
    if (!found.has(state)) found.set(state, line);
  }
  return found;
}

/** A stretch of a file that a lookup may read. */
interface Allowed {
  file: string;
  from: number;
  to: number;
}

/** Whether the key group of a key can be told: not of an enum, whose hash code is another one in every JVM. */
async function hasKnownHash({ subtasks }: SnapshotOperator): Promise<boolean> {
  const opened = await Promise.all(subtasks.map((subtask) => subtask.open()));
  return opened.flatMap(({ parts }) => parts).every(({ key }) => key === null || key.hash !== undefined);
}

/** Headers, and the key group, of all files in which the key groups of an operator lie one by one. */
async function allowedOf(snapshot: Snapshot, operator: SnapshotOperator, keyGroup: number): Promise<Allowed[]> {
  const allowed: Allowed[] = [];
  for (const { managedKeyedState, rawKeyedState } of operator.subtasks) {
    for (const handle of [managedKeyedState, rawKeyedState]) {
      if (handle === null || !hasKeyGroups(handle) || handle.stream === null) continue;
      const { name, size } = await snapshot.files.open(handle.stream);
      // 0 and -1 stand for a key group without data.
      const starts = handle.offsets.filter((offset) => offset > 0).sort((a, b) => a - b);
      allowed.push({ file: name, from: 0, to: starts.at(0) ?? size });
      const start = handle.offsets[keyGroup - handle.startKeyGroup] ?? 0;
      if (start > 0) allowed.push({ file: name, from: start, to: starts.find((other) => other > start) ?? size });
    }
  }
  return allowed;
}

const hasKeyGroups = (handle: { type: string }): handle is KeyGroupsHandle =>
  ['keyGroups', 'savepointKeyGroups', 'keyGroupsV2'].includes(handle.type);

describe.each(fixtureSnapshots().map((s) => [s.name, s] as const))('%s', (_, snapshot) => {
  const expected = fixtureLines(snapshot);

  test('inspect names every operator and every state', async () => {
    const { operators, problems } = await describeSnapshot(snapshot.path, storeOf(snapshot));
    const named = new Set(operators.flatMap(({ id, states }) => states.map(({ name }) => `${id} ${name}`)));
    const wanted = new Set(expected.map((line) => `${field(line, 'op')} ${field(line, 'state')}`));
    expect([...wanted].filter((state) => !named.has(state))).toEqual([]);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test('one key of each state is found, and no other key group is read for it', async () => {
    const store = storeOf(snapshot);
    await withSnapshot(
      snapshot.path,
      async (opened) => {
        for (const line of oneKeyOfEach(expected).values()) {
          const [op, state, key, keyGroup] = ['op', 'state', 'key', 'kg'].map((name) => field(line, name) ?? null);
          const operator = opened.operators.find(({ id }) => id === op);
          if (operator === undefined) throw new Error(`There is no operator ${op}.`);
          store.reads.length = 0;
          const { lines, failures } = await dumpAll(opened, { operator: operator.id, state: String(state), key });
          expect(failures).toEqual([]);
          const wanted = expected.filter((other) =>
            ['op', 'state', 'key'].every(
              (name) => orderless(field(other, name) ?? null) === orderless(field(line, name) ?? null),
            ),
          );
          expect(compareLines(wanted, lines)).toMatchObject({ missing: [], unexpected: [] });

          const reads = [...store.reads];
          if (!(await hasKnownHash(operator))) continue;
          const allowed = await allowedOf(opened, operator, Number(keyGroup));
          const files = new Set(allowed.map(({ file }) => file));
          const outside = reads.filter(
            ({ file, from, to }) =>
              files.has(file) &&
              file !== snapshot.metadataPath &&
              !allowed.some((a) => a.file === file && a.from <= from && to <= a.to),
          );
          expect(outside).toEqual([]);
        }
      },
      store,
    );
  });
});

test('the files of most fixtures hold key groups one by one, so that the bytes of a lookup are counted', async () => {
  let counted = 0;
  for (const snapshot of fixtureSnapshots()) {
    await withSnapshot(snapshot.path, async ({ operators }) => {
      const handles = operators.flatMap(({ subtasks }) => subtasks.map(({ managedKeyedState }) => managedKeyedState));
      if (handles.some((h) => h !== null && hasKeyGroups(h) && h.stream?.type !== 'bytes')) counted++;
    });
  }
  expect(counted).toBeGreaterThanOrEqual(16);
});
