import { describe, expect, test } from 'vitest';
import { OperatorPart } from '../../../src/engine/backends/operatorPart';
import { openSnapshot } from '../../../src/engine/snapshot';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { corpusSnapshots, describeCorpus, fixtureSnapshots, type StoredSnapshot } from '../../corpus';
import { useTemporaryFolder } from '../../temporaryFolder';
import { applied, planOf, type Step } from './harness';

const temporary = useTemporaryFolder();

interface StoredState {
  operator: string;
  state: string;
  isBroadcast: boolean;
}

/** What each operator state holds, by operator, state and subtask: elements, or the broadcast state as a whole, as bytes. */
async function contentOf(
  path: string,
): Promise<{ states: StoredState[]; bytes: Map<string, string[]>; version: Set<number> }> {
  const snapshot = await openSnapshot(path, nodeFileStore);
  const states: StoredState[] = [];
  const bytes = new Map<string, string[]>();
  const version = new Set<number>();
  for (const { id, subtasks } of snapshot.operators) {
    for (const subtask of subtasks) {
      const { parts } = await subtask.open();
      for (const part of parts) {
        if (!(part instanceof OperatorPart)) continue;
        version.add(part.header.version);
        for (const state of part.states) {
          const isBroadcast = state.kind === 'broadcast';
          if (!states.some((s) => s.operator === id && s.state === state.name)) {
            states.push({ operator: id, state: state.name, isBroadcast });
          }
          const items: string[] = [];
          const add = (item: Uint8Array | null): void => void items.push(Buffer.from(item ?? []).toString('hex'));
          if (isBroadcast) add(await part.broadcastBytes(state));
          else for await (const batch of part.elements(state, 0, Number.POSITIVE_INFINITY)) batch.forEach(add);
          bytes.set(`${id} ${state.name} ${subtask.index}`, items);
        }
      }
    }
  }
  const isOfTasks = snapshot.metadata.version === 1;
  await snapshot.close();
  return { states: isOfTasks ? [] : states, bytes, version };
}

/** `versions`: of headers that must be among them. */
const everyState = (snapshots: StoredSnapshot[], wanted: readonly number[]) => () => {
  const versions = new Set<number>();

  test.each(snapshots.map((snapshot) => [snapshot.name, snapshot.path] as const))('%s', async (_, path) => {
    const before = await contentOf(path);
    if (before.states.length === 0) return;
    for (const version of before.version) versions.add(version);
    const rename = (suffix: string, to: string): Step[] =>
      before.states.map(({ operator, state }) => ({
        kind: 'renameState',
        operator,
        state: state + suffix,
        to: state + to,
        of: 'operator',
      }));
    const [there, back] = [temporary.at('there'), temporary.at('back')];
    await applied(planOf(path, ...rename('', ' (renamed)')), there);
    const renamed = new Map(
      [...before.bytes].map(([place, items]) => [place.replace(/ (\d+)$/, ' (renamed) $1'), items]),
    );
    expect((await contentOf(there)).bytes).toEqual(renamed);
    await applied(planOf(there, ...rename(' (renamed)', '')), back);
    expect((await contentOf(back)).bytes).toEqual(before.bytes);

    const [gone, ...others] = before.states;
    const out = temporary.at('out');
    const step: Step = gone.isBroadcast
      ? { kind: 'removeState', ...gone, of: 'operator' }
      : { kind: 'delete', operator: gone.operator, state: gone.state, of: 'operator', where: 'true' };
    await applied(planOf(path, step), out);
    const { bytes } = await contentOf(out);
    for (const [place, items] of before.bytes) {
      if (!place.startsWith(`${gone.operator} ${gone.state} `)) expect(bytes.get(place), place).toEqual(items);
      else expect(bytes.get(place) ?? []).toEqual([]);
    }
    expect(others.length).toBe(before.states.length - 1);
  });

  test('headers of all versions are among them', () => {
    expect([...versions].sort()).toEqual(wanted);
  });
};

describe(
  'every operator state of this repository is renamed, emptied, and stays as it is',
  everyState(fixtureSnapshots(), [6]),
);
describeCorpus(
  'every operator state of the corpus is renamed, emptied, and stays as it is',
  everyState(corpusSnapshots(), [2, 4, 5, 6]),
);
