import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RawDifference } from '../../../src/engine/diff/difference';
import { DifferencePacket, readPacket } from '../../../src/engine/diff/differencePacket';
import type { EntryIdentity } from '../../../src/engine/diff/entryIdentity';
import { EntryTable } from '../../../src/engine/diff/entryTable';
import { keyGroupParts } from '../../../src/engine/diff/operatorPair';
import type { KeyGroups } from '../../../src/engine/diff/operatorSide';
import { keyGroupOf } from '../../../src/engine/keyGroups';

const isAmong = (part: KeyGroups, keyGroup: number): boolean =>
  part.is === 'all' ||
  (part.is === 'span' ? keyGroup >= part.first && keyGroup <= part.last : keyGroup % part.modulus === part.remainder);

describe('key groups in parts', () => {
  test('hold each key once, and in the same part on both sides', () => {
    const most = fc.integer({ min: 1, max: 32768 });
    fc.assert(
      fc.property(most, most, fc.integer({ min: 1, max: 200 }), fc.integer(), (before, after, wanted, hash) => {
        const parts = keyGroupParts(before, after, wanted);
        const [a, b] = [keyGroupOf(hash, before), keyGroupOf(hash, after)];
        expect(parts.filter((part) => isAmong(part, a))).toHaveLength(1);
        expect(parts.findIndex((part) => isAmong(part, a))).toBe(parts.findIndex((part) => isAmong(part, b)));
      }),
    );
  });

  test.each([
    [128, 128, 4, 4, 'span'],
    [128, 128, 1000, 128, 'span'],
    [128, 1024, 10, 16, 'class'],
    [128, 1000, 100, 8, 'class'],
    [128, 127, 100, 1, 'all'],
    [0, 128, 100, 1, 'all'],
  ])('of %i and %i, %i wanted: %i of kind %s', (before, after, wanted, count, kind) => {
    const parts = keyGroupParts(before, after, wanted);
    expect([parts.length, parts[0]?.is]).toEqual([count, kind]);
  });
});

describe('packets of differences', () => {
  const bytes = fc.option(fc.uint8Array({ maxLength: 40 }), { nil: null });
  const difference: fc.Arbitrary<RawDifference> = fc.record({
    state: fc.integer({ min: 0, max: 65535 }),
    what: fc.constantFrom('added' as const, 'removed' as const, 'changed' as const),
    keyGroup: fc.integer({ min: -1, max: 32767 }),
    times: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    ...{ key: bytes, namespace: bytes, mapKey: bytes, before: bytes, after: bytes },
  });

  test('give what was put into them', () => {
    fc.assert(
      fc.property(fc.array(difference, { maxLength: 20 }), (all) => {
        const packet = new DifferencePacket();
        for (const one of all) packet.add(one);
        const taken = packet.take();
        const read = [...readPacket(taken)];
        expect(read.map(({ difference }) => difference)).toEqual(all);
        expect(read.at(-1)?.to ?? 0).toBe(taken.length);
        expect(packet.count).toBe(0);
      }),
    );
  });
});

describe('the table of entries', () => {
  const text = (value: string) => new TextEncoder().encode(value);
  /** An entry whose parts lie in windows of their own, behind other bytes. */
  const entry = (key: string, value: string | null, hash = 1): EntryIdentity => {
    const at = (part: string | null) => ({ bytes: text(`??${part ?? ''}`), length: part === null ? -1 : part.length });
    const [k, v] = [at(key), at(value)];
    return {
      ...{ keyGroup: 7, keyBytes: k.bytes, keyFrom: 2, keyLength: k.length, idBytes: key.length, hash },
      ...{ namespaceBytes: k.bytes, namespaceFrom: 0, namespaceLength: -1 },
      ...{ mapKeyBytes: k.bytes, mapKeyFrom: 0, mapKeyLength: -1 },
      ...{ valueBytes: v.bytes, valueFrom: 2, valueLength: v.length },
    } as unknown as EntryIdentity;
  };

  test('finds each entry among many, also where their hashes are the same, and says which are left', () => {
    const table = new EntryTable(1 << 24);
    const count = 4_000;
    for (let i = 0; i < count; i++) expect(table.put(i % 3, entry(`key ${i}`, `value ${i}`, i % 100))).toBe(true);
    for (let i = 0; i < count; i += 2) {
      const record = table.take(i % 3, entry(`key ${i}`, null, i % 100));
      expect(record).toBeGreaterThanOrEqual(0);
      expect(table.hasValueOf(record, entry('', `value ${i}`))).toBe(true);
      expect(table.hasValueOf(record, entry('', `value ${i}!`))).toBe(false);
      expect(table.take(i % 3, entry(`key ${i}`, null, i % 100))).toBe(-1);
    }
    expect(table.take(1, entry('key 0', null, 0))).toBe(-1);
    const left = [...table.rest()].map(({ record }) => Buffer.from(table.key(record) ?? []).toString());
    expect(left).toEqual(Array.from({ length: count / 2 }, (_, i) => `key ${2 * i + 1}`));
    table.clear();
    expect([...table.rest()]).toEqual([]);
    expect(table.take(0, entry('key 0', null, 0))).toBe(-1);
  });

  test('counts equal entries, and keeps what is not there apart from what is empty', () => {
    const table = new EntryTable(1 << 20);
    for (let i = 0; i < 3; i++) table.put(4, entry('twice', null));
    expect([...table.rest()].map(({ times }) => times)).toEqual([3]);
    const record = table.take(4, entry('twice', null));
    expect([table.state(record), table.keyGroup(record)]).toEqual([4, 7]);
    expect([table.value(record), table.namespace(record), table.mapKey(record)]).toEqual([null, null, null]);
    expect(table.hasValueOf(record, entry('', ''))).toBe(false);
  });

  test('is full at its limit, but takes one entry, however long', () => {
    const table = new EntryTable(1000);
    expect(table.put(0, entry('k', 'x'.repeat(5000)))).toBe(true);
    expect(table.put(0, entry('l', ''))).toBe(false);
    expect([...table.rest()]).toHaveLength(1);
  });
});
