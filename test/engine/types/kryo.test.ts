import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cursor } from '../../../src/engine/bytes/cursor';
import { parseJson } from '../../../src/engine/json/parseJson';
import { writeJson } from '../../../src/engine/json/writeJson';
import type { Codec } from '../../../src/engine/types/codec';
import { newSerializer } from '../../../src/engine/types/describe/newSerializer';
import { parseTypeText } from '../../../src/engine/types/describe/typeText';
import { KryoInput } from '../../../src/engine/types/families/kryo/input';
import { parseHeader } from '../../../src/engine/types/serializerSnapshot';
import { checkLaws, checkMutation, checkPrefixes, mutation } from './codecLaws';
import samples from './kryo-samples.json';
import { bytesOf, envelope, hex, linkedOptionalMap, readValue, type Snapshot, versioned } from './snapshotBytes';

type Dialect = 2 | 5;

interface Registration {
  readonly name: string;
  readonly serializer?: string;
}

/** A `KryoSerializerSnapshot`; the type itself is always its first registration. */
function kryo(
  typeClass: string,
  more: readonly Registration[] = [],
  defaults: Readonly<Record<string, string>> = {},
): Snapshot {
  const registrations = [{ name: typeClass }, ...more] as Registration[];
  const registration = ({ name, serializer }: Registration): [string, Snapshot] => [
    name,
    (sink) => {
      sink.utf(name);
      sink.i32(serializer === undefined ? 0 : 1);
      if (serializer !== undefined) sink.utf(serializer);
    },
  ];
  return versioned('org.apache.flink.api.java.typeutils.runtime.kryo.KryoSerializerSnapshot', 2, (sink) => {
    sink.utf(typeClass);
    linkedOptionalMap(sink, Object.fromEntries(registrations.map(registration)), (key, name) => key.utf(name));
    linkedOptionalMap(sink, {}, () => {});
    const classes = Object.entries(defaults).map(([name, serializer]): [string, Snapshot] => [
      name,
      (s) => s.utf(serializer),
    ]);
    linkedOptionalMap(sink, Object.fromEntries(classes), (key, name) => key.utf(name));
  });
}

function codec(snapshot: Snapshot, dialect: Dialect): Codec {
  return parseHeader(new Cursor(envelope(snapshot)), { kryo: dialect }, (cursor, reader) => {
    const read = reader.readEnvelope(cursor).codec;
    cursor.expectEnd('the snapshot');
    return read;
  });
}

const read = (
  dialect: Dialect,
  bytes: string,
  typeClass = 'java.lang.Object',
  more: readonly Registration[] = [],
): string => writeJson(readValue(codec(kryo(typeClass, more), dialect), hex(bytes)));

/** A class by its name, as Kryo writes it the first time in a record. */
const named = (name: string, number = 0): string => {
  const ascii = [...name].map((c) => c.charCodeAt(0));
  ascii[ascii.length - 1] |= 0x80;
  return `01 ${number.toString(16).padStart(2, '0')} ${Buffer.from(ascii).toString('hex')}`;
};

/** Samples that only the class itself could read. */
const UNREADABLE: Readonly<Record<string, readonly string[]>> = {
  kryo2: ['charset', 'url', 'row with names'],
  kryo5: ['row with names'],
  kryo2Scala: ['wrapped java list', 'big decimal of scala'],
  kryo5Scala: ['wrapped java list', 'list buffer', 'bit set', 'big decimal of scala'],
};

const GROUPS = [
  ['kryo2', 2, samples.kryo2],
  ['kryo5', 5, samples.kryo5],
  ['kryo2Scala', 2, samples.kryo2Scala],
  ['kryo5Scala', 5, samples.kryo5Scala],
] as const;

describe.each(GROUPS)('what Flink wrote: %s', (group, dialect, rows) => {
  it.each(rows.map((row) => [row.name, row] as const))('%s', (name, { type, bytes, json }) => {
    const type2 = codec(kryo(type), dialect);
    if (UNREADABLE[group].includes(name)) {
      const failure = expect.objectContaining({ code: 'UNREADABLE' });
      expect(() => readValue(type2, hex(bytes))).toThrow(failure);
      expect(() => type2.skip(new Cursor(hex(bytes)))).toThrow(failure);
      return;
    }
    const value = writeJson(readValue(type2, hex(bytes)));
    if (json === '{"$any":true}') expect(value).not.toBe('null');
    else expect(value).toBe(json);
    checkLaws(type2, hex(bytes), { json: false });
    checkPrefixes(type2, hex(bytes));
  });

  it('changed bytes are refused or kept', () => {
    const any = codec(kryo('java.lang.Object'), dialect);
    fc.assert(
      fc.property(fc.constantFrom(...rows), mutation, ({ bytes }, [at, to]) => checkMutation(any, hex(bytes), at, to)),
      { numRuns: 600 },
    );
  });
});

