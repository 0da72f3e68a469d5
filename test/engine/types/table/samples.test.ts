import { describe, expect, test } from 'vitest';
import { Cursor } from '../../../../src/engine/bytes/cursor';
import { EngineError } from '../../../../src/engine/bytes/engineError';
import { Sink } from '../../../../src/engine/bytes/sink';
import { parseJson } from '../../../../src/engine/json/parseJson';
import { printJson } from '../../../../src/engine/json/printJson';
import { toJson, writeJson } from '../../../../src/engine/json/writeJson';
import { spellType } from '../../../../src/engine/types/typeInfo';
import { EncodedValue } from '../../../../src/engine/types/values';
import { sample, sampleNames } from './samples';

const NESTED_TYPE =
  'row<row {id: int, name: varchar(20)}, array<tinyint>, array<varchar(20)>, array<row {id: int, name: varchar(20)}>, ' +
  'map<varchar(5), decimal(20, 1)>, map<int, date>, multiset<varchar(9)>, raw java.time.LocalDate<localdate>, ' +
  'array<timestamp(9)>, array<array<boolean>>>';

/** What Flink's samples are, as JSON and as a spelled type (null: not looked at here). */
const EXPECTED: Readonly<Record<string, readonly [json: string, type: string | null]>> = {
  scalars: [
    '{"$kind":"+U","fields":[true,-1,-2,-3,-9223372036854775808,1.5,-0.0,"abc","longer than seven bütes","AQI=","AQIDBAUGBwgJ",' +
      '"1969-12-31","23:59:59.999","1969-12-31T23:59:59.999","1969-12-31T23:59:59.999999999","1970-01-01T00:00:00",' +
      '"1970-01-01T00:00:00.001001","-12345678.90","-1234567890123456789012345678.0123456789",-14,90061001]}',
    'row<boolean, tinyint, smallint, int, bigint, float, double, char(3), varchar(1), binary(2), varbinary(20), date, ' +
      'time(3), timestamp(3), timestamp(9), timestamp_ltz(3), timestamp_ltz(6), decimal(10, 2), decimal(38, 10), ' +
      'interval year to month, interval day to second>',
  ],
  nulls: [`{"$kind":"-D","fields":[${new Array(21).fill('null').join(',')}]}`, null],
  empty: ['{"$kind":"-U","fields":[]}', 'row'],
  nan: ['["NaN","NaN","NaN","NaN"]', 'row<float, double, float, double>'],
  strings: ['["","1234567","12345678","😀"]', null],
  nested: [
    '[{"$kind":"-D","fields":[7,"seven and more"]},[1,-1,3],["x",null,"more than seven"],[[1,null],null],' +
      '{"a":"1234567890123456789.5","b":null},{"$map":[[1,"2024-02-29"]]},{"twice here":2},"2024-02-29",' +
      '["1970-01-01T00:00:00.001000002",null],[[true,false],[]]]',
    NESTED_TYPE,
  ],
  projected: ['[null,null,5]', 'row<decimal(30, 1), timestamp(9), bigint>'],
  string: ['"kéy"', 'varchar'],
  decimal: ['"1.20"', 'decimal(5, 2)'],
  wideDecimal: ['"-99999999999999999999.9"', 'decimal(21, 1)'],
  timestamp: ['"1970-01-01T00:00:01.234"', 'timestamp(3)'],
  wideTimestamp: ['"1969-12-31T23:59:58.766000005"', 'timestamp(9)'],
  array: ['["a",null]', 'array<varchar(3)>'],
  map: ['{"$map":[[5,[1,"one"]]]}', 'map<bigint, row {id: int, name: varchar(20)}>'],
  raw: ['"raw"', 'raw<string>'],
  linkedList: ['[1,null,3]', 'list<long>'],
  listView: ['[]', 'list<long>'],
  nullAwareMap: ['{"$map":[[null,1],["k",null]]}', 'map<string, long>'],
  windowKey: ['{"window":9,"key":[1]}', null],
  sortedLong: ['-2', 'long'],
  countWindow: ['{"id":3}', null],
  timeWindow: ['{"start":1,"end":2}', null],
  variant: [
    '{"array":[1,[]],"byte":-1,"bytes":"AQI=","date":"2024-02-29","decimal":"12.34","double":-0.0,"float":1.5,' +
      '"instant":"1969-12-31T23:59:59.000001Z","int":70000,"local":"1969-12-31T23:59:59.999999","long":-9223372036854775808,' +
      `"long text":"${'x'.repeat(70)}","null":null,"short":300,"text":"short","wide":"-12345678901234567890.5","yes":true}`,
    'variant',
  ],
  bitmapInRow: ['[{"$set":[3,9]}]', 'row<bitmap>'],
  externalRow: [
    '{"$kind":"-D","fields":{"id":1,"at":"1970-01-01T00:00:01.500Z","inner":{"d":"2024-01-31"}}}',
    'row {id: int, at: timestamp_ltz(3), inner: row {d: date}}',
  ],
  externalStructured: [
    '{"x":3,"label":"three","at":"1969-12-31T23:59:59.999Z"}',
    'structured TableSamples$Point {x: int, label: varchar(2147483647), at: timestamp_ltz(9)}',
  ],
  externalInstant: ['"1970-01-01T00:00:01.000000005Z"', 'timestamp_ltz(9)'],
  externalMillis: ['77', 'timestamp_ltz(3)'],
  externalSeconds: ['-77', 'timestamp_ltz(3)'],
  externalDate: ['"2024-01-31"', 'date'],
  externalList: ['["1970-01-01T00:00:00.001Z",null]', 'array<timestamp_ltz(3)>'],
  externalMap: ['{"k":1}', 'map<varchar(2147483647), int>'],
  externalInternal: ['"inside"', 'varchar(2147483647)'],
};

