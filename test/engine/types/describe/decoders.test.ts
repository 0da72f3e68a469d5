import { describe, expect, it, test } from 'vitest';
import { Cursor } from '../../../../src/engine/bytes/cursor';
import type { JavaValue } from '../../../../src/engine/java/javaValue';
import type { Json } from '../../../../src/engine/json/jsonValue';
import { writeJson } from '../../../../src/engine/json/writeJson';
import { type Codec, hashOfBytes } from '../../../../src/engine/types/codec';
import { CodecTrace } from '../../../../src/engine/types/codecTrace';
import type { DecoderChoices } from '../../../../src/engine/types/decoderChoices';
import { checkDecoder, decodersOf } from '../../../../src/engine/types/describe/decoders';
import { newSerializer } from '../../../../src/engine/types/describe/newSerializer';
import { parseTypeText } from '../../../../src/engine/types/describe/typeText';
import { javaSerializerCodec } from '../../../../src/engine/types/legacy/javaSerializer';
import { registry } from '../../../../src/engine/types/registry';
import { parseHeader } from '../../../../src/engine/types/serializerSnapshot';
import { spellType, whyUnreadable } from '../../../../src/engine/types/typeInfo';
import { bytesOf, list, map, pojo, type Snapshot, simple, tuple, versioned, writeValue } from '../snapshotBytes';

const LONG = simple('LongSerializer');
const STRING = simple('StringSerializer');
const MONEY_CLASS = 'com.acme.MoneySnapshot';
const MONEY = versioned(MONEY_CLASS, 7, (sink) => sink.raw(new Uint8Array(5)));

function codecOf(snapshot: Snapshot, decoders: DecoderChoices, trace?: CodecTrace): Codec {
  const bytes = bytesOf((sink) => {
    sink.i32(2);
    snapshot(sink);
  });
  const options = { kryo: 5, wrap: trace?.wrap, decoders: decodersOf(decoders, '2.1', trace?.wrap) } as const;
  return parseHeader(new Cursor(bytes), options, (cursor, reader) => {
    const { codec } = reader.readEnvelope(cursor);
    cursor.expectEnd('the snapshot');
    return codec;
  });
}

/** The codec of a type that Flink has, which writes what the job's own serializer might. */
const flinks = (type: string): Codec => newSerializer(parseTypeText(type), '2.1').codec;

