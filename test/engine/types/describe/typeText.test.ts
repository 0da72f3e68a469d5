import { describe, expect, it } from 'vitest';
import { avroSchemaFiles, withAvroSchemas } from '../../../../src/engine/types/describe/avro/avroSchemas';
import { flinkLineOf } from '../../../../src/engine/types/describe/flinkLine';
import { newSerializer } from '../../../../src/engine/types/describe/newSerializer';
import { TYPE_NAMES } from '../../../../src/engine/types/describe/typeNames';
import { parseTypeText, printType } from '../../../../src/engine/types/describe/typeText';
import { TypeTextError } from '../../../../src/engine/types/describe/typeTextError';
import { spellType } from '../../../../src/engine/types/typeInfo';

describe('the text of a type', () => {
  it.each([
    'long',
    'byte[]',
    'list<string>',
    'map<string, list<long>>',
    'tuple<string, long>',
    'tuple com.acme.Pair<string, long>',
    'pojo com.acme.Balance {amount: double, updatedAt: long}',
    'ttl<map<string, long>>',
    'timer<tuple<string, int>, void-namespace>',
    'list<long>?',
    'array<int>',
    'long org.apache.flink.types.LongValue',
    'kryo com.acme.Blob',
    'varchar',
    'decimal(10, 2)',
    'stream-record<time-window>',
  ])('%s is what inspect prints of its serializer', (text) => {
    const type = parseTypeText(text);
    expect(printType(type)).toBe(text);
    expect(spellType(newSerializer(type, '2.1').codec.type)).toBe(text);
  });

  it.each([
    ['timeWindow', 'time-window'],
    ['SQL_TIMESTAMP', 'sql-timestamp'],
    ['bytes', 'byte[]'],
    ['bigDecimal', 'bigdecimal'],
    ['Map< string ,long >', 'map<string, long>'],
    ['tuple', 'tuple<>'],
    ['option<long>?', 'option<long>'],
    ['row<bigint, varchar(20)>', 'rowData<bigint, varchar(20)>'],
    ['row {a: int not null}', 'rowData {a: int not null}'],
    ['row<int, string>', 'row<int, string>'],
    ['map<varchar(20), bigint>', 'mapData<varchar(20), bigint>'],
    ['map<row<bigint>, long>', 'map<rowData<bigint>, long>'],
    ['map<varchar, long>', 'map<varchar, long>'],
    ['map<row {a: bigint}, int>', 'mapData<row {a: bigint}, int>'],
    ['array<row<bigint>>', 'array<rowData<bigint>>'],
    [
      'rowData<decimal, timestamp, time, string, bytes>',
      'rowData<decimal(10, 0), timestamp(6), time(0), varchar(2147483647), varbinary(2147483647)>',
    ],
    ['rowData<INTERVAL DAY(3) TO SECOND(2) NOT NULL>', 'rowData<interval day to second(3, 2) not null>'],
    ['rowData {user name: int}', 'rowData {"user name": int}'],
    ['pojo a.B {a.Base#id: long, "id 2": long}', 'pojo a.B {a.Base#id: long, "id 2": long}'],
    ['avro limits.avsc', 'avro "limits.avsc"'],
    ['scala-enum a.B$ {A = 3, B}', 'scala-enum a.B$ {A = 3, B}'],
  ])('%s is short for %s', (text, full) => {
    expect(printType(parseTypeText(text))).toBe(full);
    expect(printType(parseTypeText(full))).toBe(full);
  });

  it.each<[text: string, place: string, message: RegExp]>([
    ['', 'line 1, column 1', /Expected a type, found the end/],
    ['lisst<long>', 'line 1, column 1', /No type is called lisst\. Did you mean list\?/],
    ['list<strng>', 'line 1, column 6', /No type is called strng\. Did you mean string/],
    ['list', 'line 1, column 1', /list takes 1 type in <…>, found 0/],
    ['list<long', 'line 1, column 10', /Expected "," or ">", found the end/],
    ['map<long>', 'line 1, column 1', /map takes 2 types in <…>, found 1/],
    ['long<int>', 'line 1, column 1', /long takes no types/],
    ['long {a: int}', 'line 1, column 1', /long takes nothing in \{…\}/],
    ['long com.acme.Long', 'line 1, column 1', /takes no class but org\.apache\.flink\.types\.LongValue/],
    ['pojo {a: int}', 'line 1, column 5', /pojo needs the name of a class/],
    ['pojo a..B {a: int}', 'line 1, column 6', /a\.\.B is not the name of a Java class/],
    ['kryo a/B', 'line 1, column 6', /a\/B is not the name of a Java class/],
    ['pojo a.B', 'line 1, column 5', /pojo needs its fields/],
    ['pojo a.B {\n  a: int,\n  a: long}', 'line 3, column 3', /The field a stands here twice/],
    ['pojo a.B {a}', 'line 1, column 11', /The field a needs a colon and a type/],
    ['enum a.B', 'line 1, column 5', /enum needs its constants/],
    ['enum a.B {A = 1}', 'line 1, column 11', /a name and nothing else/],
    ['avro com.acme.X {id: long}', 'line 1, column 5', /needs the file of its schema/],
    ['bigint', 'line 1, column 1', /bigint is a type of SQL/],
    ['row<bigint, long>', 'line 1, column 5', /bigint is a type of SQL/],
    ['rowData<long>', 'line 1, column 9', /No type of SQL is called long/],
    ['rowData<varchar>', 'line 1, column 16', /varchar needs its length in round brackets/],
    ['rowData<decimal(39)>', 'line 1, column 17', /precision of decimal is a number from 1 to 38, found 39/],
    ['rowData<decimal(5, 6)>', 'line 1, column 9', /scale of a decimal is not more than its precision/],
    ['rowData<int?>', 'line 1, column 12', /it has no question mark/],
    ['rowData<time(3, 3)>', 'line 1, column 17', /time has 1 parameters, found 2/],
    ['long long', 'line 1, column 1', /takes no class but/],
    ['list<long> x', 'line 1, column 12', /found "x"/],
    ['list<long>>', 'line 1, column 11', /Expected the end of the type/],
    ['pojo a.B {"x: int}', 'line 1, column 11', /Expected a name/],
    ['list<'.repeat(60), 'line 1, column 206', /at most 40 types inside each other/],
  ])('%j is refused at %s', (text, place, message) => {
    let thrown: unknown;
    try {
      parseTypeText(text);
    } catch (e) {
      thrown = e;
    }
    if (!(thrown instanceof TypeTextError)) throw new Error('It was not refused.');
    expect(thrown.message).toMatch(message);
    expect(thrown).toMatchObject({ code: 'BAD_ARGUMENT', where: place });
    expect(thrown.from).toBeLessThanOrEqual(thrown.to);
    expect(thrown.to).toBeLessThanOrEqual(text.length);
  });
});

