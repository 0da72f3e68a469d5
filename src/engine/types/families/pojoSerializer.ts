import { joinBytes } from '../../bytes/byteStrings';
import { Cursor } from '../../bytes/cursor';
import { EngineError } from '../../bytes/engineError';
import { type JavaObject, type JavaValue, javaField } from '../../java/javaValue';
import type { Codec } from '../codec';
import type { SerializerInput } from '../family';
import { type PojoField, pojoCodec } from './pojoCodec';
import { classNameOf, fieldOf } from './snapshotForms';

const POJO_SERIALIZER = 'org.apache.flink.api.java.typeutils.runtime.PojoSerializer';

/**
 * A Java-serialized `PojoSerializer`: fields `clazz`, `fieldSerializers`, `registeredClasses` (class to tag) and
 * `registeredSerializers`; its `writeObject` adds `int n, n x (Class declaring class, UTF field name)`. Subclasses that were not
 * registered are not in it.
 */
export function pojoOfSerializer(input: SerializerInput): Codec {
  const className = classNameOf(fieldOf(input, 'clazz'), input.className);
  const codecs = serializers(input, 'fieldSerializers');
  const names = fieldNames(input.object);
  if (names.length !== codecs.length)
    throw new EngineError(
      'CORRUPT',
      `The serializer of ${className} has ${codecs.length} fields and ${names.length} names.`,
    );
  return pojoCodec({
    className,
    fields: names.map((name, i) => ({ name, codec: codecs[i] })),
    registered: registeredSubclasses(input),
    others: [],
    serializer: input.className,
  });
}

function serializers(input: SerializerInput, field: string): Codec[] {
  const array = fieldOf(input, field);
  if (typeof array !== 'object' || array?.kind !== 'array' || array.items instanceof Uint8Array)
    throw new EngineError('CORRUPT', `Field ${field} of ${input.className} is not an array of serializers.`);
  return array.items.map((item) => input.nested(item));
}

function fieldNames(object: JavaObject): string[] {
  const own = object.classData.find((data) => data.description.name === POJO_SERIALIZER);
  const blocks = (own?.annotations ?? []).filter((item) => item instanceof Uint8Array);
  const cursor = new Cursor(joinBytes(blocks));
  const count = cursor.count('fields of a POJO', 2);
  const names: string[] = [];
  for (let i = 0; i < count; i++) names.push(cursor.utf('field of a POJO'));
  return names;
}

function registeredSubclasses(input: SerializerInput): PojoField[] {
  const classes = javaField(input.object, 'registeredClasses');
  if (typeof classes !== 'object' || classes?.kind !== 'object') return [];
  const codecs = serializers(input, 'registeredSerializers');
  const names: string[] = [];
  for (const [key, tag] of mapEntries(classes)) {
    const boxed = typeof tag === 'object' && tag?.kind === 'object' ? javaField(tag, 'value') : tag;
    if (typeof boxed === 'number') names[boxed] = classNameOf(key, input.className);
  }
  return codecs.map((codec, i) => ({ name: names[i] ?? '?', codec }));
}

/** Entries of a `java.util.HashMap` or subclass: after `int capacity, int size` as block data, keys and values in turn. */
function mapEntries(map: JavaObject): [JavaValue, JavaValue][] {
  const data = map.classData.find((part) => part.description.name === 'java.util.HashMap');
  const objects = (data?.annotations ?? []).filter((item) => !(item instanceof Uint8Array)) as JavaValue[];
  const entries: [JavaValue, JavaValue][] = [];
  for (let i = 0; i + 1 < objects.length; i += 2) entries.push([objects[i], objects[i + 1]]);
  return entries;
}
