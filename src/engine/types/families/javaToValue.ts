import { Cursor } from '../../bytes/cursor';
import { EngineError } from '../../bytes/engineError';
import { type JavaArray, type JavaObject, type JavaValue, javaField } from '../../java/javaValue';
import {
  BigIntegerValue,
  DecimalValue,
  EnumValue,
  InstantValue,
  LocalDateTimeValue,
  LocalDateValue,
  LocalTimeValue,
  MapValue,
  RecordValue,
  SetValue,
} from '../values';
import { fromTwosComplement } from './bigNumbers';
import { instantOfMillis } from './temporal';

/** Objects that one value may unfold to: shared ones count each time, so that few bytes cannot become a giant value. */
const MAX_OBJECTS = 1_000_000;

/**
 * What a Java object is as a decoded value: boxes, numbers, dates, collections and maps of the JDK and Flink's tuples as
 * themselves; any other object as its fields, with its class. Where an object contains itself, the inner one has no fields.
 */
export function javaToValue(value: JavaValue): unknown {
  return new Unfolding().value(value);
}

type Convert = (object: JavaObject, inner: (value: JavaValue) => unknown) => unknown;

class Unfolding {
  private count = 0;
  private readonly open = new Set<JavaValue>();

  readonly value = (value: JavaValue): unknown => {
    if (value === null || typeof value !== 'object') return value;
    if (++this.count > MAX_OBJECTS)
      throw new EngineError('LIMIT', `A Java object unfolds to more than ${MAX_OBJECTS} objects.`);
    if (value.kind === 'enum') return new EnumValue(value.constant, -1);
    if (value.kind === 'class') return new RecordValue(['name'], [value.description.name], 'java.lang.Class');
    if (this.open.has(value)) return new RecordValue([], [], value.className);
    this.open.add(value);
    try {
      return value.kind === 'array' ? this.array(value) : this.object(value);
    } finally {
      this.open.delete(value);
    }
  };

  private array({ items }: JavaArray): unknown {
    return items instanceof Uint8Array ? items : items.map(this.value);
  }

  private object(object: JavaObject): unknown {
    const convert = CONVERSIONS.get(object.className);
    if (convert !== undefined) return convert(object, this.value);
    if (object.className.startsWith(TUPLE)) return this.tuple(object);
    return this.record(object);
  }

  private tuple(object: JavaObject): unknown[] {
    const fields: unknown[] = [];
    for (let i = 0; ; i++) {
      const field = javaField(object, `f${i}`);
      if (field === undefined) return fields;
      fields.push(this.value(field));
    }
  }

  /** Fields of the class itself first, then those of its superclasses; a name that occurs again says whose it is. */
  private record(object: JavaObject): RecordValue {
    const names: string[] = [];
    const values: unknown[] = [];
    for (const { description, fields } of object.classData.toReversed()) {
      for (const [name, value] of fields) {
        names.push(names.includes(name) ? `${description.name}.${name}` : name);
        values.push(this.value(value));
      }
    }
    return new RecordValue(names, values, object.className);
  }
}

const TUPLE = 'org.apache.flink.api.java.tuple.Tuple';

const boxed: Convert = (object, inner) => inner(field(object, 'value'));

function field(object: JavaObject, name: string): JavaValue {
  const value = javaField(object, name);
  if (value === undefined)
    throw new EngineError('UNREADABLE', `A ${object.className} has no field ${name} in its stream.`);
  return value;
}

/** What the classes of the JDK wrote by their own `writeObject`: block data in one piece, and objects. */
function written(object: JavaObject, className: string): { data: Cursor; objects: JavaValue[] } {
  const annotations = object.classData.find(({ description }) => description.name === className)?.annotations ?? [];
  const blocks = annotations.filter((item) => item instanceof Uint8Array);
  const objects = annotations.filter((item): item is JavaValue => !(item instanceof Uint8Array));
  return {
    data: new Cursor(blocks.length === 1 ? blocks[0] : Uint8Array.from(blocks.flatMap((b) => [...b]))),
    objects,
  };
}

/** Elements that `className` wrote one behind the other. */
const elements =
  (className: string): Convert =>
  (object, inner) =>
    written(object, className).objects.map(inner);

const elementSet =
  (className: string): Convert =>
  (object, inner) =>
    new SetValue(written(object, className).objects.map(inner));

/** Keys and values that `className` wrote in turn. */
const entries =
  (className: string): Convert =>
  (object, inner) =>
    new MapValue(pairsOf(written(object, className).objects, inner));

function pairsOf(objects: readonly JavaValue[], inner: (value: JavaValue) => unknown): [unknown, unknown][] {
  const pairs: [unknown, unknown][] = [];
  for (let i = 0; i + 1 < objects.length; i += 2) pairs.push([inner(objects[i]), inner(objects[i + 1])]);
  return pairs;
}

/** `java.util.concurrent.ConcurrentHashMap.writeObject`: keys and values in turn, then two nulls. */
const concurrentMap: Convert = (object, inner) => {
  const { objects } = written(object, object.className);
  return new MapValue(pairsOf(objects.slice(0, -2), inner));
};

/** The collection that a wrapper holds in a field. */
const wrapped =
  (name: string): Convert =>
  (object, inner) =>
    inner(field(object, name));

/** `java.util.Date.writeObject`: `long` milliseconds. */
function dateOf(object: JavaObject): InstantValue {
  return instantOfMillis(written(object, 'java.util.Date').data.i64());
}

/** `nanos` holds the whole fraction; the milliseconds of the superclass have none. */
const timestamp: Convert = (object) => {
  const nanos = field(object, 'nanos');
  return typeof nanos === 'number' ? new InstantValue(dateOf(object).seconds, nanos) : dateOf(object);
};

