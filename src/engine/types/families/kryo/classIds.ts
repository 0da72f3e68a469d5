import type { Dialect } from './input';

/**
 * The class ids that Flink's Kryo has before any registration of a job. Read off `KryoSerializer.getKryo()` of Flink 1.20
 * and 2.3 (see test/flink/kryo).
 */

/** Kryo's own, from 0: `DefaultSerializers` of the primitives and String. Kryo 5 has no `void`. */
export const PRIMITIVE_IDS: readonly string[] = [
  'int',
  'java.lang.String',
  'float',
  'boolean',
  'byte',
  'char',
  'short',
  'long',
  'double',
  'void',
];

export const primitiveCount = (dialect: Dialect): number => (dialect === 2 ? 10 : 9);

const SCALA_COLLECTIONS = [
  'convert.Wrappers$SeqWrapper',
  'convert.Wrappers$IteratorWrapper',
  'convert.Wrappers$MapWrapper',
  'convert.Wrappers$JListWrapper',
  'convert.Wrappers$JMapWrapper',
].map((name) => `scala.collection.${name}`);

const SCALA_IMMUTABLE = [
  'Vector',
  'Set$Set1',
  'Set$Set2',
  'Set$Set3',
  'Set$Set4',
  'HashSet$HashTrieSet',
  'Map$Map1',
  'Map$Map2',
  'Map$Map3',
  'Map$Map4',
  'HashMap$HashTrieMap',
  'Range$Inclusive',
  'NumericRange$Inclusive',
  'NumericRange$Exclusive',
].map((name) => `scala.collection.immutable.${name}`);

/**
 * From 10: Scala's classes (Twitter's Chill with Kryo 2, a copy in flink-table-api-scala with Kryo 5), on the class path of every
 * job up to Flink 1.14. From 73: Chill's Java classes, in Flink itself since 1.15 under the same ids.
 */
export const FIRST_SCALA_ID = 10;
export const SCALA_IDS: readonly string[] = [
  ...SCALA_COLLECTIONS,
  'scala.Some',
  'scala.util.Left',
  'scala.util.Right',
  ...SCALA_IMMUTABLE,
  'scala.collection.mutable.BitSet',
  'scala.collection.mutable.HashMap',
  'scala.collection.mutable.HashSet',
  'scala.collection.convert.Wrappers$IterableWrapper',
  ...Array.from({ length: 22 }, (_, i) => `scala.Tuple${i + 1}`),
  ...['J', 'I', 'D'].map((kind) => `scala.Tuple1$mc${kind}$sp`),
  ...['JJ', 'JI', 'JD', 'IJ', 'II', 'ID', 'DJ', 'DI', 'DD'].map((kinds) => `scala.Tuple2$mc${kinds}$sp`),
  'scala.Symbol',
  'scala.reflect.ClassTag',
  'scala.runtime.BoxedUnit',
];

export const FIRST_CHILL_ID = 73;
export const CHILL_IDS: readonly string[] = [
  'java.util.Arrays$ArrayList',
  'java.util.BitSet',
  'java.util.PriorityQueue',
  'java.util.regex.Pattern',
  'java.sql.Date',
  'java.sql.Time',
  'java.sql.Timestamp',
  'java.net.URI',
  'java.net.InetSocketAddress',
  'java.util.UUID',
  'java.util.Locale',
  'java.text.SimpleDateFormat',
];

/** The first id of a job's own registrations where Chill's are there. */
export const FIRST_USER_ID = 85;

/** A boxed class shares the registration of its primitive. */
const WRAPPERS: Readonly<Record<string, string>> = {
  'java.lang.Integer': 'int',
  'java.lang.Float': 'float',
  'java.lang.Boolean': 'boolean',
  'java.lang.Byte': 'byte',
  'java.lang.Character': 'char',
  'java.lang.Short': 'short',
  'java.lang.Long': 'long',
  'java.lang.Double': 'double',
  'java.lang.Void': 'void',
};

/** Name under which a class is registered. */
export const registeredName = (className: string): string => WRAPPERS[className] ?? className;

/** Name of the boxed class of a primitive; null for any other class. */
export function wrapperOf(primitive: string): string | null {
  for (const [wrapper, name] of Object.entries(WRAPPERS)) if (name === primitive) return wrapper;
  return null;
}
