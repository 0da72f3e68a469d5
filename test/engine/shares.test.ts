import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkEntries } from '../../src/engine/query/checkEntries';
import { csv } from '../../src/engine/query/csv';
import { type Share, sharesOf, spanOf } from '../../src/engine/shares';
import { openSnapshot, type Snapshot } from '../../src/engine/snapshot';
import { nodeFileStore } from '../../src/engine/storage/nodeFileStore';
import { fixtureSnapshots } from '../corpus';
import { dumpText } from '../dumpText';

test('the spans of all shares are the key groups, each once and in order', () => {
  fc.assert(
    fc.property(fc.nat(40_000), fc.nat(32_767), fc.integer({ min: 1, max: 64 }), (first, size, count) => {
      const whole = { first, last: first + size };
      let next = first;
      for (let number = 0; number < count; number++) {
        const span = spanOf({ number, count }, whole);
        if (span === null) continue;
        expect(span.first).toBe(next);
        expect(span.last).toBeGreaterThanOrEqual(span.first);
        next = span.last + 1;
      }
      expect(next).toBe(whole.last + 1);
    }),
  );
});

async function lines(snapshot: Snapshot, share?: Share): Promise<string[]> {
  const failed = ({ error }: { error: Error }): never => {
    throw error;
  };
  const text = await dumpText(snapshot, { format: csv, share }, failed);
  return text.split('\r\n').filter((line) => line !== '');
}

describe.each(fixtureSnapshots().map((s) => [s.name, s.path] as const))('%s', (_, path) => {
  test.each([1, 7, 200])('%d shares or more are everything, and nothing twice', async (wanted) => {
    const snapshot = await openSnapshot(path, nodeFileStore);
    const shares = sharesOf(snapshot, wanted);
    const found: string[] = [];
    for (const share of shares) found.push(...(await lines(snapshot, share)));
    const [header, ...all] = await lines(snapshot);
    expect(header).toBe(csv.header.trimEnd());
    expect(found.sort()).toEqual(all.sort());
    await snapshot.close();
  });

  test('the entries of all shares are checked as those of the whole are', async () => {
    const snapshot = await openSnapshot(path, nodeFileStore);
    const whole = await checkEntries(snapshot, undefined);
    let entries = 0;
    let keysChecked = 0;
    for (const share of sharesOf(snapshot, 16)) {
      const checked = await checkEntries(snapshot, share);
      entries += checked.entries;
      keysChecked += checked.keysChecked;
    }
    expect({ entries, keysChecked }).toEqual({ entries: whole.entries, keysChecked: whole.keysChecked });
    await snapshot.close();
  });
});
