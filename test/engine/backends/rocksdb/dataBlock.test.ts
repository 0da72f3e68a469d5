import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataBlock, FIELDS } from '../../../../src/engine/backends/rocksdb/dataBlock';
import { KEY_TRAILER } from '../../../../src/engine/backends/rocksdb/internalKey';
import { Sink } from '../../../../src/engine/bytes/sink';

interface Item {
  key: Uint8Array;
  value: Uint8Array;
}

/** A data block with a restart point every few entries. */
function blockOf(items: readonly Item[], restartEvery: number): Uint8Array {
  const sink = new Sink();
  const restarts: number[] = [];
  let before = new Uint8Array(0);
  for (const [i, { key, value }] of items.entries()) {
    let shared = 0;
    if (i % restartEvery === 0) restarts.push(sink.position);
    else while (shared < key.length && shared < before.length && key[shared] === before[shared]) shared++;
    sink.varint(shared);
    sink.varint(key.length - shared);
    sink.varint(value.length);
    sink.raw(key.subarray(shared));
    sink.raw(value);
    before = new Uint8Array(key);
  }
  for (const n of [...restarts, restarts.length]) {
    for (let shift = 0; shift < 32; shift += 8) sink.u8((n >>> shift) & 0xff);
  }
  return sink.toBytes();
}

/** Everything in the block, looked at when all of it was taken apart: windows must not have been written over. */
function readAll(block: DataBlock): Item[] {
  const places: { window: Uint8Array; fields: Int32Array }[] = [];
  while (block.next()) {
    for (let i = 0; i < block.length; i++) {
      places.push({ window: block.window, fields: block.fields.slice(FIELDS * i, FIELDS * (i + 1) + 1) });
    }
  }
  return places.map(({ window, fields: [keyFrom, valueFrom, valueTo, , keyTo] }) => ({
    key: window.slice(keyFrom, keyTo),
    value: window.slice(valueFrom, valueTo),
  }));
}

/** Long arrays are compared faster as text. */
const textOf = (items: readonly Item[]): string[] =>
  items.map(({ key, value }) => [key, value].map((b) => Buffer.from(b).toString('latin1')).join(' = '));

// Keys that begin alike, some of them longer than a window.
const key = fc
  .record({
    start: fc.constantFrom(0, 3, 40, 200, 70_000),
    end: fc.uint8Array({ minLength: KEY_TRAILER, maxLength: 20 }),
  })
  .map(({ start, end }) => new Uint8Array(Buffer.concat([Buffer.alloc(start, 7), end])));
const item = fc.record({ key, value: fc.uint8Array({ maxLength: 300 }) });

describe('a data block', () => {
  test('is taken apart into the keys and values that were put into it, block after block', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(item, { maxLength: 40 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 17 }),
        (blocks, restartEvery) => {
          const block = new DataBlock('000001.sst');
          for (const items of blocks) {
            block.open(blockOf(items, restartEvery), 0);
            expect(textOf(readAll(block))).toEqual(textOf(items));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('with more entries than a stretch has', () => {
    const items = Array.from({ length: 3000 }, (_, i) => ({
      key: Uint8Array.of(1, 2, 3, i >> 8, i & 0xff, 1, 0, 0, 0, 0, 0, 0, 0),
      value: Uint8Array.of(i & 0xff),
    }));
    const block = new DataBlock('000001.sst');
    block.open(blockOf(items, 16), 0);
    expect(textOf(readAll(block))).toEqual(textOf(items));
  });

  test('whose keys would be far longer than it is never holds more than a window of them', () => {
    const long = new Uint8Array(20_000);
    const items = Array.from({ length: 500 }, () => ({ key: long, value: new Uint8Array(0) }));
    const bytes = blockOf(items, 1000);
    expect(bytes.length).toBeLessThan(25_000);
    const block = new DataBlock('000001.sst');
    block.open(bytes, 0);
    let entries = 0;
    while (block.next()) {
      entries += block.length;
      expect(block.window.length).toBeLessThan(200_000);
    }
    expect(entries).toBe(500);
  });

  test.each([
    ['a key that shares more than the one before has', [1, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['a key without its trailer', [0, 7, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['a value that goes on behind the end', [0, 8, 9, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['a length that does not end', [0, 0xff, 0xff, 0xff]],
    ['a length of more than 32 bits', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0, 0, 0, 0]],
  ])('with %s is corrupt', (_, bytes) => {
    const block = new DataBlock('000001.sst');
    block.open(Uint8Array.of(...bytes, 0, 0, 0, 0), 123);
    expect(() => block.next()).toThrow(
      expect.objectContaining({ code: 'CORRUPT', file: '000001.sst', offset: 123 }) as Error,
    );
  });
});
