import type { TypeInfo } from '../../typeInfo';
import type { LogicalType } from './logicalType';

/** How SQL calls the types, in lower case as everything in a spelled type is. */
const NAMES: Readonly<Record<string, string>> = {
  INTEGER: 'int',
  TIME_WITHOUT_TIME_ZONE: 'time',
  TIMESTAMP_WITHOUT_TIME_ZONE: 'timestamp',
  TIMESTAMP_WITH_LOCAL_TIME_ZONE: 'timestamp_ltz',
  TIMESTAMP_WITH_TIME_ZONE: 'timestamp with time zone',
  INTERVAL_YEAR_MONTH: 'interval year to month',
  INTERVAL_DAY_TIME: 'interval day to second',
  STRUCTURED_TYPE: 'structured',
};

const TYPEUTILS = 'org.apache.flink.table.runtime.typeutils.';
const BASE = 'org.apache.flink.api.common.typeutils.base.';

/** The serializer that `InternalSerializers` makes for a type. */
const SERIALIZERS: Readonly<Record<string, string>> = {
  CHAR: `${TYPEUTILS}StringDataSerializer`,
  VARCHAR: `${TYPEUTILS}StringDataSerializer`,
  BOOLEAN: `${BASE}BooleanSerializer`,
  BINARY: `${BASE}array.BytePrimitiveArraySerializer`,
  VARBINARY: `${BASE}array.BytePrimitiveArraySerializer`,
  DECIMAL: `${TYPEUTILS}DecimalDataSerializer`,
  TINYINT: `${BASE}ByteSerializer`,
  SMALLINT: `${BASE}ShortSerializer`,
  INTEGER: `${BASE}IntSerializer`,
  DATE: `${BASE}IntSerializer`,
  TIME_WITHOUT_TIME_ZONE: `${BASE}IntSerializer`,
  INTERVAL_YEAR_MONTH: `${BASE}IntSerializer`,
  BIGINT: `${BASE}LongSerializer`,
  INTERVAL_DAY_TIME: `${BASE}LongSerializer`,
  FLOAT: `${BASE}FloatSerializer`,
  DOUBLE: `${BASE}DoubleSerializer`,
  TIMESTAMP_WITHOUT_TIME_ZONE: `${TYPEUTILS}TimestampDataSerializer`,
  TIMESTAMP_WITH_LOCAL_TIME_ZONE: `${TYPEUTILS}TimestampDataSerializer`,
  ARRAY: `${TYPEUTILS}ArrayDataSerializer`,
  MULTISET: `${TYPEUTILS}MapDataSerializer`,
  MAP: `${TYPEUTILS}MapDataSerializer`,
  ROW: `${TYPEUTILS}RowDataSerializer`,
  STRUCTURED_TYPE: `${TYPEUTILS}RowDataSerializer`,
  RAW: `${TYPEUTILS}RawValueDataSerializer`,
  VARIANT: `${BASE}VariantSerializer`,
  BITMAP: `${BASE}BitmapSerializer`,
};

/** What people are told of a logical type; `parts` are its children, already told. */
export function logicalTypeInfo(type: LogicalType, parts: readonly TypeInfo[]): TypeInfo {
  const parameters = [type.length, type.precision, type.scale].filter((n) => n !== null);
  const { names } = type;
  const fields = names === null ? null : parts.map((part, i) => ({ name: names[i] ?? `f${i}`, type: part }));
  return {
    name: NAMES[type.root] ?? type.root.toLowerCase(),
    serializer: SERIALIZERS[type.root] ?? '',
    ...(type.className !== null && { className: type.className }),
    ...(parameters.length > 0 && { parameters }),
    ...(fields !== null ? { fields } : parts.length > 0 && { arguments: parts }),
  };
}
