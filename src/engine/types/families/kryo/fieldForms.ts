import {
  AlternativeValue,
  InstantValue,
  LocalDateTimeValue,
  LocalDateValue,
  LocalTimeValue,
  RecordValue,
} from '../../values';
import type { Form, Forms } from './forms';
import type { KryoGraph } from './graph';
import { uuid } from './scalars';
import { offsetText } from './time';

/**
 * Classes that `FieldSerializer` writes, whose fields are known. It writes the fields that are neither static nor transient
 * in the order of their names, with no names and no types: primitives as Kryo writes them, an object of a final class with a
 * byte for null, any other with its class.
 *
 * The fields are those of the JDK from 8 to 21 and of Flink's `Value` and `Either` classes and its Kafka connector (for its tuples and rows see flinkForms.ts); any
 * other class is left unread.
 */
type Kind = 'boolean' | 'byte' | 'short' | 'char' | 'int' | 'long' | 'float' | 'double' | 'object' | `final ${string}`;

function readField(graph: KryoGraph, kind: Kind): unknown {
  if (kind === 'object') return graph.readClassAndObject();
  if (kind.startsWith('final ')) return graph.readObject(kind.slice('final '.length), true);
  const { input } = graph;
  switch (kind) {
    case 'boolean':
      return input.cursor.bool('boolean');
    case 'byte':
      return input.cursor.i8();
    case 'short':
      return input.short();
    case 'char':
      return input.char();
    case 'float':
      return input.float();
    case 'int':
      return input.zigzag();
    case 'long':
      return input.zigzagLong();
    default:
      return input.double();
  }
}

type Fields = Readonly<Record<string, Kind>>;

/** `fields` in the order of the bytes; `make` gets their values in that order. */
function fieldForm(fields: Fields, make?: (values: never[]) => unknown): Form {
  const names = Object.keys(fields);
  const kinds = Object.values(fields);
  return {
    final: true,
    read(graph, className) {
      const values = kinds.map((kind) => readField(graph, kind));
      return make === undefined ? new RecordValue(names, values, className) : make(values as never[]);
    },
  };
}

/** A field form whose record is shown in another order, as dialect 5's form of the class is. */
function shown(fields: Fields, order: readonly string[]): Form {
  const names = Object.keys(fields);
  const places = order.map((name) => names.indexOf(name));
  const inner = fieldForm(fields);
  return {
    final: true,
    read(graph, className) {
      const { values } = inner.read(graph, className) as RecordValue;
      return new RecordValue(
        order,
        places.map((place) => values[place]),
        className,
      );
    },
  };
}

const only = (form: Form): Forms => ({ 2: form });

const OPTIONAL_INT = fieldForm({ isPresent: 'boolean', value: 'int' }, ([there, value]) => (there ? value : null));
const OPTIONAL_LONG = fieldForm({ isPresent: 'boolean', value: 'long' }, ([there, value]) => (there ? value : null));
const OPTIONAL_DOUBLE = fieldForm({ isPresent: 'boolean', value: 'double' }, ([there, value]) =>
  there ? value : null,
);

/** The one field stands for the whole. */
const wrapped = (field: string, kind: Kind): Form => fieldForm({ [field]: kind }, ([value]) => value);

const entry = fieldForm({ key: 'object', value: 'object' });
const noFields = fieldForm({});

