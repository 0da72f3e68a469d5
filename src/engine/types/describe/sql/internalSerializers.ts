import type { JavaClassDescription, JavaObject } from '../../../java/javaValue';
import { javaArray, javaClass, javaObject } from '../../../java/newJavaObjects';
import { writeJavaObject } from '../../../java/objectStreamWriter';
import { innerSnapshotClass } from '../../families/support';
import type { DescribedType } from '../describedType';
import { type FlinkLine, isAtLeast } from '../flinkLine';
import type { SnapshotOutput } from '../snapshotOutput';
import { argumentOf, BASE, fieldTypes } from '../words/word';
import { elementGetter, FIELD_GETTERS, fieldGetter } from './elementGetters';
import { LogicalTypeObjects } from './logicalTypeObjects';
import { LOGICAL_TYPE, sqlWordOf } from './sqlWords';

/**
 * The serializers of SQL's types, `InternalSerializers.create`: their snapshots and, for those that stand in the snapshots of
 * arrays and maps, the serializer objects themselves in Java's serialization (`org.apache.flink.table.runtime.typeutils`,
 * Flink 1.11 to 2.3).
 */

const TYPEUTILS = 'org.apache.flink.table.runtime.typeutils.';
const TYPE_SERIALIZER = javaClass('org.apache.flink.api.common.typeutils.TypeSerializer', 1n);
const SINGLETON = javaClass(`${BASE}TypeSerializerSingleton`, 8766687317209282373n, [], TYPE_SERIALIZER);

const path = (className: string) => `L${className.replaceAll('.', '/')};`;
const SERIALIZER_PATH = path(TYPE_SERIALIZER.name);
const TYPE_PATH = path(LOGICAL_TYPE.name);
const GETTER_PATH = 'Lorg/apache/flink/table/data/ArrayData$ElementGetter;';

/** A count of the elements of a multiset: `new IntType(false)`. */
const COUNT: DescribedType = { name: 'int', notNull: true };

/** The types of keys and values of a map, or of the elements of a multiset and their counts. */
function entryTypes(type: DescribedType): readonly [DescribedType, DescribedType] {
  return [argumentOf(type, 0), type.name === 'multiset' ? COUNT : argumentOf(type, 1)];
}

/** Writes the snapshot of the internal serializer of a type of SQL. */
export function writeInternalSnapshot(type: DescribedType, out: SnapshotOutput): void {
  const { internal } = sqlWordOf(type);
  switch (internal.kind) {
    case 'singleton':
      out.simple(innerSnapshotClass(internal.className));
      return;
    case 'decimal':
      out.versioned(`${TYPEUTILS}DecimalDataSerializer$DecimalSerializerSnapshot`, 3);
      for (const parameter of type.parameters ?? []) out.sink.i32(parameter);
      return;
    case 'timestamp':
      out.versioned(`${TYPEUTILS}TimestampDataSerializer$TimestampDataSerializerSnapshot`, 1);
      for (const parameter of type.parameters ?? []) out.sink.i32(parameter);
      return;
    case 'array':
      writeArraySnapshot(argumentOf(type, 0), out);
      return;
    case 'map':
    case 'multiset':
      writeMapSnapshot(entryTypes(type), out);
      return;
    case 'row':
      writeRowSnapshot(fieldTypes(type), out);
  }
}

/** Version 3: `i4 n`, n logical types, each a Java object stream of its own, nested block. */
export function writeRowSnapshot(fields: readonly DescribedType[], out: SnapshotOutput): void {
  out.versioned(`${TYPEUTILS}RowDataSerializer$RowDataSerializerSnapshot`, 3);
  out.sink.i32(fields.length);
  const types = new LogicalTypeObjects(out.line);
  for (const field of fields) writeJavaObject(out.sink, types.of(field));
  out.nestedBlock(fields.map((field) => () => writeInternalSnapshot(field, out)));
}

/** Version 3: logical type and serializer of the elements, each a Java object stream of its own. */
export function writeArraySnapshot(element: DescribedType, out: SnapshotOutput): void {
  const objects = new SerializerObjects(out.line);
  out.versioned(`${TYPEUTILS}ArrayDataSerializer$ArrayDataSerializerSnapshot`, 3);
  writeJavaObject(out.sink, objects.types.of(element));
  writeJavaObject(out.sink, objects.of(element));
}

/** Version 3: logical types of keys and values, then their serializers, each a Java object stream of its own. */
export function writeMapSnapshot(entry: readonly [DescribedType, DescribedType], out: SnapshotOutput): void {
  const objects = new SerializerObjects(out.line);
  out.versioned(`${TYPEUTILS}MapDataSerializer$MapDataSerializerSnapshot`, 3);
  for (const type of entry) writeJavaObject(out.sink, objects.types.of(type));
  for (const type of entry) writeJavaObject(out.sink, objects.of(type));
}

/** These declare no `serialVersionUID`; the JVM computes one from their members. */
const COMPUTED_UIDS: Readonly<Record<string, bigint>> = {
  [`${BASE}VariantSerializer`]: 5163454885762653491n,
  [`${BASE}BitmapSerializer`]: 7562101549559034581n,
};

