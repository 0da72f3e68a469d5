import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cursor } from '../../../src/engine/bytes/cursor';
import { Sink } from '../../../src/engine/bytes/sink';
import type { JavaValue } from '../../../src/engine/java/javaValue';
import {
  boxedInteger,
  javaArray,
  javaClass,
  javaClassObject,
  javaEnum,
  javaObject,
  unmodifiableList,
} from '../../../src/engine/java/newJavaObjects';
import { readJavaObject } from '../../../src/engine/java/objectStream';
import { writeJavaObject } from '../../../src/engine/java/objectStreamWriter';

function written(value: JavaValue): Uint8Array {
  const sink = new Sink();
  writeJavaObject(sink, value);
  return sink.toBytes();
}

function readAll(bytes: Uint8Array): JavaValue {
  const cursor = new Cursor(bytes);
  const value = readJavaObject(cursor);
  cursor.expectEnd('the stream');
  return value;
}

const BASE = javaClass('com.acme.Base', 7n, ['Z:flag', 'Ljava/lang/Object;:other']);
const NODE = javaClass(
  'com.acme.Node',
  -3n,
  ['B:b', 'C:c', 'D:d', 'F:f', 'I:i', 'J:j', 'S:s', 'Ljava/lang/String;:name', '[Ljava/lang/Object;:next'],
  BASE,
);
const OBJECTS = javaClass('[Ljava.lang.Object;', -8012369246846506644n);
const BYTES = javaClass('[B', -5984413125824719648n);
const color = javaEnum('com.acme.Color');

const anyObject: Arbitrary<JavaValue> = fc.letrec<{ value: JavaValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(
      fc.constant(null),
      fc.string({ maxLength: 8 }),
      fc.constantFrom('RED', 'GREEN').map(color),
      fc.integer({ min: -300, max: 300 }).map(boxedInteger),
      fc.constant(javaClassObject('com.acme.Service')),
      fc.uint8Array({ maxLength: 5 }).map((items) => ({ ...javaArray(BYTES, []), items })),
    ),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => javaArray(OBJECTS, items)),
    fc.array(tie('value'), { maxLength: 3 }).map(unmodifiableList),
    fc
      .tuple(
        fc.boolean(),
        tie('value'),
        fc.integer({ min: -128, max: 127 }),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        tie('value'),
      )
      .map(([flag, other, b, j, next]) =>
        javaObject(NODE, {
          flag,
          other,
          b,
          c: 'x',
          d: 0.1,
          f: 0.5,
          i: b * 1000,
          j,
          s: b,
          name: 'node',
          next: javaArray(OBJECTS, [next, other]),
        }),
      ),
  ),
})).value;

describe('a stream of Java objects', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(anyObject, (value) => {
        const bytes = written(value);
        const again = readAll(bytes);
        expect(again).toEqual(value);
        expect(written(again)).toEqual(bytes);
      }),
      { numRuns: 300 },
    );
  });

  it('names an object that was there before by its number', () => {
    const node = javaObject(BASE, { flag: true, other: 'x' });
    const twice = readAll(written(javaArray(OBJECTS, [node, node, javaObject(BASE, { flag: true, other: 'x' })])));
    if (twice === null || typeof twice !== 'object' || twice.kind !== 'array' || twice.items instanceof Uint8Array)
      throw new Error('It is no array.');
    expect(twice.items[0]).toBe(twice.items[1]);
    expect(twice.items[0]).not.toBe(twice.items[2]);
    expect(twice.items[0]).toEqual(twice.items[2]);
  });

  it('has an object that leads back to itself', () => {
    const node = javaObject(BASE, { flag: false });
    node.classData[0].fields.set('other', node);
    const again = readAll(written(node));
    if (again === null || typeof again !== 'object' || again.kind !== 'object') throw new Error('It is no object.');
    expect(again.classData[0].fields.get('other')).toBe(again);
  });

  it('is what the JDK writes', () => {
    // new ObjectOutputStream(out).writeObject(Collections.unmodifiableList(new ArrayList<>(List.of(5, 5)))), JDK 17.
    expect(Buffer.from(written(unmodifiableList([boxedInteger(5), boxedInteger(5)]))).toString('hex')).toBe(JDK_LIST);
  });
});

const JDK_LIST =
  'aced0005737200266a6176612e7574696c2e436f6c6c656374696f6e7324556e6d6f6469666961626c654c697374fc0f2531b5ec8e100200014c00046c6973747400104c6a6176612f7574696c2f4c6973743b7872002c6a6176612e7574696c2e436f6c6c656374696f6e7324556e6d6f6469666961626c65436f6c6c656374696f6e19420080cb5ef71e0200014c0001637400164c6a6176612f7574696c2f436f6c6c656374696f6e3b7870737200136a6176612e7574696c2e41727261794c6973747881d21d99c7619d03000149000473697a65787000000002770400000002737200116a6176612e6c616e672e496e746567657212e2a0a4f781873802000149000576616c7565787200106a6176612e6c616e672e4e756d62657286ac951d0b94e08b02000078700000000571007e00097871007e0006';
