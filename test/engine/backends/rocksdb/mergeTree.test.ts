import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBytes } from '../../../../src/engine/backends/rocksdb/internalKey';
import { MergeTree } from '../../../../src/engine/backends/rocksdb/mergeTree';
import { RunEntry, type SortedRun } from '../../../../src/engine/backends/rocksdb/sortedRun';

interface Item {
  key: Uint8Array;
  sequence: number;
}

const order = (a: Item, b: Item): number =>
  compareBytes(a.key, a.key.length, b.key, b.key.length) || b.sequence - a.sequence;

/** A run that says of each key how much of it is that of the one before, at times less, as at a restart point. */
function runOf(items: readonly Item[], saysLess: readonly boolean[]): SortedRun {
  const entry = new RunEntry();
  let next = 0;
  const advance = (): boolean => {
    if (next >= items.length) return false;
    const { key, sequence } = items[next];
    const before = next > 0 ? items[next - 1].key : new Uint8Array(0);
    let shared = 0;
    while (shared < key.length && shared < before.length && key[shared] === before[shared]) shared++;
    entry.bytes = Uint8Array.of(9, ...key, 9);
    entry.keyFrom = 1;
    entry.keyTo = 1 + key.length;
    entry.sequence = sequence;
    entry.shared = saysLess[next % saysLess.length] ? 0 : shared;
    next++;
    return true;
  };
  return { entry, advance, load: async () => advance() };
}

const keyOf = ({ bytes, keyFrom, keyTo }: RunEntry): Uint8Array => bytes.slice(keyFrom, keyTo);

// Few different bytes, so that keys are equal, or begin alike, or one is the beginning of another.
const key = fc.uint8Array({ maxLength: 5, max: 2 });

test('runs are merged in order of key, of equal keys the newest first', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(key, { minLength: 1, maxLength: 12 }), { maxLength: 9 }),
      fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
      (keys, saysLess) => {
        let sequence = 0;
        const runs = keys.map((of) => of.map((k) => ({ key: k, sequence: sequence++ })).sort(order));
        const started = runs.map((items) => runOf(items, saysLess));
        for (const run of started) run.advance();
        const tree = new MergeTree(started);
        const merged: Item[] = [];
        while (!tree.isEmpty) {
          const taken = { key: keyOf(tree.entry), sequence: tree.entry.sequence };
          merged.push(taken);
          const around = Uint8Array.of(7, ...taken.key, 7);
          if (tree.top.advance()) tree.stepped(around, 1, 1 + taken.key.length);
          else tree.ended();
          if (tree.isEmpty) break;
          const next = keyOf(tree.entry);
          const isSame = compareBytes(next, next.length, taken.key, taken.key.length) === 0;
          expect(tree.isSameKey(taken.key.length)).toBe(isSame);
        }
        expect(merged).toEqual(runs.flat().sort(order));
      },
    ),
    { numRuns: 2000 },
  );
});
