import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EntryDifference } from '../../src/engine/diff/difference';
import { differenceJson } from '../../src/engine/diff/differenceJson';
import { type DiffOptions, diffSnapshots } from '../../src/engine/diff/diffSnapshots';
import type { RunShares } from '../../src/engine/diff/runShares';
import { openSnapshot, type Snapshot } from '../../src/engine/snapshot';
import { nodeFileStore } from '../../src/engine/storage/nodeFileStore';
import { diffThreads } from '../../src/threads/diffThreads';
import { applied, fixture, planOf } from '../engine/plan/harness';
import { useTemporaryFolder } from '../temporaryFolder';

const temporary = useTemporaryFolder();
const folder = mkdtempSync(path.join(tmpdir(), 'diff-threads-'));
const script = path.join(folder, 'diff.cjs');

beforeAll(async () => {
  const entry = path.resolve(__dirname, 'diffThread.ts');
  await build({ entryPoints: [entry], outfile: script, bundle: true, platform: 'node', format: 'cjs' });
});

afterAll(() => rmSync(folder, { recursive: true }));

const FROM = fixture('2.3-accounts-rocksdb-canonical');

async function changed(name: string): Promise<string> {
  const out = temporary.at(name);
  const state = { operator: 'accounts', state: 'balance' };
  const rescale = { kind: 'rescale', parallelism: 3, maxParallelism: 1024 } as const;
  await applied(
    planOf(
      FROM,
      { kind: 'delete', ...state, key: 'bob' },
      { kind: 'update', ...state, key: 'gustav', set: { kind: 'fields', expressions: [['amount', 0.25]] } },
      { kind: 'put', operator: 'accounts', state: 'total', key: 'nobody yet', value: 2n },
      { ...rescale, operators: ['accounts'] },
    ),
    out,
  );
  return out;
}

async function diff(
  a: string,
  b: string,
  run: (before: Snapshot, after: Snapshot) => RunShares | undefined,
  more: DiffOptions = {},
) {
  const [before, after] = [await openSnapshot(a, nodeFileStore), await openSnapshot(b, nodeFileStore)];
  const entries: EntryDifference[] = [];
  try {
    const runner = run(before, after);
    const options = { shareBytes: 500, ...(runner !== undefined && { run: runner }), ...more };
    const found = await diffSnapshots(before, after, { ...options, onDifference: (one) => void entries.push(one) });
    return { found, lines: entries.map(differenceJson).sort() };
  } finally {
    await before.close();
    await after.close();
  }
}

describe('shares compared in threads', () => {
  it.each([1, 3])('by %d of them find what one finds', async (count) => {
    const out = await changed(`changed-${count}`);
    const alone = await diff(FROM, out, () => undefined);
    const shared = await diff(FROM, out, (before, after) => diffThreads(script, before, after, count));
    expect(alone.lines).toHaveLength(3);
    expect(shared).toEqual(alone);
  });

  it('tell of no more than so many of a kind, and count all', async () => {
    const heap = fixture('1.20-types-heap-canonical');
    const other = fixture('2.3-types-heap-native');
    const all = await diff(heap, other, () => undefined);
    const few = await diff(heap, other, (before, after) => diffThreads(script, before, after, 2), { most: 1 });
    expect(few.found).toEqual(all.found);
    expect(few.lines.length).toBeLessThanOrEqual(all.lines.length);
    const none = await diff(heap, other, (before, after) => diffThreads(script, before, after, 2), { most: 0 });
    expect(none.found).toEqual(all.found);
    expect(none.lines).toEqual([]);
  });

  it('end when they are cancelled, and when the receiver fails', async () => {
    const out = await changed('cancelled');
    const signal = AbortSignal.abort();
    const threads = (before: Snapshot, after: Snapshot) => diffThreads(script, before, after, 2);
    await expect(diff(FROM, out, threads, { signal })).rejects.toMatchObject({ code: 'CANCELLED' });
    const [before, after] = [await openSnapshot(FROM, nodeFileStore), await openSnapshot(out, nodeFileStore)];
    const failing = diffSnapshots(before, after, {
      run: threads(before, after),
      onDifference: () => Promise.reject(new Error('The disk is full.')),
    });
    await expect(failing).rejects.toThrow('The disk is full.');
    await before.close();
    await after.close();
  });
});
