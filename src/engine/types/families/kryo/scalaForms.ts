import { AlternativeValue, EnumValue, RecordValue } from '../../values';
import type { Form, Forms } from './forms';
import type { KryoGraph } from './graph';

/**
 * Forms of Scala's classes: the serializers of Twitter's Chill 0.7.6, and their copies in flink-table-api-scala, which write
 * the same bytes but for numbers of fixed width.
 */

/** `TraversableSerializer`: varint size, each element with its class. Maps are collections of pairs. */
const traversable: Form = {
  read(graph) {
    const n = graph.input.count('elements');
    return Array.from({ length: n }, () => graph.readClassAndObject());
  },
};

/** `SortedSetSerializer`, `SortedMapSerializer`: varint size, ordering, elements. */
const sorted: Form = {
  read(graph) {
    const n = graph.input.varint();
    graph.readClassAndObject();
    graph.input.count('elements', n);
    return Array.from({ length: n }, () => graph.readClassAndObject());
  },
};

/** `BitSetSerializer`: varint size; if that is not 0, varint of the highest, then the distances. */
const immutableBitSet: Form = {
  read({ input }) {
    const n = input.count('bits');
    if (n === 0) return [];
    input.varint();
    let bit = 0;
    return Array.from({ length: n }, () => {
      bit += input.varint();
      return bit;
    });
  },
};

/** `scala.collection.mutable.BitSet` with Kryo 5 has the serializer of `java.util.BitSet`, which fails on it: none was written. */
const mutableBitSet: Forms = { 2: traversable };

/** A cell of a list as `FieldSerializer` writes it: its head, then the list behind it. */
const cons: Form = {
  read(graph) {
    const head = graph.readClassAndObject();
    const tail = graph.readClassAndObject();
    return Array.isArray(tail) ? [head, ...tail] : [head, tail];
  },
};

function tuple(arity: number): Form {
  return { final: false, read: (graph) => Array.from({ length: arity }, () => graph.readClassAndObject()) };
}

const SPECIALIZED: Readonly<Record<string, (graph: KryoGraph) => unknown>> = {
  I: ({ input }) => input.int(),
  J: ({ input }) => input.long(),
  D: ({ input }) => input.double(),
};

/** `Tuple2$mcIJ$sp`: numbers of fixed width. */
function specializedTuple(kinds: string): Form {
  return { read: (graph) => [...kinds].map((kind) => SPECIALIZED[kind](graph)) };
}

const alternative = (name: AlternativeValue['name']): Form => ({
  read: (graph) => new AlternativeValue(name, graph.readClassAndObject()),
});

/** The class of the elements as an object, then the array. */
const wrappedArray: Forms = {
  2: {
    read(graph) {
      graph.readObject('java.lang.Class');
      return graph.readClassAndObject();
    },
  },
};

const classTag: Form = { read: (graph) => graph.readObject('java.lang.Class') };

/** `EnumerationSerializer`: the enumeration, an object without content, then its value's id. Names are not in the bytes. */
const enumerationValue: Forms = {
  2: {
    read(graph) {
      const className = graph.readClass();
      if (className === null) throw graph.input.cursor.corrupt('A value of no enumeration.');
      graph.readObject(className);
      return new RecordValue(['id'], [graph.input.int()], className);
    },
  },
};

const TUPLES = Object.fromEntries(
  Array.from({ length: 22 }, (_, i): [string, Form] => [`scala.Tuple${i + 1}`, tuple(i + 1)]),
);

const SPECIALIZED_TUPLES = Object.fromEntries([
  ...['J', 'I', 'D'].map((kind): [string, Form] => [`scala.Tuple1$mc${kind}$sp`, specializedTuple(kind)]),
  ...['JJ', 'JI', 'JD', 'IJ', 'II', 'ID', 'DJ', 'DI', 'DD'].map((kinds): [string, Form] => [
    `scala.Tuple2$mc${kinds}$sp`,
    specializedTuple(kinds),
  ]),
]);

const both = (names: readonly string[], form: Form): Record<string, Form> =>
  Object.fromEntries(names.map((name) => [name, form]));

/** With Kryo 2, classes that Chill has no id for, but a default serializer. */
const chillDefaults = (names: readonly string[], form: Form): Record<string, Forms> =>
  Object.fromEntries(names.map((name) => [name, { 2: form }]));

const IMMUTABLE = 'scala.collection.immutable.';
const MUTABLE = 'scala.collection.mutable.';

export const SCALA_FORMS: Readonly<Record<string, Form | Forms>> = {
  'scala.Some': { read: (graph) => graph.readClassAndObject() },
  'scala.util.Left': alternative('left'),
  'scala.util.Right': alternative('right'),
  ...both(
    [
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
    ].map((name) => `${IMMUTABLE}${name}`),
    traversable,
  ),
  ...both([`${MUTABLE}HashMap`, `${MUTABLE}HashSet`], traversable),
  [`${MUTABLE}BitSet`]: mutableBitSet,
  [`${IMMUTABLE}$colon$colon`]: { 2: traversable, 5: cons },
  [`${IMMUTABLE}Nil$`]: { 2: traversable, 5: { read: () => [] } },
  ...chillDefaults(
    [
      `${IMMUTABLE}Queue`,
      `${IMMUTABLE}Queue$EmptyQueue$`,
      `${IMMUTABLE}Map$EmptyMap$`,
      `${IMMUTABLE}HashMap$EmptyHashMap$`,
      `${IMMUTABLE}ListMap$EmptyListMap$`,
      `${IMMUTABLE}ListSet$EmptyListSet$`,
      `${IMMUTABLE}ListMap$Node`,
      `${IMMUTABLE}ListSet$Node`,
      `${IMMUTABLE}HashMap$HashMap1`,
      `${MUTABLE}ListBuffer`,
      `${MUTABLE}ArrayBuffer`,
      `${MUTABLE}Queue`,
      `${MUTABLE}LinkedHashMap`,
      `${MUTABLE}LinkedHashSet`,
      `${MUTABLE}ListMap`,
    ],
    traversable,
  ),
  ...chillDefaults([`${IMMUTABLE}TreeSet`, `${IMMUTABLE}TreeMap`], sorted),
  ...chillDefaults(
    [`${IMMUTABLE}BitSet$BitSet1`, `${IMMUTABLE}BitSet$BitSet2`, `${IMMUTABLE}BitSet$BitSetN`],
    immutableBitSet,
  ),
  ...Object.fromEntries(
    ['Ref', 'Int', 'Long', 'Double', 'Float', 'Byte', 'Short', 'Char', 'Boolean'].map((kind): [string, Forms] => [
      `${MUTABLE}WrappedArray$of${kind}`,
      wrappedArray,
    ]),
  ),
  'scala.collection.convert.Wrappers$IterableWrapper': { read: (graph) => graph.readClassAndObject() },
  ...TUPLES,
  ...SPECIALIZED_TUPLES,
  'scala.Symbol': { read: ({ input }) => input.text('symbol') },
  'scala.util.matching.Regex': { 2: { read: ({ input }) => input.text('pattern') } },
  'scala.reflect.ClassTag': classTag,
  'scala.runtime.BoxedUnit': { read: () => null },
  'scala.Enumeration$Val': enumerationValue,
};

/** With Chill's Kryo a Scala `object` has no content: its class says all. `None` and `Nil` are such objects. */
export function scalaSingleton(className: string): Form | null {
  if (!className.endsWith('$') || !className.startsWith('scala.')) return null;
  return { read: () => (className === 'scala.None$' ? null : new EnumValue(className.slice(0, -1), 0)) };
}
