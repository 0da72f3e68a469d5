import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cursor } from '../../../src/engine/bytes/cursor';
import { EngineError } from '../../../src/engine/bytes/engineError';
import { type JavaObject, type JavaValue, javaField } from '../../../src/engine/java/javaValue';
import { readJavaObject, readJavaObjects } from '../../../src/engine/java/objectStream';
import { stream, streamNames } from './streams';

function read(name: string): JavaValue {
  return readJavaObject(new Cursor(stream(name)));
}

function object(value: JavaValue | undefined): JavaObject {
  if (typeof value !== 'object' || value === null || value.kind !== 'object') throw new Error('Not an object.');
  return value;
}

function items(value: JavaValue | undefined): JavaValue[] | Uint8Array {
  if (typeof value !== 'object' || value === null || value.kind !== 'array') throw new Error('Not an array.');
  return value.items;
}

describe('readJavaObject', () => {
  test.each(streamNames.filter((name) => name !== 'several'))('%s: stops on the byte behind the object', (name) => {
    const bytes = stream(name);
    const longer = new Uint8Array(bytes.length + 8).fill(0x70);
    longer.set(bytes);
    const cursor = new Cursor(longer);
    readJavaObject(cursor);
    expect(cursor.position).toBe(bytes.length);
  });

  test('fields of every primitive type, of the superclass too', () => {
    const node = object(read('cycle'));
    expect(node.classData.map((data) => data.description.name)).toEqual(['Streams$Base', 'Streams$Node']);
    expect([...node.classData[0].fields]).toEqual([
      ['a', 1],
      ['name', 'base'],
    ]);
    const fields = Object.fromEntries(node.classData[1].fields);
    expect(fields).toMatchObject({ a: 2n, b: -3, c: 'x', d: -0, f: 1.5, s: -2, z: true });
    expect(Object.is(fields['d'], -0)).toBe(true);
    expect(items(fields['raw'])).toEqual(new Uint8Array([1, 255]));
    expect(javaField(node, 'a')).toBe(2n);
    expect(node.description.serialVersionUid).toBe(2n);
  });

  test('references lead back to the same object', () => {
    const node = object(read('cycle'));
    expect(javaField(node, 'next')).toBe(node);
    const others = items(javaField(node, 'others'));
    expect(others[0]).toBe(node);
    expect(others[1]).toBe('base');
    expect(others[2]).toBe(javaField(node, 'raw'));
  });

  test('what writeObject adds: block data over several blocks is one, objects between them', () => {
    const written = object(read('writer')).classData[0];
    expect(written.fields.get('x')).toBe(7);
    const [first, between, rest] = written.annotations;
    expect(first).toEqual(new Uint8Array([0, 0, 0, 42]));
    expect(between).toBe('between');
    expect(rest).toHaveLength(2 + 4 + 2000);
    expect(written.annotations).toHaveLength(3);
  });

  test('externalizable objects', () => {
    const { annotations } = object(read('outside')).classData[0];
    expect(annotations[0]).toEqual(new Uint8Array([255, 255, 255, 255, 255, 255, 255, 251]));
    expect(object(annotations[1] as JavaValue).className).toBe('java.util.CollSer');
  });

  test('arrays of every primitive type and of arrays', () => {
    const arrays = items(read('primitiveArrays')) as JavaValue[];
    expect(arrays.slice(0, 8).map(items)).toEqual([
      [true, false],
      ['a'],
      [-1],
      [1, 2],
      [3n],
      [0.5],
      [Number.NaN],
      new Uint8Array([5]),
    ]);
    const outer = items(arrays[8]);
    expect(items(outer[0])).toEqual(['q']);
    expect(outer[1]).toBeNull();
  });

  test('enum constants, also those with a body of their own', () => {
    const [red, blue, again] = items(read('enums')) as JavaValue[];
    expect(red).toMatchObject({ kind: 'enum', constant: 'RED', className: 'Streams$Color' });
    expect(blue).toMatchObject({ kind: 'enum', constant: 'BLUE' });
    expect(again).toBe(red);
  });

  test('class objects', () => {
    const names = (items(read('classes')) as JavaValue[]).map((c) =>
      typeof c === 'object' && c?.kind === 'class' ? c.description.name : null,
    );
    expect(names).toEqual(['java.lang.String', '[I', 'Streams$Color', 'int', 'java.lang.Object']);
  });

  test('proxies are named by their interfaces', () => {
    const proxy = object(read('proxy'));
    expect(proxy.className).toBe('$Proxy(Streams$Greeter)');
    expect(object(javaField(proxy, 'h')).className).toBe('Streams$Handler');
  });

  test('several objects in one stream, with a reset between them', () => {
    const cursor = new Cursor(stream('several'));
    const [one, again, fresh, five] = readJavaObjects(cursor, 4);
    expect([one, again, fresh]).toEqual(['one', 'one', 'one']);
    expect(javaField(object(five), 'value')).toBe(5);
    expect(cursor.atEnd).toBe(true);
  });

  test('a long string', () => {
    const bytes = new Uint8Array([0xac, 0xed, 0, 5, 0x7c, 0, 0, 0, 0, 0, 0, 0, 2, 0x68, 0x69]);
    expect(readJavaObject(new Cursor(bytes))).toBe('hi');
  });
});

