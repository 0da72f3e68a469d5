import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { EntryDifference } from '../../../src/engine/diff/difference';
import { diffSnapshots } from '../../../src/engine/diff/diffSnapshots';
import { openSnapshot } from '../../../src/engine/snapshot';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { useTemporaryFolder } from '../../temporaryFolder';
import { fixture } from '../plan/harness';

const temporary = useTemporaryFolder();

async function diff(a: string, b: string) {
  const [before, after] = [await openSnapshot(a, nodeFileStore), await openSnapshot(b, nodeFileStore)];
  const entries: EntryDifference[] = [];
  const found = await diffSnapshots(before, after, { onDifference: (one) => void entries.push(one) });
  await before.close();
  await after.close();
  return { found, entries };
}

/** A copy of a snapshot with something done to its largest file. */
function damaged(name: string, damage: (file: string) => void): string {
  const copy = temporary.at(`${name}-${Math.random()}`);
  cpSync(fixture(name), copy, { recursive: true });
  const files = readdirSync(copy, { recursive: true, encoding: 'utf8' })
    .map((file) => path.join(copy, file))
    .filter((file) => statSync(file).isFile() && path.basename(file) !== '_metadata');
  const [largest] = files.sort((a, b) => statSync(b).size - statSync(a).size);
  if (largest === undefined) throw new Error('The snapshot has no files.');
  damage(largest);
  return copy;
}

const half = (file: string): void => writeFileSync(file, readFileSync(file).subarray(0, statSync(file).size / 2));

describe.each(['2.3-accounts-heap-canonical', '2.3-accounts-heap-native', '2.3-accounts-rocksdb-incremental'])(
  '%s beside itself with a file that is',
  (name) => {
    test.each([
      ['gone', (file: string) => rmSync(file)],
      ['cut off', half],
    ])('%s: what cannot be read is told of, and nothing is made of its absence', async (_, damage) => {
      const there = damaged(name, damage);
      for (const [a, b] of [
        [fixture(name), there],
        [there, fixture(name)],
      ] as const) {
        const { found, entries } = await diff(a, b);
        expect(entries).toEqual([]);
        expect(found.same).toBe(false);
        expect(found.problems.length).toBeGreaterThan(0);
        expect(found.problems.every(({ where }) => where?.startsWith(a === there ? 'before / ' : 'after / '))).toBe(
          true,
        );
        const states = found.operators.flatMap((operator) => operator.states);
        expect(states.some(({ incomplete }) => incomplete)).toBe(true);
        // What is only on one side because the other could not be opened is marked so.
        expect(states.filter((state) => state.in !== 'both' && !state.incomplete)).toEqual([]);
      }
    });
  },
);
