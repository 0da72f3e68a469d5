import type { Cursor } from '../../../../src/engine/bytes/cursor';
import { type JavaValue, javaField } from '../../../../src/engine/java/javaValue';
import { javaEnumConstant } from '../../../../src/engine/java/jdk';
import { readJavaObject } from '../../../../src/engine/java/objectStream';
import { readNestedBlock, readOuterVersion } from '../../../../src/engine/types/compositeSnapshot';
import type { DescribedType } from '../../../../src/engine/types/describe/describedType';
import { SQL_WORDS } from '../../../../src/engine/types/describe/sql/sqlWords';
import { parseTypeText } from '../../../../src/engine/types/describe/typeText';
import { type LogicalType, logicalType } from '../../../../src/engine/types/families/table/logicalType';
import { SnapshotReader } from '../../../../src/engine/types/serializerSnapshot';
import { spellType } from '../../../../src/engine/types/typeInfo';

const BASE = 'org.apache.flink.api.common.typeutils.base.';
const TYPEUTILS = 'org.apache.flink.table.runtime.typeutils.';

/** Composite snapshots without an outer payload, and the words for them. */
const COMPOSITES: Readonly<Record<string, string>> = {
  [`${BASE}ListSerializerSnapshot`]: 'list',
  [`${BASE}MapSerializerSnapshot`]: 'map',
  'org.apache.flink.streaming.api.operators.TimerSerializerSnapshot': 'timer',
  'org.apache.flink.runtime.state.ttl.TtlStateFactory$TtlSerializerSnapshot': 'ttl',
};

/** SQL's windows print like those of the DataStream API. */
const SQL_WINDOW = /^org\.apache\.flink\.table\.runtime\.operators\.window\.(Time|Global)Window\$/;

/**
 * The type that a snapshot was written for, with all that the printed type leaves out: whether types of SQL take null, which
 * window it is.
 */
export function describedOf(cursor: Cursor, kryo: 2 | 5): DescribedType {
  const start = cursor.position;
  const className = cursor.utf();
  const version = cursor.i32();
  const composite = COMPOSITES[className];
  if (composite !== undefined) {
    readOuterVersion(cursor, version);
    const inner = readNestedBlock(cursor, () => describedOf(cursor, kryo));
    return { name: composite, arguments: composite === 'ttl' ? inner.slice(1) : inner };
  }
  if (className === `${TYPEUTILS}RowDataSerializer$RowDataSerializerSnapshot`) {
    const n = cursor.i32();
    const types = Array.from({ length: n }, () => sqlType(readJavaObject(cursor)));
    readNestedBlock(cursor, () => describedOf(cursor, kryo));
    return { name: 'rowData', arguments: types };
  }
  cursor.position = start;
  const { codec } = new SnapshotReader({ kryo }).readVersioned(cursor);
  const window = SQL_WINDOW.exec(className)?.[1];
  return window === undefined ? parseTypeText(spellType(codec.type)) : { name: `sql-${window.toLowerCase()}-window` };
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