/**
 * Nor did `MapDataSerializer` up to 1.20, and what the JVM computes differs: one number in 1.19, 1.20 and, declared, in 2.x; another
 * in 1.18 and before. 1.20 cannot restore a snapshot that has the other one.
 */
const MAP_UID = 4073842523628732956n;
const OLD_MAP_UID = 2533002123505507000n;

const MAP_FIELDS = [
  `${GETTER_PATH}:keyGetter`,
  `${SERIALIZER_PATH}:keySerializer`,
  `${TYPE_PATH}:keyType`,
  `${GETTER_PATH}:valueGetter`,
  `${SERIALIZER_PATH}:valueSerializer`,
  `${TYPE_PATH}:valueType`,
];
const ARRAY = javaClass(
  `${TYPEUTILS}ArrayDataSerializer`,
  1n,
  [`${SERIALIZER_PATH}:eleSer`, `${TYPE_PATH}:eleType`, `${GETTER_PATH}:elementGetter`],
  TYPE_SERIALIZER,
);
const PAGED = javaClass(`${TYPEUTILS}PagedTypeSerializer`, 1n, [], TYPE_SERIALIZER);
const ABSTRACT_ROW = javaClass(`${TYPEUTILS}AbstractRowDataSerializer`, 1n, [], PAGED);
const BINARY_ROW = javaClass(
  `${TYPEUTILS}BinaryRowDataSerializer`,
  1n,
  ['I:fixedLengthPartSize', 'I:numFields'],
  ABSTRACT_ROW,
);
const ROW = javaClass(
  `${TYPEUTILS}RowDataSerializer`,
  1n,
  [
    `${path(BINARY_ROW.name)}:binarySerializer`,
    '[Lorg/apache/flink/table/data/RowData$FieldGetter;:fieldGetters',
    `[${SERIALIZER_PATH}:fieldSerializers`,
    `[${TYPE_PATH}:types`,
  ],
  ABSTRACT_ROW,
);
const SERIALIZERS = javaClass(`[L${TYPE_SERIALIZER.name};`, 4143624638847974296n);
const TYPES = javaClass(`[L${LOGICAL_TYPE.name};`, 1744097763440828726n);

/** `BinaryRowData.calculateFixPartSizeInBytes`: a bit for each field behind the 8 of the row kind, in words; a word for each field. */
const fixedPart = (fields: number) => Math.floor((fields + 63 + 8) / 64) * 8 + fields * 8;

/** Serializers as Java objects; of one without fields there is one in a JVM. */
class SerializerObjects {
  readonly types: LogicalTypeObjects;
  private readonly singletons = new Map<string, JavaObject>();

  constructor(private readonly line: FlinkLine) {
    this.types = new LogicalTypeObjects(line);
  }

  of(type: DescribedType): JavaObject {
    const { internal } = sqlWordOf(type);
    const [precision = 0, scale = 0] = type.parameters ?? [];
    switch (internal.kind) {
      case 'singleton':
        return this.singleton(internal.className);
      case 'decimal':
        return javaObject(serializer('DecimalDataSerializer', 'I:precision', 'I:scale'), { precision, scale });
      case 'timestamp':
        return javaObject(serializer('TimestampDataSerializer', 'I:precision'), { precision });
      case 'array': {
        const element = argumentOf(type, 0);
        return javaObject(ARRAY, {
          eleSer: this.of(element),
          eleType: this.types.of(element),
          elementGetter: elementGetter(element, this.line),
        });
      }
      case 'map':
      case 'multiset':
        return this.map(entryTypes(type));
      case 'row':
        return this.row(fieldTypes(type));
    }
  }

  private singleton(className: string): JavaObject {
    const known =
      this.singletons.get(className) ?? javaObject(javaClass(className, COMPUTED_UIDS[className] ?? 1n, [], SINGLETON));
    this.singletons.set(className, known);
    return known;
  }

  private map([key, value]: readonly [DescribedType, DescribedType]): JavaObject {
    const uid = isAtLeast(this.line, '1.16') ? MAP_UID : OLD_MAP_UID;
    return javaObject(javaClass(`${TYPEUTILS}MapDataSerializer`, uid, MAP_FIELDS, TYPE_SERIALIZER), {
      keyGetter: elementGetter(key, this.line),
      keySerializer: this.of(key),
      keyType: this.types.of(key),
      valueGetter: elementGetter(value, this.line),
      valueSerializer: this.of(value),
      valueType: this.types.of(value),
    });
  }

  private row(fields: readonly DescribedType[]): JavaObject {
    const numFields = fields.length;
    return javaObject(ROW, {
      binarySerializer: javaObject(BINARY_ROW, { fixedLengthPartSize: fixedPart(numFields), numFields }),
      fieldGetters: javaArray(
        FIELD_GETTERS,
        fields.map((field, i) => fieldGetter(field, i, this.line)),
      ),
      fieldSerializers: javaArray(
        SERIALIZERS,
        fields.map((field) => this.of(field)),
      ),
      types: javaArray(
        TYPES,
        fields.map((field) => this.types.of(field)),
      ),
    });
  }
}

function serializer(name: string, ...fields: string[]): JavaClassDescription {
  return javaClass(`${TYPEUTILS}${name}`, 1n, fields, TYPE_SERIALIZER);
}
