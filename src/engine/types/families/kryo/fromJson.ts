import type { Json } from '../../../json/jsonValue';
import {
  arrayFrom,
  badValue,
  booleanFrom,
  doubleFrom,
  inside,
  integerFrom,
  intFrom,
  longFrom,
  notA,
  stringFrom,
  taggedFrom,
} from '../../jsonInput';
import type { BigIntegerValue, DecimalValue, InstantValue, LocalDateValue, LocalTimeValue } from '../../values';
import { bigDecimalShape, bigIntegerShape, twosComplement } from '../bigNumbers';
import { pairsFrom } from '../collections';
import { instantShape, localDateShape, localDateTimeShape, localTimeShape, millisOf } from '../temporal';
import { registeredName } from './classIds';
import type { ClassIds, KryoConfig } from './config';
import { KryoOutput } from './output';

/**
 * Records of Kryo made from JSON, for the JDK's classes that a job's fields most often have: what `Kryo.writeClassAndObject`
 * writes with references on. Every object is written as a new one, which Kryo reads like those that are shared.
 *
 * The class of a value is that of the declared type, where this is a class, and Java's usual one where it is an interface. What an
 * element of a collection is, JSON does not always say: `{"$class": "java.lang.Long", "value": 5}` does.
 */
export class KryoWriter {
  private readonly out: KryoOutput;
  private readonly names = new Map<string, number>();

  constructor(
    private readonly config: KryoConfig,
    private readonly ids: ClassIds,
  ) {
    this.out = new KryoOutput(config.dialect);
  }

  /** The bytes of a value of the declared type. */
  record(json: Json): Uint8Array {
    this.classAndObject(json, this.config.typeClass);
    return this.out.sink.toBytes();
  }

  private classAndObject(json: Json, declared: string | null): void {
    if (json === null) {
      this.out.varint(0);
      return;
    }
    const told = toldClass(json);
    const className = concrete(told?.className ?? declared ?? classOfPlain(json));
    const form = Object.hasOwn(FORMS, className) ? FORMS[className] : undefined;
    if (form === undefined || this.isOtherwiseSerialized(className))
      throw badValue(`A ${className} in the form of Kryo cannot be made from JSON.`);
    this.writeClass(className);
    this.object(form, told?.value ?? json);
  }

  /** `writeObject`, with the number of a new object where Kryo keeps track of the class. */
  private object(form: Form, json: Json): void {
    if (form.tracked !== false) this.out.varint(1);
    form.write(this.out, json, (item) => this.classAndObject(item, null));
  }

  private writeClass(className: string): void {
    const name = registeredName(className);
    const id = this.ids.idOf(name);
    if (id !== undefined) {
      this.out.varint(id + 2);
      return;
    }
    this.out.varint(1);
    const known = this.names.get(name);
    this.out.varint(known ?? this.names.size);
    if (known !== undefined) return;
    this.names.set(name, this.names.size);
    this.out.name(name);
  }

  /** Whether the job chose a serializer for the class, or for what may be a superclass of it. */
  private isOtherwiseSerialized(className: string): boolean {
    const registered = this.ids.of(className)?.serializer ?? null;
    return registered !== null || this.config.defaults.length > 0;
  }
}

interface Form {
  /** False for classes that Kryo never refers back to: boxed primitives. */
  readonly tracked?: boolean;
  write(out: KryoOutput, json: Json, item: (json: Json) => void): void;
}

/** A value whose class is told: an object of `$class` and `value` alone. */
function toldClass(json: Json): { className: string; value: Json } | null {
  if (!(json instanceof Map) || json.size !== 2) return null;
  const className = json.get('$class');
  const value = json.get('value');
  return typeof className === 'string' && value !== undefined && value !== null ? { className, value } : null;
}

/** Text and truth values are themselves; of anything else it must be told. */
function classOfPlain(json: Json): string {
  if (typeof json === 'string') return 'java.lang.String';
  if (typeof json === 'boolean') return 'java.lang.Boolean';
  throw notA('text, true or false, or {"$class": …, "value": …} that tells the class', json);
}

