import { appendFileSync, cpSync, readdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { applyPlan } from '../../../src/engine/plan/applyPlan';
import { preparePlan } from '../../../src/engine/plan/preparePlan';
import { openSnapshot } from '../../../src/engine/snapshot';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { createOutputFolder } from '../../../src/engine/storage/nodeOutputFolder';
import { copySnapshot } from '../../../src/engine/write/copySnapshot';
import { useTemporaryFolder } from '../../temporaryFolder';
import { fixture, planOf } from './harness';

const temporary = useTemporaryFolder();

/** What somebody else may do to a file of a snapshot while it is read. */
const CHANGES: Record<string, (file: string) => void> = {
  'is written to': (file) => appendFileSync(file, 'x'),
  'is replaced by the same bytes': (file) => {
    cpSync(file, `${file}.new`);
    renameSync(`${file}.new`, file);
  },
  'gets another time': (file) => utimesSync(file, 1, 1),
};

function copyOfFixture(): string {
  const source = temporary.at('source');
  cpSync(fixture('2.3-accounts-heap-canonical'), source, { recursive: true });
  return source;
}

describe('a source that changes underneath', () => {
  test.each(Object.entries(CHANGES))('a plan is refused where a file %s, and nothing stays', async (_, change) => {
    const source = copyOfFixture();
    const rescale = { kind: 'rescale', parallelism: 3, maxParallelism: 977, operators: null } as const;
    const prepared = await preparePlan(planOf(source, rescale), nodeFileStore);
    const out = temporary.at('out');
    const output = await createOutputFolder(out);
    const [data] = readdirSync(source).filter((name) => name !== '_metadata');
    change(path.join(source, data));
    await expect(applyPlan(prepared, output, nodeFileStore)).rejects.toMatchObject({ code: 'FILE_CHANGED' });
    await prepared.close();
    expect(readdirSync(temporary.root)).toEqual(['source']);
  });

  test('a copy is refused too', async () => {
    const source = copyOfFixture();
    const snapshot = await openSnapshot(source, nodeFileStore);
    const output = await createOutputFolder(temporary.at('out'));
    const [data] = readdirSync(source).filter((name) => name !== '_metadata');
    const changing = { ...output, path: output.path };
    Object.setPrototypeOf(changing, Object.getPrototypeOf(output));
    changing.publish = async (name, bytes) => {
      await output.publish(name, bytes);
      writeFileSync(path.join(source, data), 'something else');
    };
    await expect(copySnapshot(snapshot, changing, nodeFileStore)).rejects.toMatchObject({
      code: expect.stringMatching(/^(FILE_CHANGED|CHECKSUM)$/),
    });
    await snapshot.close();
    expect(readdirSync(temporary.root)).toEqual(['source']);
  });
});
