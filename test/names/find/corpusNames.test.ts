import { expect, it } from 'vitest';
import { describeSnapshot } from '../../../src/engine/inspect';
import { generatedIds } from '../../../src/engine/metadata/generatedId';
import { operatorIdOfUid } from '../../../src/engine/metadata/operatorId';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { planCandidates } from '../../../src/names/find/compiledPlan';
import { corpusSnapshots, describeCorpus } from '../../corpus';

/** Node ids that the plans of Flink's own restore tests have. */
const NODES = 500;

const idsOf = async (path: string): Promise<string[]> =>
  (await describeSnapshot(path, nodeFileStore)).operators.map(({ id }) => id);

describeCorpus('names of real snapshots', () => {
  it('compiled SQL plans give every operator of the snapshots that Flink’s planner restores', async () => {
    const nodes = Array.from({ length: NODES }, (_, i) => ({ id: i + 1, type: 'stream-exec-any_1', uid: 'f' }));
    const known = new Set(planCandidates(JSON.stringify({ nodes })).map(({ text }) => operatorIdOfUid(text)));
    const missed: string[] = [];
    const all = new Set<string>();
    for (const { name, path } of corpusSnapshots().filter((snapshot) => snapshot.name.startsWith('sql'))) {
      for (const id of await idsOf(path)) {
        all.add(id);
        if (!known.has(id)) missed.push(`${name} ${id}`);
      }
    }
    expect(all.size).toBeGreaterThan(50);
    expect(missed).toEqual([]);
  });

  it('ids that Flink generated are known as such in jobs without uids, and no uid of a plan is taken for one', async () => {
    let generated = 0;
    for (const { name, path } of corpusSnapshots()) {
      const found = generatedIds(await idsOf(path));
      if (name.startsWith('sql')) expect(found.size, name).toBe(0);
      else generated += found.size;
    }
    expect(generated).toBeGreaterThan(100);
  });
});
