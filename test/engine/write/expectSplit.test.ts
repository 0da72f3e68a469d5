import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { preparePlan } from '../../../src/engine/plan/preparePlan';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { corpusSnapshots, describeCorpus } from '../../corpus';
import { useTemporaryFolder } from '../../temporaryFolder';
import { applied, planOf, type Step } from '../plan/harness';

const temporary = useTemporaryFolder();

describeCorpus('values that only a class of the job reads', () => {
  const found = corpusSnapshots().find(({ name }) =>
    name.endsWith('type-serializer-snapshot-migration-itcase-flink1.15-rocksdb-savepoint'),
  );
  const plan = (...steps: Step[]) => ({ ...planOf(found?.path ?? '', ...steps), format: 'heap' }) as const;

  test('are refused for the format of the heap by the dry run already', async () => {
    await expect(preparePlan(plan(), nodeFileStore)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringMatching(/told apart.*not one of Flink's/),
      hint: expect.stringMatching(/canonical/),
    });
  });

  test('do not matter where their state goes', async () => {
    const operator = '20ba6b65f97481d5570070de90e4e791';
    const out = temporary.at('out');
    await applied(plan({ kind: 'removeState', operator, state: 'testState' }), out);
    expect(existsSync(`${out}/_metadata`)).toBe(true);
  });
});
