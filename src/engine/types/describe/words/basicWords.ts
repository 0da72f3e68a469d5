import { innerSnapshotClass } from '../../families/support';
import { BASE, type TypeWord } from './word';

/** Serializers without parameters: `org.apache.flink.api.common.typeutils.base`, snapshots `SimpleTypeSerializerSnapshot`. */

function plain(name: string, serializer: string, javaClass: string, about: string, also?: readonly string[]): TypeWord {
  const snapshotClass = innerSnapshotClass(BASE + serializer);
  return {
    name,
    about,
    example: name,
    shape: {},
    ...(also !== undefined && { also }),
    write: (_type, out) => out.simple(snapshotClass),
    javaClass: () => javaClass,
  };
}

const VALUES = 'org.apache.flink.types.';
const VARIANT = `${VALUES}variant.Variant`;
const BITMAP = `${VALUES}bitmap.Bitmap`;

/** A word for a Java class and, with the name of that class behind it, for the class of `org.apache.flink.types` that holds the same. */
function withValueClass(word: TypeWord, simpleName: string): TypeWord {
  const valueClass = VALUES + simpleName;
  const valueSnapshot = innerSnapshotClass(`${BASE}${simpleName}Serializer`);
  return {
    ...word,
    shape: { className: 'allowed' },
    fault: ({ className }) =>
      className === undefined || className === valueClass
        ? null
        : `${word.name} takes no class but ${valueClass}, found ${className}.`,
    write: (type, out) => (type.className === undefined ? word.write(type, out) : out.simple(valueSnapshot)),
    javaClass: (type) => type.className ?? word.javaClass(type),
  };
}

export const basicWords: readonly TypeWord[] = [
  withValueClass(plain('boolean', 'BooleanSerializer', 'java.lang.Boolean', 'true or false (Boolean)'), 'BooleanValue'),
  withValueClass(plain('byte', 'ByteSerializer', 'java.lang.Byte', 'integer of 8 bits (Byte)'), 'ByteValue'),
  withValueClass(plain('short', 'ShortSerializer', 'java.lang.Short', 'integer of 16 bits (Short)'), 'ShortValue'),
  withValueClass(
    plain('int', 'IntSerializer', 'java.lang.Integer', 'integer of 32 bits (Integer)', ['integer']),
    'IntValue',
  ),
  withValueClass(plain('long', 'LongSerializer', 'java.lang.Long', 'integer of 64 bits (Long)'), 'LongValue'),
  withValueClass(plain('float', 'FloatSerializer', 'java.lang.Float', 'floating point, 32 bits (Float)'), 'FloatValue'),
  withValueClass(
    plain('double', 'DoubleSerializer', 'java.lang.Double', 'floating point, 64 bits (Double)'),
    'DoubleValue',
  ),
  withValueClass(
    plain('char', 'CharSerializer', 'java.lang.Character', 'one UTF-16 unit (Character)', ['character']),
    'CharValue',
  ),
  withValueClass(plain('string', 'StringSerializer', 'java.lang.String', 'text (String)'), 'StringValue'),
  withValueClass(plain('void', 'VoidSerializer', 'java.lang.Void', 'null and nothing else (Void)'), 'NullValue'),
  plain('biginteger', 'BigIntSerializer', 'java.math.BigInteger', 'integer of any size (BigInteger)'),
  plain('bigdecimal', 'BigDecSerializer', 'java.math.BigDecimal', 'decimal number of any size (BigDecimal)'),
  plain('date', 'DateSerializer', 'java.util.Date', 'instant in milliseconds (java.util.Date)'),
  plain('sql-date', 'SqlDateSerializer', 'java.sql.Date', 'date (java.sql.Date)'),
  plain('sql-time', 'SqlTimeSerializer', 'java.sql.Time', 'time of day (java.sql.Time)'),
  plain('sql-timestamp', 'SqlTimestampSerializer', 'java.sql.Timestamp', 'instant in nanoseconds (java.sql.Timestamp)'),
  plain('instant', 'InstantSerializer', 'java.time.Instant', 'instant in nanoseconds (Instant)'),
  plain('localdate', 'LocalDateSerializer', 'java.time.LocalDate', 'date without a time zone (LocalDate)'),
  plain('localtime', 'LocalTimeSerializer', 'java.time.LocalTime', 'time of day (LocalTime)'),
  plain(
    'localdatetime',
    'LocalDateTimeSerializer',
    'java.time.LocalDateTime',
    'date and time without a time zone (LocalDateTime)',
  ),
  { ...plain('variant', 'VariantSerializer', VARIANT, 'semi-structured data (Flink 2.1 and later)'), since: '2.1' },
  { ...plain('bitmap', 'BitmapSerializer', BITMAP, 'set of integers, compressed (Flink 2.3 and later)'), since: '2.1' },
];

/** Arrays of primitives, and that of strings: `org.apache.flink.api.common.typeutils.base.array`. */
export const primitiveArrayWords: readonly TypeWord[] = [
  plain('boolean[]', 'array.BooleanPrimitiveArraySerializer', '[Z', 'array of boolean'),
  plain('byte[]', 'array.BytePrimitiveArraySerializer', '[B', 'bytes, in JSON as base64 (byte[])', ['bytes']),
  plain('short[]', 'array.ShortPrimitiveArraySerializer', '[S', 'array of short'),
  plain('int[]', 'array.IntPrimitiveArraySerializer', '[I', 'array of int'),
  plain('long[]', 'array.LongPrimitiveArraySerializer', '[J', 'array of long'),
  plain('float[]', 'array.FloatPrimitiveArraySerializer', '[F', 'array of float'),
  plain('double[]', 'array.DoublePrimitiveArraySerializer', '[D', 'array of double'),
  plain('char[]', 'array.CharPrimitiveArraySerializer', '[C', 'array of char'),
  plain('string[]', 'array.StringArraySerializer', '[Ljava.lang.String;', 'array of String'),
];
