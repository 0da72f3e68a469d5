import { Sink } from '../bytes/sink';
import type {
  JavaArray,
  JavaClass,
  JavaClassDescription,
  JavaEnum,
  JavaField,
  JavaObject,
  JavaValue,
} from './javaValue';
import { SC_ENUM, SC_SERIALIZABLE, SC_WRITE_METHOD } from './objectStreamConstants';

/** Objects to be written into a stream of Java's object serialization, of classes described by hand. */

/** `fields` as `'I:precision'`, in the order that the JVM gives them: primitives, then the others, each sorted by name. */
export function javaClass(
  name: string,
  serialVersionUid: bigint,
  fields: readonly string[] = [],
  superClass: JavaClassDescription | null = null,
  flags = SC_SERIALIZABLE,
): JavaClassDescription {
  return { name, serialVersionUid, flags, fields: fields.map(javaField), superClass };
}

function javaField(text: string): JavaField {
  const colon = text.lastIndexOf(':');
  return { descriptor: text.slice(0, colon), name: text.slice(colon + 1) };
}

/** An object and the values of its fields, those of its superclasses among them. */
export function javaObject(
  description: JavaClassDescription,
  values: Readonly<Record<string, JavaValue>> = {},
): JavaObject {
  const classData: JavaObject['classData'] = [];
  for (let c: JavaClassDescription | null = description; c !== null; c = c.superClass) {
    const fields = new Map(c.fields.map(({ name }) => [name, values[name] ?? null]));
    classData.unshift({ description: c, fields, annotations: [] });
  }
  return { kind: 'object', className: description.name, description, classData };
}

const ENUM = javaClass('java.lang.Enum', 0n, [], null, SC_SERIALIZABLE | SC_ENUM);

/** The constants of an enum, each of which is one object. */
export function javaEnum(className: string): (constant: string) => JavaEnum {
  const description = javaClass(className, 0n, [], ENUM, SC_SERIALIZABLE | SC_ENUM);
  const known = new Map<string, JavaEnum>();
  return (constant) => {
    const found = known.get(constant) ?? { kind: 'enum', className, description, constant };
    known.set(constant, found);
    return found;
  };
}

export function javaArray(description: JavaClassDescription, items: JavaValue[]): JavaArray {
  return { kind: 'array', className: description.name, description, items };
}

/** The `Class` object of a class that is not serializable itself. */
export function javaClassObject(name: string): JavaClass {
  return { kind: 'class', description: javaClass(name, 0n, [], null, 0) };
}

const ARRAY_LIST = javaClass(
  'java.util.ArrayList',
  8683452581122892189n,
  ['I:size'],
  null,
  SC_SERIALIZABLE | SC_WRITE_METHOD,
);

function arrayList(items: readonly JavaValue[]): JavaObject {
  const list = javaObject(ARRAY_LIST, { size: items.length });
  const capacity = new Sink(4);
  capacity.i32(items.length);
  list.classData[0].annotations = [capacity.toBytes(), ...items];
  return list;
}

/** What `Collections.unmodifiableList` of an `ArrayList` writes in its own place. */
const UNMODIFIABLE_LIST = javaClass(
  'java.util.Collections$UnmodifiableList',
  -283967356065247728n,
  ['Ljava/util/List;:list'],
  javaClass('java.util.Collections$UnmodifiableCollection', 1820017752578914078n, ['Ljava/util/Collection;:c']),
);

export function unmodifiableList(items: readonly JavaValue[]): JavaObject {
  const list = arrayList(items);
  return javaObject(UNMODIFIABLE_LIST, { c: list, list });
}

const INTEGER = javaClass(
  'java.lang.Integer',
  1360826667806852920n,
  ['I:value'],
  javaClass('java.lang.Number', -8742448824652078965n),
);

/** Java keeps one object for each of these numbers (`Integer.valueOf`). */
const SMALL_INTEGERS = Array.from({ length: 256 }, (_, i) => javaObject(INTEGER, { value: i - 128 }));

export const boxedInteger = (value: number): JavaObject =>
  SMALL_INTEGERS[value + 128] ?? javaObject(INTEGER, { value });