function read(name: string): unknown {
  const { codec, bytes } = sample(name);
  const cursor = new Cursor(bytes);
  const value = codec.read(cursor);
  cursor.expectEnd('the value');
  return value;
}

function write(name: string, value: unknown): Uint8Array {
  const sink = new Sink();
  sample(name).codec.write(sink, value);
  return sink.toBytes();
}

/** Decodes, unwrapped from the bytes it was read from. */
function plain(value: unknown): unknown {
  return value instanceof EncodedValue ? value.value : value;
}

describe('what Flink 2.3 wrote', () => {
  test.each(Object.keys(EXPECTED))('%s: value and type', (name) => {
    const [json, type] = EXPECTED[name];
    expect(writeJson(read(name))).toBe(printJson(parseJson(json)));
    if (type !== null) expect(spellType(sample(name).codec.type)).toBe(type);
  });

  test.each(sampleNames)('%s: is written as it was read, skipped as far, and hashed as Java does', (name) => {
    const { codec, bytes, hash } = sample(name);
    const value = read(name);
    expect(write(name, value)).toEqual(bytes);
    const cursor = new Cursor(bytes);
    codec.skip(cursor);
    expect(cursor.position).toBe(bytes.length);
    if (codec.length >= 0) expect(codec.length).toBe(bytes.length);
    if (hash !== null) expect(codec.hash?.(value)).toBe(hash);
  });

  /** NaN with bits of its own, room for a decimal, a run container: what is made anew may have other bytes. */
  const OTHER_BYTES = [
    'nan',
    'nulls',
    'bitmap',
    'untyped',
    'variant',
    'variantInRow',
    'nested',
    'bitmapInRow',
    'parsedVariant',
  ];

  test.each(sampleNames.filter((name) => !OTHER_BYTES.includes(name)))(
    '%s: made from its JSON, it has the same bytes',
    (name) => {
      const { codec, bytes } = sample(name);
      expect(write(name, codec.fromJson(toJson(read(name))))).toEqual(bytes);
      expect(write(name, plain(codec.fromJson(toJson(read(name)))))).toEqual(bytes);
    },
  );

  test.each(['nulls', 'bitmap', 'nested', 'bitmapInRow', 'nan', 'variant', 'variantInRow'])(
    '%s: made from its JSON, it is the same value',
    (name) => {
      const { codec } = sample(name);
      const json = toJson(read(name));
      const again = write(name, codec.fromJson(json));
      expect(writeJson(codec.read(new Cursor(again)))).toBe(printJson(json));
    },
  );

  test('a variant is made from JSON as Flink parses it', () => {
    const json = `{"b":[1,300,-70000,5000000000,{}],"a":{"z":null,"y":true,"x":"text"},"long":"${'y'.repeat(300)}"}`;
    const { codec, bytes } = sample('parsedVariant');
    expect(write('parsedVariant', codec.fromJson(parseJson(json)))).toEqual(bytes);
  });

  test('a bitmap with a container of each kind', () => {
    const json = writeJson(read('bitmap'));
    expect(json.startsWith('{"$set":[1,2,3,4,5,70000,200000,200002,')).toBe(true);
    expect(json.endsWith(',219998,4294967295]}')).toBe(true);
  });

  test('a row without types is kept as bytes, and has its hash', () => {
    const { codec } = sample('untyped');
    expect(codec.type.unreadable).toContain('3 fields');
    expect(writeJson(read('untyped'))).toContain('$bytes');
  });
});

