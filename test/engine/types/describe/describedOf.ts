import type { Cursor } from '../../../../src/engine/bytes/cursor';
import { type JavaValue, javaField } from '../../../../src/engine/java/javaValue';
import { javaEnumConstant } from '../../../../src/engine/java/jdk';
import { readJavaObject } from '../../../../src/engine/java/objectStream';
import { readNestedBlock, readOuterVersion } from '../../../../src/engine/types/compositeSnapshot';
import type { DescribedField, DescribedType } from '../../../../src/engine/types/describe/describedType';
import { SQL_WORDS } from '../../../../src/engine/types/describe/sql/sqlWords';
import { parseTypeText } from '../../../../src/engine/types/describe/typeText';
import { readEnumConstants } from '../../../../src/engine/types/families/enums';
import { readStringValue } from '../../../../src/engine/types/families/stringValue';
import { type LogicalType, logicalType } from '../../../../src/engine/types/families/table/logicalType';
import { readLinkedOptionalMap } from '../../../../src/engine/types/linkedOptionalMap';
import { SnapshotReader } from '../../../../src/engine/types/serializerSnapshot';
import { spellType } from '../../../../src/engine/types/typeInfo';

const BASE = 'org.apache.flink.api.common.typeutils.base.';
const JAVA = 'org.apache.flink.api.java.typeutils.runtime.';
const TYPEUTILS = 'org.apache.flink.table.runtime.typeutils.';

const SCALA = 'org.apache.flink.api.scala.typeutils.';
const SCALA_NOW = 'org.apache.flink.table.api.typeutils.';
const STREAMING = 'org.apache.flink.streaming.';
const skip = () => ({});

/** Composite snapshots: the word, and what the outer payload says of the type. */
const COMPOSITES: Readonly<
  Record<string, readonly [word: string, readOuter: (cursor: Cursor) => Partial<DescribedType>]>
> = {
  [`${BASE}ListSerializerSnapshot`]: ['list', skip],
  [`${BASE}MapSerializerSnapshot`]: ['map', skip],
  [`${JAVA}NullableSerializer$NullableSerializerSnapshot`]: [
    'nullable',
    (cursor) => (cursor.i32() > 0 ? { name: 'padded' } : {}),
  ],
  [`${JAVA}TupleSerializerSnapshot`]: [
    'tuple',
    (cursor) => {
      const className = cursor.utf();
      return className.startsWith('org.apache.flink.api.java.tuple.') ? {} : { className };
    },
  ],
  [`${BASE}GenericArraySerializerSnapshot`]: [
    'array',
    (cursor) => {
      cursor.utf();
      return {};
    },
  ],
  [`${SCALA}ScalaEitherSerializerSnapshot`]: ['scala-either', skip],
  [`${SCALA_NOW}ScalaEitherSerializerSnapshot`]: ['scala-either', skip],
  [`${STREAMING}api.operators.TimerSerializerSnapshot`]: ['timer', skip],
  [`${STREAMING}runtime.streamrecord.StreamElementSerializer$StreamElementSerializerSnapshot`]: ['stream-record', skip],
  'org.apache.flink.runtime.state.ttl.TtlStateFactory$TtlSerializerSnapshot': ['ttl', skip],
};

/** SQL's windows print like those of the DataStream API. */
const SQL_WINDOW = /^org\.apache\.flink\.table\.runtime\.operators\.window\.(Time|Global)Window\$/;

/**
 * The type that a snapshot was written for, with all that the printed type leaves out: the constants of enums, the schemas of
 * Avro, whether types of SQL take null, which window it is.
 */
