import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cursor, MAX_DEPTH, MAX_EMPTY_ITEMS } from '../../../src/engine/bytes/cursor';
import type { EngineErrorCode } from '../../../src/engine/bytes/engineError';
import { bytesToHex, hexToBytes } from '../../../src/engine/bytes/hex';
import { decodeModifiedUtf8, encodeModifiedUtf8, modifiedUtf8Length } from '../../../src/engine/bytes/modifiedUtf8';
import { Sink } from '../../../src/engine/bytes/sink';

const cursorOf = (...bytes: number[]) => new Cursor(Uint8Array.from(bytes), { file: 'f', offset: 100 });

const failing = (code: EngineErrorCode, offset?: number) =>
  expect.objectContaining(offset === undefined ? { code } : { code, file: 'f', offset });

/** One field: how it is written, and how it is read. */
type Field = { write: (sink: Sink) => void; read: (cursor: Cursor) => unknown; value: unknown };

const field = <T>(arbitrary: fc.Arbitrary<T>, write: (sink: Sink, v: T) => void, read: (c: Cursor) => T) =>
  arbitrary.map((value): Field => ({ write: (sink) => write(sink, value), read, value }));

const fields = fc.oneof(
  field(
    fc.integer({ min: 0, max: 255 }),
    (s, v) => s.u8(v),
    (c) => c.u8(),
  ),
  field(
    fc.boolean(),
    (s, v) => s.bool(v),
    (c) => c.bool(),
  ),
  field(
    fc.integer({ min: -32_768, max: 32_767 }),
    (s, v) => s.i16(v),
    (c) => c.i16(),
  ),
  field(
    fc.integer(),
    (s, v) => s.i32(v),
    (c) => c.i32(),
  ),
  field(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    (s, v) => s.i64(v),
    (c) => c.i64(),
  ),
  field(
    fc.float(),
    (s, v) => s.f32(v),
    (c) => c.f32(),
  ),
  field(
    fc.double(),
    (s, v) => s.f64(v),
    (c) => c.f64(),
  ),
  field(
    fc.string({ unit: 'binary' }),
    (s, v) => s.utf(v),
    (c) => c.utf(),
  ),
  field(
    fc.integer({ min: 0, max: 0xffff_ffff }),
    (s, v) => s.varint(v),
    (c) => c.varint(),
  ),
  field<Uint8Array>(
    fc.uint8Array(),
    (s, v) => s.bytes4(v),
    (c) => c.bytes4(),
  ),
);

describe('what a sink writes', () => {
  it('a cursor reads', () => {
    fc.assert(
      fc.property(fc.array(fields), (all) => {
        const sink = new Sink(1);
        for (const { write } of all) write(sink);
        const cursor = new Cursor(sink.toBytes());
        expect(sink.position).toBe(cursor.remaining);
        for (const { read, value } of all) expect(read(cursor)).toEqual(value);
        cursor.expectEnd('the fields');
      }),
    );
  });

  it('is big-endian, as Java has it', () => {
    const sink = new Sink();
    sink.i16(-2);
    sink.i32(0x01020304);
    sink.i64(-2n);
    sink.utf('\0é');
    expect(bytesToHex(sink.toBytes())).toBe('fffe01020304fffffffffffffffe0004c080c3a9');
    sink.patchI32(2, -1);
    expect(bytesToHex(sink.toBytes()).slice(4, 12)).toBe('ffffffff');
    sink.clear();
    expect(sink.toBytes()).toHaveLength(0);
  });

  it('has no strings beyond those of writeUTF', () => {
    const sink = new Sink();
    sink.utf('x'.repeat(65_535));
    expect(() => sink.utf('x'.repeat(65_536))).toThrow(failing('LIMIT'));
  });
});

