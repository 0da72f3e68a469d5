import { describe, expect, test } from 'vitest';
import { applyPlan } from '../../../src/engine/plan/applyPlan';
import { preparePlan } from '../../../src/engine/plan/preparePlan';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { createOutputFolder } from '../../../src/engine/storage/nodeOutputFolder';
import { openPlacedFile } from '../../../src/engine/storage/nodePlacedFile';
import { type KeyedResult, type KeyedThreads, openKeyedWorker } from '../../../src/engine/write/keyed/keyedJob';
import { useTemporaryFolder } from '../../temporaryFolder';
import { contentOf, fixture, planOf } from './harness';

const temporary = useTemporaryFolder();

/** Does what threads do, with everything that goes to them and comes from them copied, in no order. */
function copyingThreads(): KeyedThreads & { tasks: number } {
  return {
    tasks: 0,
    count: () => 2,
    async run(job, tasks) {
      const workers = [];
      for (let i = 0; i < 2; i++)
        workers.push(await openKeyedWorker(structuredClone(job), nodeFileStore, openPlacedFile));
      const results: KeyedResult[] = [];
      const turns = tasks.map((task, i) => ({ task, i })).reverse();
      for (const { task, i } of turns) {
        results[i] = structuredClone(await workers[i % 2].worker.do(structuredClone(task)));
        this.tasks++;
      }
      for (const { close } of workers) await close();
      return results;
    },
  };
}

describe('keyed state in threads', () => {
  test.each([
    '2.3-accounts-heap-canonical',
    '2.3-accounts-heap-canonical-compressed',
    '2.3-accounts-heap-native',
    '2.3-accounts-rocksdb-native',
    '2.3-accounts-rocksdb-heap-timers',
    '1.20-sql-heap-canonical',
  ])('%s has the same entries', async (name) => {
    const source = fixture(name);
    const rescale = { kind: 'rescale', parallelism: 3, maxParallelism: 300, operators: null } as const;
    const threads = copyingThreads();
    const prepared = await preparePlan(planOf(source, rescale), nodeFileStore, { threads });
    const out = temporary.at('out');
    await applyPlan(prepared, await createOutputFolder(out), nodeFileStore, { threads });
    await prepared.close();
    // Looked through, written and proved, each in several tasks for some operator.
    expect(threads.tasks).toBeGreaterThan(6);
    expect(await contentOf(out)).toEqual(await contentOf(source));
  });
});
