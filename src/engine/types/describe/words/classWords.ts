import type { DescribedField, DescribedType } from '../describedType';
import { type SnapshotOutput, written } from '../snapshotOutput';
import { BASE, classOf, JAVA, type TypeWord } from './word';

/** Serializers of classes of the job: POJOs and enums. */

/** `EnumSerializer.EnumSerializerSnapshot`, version 3 since 1.8: `UTF class, i4 n, n x UTF constant`. */
function writeEnum(type: DescribedType, out: SnapshotOutput): void {
  const constants = type.constants ?? [];
  out.versioned(`${BASE}EnumSerializer$EnumSerializerSnapshot`, 3);
  out.sink.utf(classOf(type));
  out.sink.i32(constants.length);
  for (const { name } of constants) out.sink.utf(name);
}

/**
 * `PojoSerializerSnapshot`, version 2 since 1.8: `UTF class`, then three optional maps: fields (key `UTF declaring class, UTF
 * name`), registered subclasses, other subclasses. A POJO that is described has no subclasses.
 */
function writePojo(type: DescribedType, out: SnapshotOutput): void {
  const className = classOf(type);
  out.versioned(`${JAVA}PojoSerializerSnapshot`, 2);
  out.sink.utf(className);
  out.optionalMap(
    inOrderOfBytes(type.fields ?? []).map((field) => ({
      name: field.name,
      key: written((key) => {
        key.utf(field.declaredIn ?? className);
        key.utf(field.name);
      }),
      value: out.framed(field.type),
    })),
  );
  out.optionalMap([]);
  out.optionalMap([]);
}

/** `PojoTypeInfo` sorts the fields by name, by their UTF-16 units as `String.compareTo` does. */
function inOrderOfBytes(fields: readonly DescribedField[]): DescribedField[] {
  return [...fields].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

export const classWords: readonly TypeWord[] = [
  {
    name: 'pojo',
    about: "a class of the job's that Flink takes for a POJO; every field may be null",
    example: 'pojo com.acme.Balance {amount: double, updatedAt: long}',
    shape: { className: 'needed', fields: 'needed' },
    write: writePojo,
    javaClass: classOf,
  },
  {
    name: 'enum',
    about: "an enum of the job's, its constants in the order of the class",
    example: 'enum com.acme.Color {RED, GREEN, BLUE}',
    shape: { className: 'needed', constants: 'ordered' },
    write: writeEnum,
    javaClass: classOf,
  },
];
