import type { Json } from '../../json/jsonValue';
import { pairsFrom } from '../families/collections';
import { arrayFrom, inside, taggedFrom } from '../jsonInput';
import type { DescribedType } from './describedType';

/**
 * Kryo writes the class of each element, of which a serializer snapshot says nothing: `kryo java.util.List<long>` does. The words
 * in angle brackets are for who gives values: the snapshot is that of `kryo java.util.List`.
 */

/** Java's classes of the words that may stand in angle brackets behind `kryo`, beside `kryo` itself. */
const CLASSES: Readonly<Record<string, string>> = {
  string: 'java.lang.String',
  boolean: 'java.lang.Boolean',
  byte: 'java.lang.Byte',
  short: 'java.lang.Short',
  int: 'java.lang.Integer',
  long: 'java.lang.Long',
  float: 'java.lang.Float',
  double: 'java.lang.Double',
  char: 'java.lang.Character',
  biginteger: 'java.math.BigInteger',
  bigdecimal: 'java.math.BigDecimal',
  date: 'java.util.Date',
  'sql-date': 'java.sql.Date',
  'sql-time': 'java.sql.Time',
  instant: 'java.time.Instant',
  localdate: 'java.time.LocalDate',
  localtime: 'java.time.LocalTime',
  localdatetime: 'java.time.LocalDateTime',
};

/** What is wrong with the words in angle brackets behind `kryo`; null if nothing is. */
export function kryoFault(type: DescribedType): string | null {
  for (const element of type.arguments ?? []) {
    const isKnown = element.name === 'kryo' || (element.name in CLASSES && element.className === undefined);
    if (!isKnown || element.nullable === true)
      return `The elements of a ${type.className} of Kryo may be of ${Object.keys(CLASSES).join(', ')}, or kryo with a class; each may be null.`;
  }
  return null;
}

/** JSON of a described Kryo type, with the class of each element beside it. */
export function withClasses(type: DescribedType, json: Json): Json {
  return json === null || type.arguments === undefined ? json : told(type.className, partsOf(type, json));
}

/** A collection's elements, a map's keys and values, what an `Optional` holds, each with its class. */
function partsOf(type: DescribedType, json: Json): Json {
  const [first, second] = type.arguments ?? [];
  if (first === undefined) return json;
  if (second === undefined) {
    const items = taggedFrom(json, '$set') ?? json;
    if (type.className === OPTIONAL) return withClass(first, json);
    return arrayFrom(items).map((item, i) => inside(`[${i}]`, () => withClass(first, item)));
  }
  const pairs = pairsFrom(json, first).map(([key, value], i) => [
    inside(`key ${i}`, () => withClass(first, key)),
    inside(typeof key === 'string' ? key : `value ${i}`, () => withClass(second, value)),
  ]);
  return new Map([['$map', pairs]]);
}

/** Holds one value. */
const OPTIONAL = 'java.util.Optional';

function withClass(type: DescribedType, json: Json): Json {
  if (json === null) return null;
  const className = type.name === 'kryo' ? type.className : CLASSES[type.name];
  return told(className, type.name === 'kryo' ? partsOf(type, json) : json);
}

const told = (className: string | undefined, value: Json): Json =>
  new Map<string, Json>([
    ['$class', className ?? 'java.lang.Object'],
    ['value', value],
  ]);