/** What a job's code most often has where it declares one of these. */
const USUAL: Readonly<Record<string, string>> = {
  'java.lang.Iterable': 'java.util.ArrayList',
  'java.util.Collection': 'java.util.ArrayList',
  'java.util.List': 'java.util.ArrayList',
  'java.util.Set': 'java.util.HashSet',
  'java.util.SortedSet': 'java.util.TreeSet',
  'java.util.NavigableSet': 'java.util.TreeSet',
  'java.util.Map': 'java.util.HashMap',
  'java.util.SortedMap': 'java.util.TreeMap',
  'java.util.NavigableMap': 'java.util.TreeMap',
  'java.util.Queue': 'java.util.ArrayDeque',
  'java.util.Deque': 'java.util.ArrayDeque',
  'java.lang.CharSequence': 'java.lang.String',
};

const concrete = (className: string): string => (Object.hasOwn(USUAL, className) ? USUAL[className] : className);

const boxed = (write: (out: KryoOutput, json: Json) => void): Form => ({ tracked: false, write });

function valueFrom<T>(shape: { fromJson(json: Json): T | null }, json: Json, what: string): T {
  const value = shape.fromJson(json);
  if (value === null) throw notA(what, json);
  return value;
}

/** Varint `length + 1`, then two's complement, high byte first. */
function writeBigInteger(out: KryoOutput, value: bigint): void {
  const bytes = twosComplement(value);
  out.varint(bytes.length + 1);
  out.sink.raw(bytes);
}

const millis = (json: Json): bigint => millisOf(instantFrom(json));
const instantFrom = (json: Json): InstantValue => valueFrom(instantShape, json, 'an instant');

function writeDate(out: KryoOutput, { year, month, day }: LocalDateValue): void {
  if (out.dialect === 5) {
    out.varint(year);
    out.sink.u8(month);
    out.sink.u8(day);
  } else {
    out.short(day);
    out.short(month);
    out.zigzag(year);
  }
}

/** Dialect 5: the last part that is not zero is written inverted, and none behind it. Dialect 2: fields in the order of their names. */
function writeTime(out: KryoOutput, { hour, minute, second, nano }: LocalTimeValue): void {
  const { sink } = out;
  if (out.dialect === 2) {
    sink.u8(hour);
    sink.u8(minute);
    out.zigzag(nano);
    sink.u8(second);
  } else if (nano !== 0) {
    for (const part of [hour, minute, second]) sink.u8(part);
    out.varint(nano);
  } else {
    const parts = second !== 0 ? [hour, minute, second] : minute !== 0 ? [hour, minute] : [hour];
    parts.forEach((part, i) => {
      sink.u8((i === parts.length - 1 ? ~part : part) & 0xff);
    });
  }
}

/** Seconds and nanoseconds, as an Instant and a Duration have them; dialect 2 writes their fields. */
function writeSeconds(out: KryoOutput, seconds: bigint, nanos: number, write5: (seconds: bigint) => void): void {
  if (out.dialect === 2) {
    out.zigzag(nanos);
    out.zigzagLong(seconds);
  } else {
    write5(seconds);
    out.varint(nanos);
  }
}

const UUID = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i;

function writeUuid(out: KryoOutput, json: Json): void {
  const hex = UUID.exec(stringFrom(json, 'a UUID as a string'))?.slice(1).join('');
  if (hex === undefined) throw notA('a UUID like 123e4567-e89b-12d3-a456-426614174000', json);
  for (const half of [hex.slice(0, 16), hex.slice(16)]) {
    const bits = BigInt.asIntN(64, BigInt(`0x${half}`));
    if (out.dialect === 2) out.zigzagLong(bits);
    else out.long(bits);
  }
}

/** Dialect 5 has the size and 1 there, and a flag that says whether all elements are of one class, which need not be used. */
const collection = (isSet: boolean, hasComparator = false): Form => ({
  write(out, json, item) {
    const items = arrayFrom((isSet ? taggedFrom(json, '$set') : undefined) ?? json, 'a list as an array');
    if (out.dialect === 5) out.flagged(false, items.length + 1);
    // A comparator of null is the natural order; dialect 2 writes it in front of the size.
    if (hasComparator) out.varint(0);
    if (out.dialect === 2) out.varint(items.length);
    items.forEach((element, i) => {
      inside(`[${i}]`, () => item(element));
    });
  },
});

