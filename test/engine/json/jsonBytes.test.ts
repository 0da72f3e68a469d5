import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonBytes, utf8 } from '../../../src/engine/json/jsonBytes';
import { writeJson } from '../../../src/engine/json/writeJson';

/** What is written into a buffer that is too small at first, behind something else. */
function written(write: (out: JsonBytes) => void, room = 1): string {
  const out = new JsonBytes(new Uint8Array(room));
  out.raw(utf8('>'));
  write(out);
  return out.toString().slice(1);
}

const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const hundredths = fc.integer({ min: -2_000_000_000, max: 2_000_000_000 }).map((n) => n / 100);

describe('JsonBytes writes what writeJson does', () => {
  test('for strings', () => {
    const strings = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());
    const halves = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(fc.oneof(strings, halves), fc.nat(40), (text, room) => {
        expect(written((out) => out.string(text), room + 1)).toBe(writeJson(text));
      }),
    );
  });

  test('for strings of plain bytes, and leaves others alone', () => {
    const plain = fc.uint8Array({ min: 0x20, max: 0x7e });
    fc.assert(
      fc.property(fc.oneof(plain, fc.uint8Array()), fc.nat(5), (bytes, skipped) => {
        const from = Math.min(skipped, bytes.length);
        const text = ascii(bytes.subarray(from));
        const isPlain = /^[ !#-[\]-~]*$/.test(text);
        const found = written((out) => {
          expect(out.plainString(bytes, from, bytes.length)).toBe(isPlain);
        });
        expect(found).toBe(isPlain ? writeJson(text) : '');
      }),
    );
  });

  test('for long strings, whose pieces end in no character', () => {
    const piece = 64 * 1024;
    for (const start of [piece - 2, piece - 1, piece, 2 * piece - 1]) {
      for (const middle of ['\u{1f600}', '\ud83d', '\ude00', '"', 'é']) {
        const text = `${'a'.repeat(start)}${middle}${'b'.repeat(piece)}`;
        expect(written((out) => out.string(text)) === writeJson(text)).toBe(true);
        expect(written((out) => out.text(writeJson(text))) === writeJson(text)).toBe(true);
      }
    }
  });

  test('for bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(written((out) => out.base64(bytes))).toBe(writeJson(bytes));
      }),
    );
  });

  test('for whole numbers', () => {
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeInteger(), fc.integer()), (value) => {
        expect(written((out) => out.integer(value))).toBe(String(value));
      }),
    );
    for (let digits = 1; digits <= 15; digits++) {
      for (const value of [10 ** digits, 10 ** digits - 1, 10 ** digits + 1]) {
        expect(written((out) => out.integer(value))).toBe(String(value));
        expect(written((out) => out.integer(-value))).toBe(String(-value));
      }
    }
  });

  test('for longs', () => {
    const longs = fc.oneof(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), fc.maxSafeInteger().map(BigInt));
    fc.assert(
      fc.property(longs, (value) => {
        expect(written((out) => out.bigint(value))).toBe(String(value));
        const low = Number(BigInt.asUintN(32, value));
        expect(written((out) => out.long(Number(value >> 32n), low))).toBe(String(value));
      }),
    );
    const edge = 2n ** 53n;
    for (const value of [edge, edge - 1n, edge + 1n, -edge, 1n - edge, -edge - 1n]) {
      expect(written((out) => out.bigint(value))).toBe(String(value));
      expect(written((out) => out.long(Number(value >> 32n), Number(BigInt.asUintN(32, value))))).toBe(String(value));
    }
  });

  test('for doubles and floats', () => {
    const doubles = fc.oneof(fc.double(), fc.float(), hundredths, fc.integer(), fc.maxSafeInteger());
    fc.assert(
      fc.property(doubles, (value) => {
        expect(written((out) => out.double(value))).toBe(writeJson(value));
      }),
      { numRuns: 2000 },
    );
    const ends = [0, -0, 0.5, -0.25, 0.01, 0.1, 0.07, 1.1, 9_999_999.99, 10_000_000.01, 1e21, 1e300, 5e-324, -1e-7];
    for (const value of [...ends, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** 53]) {
      expect(written((out) => out.double(value))).toBe(writeJson(value));
    }
  });
});

test('what was written is handed over, and the next text begins in the other buffer', () => {
  const first = new Uint8Array(64);
  const out = new JsonBytes(first);
  out.text('abc');
  const taken = out.take(new Uint8Array(64));
  expect(taken.buffer).toBe(first.buffer);
  out.text('de');
  expect([ascii(taken), out.toString()]).toEqual(['abc', 'de']);
});

test('setting the length back takes back what was written', () => {
  const out = new JsonBytes(new Uint8Array(8));
  out.text('[1');
  const { length } = out;
  out.text(',2');
  out.length = length;
  out.byte(0x5d);
  expect(out.toString()).toBe('[1]');
});
