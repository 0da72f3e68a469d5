import { type JavaValue, javaField } from '../../../java/javaValue';
import { BigIntegerValue, DecimalValue, EnumValue, InstantValue, RecordValue, SetValue } from '../../values';
import { wrapperOf } from './classIds';
import type { Form, Forms } from './forms';
import type { KryoGraph } from './graph';
import { JDK_ENUMS } from './jdkEnums';

/** Forms of the JDK's scalar classes: `DefaultSerializers` of Kryo, and Chill's Java serializers in dialect 2. */

const boxed = (read: (graph: KryoGraph) => unknown): Form => ({ tracked: false, final: true, read });
const text = (what: string, final = false): Form => ({ final, read: (graph) => graph.input.text(what) });
const nullableText: Form = { final: true, read: (graph) => graph.input.string() };

function millis(value: bigint, nanos = Number(((value % 1000n) + 1000n) % 1000n) * 1_000_000): InstantValue {
  const seconds = value / 1000n - (value % 1000n < 0n ? 1n : 0n);
  return new InstantValue(seconds, nanos);
}

/** Milliseconds since 1970 as a varlong. Kryo has no subclass of Date but those of java.sql. */
const date: Form = { read: (graph) => millis(graph.input.varlong()) };

/** Milliseconds (in dialect 5 without those that the nanos have), then nanoseconds of the second. */
const timestamp: Form = {
  read({ input }) {
    const time = millis(input.varlong());
    return new InstantValue(time.seconds, input.varint());
  },
};

function bigInteger(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(bytes.length * 8, value);
}

/** Varint `length + 1`, 0 for null, then two's complement, high byte first. */
function readBigInteger({ input }: KryoGraph): bigint | null {
  const length = input.varint();
  if (length === 0) return null;
  if (length === 1) throw input.cursor.corrupt('A BigInteger has at least one byte.');
  return bigInteger(input.cursor.take(input.count('bytes', length - 1), 'BigInteger'));
}

