import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/engine/json/jsonValue';
import { parseJson } from '../../../src/engine/json/parseJson';
import {
  array,
  BASE,
  codecOf,
  either,
  list,
  map,
  nullable,
  row,
  type Snapshot,
  set,
  simple,
  tuple,
  versioned,
} from './snapshotBytes';

const INT = simple('IntSerializer');
const LONG = simple('LongSerializer');
const STRING = simple('StringSerializer');
const BIG_INT = simple('BigIntSerializer');
const BIG_DEC = simple('BigDecSerializer');
const json = (text: string): Json => parseJson(text);

/** What `hashCode()` gave in a JVM with Flink 2.3 on the class path. */
const HASHES: readonly [string, Snapshot, Json, number][] = [
  ['String', STRING, 'flink é \u{1f600}', -246829382],
  ['Long', LONG, -1234567890123n, 1912276437],
  ['Double', simple('DoubleSerializer'), -0.1, 639631363],
  ['Double NaN', simple('DoubleSerializer'), 'NaN', 2146959360],
  ['Float', simple('FloatSerializer'), 3.5, 1080033280],
  ['Boolean', simple('BooleanSerializer'), true, 1231],
  ['BigInteger', BIG_INT, '-123456789012345678901234567890', -1915528825],
  ['small BigInteger', BIG_INT, '7', 7],
  ['BigDecimal in a long', BIG_DEC, '-12345678901.25', 848704976],
  ['BigDecimal beyond a long', BIG_DEC, '-123456789012345678901234567890.125', 285907268],
  ['BigDecimal of 2^63', BIG_DEC, '9223372036854775.808', -2147483645],
  ['Date', simple('DateSerializer'), '1969-12-31T23:59:59.999Z', 0],
  ['Timestamp', simple('SqlTimestampSerializer'), '2023-11-14T22:13:20.123456789Z', -807048720],
  ['Instant', simple('InstantSerializer'), '1969-12-31T23:59:55.999999999Z', -539607599],
  ['LocalDate', simple('LocalDateSerializer'), '2024-02-29', 4145309],
  ['LocalDate before year 0', simple('LocalDateSerializer'), '-0044-03-15', 88271],
  ['LocalTime', simple('LocalTimeSerializer'), '23:59:59.123456789', 1561349505],
  ['LocalDateTime', simple('LocalDateTimeSerializer'), '2024-02-29T23:59:59.000000005', 1435187212],
  ['LongValue', simple('LongValueSerializer'), -5n, 47],
  ['DoubleValue', simple('DoubleValueSerializer'), 2.5, 1074003999],
  ['BooleanValue', simple('BooleanValueSerializer'), true, 1],
  ['StringValue', simple('StringValueSerializer'), 'abc', 96354],
  ['NullValue', simple('NullValueSerializer'), null, 53],
  ['CharValue', simple('CharValueSerializer'), 'x', 120],
  ['Tuple2', tuple(STRING, LONG), ['a', 5n], 3012],
  ['Tuple1', tuple(INT), [7n], 7],
  ['List', list(nullable(INT)), [1n, 2n, null], 30814],
  ['Map', map(STRING, LONG), json('{"a":1,"b":2}'), 192],
  ['Set', set(STRING), json('{"$set":["a","b"]}'), 195],
  ['Either', either(STRING, LONG), json('{"left":"abc"}'), 96354],
  ['Row', row([STRING, LONG]), ['a', 5n], 4965],
  [
    'Row of everything',
    row([
      INT,
      STRING,
      LONG,
      simple('array.BytePrimitiveArraySerializer'),
      list(STRING),
      map(STRING, LONG),
      simple('array.StringArraySerializer'),
      row([LONG]),
    ]),
    json('{"$kind":"-D","fields":[1,"a",null,"Af4=",["x",null],{"a":1,"b":2},["p",null],[3]]}'),
    1170694528,
  ],
  /** Without kinds it is `Arrays.deepHashCode`. */
  ['Row of Flink 1.10', row([STRING, LONG], false), ['a', 5n], 31 * (31 + 97) + 5],
];

describe('hashCode', () => {
  it.each(HASHES)('of %s', (_name, snapshot, value, hash) => {
    const codec = codecOf(snapshot);
    expect(codec.hash?.(codec.fromJson(value))).toBe(hash);
  });

  it.each([true, false])('of a row does not hang on serializers that take null (with kinds: %s)', (hasKind) => {
    const maps = map(STRING, LONG);
    const plain = codecOf(row([array(INT), list(STRING), maps, simple('array.StringArraySerializer')], hasKind));
    const wrapped = codecOf(
      row(
        [array(INT), list(STRING), maps, simple('array.StringArraySerializer')].map((field) => nullable(field)),
        hasKind,
      ),
    );
    const value = json('[[1,2],["x"],{"a":1},["p",null]]');
    expect(plain.hash).toBeDefined();
    expect(wrapped.hash?.(wrapped.fromJson(value))).toBe(plain.hash?.(plain.fromJson(value)));
  });

  it('is not known of arrays and of what holds them, nor of unknown classes', () => {
    expect(codecOf(array(STRING)).hash).toBeUndefined();
    expect(codecOf(tuple(LONG, simple('array.IntPrimitiveArraySerializer'))).hash).toBeUndefined();
    expect(codecOf(list(versioned(`${BASE}NobodyKnows`, 1))).hash).toBeUndefined();
  });
});