const map = (hasComparator = false): Form => ({
  write(out, json, item) {
    const pairs = pairsFrom(json);
    if (out.dialect === 5) out.varint(pairs.length + 1);
    if (hasComparator) out.varint(0);
    if (out.dialect === 2) out.varint(pairs.length);
    pairs.forEach(([key, value], i) => {
      inside(`key ${i}`, () => item(key));
      inside(`value ${i}`, () => item(value));
    });
  },
});

function all(form: Form, names: string): [string, Form][] {
  return names.split(' ').map((name) => [`java.util.${name}`, form]);
}

const integer = (bits: bigint, what: string) => (json: Json) =>
  Number(integerFrom(json, -(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n, what));
const byteFrom = integer(8n, 'a byte');
const shortFrom = integer(16n, 'a short');

const FORMS: Readonly<Record<string, Form>> = {
  'java.lang.String': { write: (out, json) => out.string(stringFrom(json)) },
  'java.lang.Boolean': boxed((out, json) => out.sink.bool(booleanFrom(json))),
  'java.lang.Byte': boxed((out, json) => out.sink.u8(byteFrom(json) & 0xff)),
  'java.lang.Short': boxed((out, json) => out.short(shortFrom(json))),
  'java.lang.Integer': boxed((out, json) => out.zigzag(intFrom(json))),
  'java.lang.Long': boxed((out, json) => out.zigzagLong(longFrom(json))),
  'java.lang.Float': boxed((out, json) => out.float(doubleFrom(json))),
  'java.lang.Double': boxed((out, json) => out.double(doubleFrom(json))),
  'java.lang.Character': boxed((out, json) => {
    const text = stringFrom(json, 'a character');
    if (text.length !== 1) throw notA('one character', json);
    out.short((text.charCodeAt(0) << 16) >> 16);
  }),
  'java.math.BigInteger': {
    write: (out, json) =>
      writeBigInteger(out, valueFrom<BigIntegerValue>(bigIntegerShape, json, 'a whole number').value),
  },
  'java.math.BigDecimal': {
    write(out, json) {
      const { unscaled, scale } = valueFrom<DecimalValue>(bigDecimalShape, json, 'a decimal number');
      writeBigInteger(out, unscaled);
      out.zigzag(scale);
    },
  },
  'java.util.UUID': { write: writeUuid },
  'java.util.Date': { write: (out, json) => out.varlong(millis(json)) },
  'java.sql.Date': { write: (out, json) => out.varlong(millis(json)) },
  'java.sql.Time': { write: (out, json) => out.varlong(millis(json)) },
  'java.time.Instant': {
    write(out, json) {
      const { seconds, nanos } = instantFrom(json);
      writeSeconds(out, seconds, nanos, (value) => out.varlong(value));
    },
  },
  'java.time.LocalDate': { write: (out, json) => writeDate(out, valueFrom(localDateShape, json, 'a date')) },
  'java.time.LocalTime': { write: (out, json) => writeTime(out, valueFrom(localTimeShape, json, 'a time')) },
  'java.time.LocalDateTime': {
    write(out, json) {
      const { date, time } = valueFrom(localDateTimeShape, json, 'a date and time');
      // Its fields are of final classes: a number of a new object each, and no class.
      if (out.dialect === 2) out.varint(1);
      writeDate(out, date);
      if (out.dialect === 2) out.varint(1);
      writeTime(out, time);
    },
  },
  'java.util.Optional': { write: (_out, json, item) => item(json) },
  ...Object.fromEntries([
    ...all(collection(false), 'ArrayList LinkedList Vector Stack ArrayDeque'),
    ...all(collection(true), 'HashSet LinkedHashSet'),
    ...all(collection(true, true), 'TreeSet'),
    ...all(map(), 'HashMap LinkedHashMap Hashtable'),
    ...all(map(true), 'TreeMap'),
    ['java.util.concurrent.ConcurrentHashMap', map()],
  ]),
};
