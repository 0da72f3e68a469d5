import { describe, expect, test } from 'vitest';
import { CanonicalPart } from '../../../src/engine/backends/canonicalPart';
import { HeapPart } from '../../../src/engine/backends/heapPart';
import type { KeyedHeader } from '../../../src/engine/backends/keyedHeader';
import type { StatePart } from '../../../src/engine/backends/part';
import { NAMESPACE_SERIALIZER, VALUE_SERIALIZER } from '../../../src/engine/backends/stateMeta';
import { Sink } from '../../../src/engine/bytes/sink';
import type { KeyGroupsHandle } from '../../../src/engine/metadata/model';
import { MemorySource } from '../../../src/engine/storage/memorySource';
import { codecOf, simple } from '../types/snapshotBytes';

const LARGE = 300 * 1024;
const COUNT = 40;
/** What a batch may keep in memory: two windows, each of some hundred kilobytes or of one entry. */
const MOST_BYTES = 2 * 1024 * 1024;

const BYTES = codecOf(simple('array.BytePrimitiveArraySerializer'));
const INT = codecOf(simple('IntSerializer'));
/** A file begins with its header; no key group begins at 0. */
const HEADER = 16;

const header = {
  version: 6,
  compressed: false,
  key: INT,
  states: [
    {
      name: 'large',
      type: 'keyValue',
      options: [['KEYED_STATE_TYPE', 'VALUE']],
      serializers: [
        { key: VALUE_SERIALIZER, codec: BYTES },
        { key: NAMESPACE_SERIALIZER, codec: INT },
      ],
      bytes: new Uint8Array(0),
    },
  ],
} as unknown as KeyedHeader;
const handle = { startKeyGroup: 0, offsets: [HEADER] } as unknown as KeyGroupsHandle;

function file(write: (sink: Sink) => void): MemorySource {
  const sink = new Sink();
  sink.raw(new Uint8Array(HEADER));
  write(sink);
  return new MemorySource('file', sink.toBytes());
}

const canonical = (): StatePart =>
  new CanonicalPart(
    handle,
    file((sink) => {
      sink.i16(0);
      for (let i = 0; i < COUNT; i++) {
        sink.i32(9);
        sink.u8(i === COUNT - 1 ? 0x80 : 0);
        sink.i32(i);
        sink.i32(0);
        sink.i32(LARGE + 4);
        sink.bytes4(new Uint8Array(LARGE));
      }
      sink.i16(0xffff);
    }),
    header,
    128,
  );

const heap = (): StatePart =>
  new HeapPart(
    handle,
    file((sink) => {
      sink.i32(0);
      sink.i16(0);
      sink.i32(COUNT);
      for (let i = 0; i < COUNT; i++) {
        sink.i32(0);
        sink.i32(i);
        sink.bytes4(new Uint8Array(LARGE));
      }
    }),
    header,
  );

describe.each([
  ['canonical', canonical],
  ['heap', heap],
])('%s', (_, open) => {
  test('a batch of large entries does not grow with their number', async () => {
    let read = 0;
    for await (const { entries, unread } of open().entries({})) {
      expect(unread).toEqual([]);
      const windows = new Set(entries.map(({ value }) => value?.buffer));
      const bytes = [...windows].reduce((sum, window) => sum + (window?.byteLength ?? 0), 0);
      expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
      for (const { value } of entries) expect(value?.length).toBe(LARGE + 4);
      read += entries.length;
    }
    expect(read).toBe(COUNT);
  });
});
