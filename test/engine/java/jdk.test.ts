import { describe, expect, test } from 'vitest';
import { Cursor } from '../../../src/engine/bytes/cursor';
import type { JavaArray, JavaValue } from '../../../src/engine/java/javaValue';
import { toValue } from '../../../src/engine/java/jdk';
import { readJavaObject } from '../../../src/engine/java/objectStream';
import {
  BigIntegerValue,
  DecimalValue,
  EnumValue,
  InstantValue,
  LocalDateTimeValue,
  LocalDateValue,
  LocalTimeValue,
  MapValue,
  OpaqueValue,
  RecordValue,
  SetValue,
} from '../../../src/engine/types/values';
import { stream } from './streams';

function value(name: string): unknown {
  return toValue(readJavaObject(new Cursor(stream(name))));
}

describe('toValue', () => {
  test.each([
    ['nothing', null],
    ['integer', 42],
    ['long', -9223372036854775808n],
    ['double', -0],
    ['character', '\ud800'],
    ['string', 'hé\0\u{1f600}'],
    ['bigInteger', new BigIntegerValue(-123456789012345678901234567890n)],
    ['bigDecimal', new DecimalValue(1250n, 2)],
    ['date', new InstantValue(-1n, 999_000_000)],
    ['sqlTimestamp', new InstantValue(-1n, 999_000_000)],
    ['arrayList', [1, null, 'x']],
    ['arraysAsList', ['a', 'b']],
    ['listOf', [1, 2, 3]],
    ['linkedList', ['l']],
    ['unmodifiable', ['u']],
    ['setOf', new SetValue(['one'])],
    ['hashSet', new SetValue(['s'])],
    ['linkedHashSet', new SetValue(['z', 'a'])],
    ['treeSet', new SetValue([1, 3])],
    [
      'linkedHashMap',
      new MapValue([
        ['k', 1n],
        [null, null],
      ]),
    ],
    [
      'treeMap',
      new MapValue([
        [1, 'a'],
        [2, 'b'],
      ]),
    ],
    ['mapOf', new MapValue([['k', 'v']])],
    ['localDate', new LocalDateValue(2024, 2, 29)],
    ['localTime', new LocalTimeValue(10, 0, 0, 0)],
    ['localTimeFull', new LocalTimeValue(1, 2, 3, 4)],
    ['localDateTime', new LocalDateTimeValue(new LocalDateValue(1969, 12, 31), new LocalTimeValue(23, 59, 59, 0))],
    ['instant', new InstantValue(-1n, 5)],
    ['duration', new RecordValue(['seconds', 'nanos'], [1n, 500_000_000], 'java.time.Duration')],
    ['enums', [new EnumValue('RED', -1), new EnumValue('BLUE', -1), new EnumValue('RED', -1)]],
    [
      'classes',
      ['java.lang.String', '[I', 'Streams$Color', 'int', 'java.lang.Object'].map(
        (name) => new RecordValue(['name'], [name], 'java.lang.Class'),
      ),
    ],
    ['uuid', '00000000-0000-0001-ffff-ffffffffffff'],
  ])('%s', (name, expected) => {
    expect(value(name)).toStrictEqual(expected);
  });

  test('zones', () => {
    expect(value('zoned')).toMatchObject({ className: 'java.time.ZonedDateTime' });
    expect((value('zoned') as RecordValue).values.slice(1)).toEqual(['+01:00', 'Europe/Berlin']);
    expect((value('offset') as RecordValue).values[1]).toBe('-05:30');
  });

  test('an object that contains itself is named where it does', () => {
    const node = value('cycle') as RecordValue;
    expect(node.className).toBe('Streams$Node');
    expect(node.values[node.names.indexOf('next')]).toBeInstanceOf(OpaqueValue);
    // Base and Node both have a field `a`.
    expect(node.names.filter((name) => name.endsWith('a'))).toEqual(['a', 'Streams$Base.a']);
  });

  test('what an unknown writeObject adds is shown', () => {
    const writer = value('writer') as RecordValue;
    expect(writer.names).toEqual(['x', '$written']);
    expect((writer.values[1] as unknown[])[1]).toBe('between');
  });

  test('a small graph that unfolds without end meets a bound', () => {
    const description = { name: '[L', serialVersionUid: 0n, flags: 2, fields: [], superClass: null };
    let shared: JavaValue = 'x';
    for (let i = 0; i < 60; i++) {
      const array: JavaArray = { kind: 'array', className: '[L', description, items: [shared, shared] };
      shared = array;
    }
    const graph = shared;
    expect(() => toValue(graph)).toThrow(expect.objectContaining({ code: 'LIMIT' }));
  });
});