/** Samples of classes that values are made of from JSON, whose bytes are those of Flink; the class that JSON does not tell. */
const MADE: Readonly<Record<string, string>> = {
  'string ascii': 'lang.String',
  'string of one character': 'lang.String',
  'string empty': 'lang.String',
  'string utf': 'lang.String',
  'string of 64 ascii': 'lang.String',
  'string of 70 utf': 'lang.String',
  boolean: 'lang.Boolean',
  byte: 'lang.Byte',
  char: 'lang.Character',
  short: 'lang.Short',
  'int 0': 'lang.Integer',
  'int -1': 'lang.Integer',
  'int 64': 'lang.Integer',
  'int -2147483648': 'lang.Integer',
  'int 2147483647': 'lang.Integer',
  'long -1': 'lang.Long',
  'long 1099511627776': 'lang.Long',
  'long -9223372036854775808': 'lang.Long',
  'long 9223372036854775807': 'lang.Long',
  float: 'lang.Float',
  'float -0': 'lang.Float',
  double: 'lang.Double',
  'double nan': 'lang.Double',
  'big integer': 'math.BigInteger',
  'big integer 0': 'math.BigInteger',
  'big decimal': 'math.BigDecimal',
  'big decimal small': 'math.BigDecimal',
  'big decimal 0': 'math.BigDecimal',
  'big decimal scale': 'math.BigDecimal',
  date: 'util.Date',
  'date negative': 'util.Date',
  'sql date': 'sql.Date',
  'sql time': 'sql.Time',
  uuid: 'util.UUID',
  instant: 'time.Instant',
  'local date': 'time.LocalDate',
  'local date negative': 'time.LocalDate',
  'local time': 'time.LocalTime',
  'local time hour': 'time.LocalTime',
  'local time minute': 'time.LocalTime',
  'local time second': 'time.LocalTime',
  'local date time': 'time.LocalDateTime',
  optional: 'util.Optional',
  'array list empty': 'util.ArrayList',
  'tree map': 'util.TreeMap',
};

/** Where Kryo 5 finds all elements of one class it writes this once; it reads what has it with each element as well. */
const MADE_OF_2: Readonly<Record<string, string>> = {
  'array list': 'util.ArrayList',
  'array list of nulls': 'util.ArrayList',
  'hash set': 'util.HashSet',
  'tree set': 'util.TreeSet',
};

describe.each([
  [2, samples.kryo2, { ...MADE, ...MADE_OF_2 }],
  [5, samples.kryo5, MADE],
] as const)('values made from JSON, dialect %i', (dialect, rows, made) => {
  it.each(Object.entries(made))('%s: the bytes that Flink wrote', (name, className) => {
    const row = rows.find((candidate) => candidate.name === name);
    const any = codec(kryo('java.lang.Object'), dialect);
    const told = parseJson(`{"$class":"java.${className}","value":${row?.json}}`);
    expect(Buffer.from(bytesOf((sink) => any.write(sink, any.fromJson(told)))).toString('hex')).toBe(row?.bytes);
  });

  it.each([
    ['java.util.List', '["a",null,true,{"$class":"java.lang.Long","value":5}]', '["a",null,true,5]'],
    ['java.util.LinkedList', '["a","é","a"]', '["a","é","a"]'],
    ['java.util.Set', '["a"]', '{"$set":["a"]}'],
    ['java.util.Map', '{"k":null,"l":{"$class":"java.util.List","value":["x"]}}', '{"k":null,"l":["x"]}'],
    ['java.util.UUID', '"123e4567-e89b-12d3-a456-426614174000"', '"123e4567-e89b-12d3-a456-426614174000"'],
    ['java.lang.Object', 'null', 'null'],
  ])('a %s of %s', (className, given, shown) => {
    const declared = codec(kryo(className), dialect);
    const bytes = bytesOf((sink) => declared.write(sink, declared.fromJson(parseJson(given))));
    expect(writeJson(readValue(declared, bytes))).toBe(shown);
  });

  it.each([
    ['java.util.List', '[5]', /tells the class/],
    ['java.util.List', '{"a":1}', /array/],
    ['java.util.UUID', '"123"', /a UUID like/],
    ['java.lang.Object', '"x"', /A java\.lang\.Object in the form of Kryo cannot be made/],
    ['com.acme.Blob', '{"a":1}', /cannot be made/],
    ['toString', '{"a":1}', /cannot be made/],
    ['java.lang.Integer', '2147483648', /does not fit/],
  ])('a %s is not made of %s', (className, given, message) => {
    expect(() => codec(kryo(className), dialect).fromJson(parseJson(given))).toThrow(message);
  });

  it.each([
    ['java.time.Instant', 'instant', '"-1000-01-01T00:00:00.123456789Z"'],
    ['java.time.LocalDate', 'localdate', '"2024-02-29"'],
    ['java.time.LocalTime', 'localtime', '"23:59:59.123456789"'],
    ['java.time.LocalDateTime', 'localdatetime', '"1969-12-31T23:59:59.000000001"'],
    ['java.math.BigDecimal', 'bigdecimal', '"-12.50"'],
  ])('a key of the class %s has the hash code of a key of the type %s', (className, type, key) => {
    const ofKryo = codec(kryo(className), dialect);
    const { codec: plain } = newSerializer(parseTypeText(type), '1.16');
    expect(ofKryo.hash?.(ofKryo.fromJson(parseJson(key)))).toBe(plain.hash?.(plain.fromJson(parseJson(key))) ?? null);
  });

  it('what the job has a serializer of its own for is not made', () => {
    const uuid = codec(kryo('java.util.UUID', [{ name: 'java.util.UUID', serializer: 'com.acme.Mine' }]), dialect);
    expect(() => uuid.fromJson('00000000-0000-0001-0000-000000000002')).toThrow(/cannot be made/);
  });
});