describe('values that do not fit', () => {
  const refused = (name: string, json: string) => {
    try {
      sample(name).codec.fromJson(parseJson(json));
    } catch (e) {
      if (e instanceof EngineError) return e;
    }
    throw new Error('Not refused.');
  };

  test.each([
    ['decimal', '"1.234"'],
    ['decimal', '"1000.00"'],
    ['timestamp', '"1970-01-01T00:00:00.0001"'],
    ['string', '"\\ud800"'],
    ['strings', '["a"]'],
    ['externalRow', '{"id":1,"at":null}'],
    ['externalRow', '{"id":1,"at":null,"inner":null,"more":1}'],
    ['empty', '{"$kind":"+X","fields":[]}'],
    ['linkedList', '["x"]'],
    ['bitmap', '{"$set":[4294967296]}'],
  ])('%s: %s', (name, json) => {
    expect(refused(name, json)).toMatchObject({ code: 'BAD_VALUE' });
  });

  test('the field is named', () => {
    expect(refused('scalars', writeJson(read('scalars')).replace('-3,', '"x",')).where).toBe('[3]');
    expect(refused('externalRow', '{"id":1,"at":"x","inner":null}').where).toBe('at');
  });
});

describe('hostile bytes', () => {
  test.each(sampleNames)('%s: every change of a byte gives a value or an error of the engine', (name) => {
    const { codec, bytes } = sample(name);
    const step = Math.max(1, Math.floor(bytes.length / 300));
    for (let at = 0; at < bytes.length; at += step) {
      for (const byte of [0, 0x7f, 0x80, 0xff]) {
        const changed = bytes.slice();
        changed[at] = byte;
        try {
          const cursor = new Cursor(changed);
          writeJson(codec.read(cursor));
        } catch (e) {
          expect(e).toBeInstanceOf(EngineError);
        }
      }
      expect(() => codec.read(new Cursor(bytes.subarray(0, at)))).toThrow(EngineError);
    }
  });

  test('a field that points out of its row costs only itself', () => {
    const { codec, bytes } = sample('strings');
    const changed = bytes.slice();
    // Slot of the third string: offset 0x7f000020.
    changed[4 + 8 + 16 + 7] = 0x7f;
    const json = writeJson(codec.read(new Cursor(changed)));
    expect(json).toMatch(/^\["","1234567",\{"\$bytes":"[^"]+","\$why":"[^"]+"\},"😀"\]$/);
    const sink = new Sink();
    codec.write(sink, codec.read(new Cursor(changed)));
    expect(sink.toBytes()).toEqual(changed);
  });
});
