import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CompositeKeyReader } from '../../../src/engine/backends/compositeKey';
import type { PartState, RawEntry } from '../../../src/engine/backends/part';
import { Sink } from '../../../src/engine/bytes/sink';
import type { StateKind } from '../../../src/engine/description';
import { type Codec, VARIABLE } from '../../../src/engine/types/codec';
import { OpaqueCodec } from '../../../src/engine/types/opaque';
import { codecOf, simple } from '../types/snapshotBytes';

const long = codecOf(simple('LongSerializer'));
const string = codecOf(simple('StringSerializer'));
const unknown = new OpaqueCodec({ name: 'unknown', serializer: 'com.acme.X', unreadable: 'Only com.acme.X could.' });

/** The entry of a composite key without a value, with other bytes around it. */
function read(state: PartState, composite: Uint8Array, prefix: 1 | 2, keyGroup: number): RawEntry {
  const end = composite.length + 1;
  const around = Uint8Array.of(9, ...composite, 9, 9);
  return new CompositeKeyReader(prefix).read(state, keyGroup, around, 1, end, end, end);
}

function stateOf(kind: StateKind, key: Codec, namespace: Codec): PartState {
  return { name: 's', kind, meta: null, key, namespace, userKey: string, value: long, layout: 'whole' };
}

function bytesOf(codec: Codec, value: unknown): Uint8Array {
  const sink = new Sink();
  codec.write(sink, value);
  return sink.toBytes();
}

/** SerializedCompositeKeyBuilder: `while (length > 0)` in bytes of 8 bits, and one byte at least. */
function writeLength(sink: Sink, length: number): void {
  let rest = length;
  do {
    sink.u8(rest & 0xff);
    rest >>>= 8;
  } while (rest > 0);
}

function compose(prefix: 1 | 2, keyGroup: number, marked: boolean, ...parts: Uint8Array[]): Uint8Array {
  const sink = new Sink();
  if (prefix === 1) sink.u8(keyGroup);
  else sink.i16(keyGroup);
  for (const [i, part] of parts.entries()) {
    sink.raw(part);
    if (marked && i < 2) writeLength(sink, part.length);
  }
  return sink.toBytes();
}

const anyString = fc.string({ maxLength: 400 });
const anyLong = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const prefixAndGroup = fc.oneof(
  fc.record({ prefix: fc.constant<1 | 2>(1), keyGroup: fc.nat(127) }),
  fc.record({ prefix: fc.constant<1 | 2>(2), keyGroup: fc.nat(32767) }),
);

describe('the parts of a key', () => {
  const typed = fc.constantFrom(long, string);
  const sampleOf = (codec: Codec) => (codec === long ? anyLong : anyString);
  const sample = fc
    .tuple(typed, typed)
    .chain(([key, namespace]) =>
      fc.record({ key: fc.constant(key), namespace: fc.constant(namespace), k: sampleOf(key), n: sampleOf(namespace) }),
    );

  test('are found again, in values and in maps', () => {
    fc.assert(
      fc.property(
        prefixAndGroup,
        sample,
        fc.option(anyString),
        ({ prefix, keyGroup }, { key, namespace, k, n }, user) => {
          const marked = key.length === VARIABLE && namespace.length === VARIABLE;
          const parts = [bytesOf(key, k), bytesOf(namespace, n), ...(user === null ? [] : [bytesOf(string, user)])];
          const state = stateOf(user === null ? 'value' : 'map', key, namespace);
          const entry = read(state, compose(prefix, keyGroup, marked, ...parts), prefix, keyGroup);
          expect(entry.fault).toBeNull();
          expect([entry.key, entry.namespace, entry.userKey]).toEqual([parts[0], parts[1], parts[2] ?? null]);
        },
      ),
    );
  });

  test('are found around a key that nobody can read, where only one way fits', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), anyLong, (k, n) => {
        const composite = compose(1, 5, false, k, bytesOf(long, n));
        const entry = read(stateOf('value', unknown, long), composite, 1, 5);
        expect(entry.fault).toBeNull();
        expect(entry.key).toEqual(k);
        expect(entry.namespace).toEqual(bytesOf(long, n));
      }),
    );
  });

  test('are not guessed: a user key behind a key that nobody can read', () => {
    const composite = compose(1, 5, false, Uint8Array.of(1, 2, 3), bytesOf(long, 4n), bytesOf(string, 'u'));
    const entry = read(stateOf('map', unknown, long), composite, 1, 5);
    expect(entry.fault).toBe('Only com.acme.X could.');
    expect(entry.key).toEqual(composite.subarray(1));
    expect([entry.namespace, entry.userKey]).toEqual([null, null]);
  });

  test('a wrong key group, a wrong length, bytes behind the end: a fault, and all bytes are kept', () => {
    const good = compose(1, 5, true, bytesOf(string, 'key'), bytesOf(string, 'namespace'));
    const state = stateOf('value', string, string);
    for (const [composite, group] of [
      [good, 6],
      [Uint8Array.of(...good, 1), 5],
      [good.slice(0, -1), 5],
      [good.map((b, i) => (i === 5 ? b + 1 : b)), 5],
    ] as const) {
      const entry = read(state, composite, 1, group);
      expect(entry.fault).not.toBeNull();
      expect(entry.key).toEqual(composite.subarray(1));
    }
  });
});

describe('timers', () => {
  const timer = (timestamp: bigint, key: Uint8Array, namespace: Uint8Array): Uint8Array => {
    const sink = new Sink();
    sink.u8(3);
    sink.i64(BigInt.asIntN(64, timestamp ^ (1n << 63n)));
    sink.raw(key);
    sink.raw(namespace);
    return sink.toBytes();
  };

  test('lie in the order of their time, and are read back', () => {
    fc.assert(
      fc.property(anyLong, anyString, anyLong, (timestamp, k, n) => {
        const bytes = timer(timestamp, bytesOf(string, k), bytesOf(long, n));
        const entry = read(stateOf('timer', string, long), bytes, 1, 3);
        expect(entry).toMatchObject({ timestamp, value: null, fault: null });
        expect([entry.key, entry.namespace]).toEqual([bytesOf(string, k), bytesOf(long, n)]);
      }),
    );
  });

  test('keep their time where the key cannot be read', () => {
    const bytes = timer(-7n, Uint8Array.of(1, 2), bytesOf(long, 9n));
    const entry = read(stateOf('timer', unknown, long), bytes, 1, 3);
    expect(entry).toMatchObject({ timestamp: -7n, fault: null });
    expect(entry.key).toEqual(Uint8Array.of(1, 2));
  });
});