/** Both halves: zigzag varlongs with Chill, longs with Kryo 5. */
export function uuid(most: bigint, least: bigint): string {
  const hex =
    BigInt.asUintN(64, most).toString(16).padStart(16, '0') + BigInt.asUintN(64, least).toString(16).padStart(16, '0');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** `Locale.toString()` of the three parts that Kryo keeps. */
function locale(language: string, country: string, variant: string): string {
  const end = variant !== '' ? `_${country}_${variant}` : country !== '' ? `_${country}` : '';
  return language === '' && country === '' ? '' : language + end;
}

/** A class, and with dialect 5 for primitives and their wrappers only, in dialect 2 always, whether it is the primitive. */
const classForm: Form = {
  final: true,
  read(graph) {
    const name = graph.readClass();
    const wrapper = name === null ? null : wrapperOf(name);
    const isPrimitive =
      (graph.input.dialect === 2 || wrapper !== null) && graph.input.cursor.bool('flag of a primitive');
    return isPrimitive ? name : (wrapper ?? name);
  },
};

/** The constant's number: varint `ordinal + 1`, 0 for null. Kryo has no names; those of the JDK's enums are known. */
function enumConstant(className: string, constants: readonly string[], graph: KryoGraph): EnumValue | null {
  const at = graph.input.cursor.offset;
  const code = graph.input.varint();
  if (code === 0) return null;
  const name = constants.at(code - 1);
  if (code < 0 || name === undefined) throw graph.input.cursor.corrupt(`${className} has no constant ${code - 1}.`, at);
  return new EnumValue(name, code - 1);
}

export function enumForms(constants: readonly string[]): Forms {
  const read = (graph: KryoGraph, className: string): unknown => enumConstant(className, constants, graph);
  return { 2: { read }, 5: { tracked: false, read } };
}

/** The class of the constants, varint size, then each constant as an enum. */
const enumSet: Form = {
  read(graph) {
    const className = graph.readClass();
    if (className === null) throw graph.input.cursor.corrupt('An EnumSet without a class.');
    const constants = JDK_ENUMS[className];
    const n = graph.input.count('constants');
    const items = Array.from({ length: n }, () =>
      constants === undefined ? anyConstant(className, graph) : enumConstant(className, constants, graph),
    );
    return new SetValue(items);
  },
};

/** A constant of the job's own enum: its name is not in the bytes. */
function anyConstant(className: string, graph: KryoGraph): RecordValue | null {
  const code = graph.input.varint();
  return code === 0 ? null : new RecordValue(['ordinal'], [code - 1], className);
}

/** Time zone, milliseconds, lenient, first day and minimal days of a week, change to the Gregorian calendar. */
const calendar: Form = {
  read({ input }, className) {
    const timeZone = input.text('time zone');
    const time = millis(input.varlong());
    const values = [timeZone, time, input.cursor.bool('flag of a calendar'), input.varint(), input.varint()];
    const gregorianChange = millis(input.zigzagLong());
    const names = ['timeZone', 'time', 'lenient', 'firstDayOfWeek', 'minimalDaysInFirstWeek', 'gregorianChange'];
    return new RecordValue(names, [...values, gregorianChange], className);
  },
};

function objectField(value: JavaValue, name: string): JavaValue | undefined {
  return value !== null && typeof value === 'object' && value.kind === 'object' ? javaField(value, name) : undefined;
}

/** Chill has Java serialization write a Locale, with all its parts. */
const javaLocale: Form = {
  final: true,
  read(graph, className) {
    const object = graph.readJavaObject(className);
    const part = (name: string): string => String(objectField(object, name) ?? '');
    const text = locale(part('language'), part('country'), part('variant'));
    const script = part('script');
    return script === '' || text === '' ? text : `${text}${text.includes('_') ? '' : '_'}_#${script}`;
  },
};

/** Kryo's own: language, country and variant. */
const kryoLocale: Form = {
  final: true,
  read: ({ input }) => locale(input.text('language'), input.text('country'), input.text('variant')),
};

const javaSerialized: Form = { read: (graph, className) => graph.readJava(className) };

const pattern = (withFlags: boolean): Form => ({
  final: true,
  read({ input }, className) {
    const regex = input.text('pattern');
    return new RecordValue(
      ['pattern', ...(withFlags ? ['flags'] : [])],
      [regex, ...(withFlags ? [input.varint()] : [])],
      className,
    );
  },
});

/** The words of a bit set: varint count and longs. With Chill the array may be longer than the set. */
const bitSet: Form = {
  read({ input }) {
    const n = input.varint();
    if (n < 0 || n * 8 > input.cursor.remaining)
      throw input.cursor.error(
        'TRUNCATED',
        `${n} words of a BitSet are announced, but only ${input.cursor.remaining} bytes are left.`,
      );
    const items: number[] = [];
    for (let word = 0; word < n; word++) {
      const bits = BigInt.asUintN(64, input.long());
      for (let bit = 0; bit < 64; bit++) if (((bits >> BigInt(bit)) & 1n) === 1n) items.push(word * 64 + bit);
    }
    return new SetValue(items);
  },
};

const readBool = ({ input }: KryoGraph): boolean => input.cursor.bool('boolean');

const optional = (read: (graph: KryoGraph) => unknown): Forms => ({
  5: { final: true, read: (graph) => (readBool(graph) ? read(graph) : null) },
});

export const SCALAR_FORMS: Readonly<Record<string, Form | Forms>> = {
  int: boxed(({ input }) => input.zigzag()),
  'java.lang.String': nullableText,
  float: boxed(({ input }) => input.float()),
  boolean: boxed(readBool),
  byte: boxed(({ input }) => input.cursor.i8()),
  char: boxed(({ input }) => input.char()),
  short: boxed(({ input }) => input.short()),
  long: boxed(({ input }) => input.zigzagLong()),
  double: boxed(({ input }) => input.double()),
  void: { final: true, read: () => null },
  'java.math.BigInteger': {
    read(graph) {
      const value = readBigInteger(graph);
      return value === null ? null : new BigIntegerValue(value);
    },
  },
  'java.math.BigDecimal': {
    read(graph) {
      const unscaled = readBigInteger(graph);
      return unscaled === null ? null : new DecimalValue(unscaled, graph.input.zigzag());
    },
  },
  'java.lang.Class': classForm,
  'java.util.Date': date,
  'java.sql.Date': date,
  'java.sql.Time': date,
  'java.sql.Timestamp': timestamp,
  'java.util.Currency': nullableText,
  'java.lang.StringBuffer': nullableText,
  'java.lang.StringBuilder': nullableText,
  'java.util.EnumSet': enumSet,
  'java.util.RegularEnumSet': enumSet,
  'java.util.JumboEnumSet': enumSet,
  'java.util.TimeZone': text('time zone'),
  'java.util.SimpleTimeZone': text('time zone'),
  'sun.util.calendar.ZoneInfo': text('time zone'),
  'java.util.GregorianCalendar': calendar,
  'java.util.JapaneseImperialCalendar': calendar,
  'sun.util.BuddhistCalendar': calendar,
  'java.util.regex.Pattern': { 2: pattern(false), 5: pattern(true) },
  'java.net.URI': text('URI', true),
  'java.net.URL': { 5: text('URL', true) },
  'java.net.InetSocketAddress': {
    read: ({ input }, className) =>
      new RecordValue(['hostName', 'port'], [input.text('host name'), input.varint()], className),
  },
  'java.util.UUID': {
    2: { final: true, read: ({ input }) => uuid(input.zigzagLong(), input.zigzagLong()) },
    5: { final: true, read: ({ input }) => uuid(input.long(), input.long()) },
  },
  'java.util.Locale': { 2: javaLocale, 5: kryoLocale },
  'java.text.SimpleDateFormat': javaSerialized,
  'java.util.BitSet': bitSet,
  ...Object.fromEntries(
    ['UTF_8', 'ISO_8859_1', 'US_ASCII', 'UTF_16', 'UTF_16BE', 'UTF_16LE'].map((name): [string, Forms] => [
      `sun.nio.cs.${name}`,
      { 5: text('charset') },
    ]),
  ),
  'java.util.Optional': { 5: { final: true, read: (graph) => graph.readClassAndObject() } },
  'java.util.OptionalInt': optional(({ input }) => input.int()),
  'java.util.OptionalLong': optional(({ input }) => input.long()),
  'java.util.OptionalDouble': optional(({ input }) => input.double()),
  ...Object.fromEntries(Object.entries(JDK_ENUMS).map(([name, constants]) => [name, enumForms(constants)])),
};

/** Forms of classes that Chill registers, where it is not on the class path. */
export const SCALARS_WITHOUT_CHILL: Readonly<Record<string, Form | Forms>> = {
  'java.sql.Date': date,
  'java.sql.Time': date,
  'java.sql.Timestamp': date,
  'java.util.Locale': kryoLocale,
  'java.util.BitSet': { 5: bitSet },
};