const bigInteger: Convert = (object) => {
  const magnitude = field(object, 'magnitude');
  const signum = field(object, 'signum');
  if (typeof magnitude !== 'object' || magnitude?.kind !== 'array' || !(magnitude.items instanceof Uint8Array))
    throw new EngineError('UNREADABLE', 'A BigInteger has no magnitude in its stream.');
  const value = fromTwosComplement(Uint8Array.of(0, ...magnitude.items));
  return new BigIntegerValue(signum === -1 ? -value : value);
};

const bigDecimal: Convert = (object, inner) => {
  const unscaled = inner(field(object, 'intVal'));
  const scale = field(object, 'scale');
  if (!(unscaled instanceof BigIntegerValue) || typeof scale !== 'number')
    throw new EngineError('UNREADABLE', 'A BigDecimal has no unscaled value in its stream.');
  return new DecimalValue(unscaled.value, scale);
};

const uuid: Convert = (object) => {
  const halves = [field(object, 'mostSigBits'), field(object, 'leastSigBits')].map((half) =>
    BigInt.asUintN(64, typeof half === 'bigint' ? half : 0n)
      .toString(16)
      .padStart(16, '0'),
  );
  return halves.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

/** `java.time.Ser`: a byte for the class, then its fields; of a time, trailing zeros are left out, told by a complement. */
const javaTime: Convert = (object) => {
  const { data } = written(object, 'java.time.Ser');
  const type = data.u8();
  switch (type) {
    case 2:
      return new InstantValue(data.i64(), data.i32());
    case 3:
      return localDate(data);
    case 4:
      return localTime(data);
    case 5:
      return new LocalDateTimeValue(localDate(data), localTime(data));
    default:
      return new RecordValue(['type', 'bytes'], [type, data.take(data.remaining)], object.className);
  }
};

function localDate(data: Cursor): LocalDateValue {
  return new LocalDateValue(data.i32(), data.u8(), data.u8());
}

function localTime(data: Cursor): LocalTimeValue {
  const parts: number[] = [];
  while (parts.length < 3) {
    const part = data.i8();
    parts.push(part < 0 ? ~part : part);
    if (part < 0) return new LocalTimeValue(parts[0], parts[1] ?? 0, parts[2] ?? 0, 0);
  }
  return new LocalTimeValue(parts[0], parts[1], parts[2], data.i32());
}

/** `java.util.CollSer` (since 9), behind `List.of` and its like: field `tag` (1 list, 2 set, 3 map, 4 list with nulls). */
const immutable: Convert = (object, inner) => {
  const tag = field(object, 'tag');
  if (tag === 2) return elementSet('java.util.CollSer')(object, inner);
  return (tag === 3 ? entries : elements)('java.util.CollSer')(object, inner);
};

const CONVERSIONS = new Map<string, Convert>([
  ...['Boolean', 'Byte', 'Short', 'Integer', 'Long', 'Float', 'Double', 'Character'].map(
    (name) => [`java.lang.${name}`, boxed] as const,
  ),
  ['java.math.BigInteger', bigInteger],
  ['java.math.BigDecimal', bigDecimal],
  ['java.util.UUID', uuid],
  ['java.net.URI', wrapped('string')],
  ['java.util.Date', dateOf],
  ['java.sql.Date', dateOf],
  ['java.sql.Time', dateOf],
  ['java.sql.Timestamp', timestamp],
  ['java.time.Ser', javaTime],
  ['java.util.ArrayList', elements('java.util.ArrayList')],
  ['java.util.LinkedList', elements('java.util.LinkedList')],
  ['java.util.ArrayDeque', elements('java.util.ArrayDeque')],
  ['java.util.concurrent.CopyOnWriteArrayList', elements('java.util.concurrent.CopyOnWriteArrayList')],
  ['java.util.PriorityQueue', elements('java.util.PriorityQueue')],
  ['java.util.HashSet', elementSet('java.util.HashSet')],
  ['java.util.LinkedHashSet', elementSet('java.util.HashSet')],
  [
    'java.util.TreeSet',
    (object, inner) => new SetValue(written(object, 'java.util.TreeSet').objects.slice(1).map(inner)),
  ],
  ['java.util.HashMap', entries('java.util.HashMap')],
  ['java.util.LinkedHashMap', entries('java.util.HashMap')],
  ['java.util.TreeMap', entries('java.util.TreeMap')],
  ['java.util.Hashtable', entries('java.util.Hashtable')],
  ['java.util.concurrent.ConcurrentHashMap', concurrentMap],
  ['java.util.Arrays$ArrayList', wrapped('a')],
  ['java.util.Collections$EmptyList', () => []],
  ['java.util.Collections$EmptySet', () => new SetValue([])],
  ['java.util.Collections$EmptyMap', () => new MapValue([])],
  ['java.util.Collections$SingletonList', (object, inner) => [inner(field(object, 'element'))]],
  ['java.util.Collections$SingletonSet', (object, inner) => new SetValue([inner(field(object, 'element'))])],
  [
    'java.util.Collections$SingletonMap',
    (object, inner) => new MapValue([[inner(field(object, 'k')), inner(field(object, 'v'))]]),
  ],
  ['java.util.Collections$UnmodifiableCollection', wrapped('c')],
  ['java.util.Collections$UnmodifiableList', wrapped('list')],
  ['java.util.Collections$UnmodifiableRandomAccessList', wrapped('list')],
  ['java.util.Collections$UnmodifiableSet', wrapped('c')],
  ['java.util.Collections$UnmodifiableMap', wrapped('m')],
  ['java.util.CollSer', immutable],
]);
