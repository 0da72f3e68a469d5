import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Cursor } from '../../../../src/engine/bytes/cursor';
import { EngineError } from '../../../../src/engine/bytes/engineError';
import { Sink } from '../../../../src/engine/bytes/sink';
import { parseJson } from '../../../../src/engine/json/parseJson';
import { toJson, writeJson } from '../../../../src/engine/json/writeJson';
import type { Codec } from '../../../../src/engine/types/codec';
import { avroCodec } from '../../../../src/engine/types/families/avro';
import { parseAvroSchema } from '../../../../src/engine/types/families/avroSchema';
import { readJavaSerializer } from '../../../../src/engine/types/legacy/serializerProxy';
import { SnapshotReader } from '../../../../src/engine/types/serializerSnapshot';
import { spellType } from '../../../../src/engine/types/typeInfo';
import { checkLaws, checkPrefixes } from '../codecLaws';

const OPTIONS = { kryo: 5 } as const;
const fromHex = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

/** Snapshots, values and serializers that Flink 2.3 wrote: see AvroSamples.java beside this file. */
const samples = new Map(
  readFileSync(join(import.meta.dirname, 'samples.hex'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [name, snapshot, bytes, serializer] = line.split(' ');
      return [name, { snapshot: fromHex(snapshot), bytes: fromHex(bytes), serializer: fromHex(serializer) }] as const;
    }),
);

function sample(name: string): { codec: Codec; bytes: Uint8Array; serializer: Uint8Array } {
  const found = samples.get(name);
  if (found === undefined) throw new Error(`No sample ${name}.`);
  const cursor = new Cursor(found.snapshot);
  const { codec } = new SnapshotReader(OPTIONS).readVersioned(cursor);
  cursor.expectEnd('the snapshot');
  return { codec, ...found };
}

const MANY = Array.from({ length: 130 }, (_, i) => i).join(',');
const EXPECTED: Readonly<Record<string, readonly [json: string, type: string]>> = {
  all: [
    '{"nothing":null,"yes":true,"i":-2,"l":9223372036854775807,"f":0.5,"d":-0.0,"s":"hé😀","b":"AQI=","fix":"AwQ=",' +
      `"kind":"B","list":[${MANY}],"none":[],"map":{"k":null,"l":"BQY="},"maybe":"there","inner":{"again":"A"}}`,
    'avro a.b.All {nothing: null, yes: boolean, i: int, l: long, f: float, d: double, s: string, b: byte[], ' +
      'fix: fixed(2) a.b.Two, kind: enum c.Kind, list: list<long>, none: list<enum c.Kind>, ' +
      'map: map<string, fixed(2) a.b.Two?>, maybe: string?, inner: avro a.b.Inner {again: enum c.Kind}}',
  ],
  tree: [
    '{"value":2,"left":{"value":1,"left":null,"right":null},"right":null}',
    'avro Tree {value: int, left: avro Tree?, right: avro Tree?}',
  ],
  ambiguous: ['{"a":1,"b":1}', 'avro Either {a: union<int, double, string>, b: union<int, double, string>}'],
};

describe('what Flink wrote', () => {
  test.each(Object.keys(EXPECTED))('%s', (name) => {
    const { codec, bytes } = sample(name);
    const [json, type] = EXPECTED[name];
    expect(writeJson(codec.read(new Cursor(bytes)))).toBe(json);
    expect(spellType(codec.type)).toBe(type);
    checkLaws(codec, bytes);
    checkPrefixes(codec, bytes);
  });

  test.each(['all', 'tree'])('%s: made from its JSON, it has the same bytes', (name) => {
    const { codec, bytes } = sample(name);
    const sink = new Sink();
    codec.write(sink, codec.fromJson(toJson(codec.read(new Cursor(bytes)))));
    expect(sink.toBytes()).toEqual(bytes);
  });

  test.each(Object.keys(EXPECTED))('%s: the serializer object says the same as its snapshot', (name) => {
    const { codec, serializer } = sample(name);
    const other = readJavaSerializer(new Cursor(serializer), OPTIONS);
    expect(spellType(other.type)).toBe(spellType(codec.type));
  });
});

