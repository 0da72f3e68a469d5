import { EngineError } from '../../../bytes/engineError';
import type { JavaClassDescription } from '../../../java/javaValue';
import { javaClass, javaEnum, javaObject, unmodifiableList } from '../../../java/newJavaObjects';
import type { DescribedType } from '../describedType';
import type { FlinkLine } from '../flinkLine';
import { plainName } from '../plainName';
import { argumentOf, BASE, type ParameterRange, type WordShape } from '../words/word';
import type { InternalSerializer, SqlWord } from './sqlWord';

/** SQL's types (`org.apache.flink.table.types.logical`), whose classes are the same in 1.11 to 2.3. */

export const LOGICAL_PACKAGE = 'org.apache.flink.table.types.logical.';
const LOGICAL_PATH = `L${LOGICAL_PACKAGE.replaceAll('.', '/')}`;
const SQL_SERIALIZERS = 'org.apache.flink.table.runtime.typeutils.';

/** `new TimestampType(…)`: of the column, not one that Flink derives the watermark from. */
const timestampKind = javaEnum(`${LOGICAL_PACKAGE}TimestampKind`);
const yearMonth = javaEnum(`${LOGICAL_PACKAGE}YearMonthIntervalType$YearMonthResolution`);
const dayTime = javaEnum(`${LOGICAL_PACKAGE}DayTimeIntervalType$DayTimeResolution`);

export const LOGICAL_TYPE = javaClass(`${LOGICAL_PACKAGE}LogicalType`, 1n, [
  'Z:isNullable',
  `${LOGICAL_PATH}LogicalTypeRoot;:typeRoot`,
]);

const typeClass = (name: string, ...fields: string[]): JavaClassDescription =>
  javaClass(`${LOGICAL_PACKAGE}${name}`, 1n, fields, LOGICAL_TYPE);

const singleton = (className: string): InternalSerializer => ({ kind: 'singleton', className });
const STRING = singleton(`${SQL_SERIALIZERS}StringDataSerializer`);
const BYTES = singleton(`${BASE}array.BytePrimitiveArraySerializer`);
const INT = singleton(`${BASE}IntSerializer`);
const LONG = singleton(`${BASE}LongSerializer`);

const MAX_LENGTH = 0x7fffffff;
const length: ParameterRange = { name: 'length', least: 1, most: MAX_LENGTH };
const fraction = (fallback: number): ParameterRange => ({ name: 'precision', least: 0, most: 9, fallback });

interface Told {
  readonly about: string;
  readonly also?: readonly string[];
  readonly since?: FlinkLine;
}

/** A type without parameters. */
function plain(name: string, root: string, className: string, internal: InternalSerializer, told: Told): SqlWord {
  const description = typeClass(className);
  return { name, root, internal, ...told, example: name, shape: {}, javaClass: description, javaFields: () => ({}) };
}

/** A type with numbers in brackets, which are fields of its class by the names in `fields`. */
function measured(
  name: string,
  root: string,
  className: string,
  internal: InternalSerializer,
  [ranges, fields]: readonly [readonly ParameterRange[], readonly string[]],
  told: Told & { readonly example: string },
): SqlWord {
  return {
    name,
    root,
    internal,
    ...told,
    shape: { parameters: ranges },
    javaClass: typeClass(className, ...fields.map((field) => `I:${field}`)),
    javaFields: ({ parameters }) => Object.fromEntries(fields.map((field, i) => [field, parameters?.[i] ?? 0])),
  };
}

function timestamp(name: string, root: string, className: string, told: Told): SqlWord {
  return {
    name,
    root,
    internal: { kind: 'timestamp' },
    ...told,
    example: `${name}(3)`,
    shape: { parameters: [fraction(6)] },
    javaClass: typeClass(className, 'I:precision', `${LOGICAL_PATH}TimestampKind;:kind`),
    javaFields: ({ parameters }) => ({ precision: parameters?.[0] ?? 6, kind: timestampKind('REGULAR') }),
  };
}

const YEAR_PRECISION: ParameterRange = { name: 'precision of years', least: 1, most: 4, fallback: 2 };
const DAY_PRECISION: ParameterRange = { name: 'precision of days', least: 1, most: 6, fallback: 2 };
const SECOND_PRECISION: ParameterRange = { name: 'precision of seconds', least: 0, most: 9, fallback: 6 };