describe('hostile streams', () => {
  const header = [0xac, 0xed, 0, 5];
  const fails = (bytes: readonly number[]): EngineError => {
    try {
      readJavaObject(new Cursor(new Uint8Array(bytes), { file: 'f' }));
    } catch (e) {
      if (e instanceof EngineError) return e;
    }
    throw new Error('No EngineError.');
  };

  test('wrong magic, version and tag', () => {
    expect(fails([0xac, 0xee, 0, 5, 0x70])).toMatchObject({ code: 'CORRUPT', offset: 0 });
    expect(fails([0xac, 0xed, 0, 6, 0x70])).toMatchObject({ code: 'UNSUPPORTED_VERSION', offset: 2 });
    expect(fails([...header, 0x7f])).toMatchObject({ code: 'CORRUPT', offset: 4 });
  });

  test('a reference to a handle that was never given out', () => {
    expect(fails([...header, 0x71, 0, 0x7e, 0, 0])).toMatchObject({ code: 'CORRUPT' });
  });

  test('a long string of more bytes than there are is refused before it is read', () => {
    expect(fails([...header, 0x7c, 0, 0, 0, 1, 0, 0, 0, 0])).toMatchObject({ code: 'TRUNCATED' });
  });

  test('an array of more elements than there can be is refused before it is made', () => {
    // int[] with 2^31 - 1 elements.
    const description = [0x72, 0, 2, 0x5b, 0x49, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0x78, 0x70];
    expect(fails([...header, 0x75, ...description, 0x7f, 0xff, 0xff, 0xff])).toMatchObject({ code: 'TRUNCATED' });
  });

  test('a class that is its own superclass', () => {
    const description = [0x72, 0, 1, 0x41, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0x78, 0x71, 0, 0x7e, 0, 0];
    expect(fails([...header, 0x73, ...description])).toMatchObject({ code: 'CORRUPT' });
  });

  test('arrays in arrays without end meet the depth bound', () => {
    const first = [0x75, 0x72, 0, 2, 0x5b, 0x4c, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0x78, 0x70, 0, 0, 0, 1];
    const next = [0x75, 0x71, 0, 0x7e, 0, 0, 0, 0, 0, 1];
    const many = Array.from({ length: 5000 }, () => next).flat();
    expect(fails([...header, ...first, ...many])).toMatchObject({ code: 'LIMIT' });
  });

  test('many resets in a row do not exhaust the stack', () => {
    const resets = new Array(200_000).fill(0x79);
    expect(readJavaObject(new Cursor(new Uint8Array([...header, ...resets, 0x70])))).toBeNull();
  });

  test('every truncation and every change of a byte is an EngineError or a value', () => {
    fc.assert(
      fc.property(fc.constantFrom(...streamNames), fc.nat(), fc.integer({ min: 0, max: 255 }), (name, where, byte) => {
        const bytes = stream(name);
        const at = where % bytes.length;
        const changed = bytes.slice();
        changed[at] = byte;
        for (const hostile of [bytes.subarray(0, at), changed]) {
          try {
            readJavaObject(new Cursor(hostile));
          } catch (e) {
            expect(e).toBeInstanceOf(EngineError);
          }
        }
        if (name !== 'several') expect(() => readJavaObject(new Cursor(bytes.subarray(0, at)))).toThrow(EngineError);
      }),
      { numRuns: 3000 },
    );
  });
});
