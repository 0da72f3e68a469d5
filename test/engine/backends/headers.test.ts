import { describe, expect, test } from 'vitest';
import { HeaderReader } from '../../../src/engine/backends/openHeader';
import { serializerOf, VALUE_SERIALIZER } from '../../../src/engine/backends/stateMeta';
import type { Sink } from '../../../src/engine/bytes/sink';
import type { ByteSource } from '../../../src/engine/storage/byteSource';
import { MemorySource } from '../../../src/engine/storage/memorySource';
import { bytesOf, composite, list, type Snapshot, simple, versioned } from '../types/snapshotBytes';

const VOID = versioned('org.apache.flink.runtime.state.VoidNamespaceSerializer$VoidNamespaceSerializerSnapshot', 3);
const options = { kryo: 5 } as const;

function envelopeTo(sink: Sink, snapshot: Snapshot): void {
  sink.i32(2);
  snapshot(sink);
}

/** A state in the form since Flink 1.7. */
function stateTo(
  sink: Sink,
  name: string,
  type: number,
  given: [string, string][],
  snapshots: [string, Snapshot][],
): void {
  sink.utf(name);
  sink.i32(type);
  sink.i32(given.length);
  for (const [key, value] of given) {
    sink.utf(key);
    sink.utf(value);
  }
  sink.i32(snapshots.length);
  for (const [key, snapshot] of snapshots) {
    sink.utf(key);
    envelopeTo(sink, snapshot);
  }
}

function keyedHeader(states: readonly (readonly [name: string, value: Snapshot])[]): Uint8Array {
  return bytesOf((sink) => {
    sink.i32(6);
    sink.bool(false);
    envelopeTo(sink, simple('StringSerializer'));
    sink.i16(states.length);
    for (const [name, value] of states) {
      stateTo(
        sink,
        name,
        0,
        [['KEYED_STATE_TYPE', 'VALUE']],
        [
          ['VALUE_SERIALIZER', value],
          ['NAMESPACE_SERIALIZER', VOID],
        ],
      );
    }
  });
}

/** Bytes behind a header must not be asked for. */
function countedSource(bytes: Uint8Array): { source: ByteSource; read: () => number } {
  const inner = new MemorySource('file', bytes);
  let furthest = 0;
  const source: ByteSource = {
    name: 'file',
    size: bytes.length,
    read: (offset, length, signal) => {
      furthest = Math.max(furthest, offset + length);
      return inner.read(offset, length, signal);
    },
    close: async () => {},
  };
  return { source, read: () => furthest };
}

function followedBy(header: Uint8Array, length: number): Uint8Array {
  const bytes = new Uint8Array(header.length + length).fill(7);
  bytes.set(header);
  return bytes;
}