function yearMonthInterval(name: string, about: string): SqlWord {
  const words = name.replace('interval ', '');
  const hasYears = words.startsWith('year');
  const range = `${LOGICAL_PATH}YearMonthIntervalType$YearMonthResolution;:resolution`;
  return {
    name,
    about,
    example: name,
    root: 'INTERVAL_YEAR_MONTH',
    internal: INT,
    shape: hasYears ? { parameters: [YEAR_PRECISION] } : {},
    javaClass: typeClass('YearMonthIntervalType', 'I:yearPrecision', range),
    javaFields: ({ parameters }) => ({
      yearPrecision: parameters?.[0] ?? 2,
      resolution: yearMonth(words.toUpperCase().replaceAll(' ', '_')),
    }),
  };
}

function dayTimeInterval(name: string, about: string): SqlWord {
  const words = name.replace('interval ', '');
  const ranges = [
    ...(words.startsWith('day') ? [DAY_PRECISION] : []),
    ...(words.endsWith('second') ? [SECOND_PRECISION] : []),
  ];
  const resolution = `${LOGICAL_PATH}DayTimeIntervalType$DayTimeResolution;:resolution`;
  return {
    name,
    about,
    example: name,
    root: 'INTERVAL_DAY_TIME',
    internal: LONG,
    shape: ranges.length > 0 ? { parameters: ranges } : {},
    javaClass: typeClass('DayTimeIntervalType', 'I:dayPrecision', 'I:fractionalPrecision', resolution),
    javaFields: ({ parameters }) => ({
      dayPrecision: parameters?.[ranges.indexOf(DAY_PRECISION)] ?? 2,
      fractionalPrecision: parameters?.[ranges.indexOf(SECOND_PRECISION)] ?? 6,
      resolution: dayTime(words.toUpperCase().replaceAll(' ', '_')),
    }),
  };
}

/** A type made of others, which are the fields of its class. */
function composed(
  name: 'array' | 'multiset' | 'map',
  className: string,
  fields: readonly string[],
  about: string,
  example: string,
): SqlWord {
  const shape: WordShape = { arguments: [fields.length, fields.length] };
  return {
    name,
    about,
    example,
    shape,
    root: name.toUpperCase(),
    internal: { kind: name },
    javaClass: typeClass(className, ...fields.map((field) => `${LOGICAL_PATH}LogicalType;:${field}`)),
    javaFields: (type, logicalType) =>
      Object.fromEntries(fields.map((field, i) => [field, logicalType(argumentOf(type, i))])),
  };
}

const ROW_FIELD = javaClass(`${LOGICAL_PACKAGE}RowType$RowField`, 1n, [
  'Ljava/lang/String;:description',
  'Ljava/lang/String;:name',
  `${LOGICAL_PATH}LogicalType;:type`,
]);

function rowFields(type: DescribedType): readonly { name: string; type: DescribedType }[] {
  return type.fields ?? type.arguments?.map((argument, i) => ({ name: `f${i}`, type: argument })) ?? [];
}

const row: SqlWord = {
  name: 'row',
  about: 'a row in a row; the names of its fields are part of the type',
  example: 'row {city: varchar(40), zip: int}',
  root: 'ROW',
  internal: { kind: 'row' },
  shape: { arguments: [0, Number.MAX_SAFE_INTEGER], fields: 'insteadOfArguments' },
  javaClass: typeClass('RowType', 'Ljava/util/List;:fields'),
  javaFields: (type, logicalType) => ({
    fields: unmodifiableList(
      rowFields(type).map((field) => javaObject(ROW_FIELD, { name: field.name, type: logicalType(field.type) })),
    ),
  }),
};

/** `VariantType` declares no `serialVersionUID`: this is what the JVM computes for 2.1 to 2.3. */
const VARIANT_UID = -7525210688776332292n;

