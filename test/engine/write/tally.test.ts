import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addEntry, isSameTally, type StateTally, Tally } from '../../../src/engine/write/tally';

interface Entry {
  key: Uint8Array;
  value: Uint8Array;
  keyGroup: number;
}

const entry: fc.Arbitrary<Entry> = fc.record({
  key: fc.uint8Array({ maxLength: 20 }),
  value: fc.uint8Array({ maxLength: 40 }),
  keyGroup: fc.nat(32767),
});

function sumOf(entries: readonly Entry[]): StateTally {
  const tally = new Tally();
  for (const { key, value, keyGroup } of entries) tally.add('s', key, value, keyGroup);
  return tally.of('s');
}

describe('sums of entries', () => {
  test('do not depend on the order, nor on where an entry lies', () => {
    fc.assert(
      fc.property(fc.array(entry), fc.nat(9), (entries, offset) => {
        const wanted = sumOf(entries);
        const found = new Tally();
        for (const { key, value, keyGroup } of [...entries].reverse()) {
          const bytes = new Uint8Array(offset + key.length + 4 + value.length + 3).fill(0xa5);
          const view = new DataView(bytes.buffer);
          const to = offset + key.length;
          bytes.set(key, offset);
          view.setInt32(to, value.length);
          bytes.set(value, to + 4);
          addEntry(found.at('s'), view, keyGroup, offset, to, to + 4 + value.length);
        }
        expect(found.of('s')).toEqual(wanted);
        expect(wanted.bytes).toBe(entries.reduce((sum, { key, value }) => sum + key.length + value.length, 0));
      }),
    );
  });

  const changes: Record<string, (of: Entry, at: number) => Entry> = {
    'one bit of the key': ({ key, ...rest }, at) => ({ ...rest, key: withBit(key, at) }),
    'one bit of the value': ({ value, ...rest }, at) => ({ ...rest, value: withBit(value, at) }),
    'the key group': (of, at) => ({ ...of, keyGroup: (of.keyGroup + 1 + at) % 32768 }),
    'where the key ends': ({ key, value, keyGroup }) => ({
      keyGroup,
      key: Uint8Array.of(...key, ...value.subarray(0, 1)),
      value: value.subarray(1),
    }),
  };

  test.each(Object.entries(changes))('are others when %s changes', (_, change) => {
    const filled = entry.filter(({ key, value }) => key.length > 0 && value.length > 0);
    fc.assert(
      fc.property(fc.array(entry), filled, fc.nat(30_000), (others, one, at) => {
        const changed = change(one, at);
        expect(isSameTally(sumOf([...others, one]), sumOf([...others, changed]))).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});

function withBit(bytes: Uint8Array, at: number): Uint8Array {
  const changed = bytes.slice();
  changed[Math.floor(at / 8) % bytes.length] ^= 1 << (at % 8);
  return changed;
}
