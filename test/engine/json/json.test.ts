import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/engine/bytes/engineError';
import { decodeBase64, encodeBase64 } from '../../../src/engine/json/base64';
import { decimalText, parseDecimal } from '../../../src/engine/json/decimalText';
import type { Json } from '../../../src/engine/json/jsonValue';
import { parseJson } from '../../../src/engine/json/parseJson';
import { printJson } from '../../../src/engine/json/printJson';
import {
  dateOfDay,
  dateText,
  dayOfDate,
  instantText,
  parseDate,
  parseInstant,
  parseTime,
  timeText,
} from '../../../src/engine/json/temporalText';
import { toJson, writeJson } from '../../../src/engine/json/writeJson';
import {
  AlternativeValue,
  DecimalValue,
  EncodedValue,
  EnumValue,
  InstantValue,
  LocalDateValue,
  LocalTimeValue,
  MapValue,
  OpaqueValue,
  RawFloat,
  RecordValue,
  RowValue,
  SetValue,
  TtlValue,
} from '../../../src/engine/types/values';

const anyString = fc.string({ unit: 'binary' });
const anyJson = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.bigInt(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    anyString,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.array(fc.tuple(anyString, tie('json')), { maxLength: 4 }).map((fields) => new Map(fields)),
  ),
})).json;

describe('parseJson', () => {
  it('reads what printJson prints, exactly', () => {
    fc.assert(
      fc.property(anyJson, (json) => {
        expect(parseJson(printJson(json))).toEqual(json);
      }),
    );
  });

  it('agrees with JSON.parse on what is JSON and what is not', () => {
    const almostJson = fc.string({ unit: fc.constantFrom(...'{}[]",:0-1.e+ntrue\\u falsn'.split('')), maxLength: 12 });
    fc.assert(
      fc.property(almostJson, (text) => {
        let wanted: unknown = Symbol('error');
        try {
          wanted = JSON.parse(text);
        } catch {}
        let found: unknown;
        try {
          found = JSON.parse(printJson(parseJson(text)));
        } catch (e) {
          expect(e).toBeInstanceOf(EngineError);
          // Only these are JSON to others: fields twice, and numbers beyond a double.
          if (typeof wanted !== 'symbol') expect((e as EngineError).message).toMatch(/occurs twice|too large/);
          return;
        }
        expect(found).toEqual(wanted);
      }),
      { numRuns: 3000 },
    );
  });

  it('keeps integers and the sign of zero', () => {
    expect(parseJson('9223372036854775807')).toBe(9223372036854775807n);
    expect(parseJson('1.0')).toBe(1);
    expect(Object.is(parseJson('-0'), -0)).toBe(true);
    expect(Object.is(parseJson('-0.0'), -0)).toBe(true);
    expect(printJson(-0)).toBe('-0.0');
  });

  it('says where an error is', () => {
    expect(() => parseJson('{"a": 1,\n "a": 2}')).toThrow(
      expect.objectContaining({ code: 'BAD_VALUE', where: 'line 2, column 2', offset: 10 }),
    );
    expect(() => parseJson('[1e999]')).toThrow(EngineError);
    expect(() => parseJson('['.repeat(100_000))).toThrow(EngineError);
  });
});