describe('snapshots of every version', () => {
  const schema = '{"type":"record","name":"P","namespace":"x","fields":[{"name":"n","type":"int"}]}';
  const codec = (version: number, payload: (sink: Sink) => void) => {
    const sink = new Sink();
    sink.utf('org.apache.flink.formats.avro.typeutils.AvroSerializerSnapshot');
    sink.i32(version);
    payload(sink);
    return new SnapshotReader(OPTIONS).readVersioned(new Cursor(sink.toBytes())).codec;
  };

  test('1: the schema alone', () => {
    expect(spellType(codec(1, (sink) => sink.utf(schema)).type)).toBe('avro x.P {n: int}');
  });

  test('2: with the class of the values', () => {
    const made = codec(2, (sink) => {
      sink.utf('y.Q');
      sink.utf(schema);
    });
    expect(spellType(made.type)).toBe('avro y.Q {n: int}');
  });

  test('a schema that cannot be used makes the values unreadable, not the header', () => {
    const made = codec(1, (sink) => sink.utf('{"type":"nope"}'));
    expect(made.type.unreadable).toContain('no type is called nope');
  });
});

describe('schemas', () => {
  test.each([
    ['not JSON', '{'],
    ['a number', '1'],
    ['a record without fields', '{"type":"record","name":"A"}'],
    ['an unknown name', '"a.B"'],
    ['a name that is used twice', '[{"type":"fixed","name":"A","size":1},{"type":"enum","name":"A","symbols":[]}]'],
    ['a fixed of negative size', '{"type":"fixed","name":"A","size":-1}'],
    ['types in types without end', `${'{"type":"array","items":'.repeat(1000)}"int"${'}'.repeat(1000)}`],
  ])('%s is refused', (_, text) => {
    expect(() => parseAvroSchema(text)).toThrow(expect.objectContaining({ code: 'CORRUPT' }));
  });

  test('a record without end is a bounded error', () => {
    const endless = avroCodec('{"type":"record","name":"A","fields":[{"name":"a","type":"A"}]}', null, 's');
    expect(() => endless.read(new Cursor(new Uint8Array(10)))).toThrow(expect.objectContaining({ code: 'LIMIT' }));
    expect(() => endless.skip(new Cursor(new Uint8Array(10)))).toThrow(expect.objectContaining({ code: 'LIMIT' }));
  });
});

describe('hostile values', () => {
  const codec = (schema: string) => avroCodec(schema, null, 's');
  const read =
    (schema: string, ...bytes: number[]) =>
    () =>
      codec(schema).read(new Cursor(new Uint8Array(bytes)));

  test.each([
    ['an index of no branch', '["null"]', [0, 0, 0, 1]],
    ['an index of no symbol', '{"type":"enum","name":"A","symbols":["X"]}', [0, 0, 0, 9]],
    ['more items than bytes', '{"type":"array","items":"int"}', [0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['nothing, a thousand million times', '{"type":"array","items":"null"}', [0xff, 0xff, 0xff, 0xff, 0x0f, 0]],
    ['a count without end', '{"type":"array","items":"int"}', new Array(20).fill(0x80)],
    ['a second block', '{"type":"array","items":"boolean"}', [1, 1, 1, 1, 0]],
    ['a negative length', '"bytes"', [0xff, 0xff, 0xff, 0xff]],
  ])('%s', (_, schema, bytes) => {
    expect(read(schema, ...bytes)).toThrow(EngineError);
  });

  test('a string that is not UTF-8 is kept', () => {
    const bytes = new Uint8Array([0, 0, 0, 1, 0xff]);
    const value = codec('"string"').read(new Cursor(bytes));
    expect(writeJson(value)).toContain('not UTF-8');
    checkLaws(codec('"string"'), bytes, { json: false });
  });

  test.each([
    ['"int"', '2147483648'],
    ['{"type":"fixed","name":"A","size":2}', '"AQ=="'],
    ['{"type":"enum","name":"A","symbols":["X"]}', '"Y"'],
    ['["null","string"]', '5'],
    ['{"type":"record","name":"A","fields":[{"name":"a","type":"int"}]}', '{}'],
    ['{"type":"record","name":"A","fields":[{"name":"a","type":"int"}]}', '{"a":1,"b":2}'],
  ])('%s does not take %s', (schema, json) => {
    expect(() => codec(schema).fromJson(parseJson(json))).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }));
  });
});