describe('a decoder chosen for a class of the job', () => {
  const type = 'tuple<long, string>';
  const chosen = { [MONEY_CLASS]: type };

  test.each([
    ['by itself', MONEY, type],
    ['in a list', list(MONEY), `list<${type}>`],
    ['as keys and values of a map', map(MONEY, MONEY), `map<${type}, ${type}>`],
    ['in a tuple', tuple(LONG, MONEY), `tuple<long, ${type}>`],
    ['in a field of a POJO', pojo('a.B', { amount: MONEY, id: LONG }), `pojo a.B {amount: ${type}, id: long}`],
  ])('reads its values %s as Flink’s serializer of the type writes them', (_, snapshot, whole) => {
    const codec = codecOf(snapshot, chosen);
    expect(spellType(codec.type)).toBe(whole);
    expect(whyUnreadable(codec.type)).toBeNull();
    const money: Json = [5n, 'EUR'];
    const value = flinks(whole).fromJson(sampleOf(whole, money));
    const bytes = writeValue(flinks(whole), value);
    const cursor = new Cursor(bytes);
    expect(writeJson(codec.read(cursor))).toBe(writeJson(value));
    expect(cursor.atEnd).toBe(true);
    const skipped = new Cursor(bytes);
    codec.skip(skipped);
    expect(skipped.atEnd).toBe(true);
  });

  it('says in the type for which class it was chosen', () => {
    const { type } = codecOf(list(MONEY), chosen);
    expect(type.arguments?.[0]).toMatchObject({ name: 'tuple', chosenFor: MONEY_CLASS });
    expect(codecOf(list(MONEY), {}).type.arguments?.[0]).toMatchObject({ name: 'unknown', className: MONEY_CLASS });
  });

  it('does not take the place of what the engine can read', () => {
    const className = 'org.apache.flink.api.common.typeutils.base.LongSerializer$LongSerializerSnapshot';
    expect(spellType(codecOf(LONG, { [className]: 'string' }).type)).toBe('long');
  });

  it('knows no hash: only the job’s class does', () => {
    expect(hashOfBytes(codecOf(LONG, {}))).not.toBeNull();
    expect(hashOfBytes(codecOf(MONEY, { [MONEY_CLASS]: 'long' }))).toBeNull();
    expect(hashOfBytes(codecOf(list(MONEY), { [MONEY_CLASS]: 'long' }))).toBeNull();
  });

  it('is chosen for values that write themselves by their own class', () => {
    const java = 'org.apache.flink.api.java.typeutils.runtime.';
    const writable = versioned(`${java}WritableSerializer$WritableSerializerSnapshot`, 2, (sink) =>
      sink.utf('com.acme.Money'),
    );
    const codec = codecOf(tuple(writable, STRING), { 'com.acme.Money': 'long' });
    expect(spellType(codec.type)).toBe('tuple<long, string>');
  });

  it('is chosen for serializers that Java serialized, as Flink 1.2 to 1.6 kept them', () => {
    const className = 'com.acme.MoneySerializer';
    const description = { name: className, serialVersionUid: 1n, flags: 2, fields: [], superClass: null };
    const object: JavaValue = { kind: 'object', className, description, classData: [] };
    const read = (decoders: DecoderChoices) =>
      javaSerializerCodec(object, { kryo: 2, decoders: decodersOf(decoders, '1.8') }, registry);
    expect(spellType(read({}).type)).toBe(`unknown ${className}`);
    expect(spellType(read({ [className]: type }).type)).toBe(type);
  });

  it('has its bytes told apart, part by part', () => {
    const trace = new CodecTrace();
    const codec = codecOf(tuple(LONG, MONEY), { [MONEY_CLASS]: 'tuple<int, int>' }, trace);
    const { spans } = trace.trace(() => codec.read(new Cursor(new Uint8Array(16))));
    const [whole] = spans;
    expect(whole.children.map(({ from, to }) => [from, to])).toEqual([
      [0, 8],
      [8, 16],
    ]);
    expect(whole.children[1].children.map(({ from, to }) => [from, to])).toEqual([
      [8, 12],
      [12, 16],
    ]);
  });
});

describe('a choice that is no type', () => {
  test.each([
    ['tuple<lonng>', /No type is called lonng/],
    ['tuple<long', /Expected/],
    ['', /type/],
    ['avro "money.avsc"', /schema/],
  ])('%j fails with the class and what is wrong', (text, why) => {
    const check = () => checkDecoder(MONEY_CLASS, text);
    expect(check).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }));
    expect(check).toThrow(MONEY_CLASS);
    expect(check).toThrow(why);
  });

  it('leaves its own values bytes, which say why, and nothing else', () => {
    const codec = codecOf(pojo('a.B', { amount: MONEY, id: LONG }), { [MONEY_CLASS]: 'lonng' });
    expect(spellType(codec.type)).toBe(`pojo a.B {amount: unknown ${MONEY_CLASS}, id: long}`);
    expect(whyUnreadable(codec.type)).toContain(`'lonng', chosen for ${MONEY_CLASS}, is no type`);
  });

  it('is one that the snapshot’s Flink does not have', () => {
    const choices = { [MONEY_CLASS]: 'variant', 'com.acme.Other': 'long' };
    const decoders = decodersOf(choices, '1.8');
    expect(decoders.get(MONEY_CLASS)?.type.unreadable).toContain('1.8');
    expect(decoders.get('com.acme.Other')?.type.name).toBe('long');
  });
});

/** A JSON value of one of the types above, with money where their chosen type stands. */
function sampleOf(type: string, money: Json): Json {
  if (type.startsWith('list')) return [money, money];
  if (type.startsWith('map')) return new Map([['$map', [[money, money]]]]);
  if (type.startsWith('tuple<long, tuple')) return [9n, money];
  if (!type.startsWith('pojo')) return money;
  return new Map<string, Json>([
    ['amount', money],
    ['id', 3n],
  ]);
}