it('a Throwable is read through its Java serialization, and what follows it too', () => {
  for (const [, dialect, rows] of GROUPS.slice(0, 2)) {
    const row = rows.find(({ name }) => name === 'two exceptions');
    const shown = read(dialect, row?.bytes ?? '');
    expect(shown).toMatch(/"detailMessage":"one".*"detailMessage":"two".*"end"\]$/);
  }
});

describe("Kryo's primitives", () => {
  const input = (bytes: Uint8Array, dialect: Dialect) => new KryoInput(new Cursor(bytes), dialect);

  it('variable-length numbers', () => {
    const varint = (value: number): number[] => {
      const out: number[] = [];
      let rest = value >>> 0;
      for (; rest > 0x7f; rest >>>= 7) out.push((rest & 0x7f) | 0x80);
      return [...out, rest];
    };
    fc.assert(
      fc.property(fc.integer(), (n) => {
        expect(input(Uint8Array.from(varint(n)), 2).varint()).toBe(n);
        expect(input(Uint8Array.from(varint((n << 1) ^ (n >> 31))), 5).zigzag()).toBe(n);
      }),
    );
    expect(() => input(hex('ff ff ff ff ff 01'), 5).varint()).toThrow('five bytes');
    expect(input(hex('ff ff ff ff ff ff ff ff ff'), 2).varlong()).toBe(-1n);
    expect(input(hex('ff ff ff ff ff ff ff ff ff'), 2).zigzagLong()).toBe(-(1n << 63n));
  });

  it('strings of every form', () => {
    const units = (text: string): number[] =>
      [...Array(text.length).keys()].flatMap((i) => {
        const c = text.charCodeAt(i);
        if (c < 0x80) return [c];
        if (c < 0x800) return [0xc0 | (c >> 6), 0x80 | (c & 0x3f)];
        return [0xe0 | (c >> 12), 0x80 | ((c >> 6) & 0x3f), 0x80 | (c & 0x3f)];
      });
    const length = (n: number): number[] => {
      if (n < 0x40) return [0x80 | n];
      const out = [0xc0 | (n & 0x3f)];
      let rest = n >>> 6;
      for (; rest > 0x7f; rest >>>= 7) out.push((rest & 0x7f) | 0x80);
      return [...out, rest];
    };
    const written = (text: string): Uint8Array => Uint8Array.from([...length(text.length + 1), ...units(text)]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(input(written(text), 2).string()).toBe(text);
      }),
    );
    for (const n of [62, 63, 8190, 8191, 20_000]) expect(input(written('é'.repeat(n)), 5).string()).toBe('é'.repeat(n));
    expect(input(hex('80'), 5).string()).toBeNull();
    expect(input(hex('61 e2'), 5).string()).toBe('ab');
    expect(() => input(hex('61 62'), 5).string()).toThrow('ends inside');
    expect(() => input(hex('ff ff ff ff 0f'), 5).string()).toThrow('announced');
  });
});