export function describedOf(cursor: Cursor, kryo: 2 | 5): DescribedType {
  const start = cursor.position;
  const className = cursor.utf();
  const version = cursor.i32();
  const inner = () => readNestedBlock(cursor, () => describedOf(cursor, kryo));
  const composite = COMPOSITES[className];
  if (composite !== undefined) {
    const [word, readOuter] = composite;
    readOuterVersion(cursor, version);
    const outer = readOuter(cursor);
    const nested = inner();
    if (word === 'ttl') return { name: word, arguments: nested.slice(1) };
    if (word === 'nullable' && outer.name === undefined) return { ...nested[0], nullable: true };
    return { name: word, ...outer, arguments: nested };
  }
  switch (className) {
    case `${TYPEUTILS}RowDataSerializer$RowDataSerializerSnapshot`: {
      const types = Array.from({ length: cursor.i32() }, () => sqlType(readJavaObject(cursor)));
      inner();
      return { name: 'rowData', arguments: types };
    }
    case `${TYPEUTILS}LinkedListSerializer$LinkedListSerializerSnapshot`:
      readOuterVersion(cursor, version);
      cursor.bool();
      return { name: 'linked-list', arguments: inner() };
    case `${BASE}EnumSerializer$EnumSerializerSnapshot`: {
      const { className: enumClass, constants } = readEnumConstants(cursor);
      return { name: 'enum', className: enumClass, constants: constants.map((name) => ({ name })) };
    }
    case `${SCALA}ScalaEnumSerializerSnapshot`:
    case `${SCALA_NOW}ScalaEnumSerializerSnapshot`: {
      const enumClass = cursor.utf();
      const constants = Array.from({ length: cursor.i32() }, () => ({ name: cursor.utf(), id: cursor.i32() }));
      return { name: 'scala-enum', className: enumClass, constants };
    }
    case `${JAVA}PojoSerializerSnapshot`:
      return pojo(cursor, kryo);
    case 'org.apache.flink.formats.avro.typeutils.AvroSerializerSnapshot': {
      const runtimeClass = version > 2 ? (readStringValue(cursor) ?? '') : cursor.utf();
      const json = version > 2 ? (readStringValue(cursor) ?? '') : cursor.utf();
      const isGeneric = runtimeClass === 'org.apache.avro.generic.GenericRecord';
      return { name: 'avro', ...(!isGeneric && { className: runtimeClass }), schema: { json } };
    }
  }
  cursor.position = start;
  const { codec } = new SnapshotReader({ kryo }).readVersioned(cursor);
  const window = SQL_WINDOW.exec(className)?.[1];
  return window === undefined ? parseTypeText(spellType(codec.type)) : { name: `sql-${window.toLowerCase()}-window` };
}

function pojo(cursor: Cursor, kryo: 2 | 5): DescribedType {
  const className = cursor.utf();
  const fields = readLinkedOptionalMap(cursor, 'fields').map(({ name, key, value }): DescribedField => {
    if (key === null || value === null) throw new Error(`The snapshot lost the field ${name}.`);
    const declaredIn = key.utf();
    return { name, type: describedOf(value, kryo), ...(declaredIn !== className && { declaredIn }) };
  });
  const subclasses = [...readLinkedOptionalMap(cursor, 'subclasses'), ...readLinkedOptionalMap(cursor, 'subclasses')];
  if (subclasses.length > 0) throw new Error('A POJO with subclasses has no word.');
  return { name: 'pojo', className, fields };
}

function sqlType(object: JavaValue): DescribedType {
  return fromLogical(logicalType(object), object);
}

/** `object` tells the resolution of an interval, which a `LogicalType` leaves out. */
function fromLogical(type: LogicalType, object: JavaValue): DescribedType {
  const name = SQL_WORDS.find((word) => word.root === type.root)?.name;
  if (name === undefined) throw new Error(`No word for ${type.root}.`);
  if (name.startsWith('interval') && object !== null && typeof object === 'object' && object.kind === 'object')
    return interval(type, (field) => javaField(object, field) ?? null);
  const parameters = [type.length, type.precision, type.scale].filter((n) => n !== null);
  const children = type.children.map((child) => fromLogical(child, null));
  const { names } = type;
  return {
    name,
    ...(parameters.length > 0 && { parameters }),
    ...(names !== null
      ? { fields: children.map((child, i) => ({ name: names[i], type: child })) }
      : children.length > 0 && { arguments: children }),
    ...(!type.nullable && { notNull: true as const }),
  };
}

function interval(type: LogicalType, field: (name: string) => JavaValue): DescribedType {
  const words = (javaEnumConstant(field('resolution')) ?? '').toLowerCase().replaceAll('_', ' ');
  const precisions = words.startsWith('year')
    ? ['yearPrecision']
    : [
        ...(words.startsWith('day') ? ['dayPrecision'] : []),
        ...(words.endsWith('second') ? ['fractionalPrecision'] : []),
      ];
  return {
    name: `interval ${words}`,
    ...(precisions.length > 0 && { parameters: precisions.map((name) => Number(field(name))) }),
    ...(!type.nullable && { notNull: true as const }),
  };
}