describe('a header of keyed state', () => {
  const header = keyedHeader([
    ['total', simple('LongSerializer')],
    ['names', list(simple('StringSerializer'))],
  ]);

  test('is read to its last byte and not further', async () => {
    const { source, read } = countedSource(followedBy(header, 5000));
    const found = await new HeaderReader(options).readKeyed(source, header.length);
    expect(found.bytes).toEqual(header);
    expect(read()).toBe(header.length);
    expect(found.value).toMatchObject({ version: 6, compressed: false });
    expect(found.value.states.map((s) => [s.name, s.type, serializerOf(s, VALUE_SERIALIZER)?.type.name])).toEqual([
      ['total', 'keyValue', 'long'],
      ['names', 'keyValue', 'list'],
    ]);
    const total = found.value.states.map((s) => s.bytes.length).reduce((a, b) => a + b);
    const key = bytesOf((sink) => envelopeTo(sink, simple('StringSerializer'))).length;
    expect(4 + 1 + key + 2 + total).toBe(header.length);
  });

  test('is found by reading where nothing tells its end, in windows that grow', async () => {
    const long = keyedHeader(Array.from({ length: 400 }, (_, i) => [`state-${i}`, simple('LongSerializer')] as const));
    const { source, read } = countedSource(followedBy(long, 4 * 1024 * 1024));
    const found = await new HeaderReader(options).readKeyed(source, source.size);
    expect(found.value.states).toHaveLength(400);
    expect(found.bytes).toEqual(long);
    expect(read()).toBeLessThanOrEqual(2 * Math.max(long.length, 4096));
  });

  test('that another subtask has too is parsed once', async () => {
    const reader = new HeaderReader(options);
    const first = await reader.readKeyed(new MemorySource('a', followedBy(header, 10)), header.length);
    const second = await reader.readKeyed(new MemorySource('b', followedBy(header, 20)), header.length);
    expect(second).toBe(first);
    const other = keyedHeader([['total', simple('IntSerializer')]]);
    expect(await reader.readKeyed(new MemorySource('c', other), other.length)).not.toBe(first);
  });

  test('names a serializer that nobody knows, and the states behind it', async () => {
    const unknown = versioned('com.acme.MoneySerializerSnapshot', 1, (sink) =>
      sink.raw(Uint8Array.of(1, 2, 3, 4, 5, 6, 7)),
    );
    const nested = composite('com.acme.PairSerializerSnapshot', 1, [unknown, simple('LongSerializer')]);
    const bytes = keyedHeader([
      ['money', unknown],
      ['pair', nested],
      ['total', simple('LongSerializer')],
    ]);
    const { source } = countedSource(followedBy(bytes, 100));
    const { value } = await new HeaderReader(options).readKeyed(source, bytes.length);
    expect(value.states.map((s) => s.name)).toEqual(['money', 'pair', 'total']);
    expect(serializerOf(value.states[0], VALUE_SERIALIZER)?.type).toMatchObject({
      serializer: 'com.acme.MoneySerializerSnapshot',
      unreadable: expect.stringContaining('com.acme.MoneySerializerSnapshot'),
    });
    expect(serializerOf(value.states[2], VALUE_SERIALIZER)?.type.name).toBe('long');
  });

  test('cut short at any byte', async () => {
    for (let length = 0; length < header.length; length++) {
      const source = new MemorySource('file', header.slice(0, length));
      await expect(new HeaderReader(options).readKeyed(source, header.length)).rejects.toMatchObject({
        name: 'EngineError',
        file: 'file',
      });
    }
  });

  test.each([0, 7, -1])('of version %i', async (version) => {
    const source = new MemorySource(
      'file',
      bytesOf((sink) => sink.i32(version)),
    );
    await expect(new HeaderReader(options).readKeyed(source, 4)).rejects.toMatchObject({
      code: 'UNSUPPORTED_VERSION',
      offset: 0,
    });
  });
});

describe('a header of operator state', () => {
  const list1 = (sink: Sink): void =>
    stateTo(
      sink,
      'offsets',
      1,
      [['OPERATOR_STATE_DISTRIBUTION_MODE', 'UNION']],
      [['VALUE_SERIALIZER', simple('LongSerializer')]],
    );
  const broadcast = (sink: Sink): void =>
    stateTo(
      sink,
      'rules',
      2,
      [['OPERATOR_STATE_DISTRIBUTION_MODE', 'BROADCAST']],
      [
        ['KEY_SERIALIZER', simple('StringSerializer')],
        ['VALUE_SERIALIZER', simple('IntSerializer')],
      ],
    );
  const header = (version: number): Uint8Array =>
    bytesOf((sink) => {
      sink.i32(version);
      if (version === 6) sink.bool(true);
      sink.i16(1);
      list1(sink);
      sink.i16(1);
      broadcast(sink);
    });

  test.each([5, 6])('of version %i', async (version) => {
    const bytes = header(version);
    const found = await new HeaderReader(options).readOperator(
      new MemorySource('file', followedBy(bytes, 50)),
      bytes.length,
    );
    expect(found.value.compressed).toBe(version === 6);
    expect(found.value.states.map((s) => [s.name, s.type])).toEqual([
      ['offsets', 'operator'],
      ['rules', 'broadcast'],
    ]);
    expect(found.bytes).toEqual(bytes);
  });

  test('with a number of states that cannot be there', async () => {
    const bytes = bytesOf((sink) => {
      sink.i32(5);
      sink.i16(-2);
    });
    await expect(
      new HeaderReader(options).readOperator(new MemorySource('f', bytes), bytes.length),
    ).rejects.toMatchObject({
      code: 'CORRUPT',
      offset: 4,
    });
  });
});