describe('class ids', () => {
  const A = { name: 'a.A', serializer: 'com.esotericsoftware.kryo.serializers.CollectionSerializer' };

  it.each([2, 5] as const)('of a job follow those that Flink gives, from 85 on (Kryo %s)', (dialect) => {
    // Integer has an id already and takes none of the job's.
    const more = [{ name: 'java.lang.Integer' }, { name: 'java.util.UUID' }, { name: 'java.util.ArrayList' }];
    expect(read(dialect, dialect === 2 ? '58 01 01 03 01 8261' : '58 01 82 03 00 01 8261', 'a.Type', more)).toBe(
      '["a"]',
    );
  });

  it('begin behind the primitives where Chill was not there', () => {
    expect(read(2, '0d 01 01 03 01 8261', 'a.Type', [A])).toBe('["a"]');
    expect(read(5, '0c 01 82 03 00 01 8261', 'a.Type', [A])).toBe('["a"]');
    // Without Chill, Kryo takes the fields of a UUID.
    expect(read(2, '0c 01 04 02', 'java.util.UUID')).toBe('"00000000-0000-0001-0000-000000000002"');
  });

  it("are Scala's where the declared type leaves that open", () => {
    expect(read(2, '11 01 03 01 8261', 'java.lang.Object')).toBe('"a"');
    expect(() => read(2, '0d 01 01', 'java.lang.Object', [A])).toThrow('IteratorWrapper');
  });

  it('that the snapshot does not have are refused', () => {
    expect(() => read(2, '7f 01', 'a.Type')).toThrow('class id 125');
  });
});

describe("a job's own serializers", () => {
  it.each([2, 5] as const)('of Java serialization and of framed messages are read (Kryo %s)', (dialect) => {
    const stream = 'aced0005 74 0003 61 62 63';
    const java = 'com.esotericsoftware.kryo.serializers.JavaSerializer';
    expect(read(dialect, `58 01 ${stream}`, 'a.Type', [{ name: 'a.B', serializer: java }])).toBe('"abc"');
    const proto = 'com.twitter.chill.protobuf.ProtobufSerializer';
    expect(read(dialect, '58 01 03 010203', 'a.Type', [{ name: 'a.B', serializer: proto }])).toBe('"AQID"');
  });

  it('that nobody knows are named', () => {
    expect(() => read(2, '58 01 00', 'a.Type', [{ name: 'a.B', serializer: 'a.Own' }])).toThrow('a.Own');
    expect(() => read(2, '57 01 00', 'a.Type')).toThrow('a.Type');
    const own = codec(kryo('java.lang.Object', [], { 'java.util.List': 'a.Lists' }), 2);
    expect(() => readValue(own, hex(`${named('java.util.ArrayList')} 01 00`))).toThrow('a.Lists');
    expect(writeJson(readValue(own, hex('54 01 04 04')))).toContain('00000000-');
  });
});

describe('hostile records', () => {
  const LIST = named('java.util.ArrayList');

  it('shared lists do not unfold without bound', () => {
    // Each of 40 lists holds the next one twice: 2^40 values in a few hundred bytes.
    const open = `${LIST} 01 02 ${'01 00 01 02 '.repeat(39)}`;
    const last = '01 00 01 01 02 02';
    const again = Array.from({ length: 40 }, (_, i) => `01 00 ${(42 - i).toString(16).padStart(2, '0')}`).join(' ');
    expect(() => read(2, `${open} ${last} ${again}`)).toThrow(expect.objectContaining({ code: 'LIMIT' }));
  });

  it.each([
    ['nesting', `${LIST} 01 01 ${'01 00 01 01 '.repeat(400)}`, 'Nested deeper'],
    ['a count of elements', `${LIST} 01 ff ff ff ff 07`, 'announced'],
    ['a negative count', `${LIST} 01 ff ff ff ff 0f`, 'announced'],
    ['words of a bit set', '4c 01 ff ff ff ff 07', 'announced'],
    ['a reference to nothing', `${LIST} 09`, 'Reference to object 7'],
    ['a class name out of order', '01 03 61', 'next new one'],
    ['a null where none can be', `${LIST} 00`, 'no null'],
  ])('%s', (_, bytes, message) => {
    expect(() => read(2, bytes)).toThrow(message);
  });

  it.each(['ff ff ff ff 07', 'ff ff ff ff 0f'])('nulls of Kryo 5, which take no bytes, are bounded: %s', (count) => {
    expect(() => read(5, `${LIST} 01 ${count} 00`)).toThrow(expect.objectContaining({ code: 'LIMIT' }));
  });

  it("an enum of the job's own is not taken for a reference", () => {
    const bytes = `${LIST} 01 03 03 01 8261 ${named('a.Colour', 1)} 02`;
    expect(() => read(5, bytes)).toThrow(expect.objectContaining({ code: 'UNREADABLE' }));
  });
});

it('hashes of declared classes are those of Java', () => {
  const uuid = codec(kryo('java.util.UUID'), 2);
  const bytes = hex('54 01 de b7 de 9a f1 d9 a2 a3 02 df b7 de 9a f1 d9 a2 a3 02');
  expect(uuid.hash?.(readValue(uuid, bytes))).toBe(0);
  expect(codec(kryo('java.lang.Object'), 2).hash).toBeUndefined();
  expect(codec(kryo('java.util.UUID'), 2).type).toMatchObject({ name: 'kryo', className: 'java.util.UUID' });
  expect(bytesOf((sink) => uuid.write(sink, null))).toEqual(hex('00'));
});