export const SQL_WORDS: readonly SqlWord[] = [
  plain('boolean', 'BOOLEAN', 'BooleanType', singleton(`${BASE}BooleanSerializer`), { about: 'true or false' }),
  plain('tinyint', 'TINYINT', 'TinyIntType', singleton(`${BASE}ByteSerializer`), { about: 'integer of 8 bits' }),
  plain('smallint', 'SMALLINT', 'SmallIntType', singleton(`${BASE}ShortSerializer`), { about: 'integer of 16 bits' }),
  plain('int', 'INTEGER', 'IntType', INT, { about: 'integer of 32 bits', also: ['integer'] }),
  plain('bigint', 'BIGINT', 'BigIntType', LONG, { about: 'integer of 64 bits' }),
  plain('float', 'FLOAT', 'FloatType', singleton(`${BASE}FloatSerializer`), { about: 'floating point, 32 bits' }),
  plain('double', 'DOUBLE', 'DoubleType', singleton(`${BASE}DoubleSerializer`), { about: 'floating point, 64 bits' }),
  measured('varchar', 'VARCHAR', 'VarCharType', STRING, [[length], ['length']], {
    about: 'text of at most so many characters; STRING of SQL is varchar(2147483647)',
    example: 'varchar(20)',
  }),
  measured('char', 'CHAR', 'CharType', STRING, [[length], ['length']], {
    about: 'text of exactly so many characters',
    example: 'char(3)',
  }),
  measured('varbinary', 'VARBINARY', 'VarBinaryType', BYTES, [[length], ['length']], {
    about: 'at most so many bytes; BYTES of SQL is varbinary(2147483647)',
    example: 'varbinary(16)',
  }),
  measured('binary', 'BINARY', 'BinaryType', BYTES, [[length], ['length']], {
    about: 'exactly so many bytes',
    example: 'binary(16)',
  }),
  {
    ...measured(
      'decimal',
      'DECIMAL',
      'DecimalType',
      { kind: 'decimal' },
      [
        [
          { name: 'precision', least: 1, most: 38, fallback: 10 },
          { name: 'scale', least: 0, most: 38, fallback: 0 },
        ],
        ['precision', 'scale'],
      ],
      { about: 'decimal number: digits, and how many of them behind the point', example: 'decimal(10, 2)' },
    ),
    also: ['dec', 'numeric'],
    fault: ({ parameters }) =>
      (parameters?.[1] ?? 0) > (parameters?.[0] ?? 0) ? 'The scale of a decimal is not more than its precision.' : null,
  },
  plain('date', 'DATE', 'DateType', INT, { about: 'date without a time zone' }),
  measured('time', 'TIME_WITHOUT_TIME_ZONE', 'TimeType', INT, [[fraction(0)], ['precision']], {
    about: 'time of day',
    example: 'time(3)',
  }),
  timestamp('timestamp', 'TIMESTAMP_WITHOUT_TIME_ZONE', 'TimestampType', {
    about: 'date and time without a time zone',
  }),
  timestamp('timestamp_ltz', 'TIMESTAMP_WITH_LOCAL_TIME_ZONE', 'LocalZonedTimestampType', { about: 'instant' }),
  composed('array', 'ArrayType', ['elementType'], 'array of a type of SQL', 'array<int>'),
  composed('map', 'MapType', ['keyType', 'valueType'], 'map of types of SQL', 'map<varchar(20), bigint>'),
  composed(
    'multiset',
    'MultisetType',
    ['elementType'],
    'elements and how often each is there',
    'multiset<varchar(20)>',
  ),
  row,
  ...['year', 'year to month', 'month'].map((words) => yearMonthInterval(`interval ${words}`, 'a number of months')),
  ...[
    'day',
    'day to hour',
    'day to minute',
    'day to second',
    'hour',
    'hour to minute',
    'hour to second',
    'minute',
    'minute to second',
    'second',
  ].map((words) => dayTimeInterval(`interval ${words}`, 'a number of milliseconds')),
  {
    ...plain('variant', 'VARIANT', 'VariantType', singleton(`${BASE}VariantSerializer`), {
      about: 'semi-structured data (Flink 2.1 and later)',
      since: '2.1',
    }),
    javaClass: javaClass(`${LOGICAL_PACKAGE}VariantType`, VARIANT_UID, [], LOGICAL_TYPE),
  },
  plain('bitmap', 'BITMAP', 'BitmapType', singleton(`${BASE}BitmapSerializer`), {
    about: 'set of integers, compressed (Flink 2.3 and later)',
    since: '2.1',
  }),
];

/** Short for a word with its parameters. */
const SHORT: Readonly<Record<string, DescribedType>> = {
  string: { name: 'varchar', parameters: [MAX_LENGTH] },
  bytes: { name: 'varbinary', parameters: [MAX_LENGTH] },
};

const byName = new Map(
  SQL_WORDS.flatMap((word) => [word.name, ...(word.also ?? [])].map((name) => [plainName(name), word])),
);

export const sqlWord = (name: string): SqlWord | undefined => byName.get(plainName(name));

/** What `string` or `bytes` is short for. */
export const sqlShort = (name: string): DescribedType | undefined => SHORT[plainName(name)];

/** The word of a type that stands in a type of SQL. */
export function sqlWordOf(type: DescribedType): SqlWord {
  const word = type.stored === undefined ? byName.get(plainName(type.name)) : undefined;
  if (word === undefined) throw new EngineError('BAD_ARGUMENT', `${type.name} is no type of SQL.`);
  return word;
}