export const FIELD_FORMS: Readonly<Record<string, Form | Forms>> = {
  'java.util.Optional': only(wrapped('value', 'object')),
  'java.util.OptionalInt': only(OPTIONAL_INT),
  'java.util.OptionalLong': only(OPTIONAL_LONG),
  'java.util.OptionalDouble': only(OPTIONAL_DOUBLE),
  'java.time.Duration': only(shown({ nanos: 'int', seconds: 'long' }, ['seconds', 'nanos'])),
  'java.time.Instant': only(
    fieldForm({ nanos: 'int', seconds: 'long' }, ([nanos, seconds]) => new InstantValue(seconds, nanos)),
  ),
  'java.time.LocalDate': only(
    fieldForm(
      { day: 'short', month: 'short', year: 'int' },
      ([day, month, year]) => new LocalDateValue(year, month, day),
    ),
  ),
  'java.time.LocalTime': only(
    fieldForm(
      { hour: 'byte', minute: 'byte', nano: 'int', second: 'byte' },
      ([hour, minute, nano, second]) => new LocalTimeValue(hour, minute, second, nano),
    ),
  ),
  'java.time.LocalDateTime': only(
    fieldForm({ date: 'final java.time.LocalDate', time: 'final java.time.LocalTime' }, ([date, time]) =>
      date === null || time === null ? null : new LocalDateTimeValue(date, time),
    ),
  ),
  'java.time.ZoneOffset': only(fieldForm({ totalSeconds: 'int' }, ([seconds]) => offsetText(seconds))),
  'java.time.ZoneRegion': only(wrapped('id', 'final java.lang.String')),
  'java.time.OffsetTime': only(
    shown({ offset: 'final java.time.ZoneOffset', time: 'final java.time.LocalTime' }, ['time', 'offset']),
  ),
  'java.time.OffsetDateTime': only(
    fieldForm({ dateTime: 'final java.time.LocalDateTime', offset: 'final java.time.ZoneOffset' }),
  ),
  'java.time.ZonedDateTime': only(
    fieldForm({ dateTime: 'final java.time.LocalDateTime', offset: 'final java.time.ZoneOffset', zone: 'object' }),
  ),
  'java.time.Year': only(fieldForm({ year: 'int' })),
  'java.time.YearMonth': only(shown({ month: 'int', year: 'int' }, ['year', 'month'])),
  'java.time.MonthDay': only(shown({ day: 'int', month: 'int' }, ['month', 'day'])),
  'java.time.Period': only(shown({ days: 'int', months: 'int', years: 'int' }, ['years', 'months', 'days'])),
  'java.util.concurrent.atomic.AtomicInteger': wrapped('value', 'int'),
  'java.util.concurrent.atomic.AtomicLong': wrapped('value', 'long'),
  'java.util.concurrent.atomic.AtomicBoolean': fieldForm({ value: 'int' }, ([value]) => value !== 0),
  'java.util.concurrent.atomic.AtomicReference': wrapped('value', 'object'),
  'java.lang.Object': noFields,
  'java.util.AbstractMap$SimpleEntry': entry,
  'java.util.AbstractMap$SimpleImmutableEntry': entry,
  'java.util.KeyValueHolder': entry,
  'java.lang.String$CaseInsensitiveComparator': noFields,
  'java.util.Collections$ReverseComparator': noFields,
  'java.util.Collections$ReverseComparator2': wrapped('cmp', 'object'),
  'org.apache.flink.types.Either$Left': fieldForm(
    { right: 'object', value: 'object' },
    ([, value]) => new AlternativeValue('left', value),
  ),
  'org.apache.flink.types.Either$Right': fieldForm(
    { left: 'object', value: 'object' },
    ([, value]) => new AlternativeValue('right', value),
  ),
  'org.apache.flink.types.BooleanValue': wrapped('value', 'boolean'),
  'org.apache.flink.types.ByteValue': wrapped('value', 'byte'),
  'org.apache.flink.types.CharValue': wrapped('value', 'char'),
  'org.apache.flink.types.DoubleValue': wrapped('value', 'double'),
  'org.apache.flink.types.FloatValue': wrapped('value', 'float'),
  'org.apache.flink.types.IntValue': wrapped('value', 'int'),
  'org.apache.flink.types.LongValue': wrapped('value', 'long'),
  'org.apache.flink.types.NullValue': fieldForm({}, () => null),
  'org.apache.flink.types.ShortValue': wrapped('value', 'short'),
  'org.apache.flink.types.StringValue': fieldForm(
    { hashCode: 'int', len: 'int', value: 'final [C' },
    // The array may be longer than what it holds.
    ([, length, chars]) => (chars as string[] | null)?.slice(0, length).join('') ?? null,
  ),
  'org.apache.flink.streaming.connectors.kafka.internals.KafkaTopicPartition': shown(
    { cachedHash: 'int', partition: 'int', topic: 'final java.lang.String' },
    ['topic', 'partition', 'cachedHash'],
  ),
};

/** Forms of classes that Chill registers, where it is not on the class path. */
export const FIELDS_WITHOUT_CHILL: Readonly<Record<string, Form | Forms>> = {
  'java.util.UUID': fieldForm({ leastSigBits: 'long', mostSigBits: 'long' }, ([least, most]) => uuid(most, least)),
};
