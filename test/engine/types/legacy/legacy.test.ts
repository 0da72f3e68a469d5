import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Cursor } from '../../../../src/engine/bytes/cursor';
import { EngineError } from '../../../../src/engine/bytes/engineError';
import { Sink } from '../../../../src/engine/bytes/sink';
import { writeJson } from '../../../../src/engine/json/writeJson';
import type { Codec } from '../../../../src/engine/types/codec';
import { readSerializersAndConfigs } from '../../../../src/engine/types/legacy/configSnapshot';
import { readSerializerProxy } from '../../../../src/engine/types/legacy/serializerProxy';
import { SnapshotReader } from '../../../../src/engine/types/serializerSnapshot';
import { spellType } from '../../../../src/engine/types/typeInfo';

const OPTIONS = { kryo: 2 } as const;

interface Sample {
  readonly release: string;
  readonly name: string;
  readonly form: string;
  readonly reference: Uint8Array;
  readonly value: Uint8Array;
}

/** References to serializers and values that Flink 1.2, 1.3, 1.6 and 1.7 wrote: see LegacySamples.java beside this file. */
const samples: Sample[] = readFileSync(join(import.meta.dirname, 'samples.hex'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => {
    const [release, name, form, reference, value] = line.split(' ');
    const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
    return { release, name, form, reference: bytes(reference), value: bytes(value) };
  });

function readReference(form: string, cursor: Cursor): Codec {
  if (form === 'proxy') return readSerializerProxy(cursor, OPTIONS);
  if (form === 'envelope') return new SnapshotReader(OPTIONS).readEnvelope(cursor).codec;
  const [codec] = readSerializersAndConfigs(cursor, OPTIONS);
  return codec;
}

function codecOf({ form, reference }: Sample): Codec {
  const cursor = new Cursor(reference);
  const codec = readReference(form, cursor);
  cursor.expectEnd('the reference');
  return codec;
}

const POINT = 'LegacySamples$Point';
const POJO_TYPE = `pojo ${POINT} {color: enum`;

const EXPECTED: Readonly<Record<string, readonly [json: string, type: string]>> = {
  long: ['5', 'long'],
  string: ['"s"', 'string'],
  bytes: ['"AQ=="', 'byte[]'],
  tuple: ['[1,["x"]]', 'tuple'],
  array: ['[[2],null]', 'array'],
  list: ['[1,2]', 'list<long>'],
  map: ['{"k":null}', 'map<string, long>'],
  either: ['{"right":"r"}', 'either<long, string>'],
  value: ['7', 'long'],
  row: ['[null,"b"]', 'row'],
};

describe.each(['1.2', '1.3', '1.6', '1.7'])('Flink %s', (release) => {
  const of = (name: string) => samples.find((sample) => sample.release === release && sample.name === name);

  test('has samples', () => {
    expect(samples.filter((sample) => sample.release === release).length).toBeGreaterThanOrEqual(12);
  });

  test.each(Object.keys(EXPECTED).filter((name) => of(name) !== undefined))('%s', (name) => {
    const sample = of(name);
    if (sample === undefined) throw new Error('No sample.');
    const codec = codecOf(sample);
    const [json, type] = EXPECTED[name];
    expect(spellType(codec.type).startsWith(type)).toBe(true);
    expect(writeJson(codec.read(new Cursor(sample.value)))).toBe(json);
    const sink = new Sink();
    codec.write(sink, codec.read(new Cursor(sample.value)));
    expect(sink.toBytes()).toEqual(sample.value);
  });

  test('enum: its constants are named since 1.3', () => {
    const sample = of('enum');
    if (sample === undefined) throw new Error('No sample.');
    const json = writeJson(codecOf(sample).read(new Cursor(sample.value)));
    if (release === '1.2') expect(json).toContain('$why');
    else expect(json).toBe('"BLUE"');
  });

  test.each([
    ['pojo', '{"color":null,"label":null,"x":4}'],
    ['subclass', `{"$class":"LegacySamples$Point3","color":"GREEN","label":"three","x":1,"z":9}`],
  ])('%s', (name, json) => {
    const sample = of(name);
    if (sample === undefined) throw new Error('No sample.');
    const codec = codecOf(sample);
    expect(spellType(codec.type).startsWith(POJO_TYPE)).toBe(true);
    const got = writeJson(codec.read(new Cursor(sample.value)));
    if (release === '1.2' && name === 'subclass') expect(got).toContain('"z":9');
    else expect(got).toBe(json);
  });

  test('kryo: the type is named', () => {
    const sample = of('kryo');
    if (sample === undefined) throw new Error('No sample.');
    expect(codecOf(sample).type).toMatchObject({ name: 'kryo', className: 'LegacySamples$Generic' });
  });
});

describe('forms', () => {
  test('1.7 wrote the adapter marker into its samples', () => {
    const marked = samples.filter(
      (s) => s.form === 'envelope' && Buffer.from(s.reference).includes('7a53c4f0', 0, 'hex'),
    );
    expect(marked.map((s) => s.name)).toEqual(expect.arrayContaining(['tuple', 'row', 'pojo', 'kryo']));
  });

  const long = samples.find((sample) => sample.release === '1.2' && sample.name === 'long');
  if (long === undefined) throw new Error('No sample.');
  const object = long.reference.subarray(8);

  test('a proxy whose length is one byte, as a placeholder for an unloadable serializer wrote it', () => {
    const bytes = new Uint8Array([0, 0, 0, 1, object.length & 0xff, ...object, 0x55]);
    const cursor = new Cursor(bytes);
    expect(readSerializerProxy(cursor, OPTIONS).type.name).toBe('long');
    expect(cursor.remaining).toBe(1);
    bytes[4] ^= 1;
    expect(() => readSerializerProxy(new Cursor(bytes), OPTIONS)).toThrow(expect.objectContaining({ code: 'CORRUPT' }));
  });

  test.each(['long', 'string', 'bytes', 'tuple', 'array', 'list', 'map', 'either', 'enum', 'row', 'pojo', 'subclass'])(
    '%s: where the serializer object is broken, its config says what it is',
    (name) => {
      for (const release of ['1.3', '1.6']) {
        const sample = samples.find((s) => s.release === release && s.name === name);
        if (sample === undefined) throw new Error('No sample.');
        const reference = sample.reference.slice();
        // The tag of the outermost object, behind count, two offsets, length, version, length and stream header.
        const tag = 4 + 8 + 4 + 8 + 4;
        expect(reference[tag]).toBe(0x73);
        reference[tag] = 0;
        const codec = codecOf({ ...sample, reference });
        expect(writeJson(codec.read(new Cursor(sample.value)))).toBe(
          writeJson(codecOf(sample).read(new Cursor(sample.value))),
        );
      }
    },
  );

  test('a serializer that nobody knows is opaque, and those beside it are not', () => {
    const sample = samples.find((s) => s.release === '1.6' && s.name === 'tuple');
    if (sample === undefined) throw new Error('No sample.');
    const text = Buffer.from(sample.reference).toString('latin1').replaceAll('StringSerializer', 'StrangSerializer');
    const codec = codecOf({ ...sample, reference: new Uint8Array(Buffer.from(text, 'latin1')) });
    expect(spellType(codec.type)).toContain('unknown');
    expect(() => codec.read(new Cursor(sample.value))).toThrow(expect.objectContaining({ code: 'UNREADABLE' }));
  });

  test('every truncation and many changes end in a codec or an error of the engine', () => {
    for (const { form, reference } of samples) {
      const step = Math.max(1, Math.floor(reference.length / 60));
      for (let at = 0; at < reference.length; at += step) {
        const changed = reference.slice();
        changed[at] ^= 0xff;
        for (const hostile of [reference.subarray(0, at), changed]) {
          try {
            readReference(form, new Cursor(hostile));
          } catch (e) {
            expect(e).toBeInstanceOf(EngineError);
          }
        }
      }
    }
  });
});