describe('writeJson', () => {
  const cases: [unknown, string][] = [
    [null, 'null'],
    [9223372036854775807n, '9223372036854775807'],
    [-0, '-0.0'],
    [0.1, '0.1'],
    [1e300, '1e+300'],
    [2 ** 53 - 1, '9007199254740991'],
    [2 ** 53, '9007199254740992.0'],
    [-(2 ** 64), '-18446744073709552000.0'],
    [Number.NaN, '"NaN"'],
    [Number.NEGATIVE_INFINITY, '"-Infinity"'],
    [new RawFloat(0x7fc00001n, 32), '"NaN"'],
    ['a"\ud800', '"a\\"\\ud800"'],
    [Uint8Array.of(1, 2), '"AQI="'],
    [new InstantValue(-1n, 500_000_000), '"1969-12-31T23:59:59.500Z"'],
    [new LocalDateValue(12345, 1, 2), '"+12345-01-02"'],
    [new LocalTimeValue(1, 2, 3, 4000), '"01:02:03.000004"'],
    [new DecimalValue(-1n, 10), '"-1E-10"'],
    [new DecimalValue(-1n, 10, true), '"-0.0000000001"'],
    [new RecordValue(['a'], [1], 'x.Y'), '{"$class":"x.Y","a":1}'],
    [new RecordValue([], [], 'x.Y'), '{"$class":"x.Y"}'],
    [new RowValue('+I', [1, null], ['a', 'b']), '{"a":1,"b":null}'],
    [new RowValue('-U', [1], null), '{"$kind":"-U","fields":[1]}'],
    [new MapValue([]), '{}'],
    [new MapValue([['a', 1]]), '{"a":1}'],
    [
      new MapValue([
        ['a', 1],
        [null, 2],
      ]),
      '{"$map":[["a",1],[null,2]]}',
    ],
    [
      new MapValue([
        ['a', 1],
        ['a', 2],
      ]),
      '{"$map":[["a",1],["a",2]]}',
    ],
    [new MapValue([['a', 1]], false), '{"$map":[["a",1]]}'],
    [new MapValue([], false), '{}'],
    [new MapValue([[new EncodedValue(Uint8Array.of(9), 'a', true), 1]]), '{"a":1}'],
    [new MapValue([[new EncodedValue(Uint8Array.of(9), 'a'), 1]]), '{"$map":[["a",1]]}'],
    [new MapValue([[new EnumValue('A', 0), 1]]), '{"$map":[["A",1]]}'],
    [new SetValue([1]), '{"$set":[1]}'],
    [new AlternativeValue('failure', 'x'), '{"failure":"x"}'],
    [new TtlValue(5n, [1]), '{"$ttl":5,"value":[1]}'],
    [new EncodedValue(Uint8Array.of(9), [1]), '[1]'],
    [new OpaqueValue(Uint8Array.of(9), 'no'), '{"$bytes":"CQ==","$why":"no"}'],
  ];

  it.each(cases)('%#', (value, text) => {
    expect(writeJson(value)).toBe(text);
    expect(toJson(value)).toEqual(parseJson(text));
  });

  it('gives back the same double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        expect(Number(writeJson(x))).toBe(x);
      }),
    );
  });

  it('refuses what is no decoded value', () => {
    expect(() => writeJson(undefined)).toThrow(TypeError);
    expect(() => writeJson(new Date())).toThrow(TypeError);
  });
});

describe('base64', () => {
  it('is that of others', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each(['A', 'AA', 'AAA', 'A===', 'AB==', 'AAB=', 'A=A=', '====', 'Aé==', 'AA\n=', '-_-_'])('refuses %j', (text) => {
    expect(() => decodeBase64(text)).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }));
  });
});

describe('decimals', () => {
  it('read back what they print', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.integer({ min: -500, max: 500 }), (unscaled, scale) => {
        expect(parseDecimal(decimalText(unscaled, scale))).toEqual({ unscaled, scale });
      }),
    );
  });

  it('print as BigDecimal does', () => {
    expect(decimalText(0n, 7)).toBe('0E-7');
    expect(decimalText(0n, 6)).toBe('0.000000');
    expect(decimalText(-123n, 1)).toBe('-12.3');
    expect(decimalText(12n, -5)).toBe('1.2E+6');
    expect(decimalText(12n, -5, true)).toBe('1200000');
    expect(decimalText(1n, 2 ** 31 - 1)).toBe('1E-2147483647');
  });

  it.each(['', '.', '1.2.3', 'e5', '0x10', '1e99999999999', ' 1', 'NaN'])('refuses %j', (text) => {
    expect(() => parseDecimal(text)).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }));
  });
});

describe('dates', () => {
  it('agree with those of JavaScript', () => {
    fc.assert(
      fc.property(fc.integer({ min: -8.64e12, max: 8.64e12 }), (ms) => {
        const instant = new InstantValue(BigInt(Math.floor(ms / 1000)), (((ms % 1000) + 1000) % 1000) * 1_000_000);
        const text = instantText(instant);
        const iso = new Date(ms).toISOString().replace(/\.000Z$/, 'Z');
        const wanted = iso.replace(
          /^([+-])0?0?(\d{4,})-/,
          (_all, sign: string, y: string) => `${sign}${y.replace(/^0+(?=\d{4})/, '')}-`,
        );
        expect(text).toBe(wanted.replace(/^\+(\d{4})-/, '$1-'));
        expect(parseInstant(text)).toEqual(instant);
      }),
    );
  });

  it('of every day read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -300_000_000_000, max: 300_000_000_000 }), (day) => {
        expect(dayOfDate(dateOfDay(day))).toBe(day);
        expect(parseDate(dateText(dateOfDay(day)))).toEqual(dateOfDay(day));
      }),
    );
  });

  it.each(['2024-02-30', '2023-02-29', '2024-13-01', '24-01-01', '2024-1-1', ''])('refuses %j', (text) => {
    expect(() => parseDate(text)).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }));
  });

  it('times may leave out seconds and fraction', () => {
    expect(timeText(parseTime('12:34'))).toBe('12:34:00');
    expect(timeText(parseTime('12:34:56.7'))).toBe('12:34:56.700');
    expect(() => parseTime('24:00')).toThrow(EngineError);
    expect(() => parseInstant('2024-01-31T00:00:00')).toThrow(EngineError);
  });
});