describe('a cursor', () => {
  it.each<[string, (c: Cursor) => unknown]>([
    ['i16', (c) => c.i16()],
    ['u16', (c) => c.u16()],
    ['i32', (c) => c.i32()],
    ['i64', (c) => c.i64()],
    ['f32', (c) => c.f32()],
    ['f64', (c) => c.f64()],
    ['take', (c) => c.take(2)],
    ['skip', (c) => c.skip(2)],
    ['frame', (c) => c.frame(2)],
  ])('says where the bytes end and does not move: %s', (_, read) => {
    const cursor = cursorOf(1, 2);
    cursor.u8();
    expect(() => read(cursor)).toThrow(failing('TRUNCATED', 101));
    expect(cursor.offset).toBe(101);
    cursor.u8();
    expect(cursor.atEnd).toBe(true);
    expect(() => cursor.u8()).toThrow(failing('TRUNCATED', 102));
  });

  it('refuses counts and lengths before anything is made for them', () => {
    expect(() => cursorOf(0x7f, 0xff, 0xff, 0xff, 0).count('things')).toThrow(failing('TRUNCATED', 100));
    expect(() => cursorOf(0, 0, 0, 3, 0, 0, 0, 0, 0).count('things', 2)).toThrow(failing('TRUNCATED', 100));
    expect(cursorOf(0, 0, 0, 2, 0, 0, 0, 0).count('things', 2)).toBe(2);
    expect(() => cursorOf(0xff, 0xff, 0xff, 0xff).count('things')).toThrow(failing('CORRUPT', 100));
    expect(cursorOf(0, 0, 1, 0).count('things', 0)).toBe(256);
    expect(() => cursorOf(0x7f, 0, 0, 0).count('things', 0)).toThrow(/2130706432 things/);
    expect(MAX_EMPTY_ITEMS).toBeLessThan(0x7f000000);
    expect(() => cursorOf(0x7f, 0xff, 0xff, 0xff, 0).bytes4()).toThrow(failing('TRUNCATED'));
    expect(() => cursorOf(0xff, 0xff, 0xff, 0xff, 0).bytes4()).toThrow(failing('CORRUPT', 100));
    expect(() => cursorOf().need(-1)).toThrow(failing('CORRUPT'));
  });

  it('refuses what no writer writes', () => {
    expect(() => cursorOf(2).bool()).toThrow(failing('CORRUPT', 100));
    expect(() => cursorOf(0xff, 0, 0, 0, 0, 0, 0, 0).size('Size')).toThrow(failing('CORRUPT', 100));
    expect(() => cursorOf(0x00, 0x20, 0, 0, 0, 0, 0, 0).size('Size')).toThrow(failing('CORRUPT', 100));
    expect(() => cursorOf(0, 2, 0x61, 0xff).utf('name')).toThrow(failing('CORRUPT', 103));
    expect(() => cursorOf(0x80, 0x80, 0x80, 0x80, 0x80, 0).varint()).toThrow(failing('CORRUPT', 100));
    expect(() => cursorOf(0xff, 0xff, 0xff, 0xff, 0x1f).varint()).toThrow(failing('CORRUPT', 100));
    expect(() => cursorOf(1).expectEnd('it')).toThrow(failing('CORRUPT', 100));
  });

  it('has frames that their content does not leave, at the same offsets', () => {
    const cursor = cursorOf(1, 2, 3, 4);
    cursor.u8();
    const frame = cursor.frame(2);
    expect([frame.offset, cursor.offset]).toEqual([101, 103]);
    expect(frame.i16()).toBe(0x0203);
    expect(() => frame.u8()).toThrow(failing('TRUNCATED', 103));
    expect(cursor.u8()).toBe(4);
  });

  it('gives views', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const view = new Cursor(bytes).take(2);
    bytes[0] = 9;
    expect(view).toEqual(Uint8Array.of(9, 2));
  });

  it('bounds nesting, also through frames', () => {
    const cursor = cursorOf(0);
    const deeper = (c: Cursor, levels: number): number =>
      levels === 0 ? 0 : c.nested(() => 1 + deeper(c.frame(0), levels - 1));
    expect(deeper(cursor, MAX_DEPTH)).toBe(MAX_DEPTH);
    expect(() => deeper(cursor, MAX_DEPTH + 1)).toThrow(failing('LIMIT', 100));
    expect(deeper(cursor, MAX_DEPTH)).toBe(MAX_DEPTH);
  });
});

describe('modified UTF-8', () => {
  it('has every UTF-16 string, lone surrogates too', () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff })).map((u) => String.fromCharCode(...u));
    fc.assert(
      fc.property(units, (text) => {
        const bytes = encodeModifiedUtf8(text);
        expect(bytes.length).toBe(modifiedUtf8Length(text));
        expect(decodeModifiedUtf8(bytes)).toBe(text);
        expect(bytes.includes(0)).toBe(false);
      }),
    );
  });

  it('is that of Java', () => {
    expect(bytesToHex(encodeModifiedUtf8('a\0é€😀'))).toBe('61c080c3a9e282aceda0bdedb880');
  });

  it.each([['80'], ['c3'], ['c361'], ['e282'], ['e28261'], ['f09f9880'], ['ff']])('refuses %s', (hex) => {
    expect(() => decodeModifiedUtf8(hexToBytes(hex))).toThrow(expect.objectContaining({ code: 'CORRUPT', offset: 0 }));
  });

  it('has long strings', () => {
    const text = 'é'.repeat(30_000);
    expect(decodeModifiedUtf8(encodeModifiedUtf8(text))).toBe(text);
  });
});

describe('hex', () => {
  it('is two lower-case digits for each byte', () => {
    expect(bytesToHex(Uint8Array.of(0, 10, 255))).toBe('000aff');
    expect(hexToBytes('000aFF')).toEqual(Uint8Array.of(0, 10, 255));
    for (const wrong of ['0', '0g', ' 00', '00\n']) {
      expect(() => hexToBytes(wrong)).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }));
    }
  });
});