describe('the words', () => {
  it.each(TYPE_NAMES.map((word) => [word.vocabulary, word.example, word] as const))(
    'of %s types have an example that is one: %s',
    (vocabulary, example, { about, name }) => {
      const text = vocabulary === 'sql' ? `rowData<${example}>` : example;
      const type = parseTypeText(text);
      expect(vocabulary === 'sql' ? type.arguments?.[0].name : type.name).toBe(name);
      expect(about).toMatch(/^\S.{3,}[^.]$/);
    },
  );

  it('are each there once', () => {
    const names = TYPE_NAMES.map(({ name, vocabulary }) => `${vocabulary} ${name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(80);
  });
});

describe('a line of Flink', () => {
  it('follows from the version of the metadata', () => {
    expect(([2, 3, 4, 5, 6] as const).map(flinkLineOf)).toEqual(['1.8', '1.11', '1.16', '2.0', '2.1']);
  });

  it.each([
    ['set<string>', '1.16', /no serializer for set: it is there since 2\.0/],
    ['list<rowData<int>>', '1.8', /no serializer for rowData: it is there since 1\.11/],
    ['rowData<variant>', '2.0', /no serializer for variant/],
  ] as const)('that does not have %s refuses it', (text, line, message) => {
    expect(() => newSerializer(parseTypeText(text), line)).toThrow(
      expect.objectContaining({ code: 'BAD_ARGUMENT', message: expect.stringMatching(message) }),
    );
  });

  it('decides which form a row has', () => {
    const sizes = (['1.8', '1.11', '1.16'] as const).map(
      (line) => newSerializer(parseTypeText('row<int>'), line).snapshot.length,
    );
    expect(sizes[0]).toBe(sizes[1]);
    expect(sizes[2]).toBe(sizes[1] + 1);
  });
});

describe('a schema of Avro', () => {
  const type = parseTypeText('map<string, tuple<avro "a.avsc", avro com.acme.B "b.avsc">>');
  const schema = (name: string) => `{ "type": "record", "name": "${name}", "fields": [] }`;

  it('is read from the files that the type names', async () => {
    expect(avroSchemaFiles(type)).toEqual(['a.avsc', 'b.avsc']);
    const whole = await withAvroSchemas(type, async (file) => schema(file === 'a.avsc' ? 'com.acme.A' : 'com.acme.B'));
    expect(avroSchemaFiles(whole)).toEqual([]);
    expect(spellType(newSerializer(whole, '2.1').codec.type)).toBe(
      'map<string, tuple<avro com.acme.A {}, avro com.acme.B {}>>',
    );
    expect(parseTypeText(printType(whole))).toEqual(whole);
  });

  it('that was not read, or is none, is refused', async () => {
    expect(() => newSerializer(type, '2.1')).toThrow(/a\.avsc was not read/);
    const wrong = await withAvroSchemas(type, async () => '{"type": "recor"}');
    expect(() => newSerializer(wrong, '2.1')).toThrow(
      expect.objectContaining({ code: 'BAD_ARGUMENT', message: expect.stringMatching(/no type is called recor/) }),
    );
  });
});
