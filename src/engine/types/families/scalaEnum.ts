import type { Cursor } from '../../bytes/cursor';
import { EngineError } from '../../bytes/engineError';
import { type JavaObject, type JavaValue, javaField } from '../../java/javaValue';
import type { Codec } from '../codec';
import type { SerializerInput, SnapshotInput } from '../family';
import { notA, stringFrom } from '../jsonInput';
import { EnumValue } from '../values';
import { fieldOf } from './snapshotForms';

/**
 * `EnumValueSerializer`: `i4`, the id of a value of a `scala.Enumeration`. Ids are given by the enumeration; they need not be
 * consecutive.
 */
function scalaEnum(className: string, constants: ReadonlyMap<number, string>, serializer: string): Codec<EnumValue> {
  const inOrder = [...constants].sort(([a], [b]) => a - b);
  return {
    type: {
      name: 'scala-enum',
      className,
      constants: inOrder.map(([, constant]) => constant),
      constantIds: inOrder.map(([id]) => id),
      serializer,
    },
    length: 4,
    read(cursor) {
      const at = cursor.offset;
      const id = cursor.i32();
      const name = constants.get(id);
      if (name === undefined) throw cursor.error('UNREADABLE', `${className} has no value with the id ${id}.`, at);
      return new EnumValue(name, id);
    },
    skip: (cursor) => cursor.skip(4, 'id of an enumeration value'),
    write: (sink, value) => sink.i32(value.ordinal),
    fromJson(json) {
      const name = stringFrom(json);
      for (const [id, constant] of constants) if (constant === name) return new EnumValue(name, id);
      throw notA(`one of ${[...constants.values()].join(', ')}`, json);
    },
  };
}

/** `ScalaEnumSerializerSnapshot` (versions 2 and 3): `UTF` class of the enumeration, `i4 n`, n x (`UTF` name, `i4` id). */
export function scalaEnumSnapshot({ cursor, version, className }: SnapshotInput): Codec {
  if (version !== 2 && version !== 3)
    throw cursor.error('UNSUPPORTED_VERSION', `Version ${version} of ${className} is not known.`);
  return scalaEnumPayload(cursor, className);
}

/** The same payload stands in the config snapshot of 1.3 to 1.6, version 2. */
export function scalaEnumPayload(cursor: Cursor, serializer: string): Codec {
  return scalaEnum(cursor.utf('class name'), readConstants(cursor), serializer);
}

function readConstants(cursor: Cursor): Map<number, string> {
  const n = cursor.count('values of an enumeration', 6);
  const constants = new Map<number, string>();
  for (let i = 0; i < n; i++) {
    const name = cursor.utf('name of an enumeration value');
    constants.set(cursor.i32(), name);
  }
  return constants;
}

/** The serializer object holds the whole enumeration: each value is a field of it, named like the value. */
export function scalaEnumSerializer(input: SerializerInput): Codec {
  const enumeration = fieldOf(input, 'enum');
  if (!isObject(enumeration)) throw new EngineError('CORRUPT', `${input.className} holds no enumeration.`);
  return scalaEnum(enumeration.className, constantsOf(enumeration), input.className);
}

/** As `Enumeration.nameOf` does: a value's own name, else that of the field that holds it. */
function constantsOf(enumeration: JavaObject): Map<number, string> {
  const constants = new Map<number, string>();
  for (const { fields } of enumeration.classData) {
    for (const [field, value] of fields) {
      if (!isObject(value)) continue;
      // A private field that an inner class needs has the name of its class before its own.
      const id = javaField(value, 'i') ?? javaField(value, 'scala$Enumeration$Val$$i');
      const name = javaField(value, 'name');
      if (typeof id === 'number' && value.className.startsWith('scala.Enumeration$'))
        constants.set(id, typeof name === 'string' ? name : field);
    }
  }
  return constants;
}

function isObject(value: JavaValue): value is JavaObject {
  return value !== null && typeof value === 'object' && value.kind === 'object';
}
