import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cursor } from '../../../src/engine/bytes/cursor';
import { EngineError } from '../../../src/engine/bytes/engineError';
import type { Sink } from '../../../src/engine/bytes/sink';
import { parseHeader } from '../../../src/engine/types/serializerSnapshot';
import { spellType, whyUnreadable } from '../../../src/engine/types/typeInfo';
import { UnknownSerializer } from '../../../src/engine/types/unknownSerializer';
import { bytesOf, codecOf, composite, list, map, pojo, type Snapshot, simple, tuple, versioned } from './snapshotBytes';

const LONG = simple('LongSerializer');
const STRING = simple('StringSerializer');
const own = (payload: (sink: Sink) => void = () => {}, name = 'com.acme.MoneySnapshot') => versioned(name, 7, payload);

/** A header like a backend's: a count, then names with references, then a mark. */
const MARK = 0x0badcafe;

function header(snapshots: readonly Snapshot[]): Uint8Array {
  return bytesOf((sink) => {
    sink.i32(snapshots.length);
    snapshots.forEach((snapshot, i) => {
      sink.utf(`state ${i}`);
      sink.i32(2);
      snapshot(sink);
    });
    sink.i32(MARK);
  });
}

function parse(bytes: Uint8Array): { types: string[]; ends: number[] } {
  return parseHeader(new Cursor(bytes), { kryo: 5 }, (cursor, reader) => {
    const types: string[] = [];
    const ends: number[] = [];
    const count = cursor.count('states', 2);
    for (let i = 0; i < count; i++) {
      if (cursor.utf() !== `state ${i}`) throw cursor.corrupt('Not the name of a state.');
      const read = reader.readEnvelope(cursor);
      types.push(spellType(read.codec.type));
      ends.push(read.end);
    }
    if (cursor.i32() !== MARK) throw cursor.corrupt('No mark.');
    cursor.expectEnd('the header');
    return { types, ends };
  });
}

describe('unknown serializer snapshots', () => {
  it('without a payload', () => {
    expect(parse(header([LONG, own(), STRING])).types).toEqual(['long', 'unknown com.acme.MoneySnapshot', 'string']);
  });

  it.each([1, 2, 3, 17, 300, 5000])('with a payload of %i bytes', (length) => {
    const payload = (sink: Sink) => sink.raw(new Uint8Array(length).fill(0xab));
    expect(parse(header([own(payload), LONG, own(payload), STRING])).types).toEqual([
      'unknown com.acme.MoneySnapshot',
      'long',
      'unknown com.acme.MoneySnapshot',
      'string',
    ]);
  });

  it('with any payload, several times, inside Flink’s own types', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 4 }), (payloads) => {
        const snapshots = payloads.map((payload, i) => own((sink) => sink.raw(payload), `com.acme.Snapshot${i}`));
        const nested = [LONG, ...snapshots.map((s) => map(STRING, list(s)))];
        expect(parse(header(nested)).types).toEqual([
          'long',
          ...snapshots.map((_, i) => `map<string, list<unknown com.acme.Snapshot${i}>>`),
        ]);
      }),
      { numRuns: 50 },
    );
  });

  it('in the composite form show what they are made of', () => {
    const pair = composite('com.acme.PairSnapshot', 4, [LONG, own()], (sink) => sink.utf('com.acme.Pair'));
    expect(parse(header([pair, LONG])).types).toEqual([
      'unknown com.acme.PairSnapshot<long, unknown com.acme.MoneySnapshot>',
      'long',
    ]);
  });

  it('keep the range of every reference', () => {
    const bytes = header([own((sink) => sink.i64(5n)), LONG]);
    const [first, second] = parse(bytes).ends;
    const states = parse(bytes).types.length;
    expect(states).toBe(2);
    expect(bytes.subarray(first - 8, first)).toEqual(bytesOf((sink) => sink.i64(5n)));
    expect(second).toBe(bytes.length - 4);
  });

  it('a hundred of the same class are found without a hundred searches', () => {
    const payload = (sink: Sink) => sink.raw(new Uint8Array(60).fill(1));
    const snapshots = Array.from({ length: 100 }, () => own(payload));
    expect(parse(header(snapshots)).types).toEqual(Array(100).fill('unknown com.acme.MoneySnapshot'));
  });

  it('in a field of a POJO leave the other fields readable', () => {
    const codec = codecOf(
      pojo('com.acme.Order', { amount: own((sink) => sink.raw(new Uint8Array(9))), id: LONG, note: null }),
    );
    expect(spellType(codec.type)).toBe(
      'pojo com.acme.Order {amount: unknown com.acme.MoneySnapshot, id: long, note: unknown}',
    );
    expect(whyUnreadable(codec.type)).toContain('com.acme.MoneySnapshot');
  });

  it('a newer version of a known snapshot is unknown, not fatal', () => {
    const newer = versioned('org.apache.flink.api.common.typeutils.base.LongSerializer$LongSerializerSnapshot', 9);
    expect(parse(header([newer, STRING])).types[1]).toBe('string');
  });

  it('values fail with the reason', () => {
    const codec = codecOf(tuple(LONG, own()));
    const run = () => codec.read(new Cursor(new Uint8Array(40)));
    expect(run).toThrow(expect.objectContaining({ code: 'UNREADABLE' }));
    expect(run).toThrow(/com\.acme\.MoneySnapshot/);
  });

  it('a header that nothing makes valid fails with the first unknown class, in bounded time', () => {
    const bytes = header([own((sink) => sink.raw(new Uint8Array(40_000))), LONG]);
    bytes[bytes.length - 1] ^= 1;
    const started = performance.now();
    expect(() => parse(bytes)).toThrow(UnknownSerializer);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('frames that nothing makes valid share one bounded search', () => {
    const broken = versioned('com.acme.Deep', 1, (sink) => sink.raw(new Uint8Array(60_000)));
    const frame = list(tuple(broken, versioned('', 1)));
    const fields = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`f${i}`, frame]));
    const started = performance.now();
    const codec = codecOf(pojo('a.B', { ...fields, ok: LONG }));
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(codec.type.fields?.at(0)?.type.name).toBe('unknown');
    expect(codec.type.fields?.at(-1)?.type.name).toBe('long');
  });

  it('hostile nesting ends with an EngineError', () => {
    let deep: Snapshot = LONG;
    for (let i = 0; i < 300; i++) deep = list(deep);
    expect(() => codecOf(deep)).toThrow(EngineError);
  });
});
