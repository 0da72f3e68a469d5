import { MapValue, SetValue } from '../../values';
import type { Form, Forms } from './forms';
import type { KryoGraph } from './graph';

/** Forms of the JDK's collections: `CollectionSerializer`, `MapSerializer` and their relatives. */

type Items = (items: unknown[]) => unknown;
const asList: Items = (items) => items;
const asSet: Items = (items) => new SetValue(items);

/** Reads what a subclass of the serializer writes in front of the elements, such as a comparator. */
type Header = (graph: KryoGraph) => void;
const noHeader: Header = () => undefined;
const comparator: Header = (graph) => void graph.readClassAndObject();

/** Dialect 2: header, varint size, each element with its class. */
function items2(graph: KryoGraph, header: Header): unknown[] {
  header(graph);
  const n = graph.input.count('elements');
  const items: unknown[] = [];
  for (let i = 0; i < n; i++) items.push(graph.readClassAndObject());
  return items;
}

/**
 * Dialect 5: a flag (all elements are of one class) and `size + 1` (0 for null) in one varint, then the header. Elements of
 * different classes each have their class; else the class stands once (0 where all elements are null), a boolean tells
 * whether there are nulls (if `nullable`), and each element has a byte in front if so.
 */
function items5(graph: KryoGraph, header: Header, nullable: boolean): unknown[] | null {
  const { input } = graph;
  const { flag: sameClass, value } = input.flagged();
  if (value === 0) return null;
  if (value === 1) {
    header(graph);
    return [];
  }
  header(graph);
  if (!sameClass) {
    const n = input.count('elements', value - 1);
    return Array.from({ length: n }, () => graph.readClassAndObject());
  }
  const className = graph.readClass();
  if (className === null) return Array.from({ length: nulls(graph, value - 1) }, () => null);
  const hasNulls = nullable && input.cursor.bool('flag of nulls');
  const n = input.count('elements', value - 1);
  return Array.from({ length: n }, () => graph.readObject(className, hasNulls));
}

/** Number of elements of a collection of nulls only, which take no bytes. */
function nulls({ input }: KryoGraph, n: number): number {
  if (n < 0 || n > MAX_NULLS)
    throw input.cursor.error('LIMIT', `A collection of ${n >>> 0} nulls is longer than the engine follows.`);
  return n;
}
const MAX_NULLS = 1_000_000;

function collection(make: Items, header2 = noHeader, header5 = header2, nullable = true): Forms {
  return {
    2: { read: (graph) => make(items2(graph, header2)) },
    5: {
      read(graph) {
        const items = items5(graph, header5, nullable);
        return items === null ? null : make(items);
      },
    },
  };
}

/** Varint size (dialect 5: `size + 1`, 0 for null, then the header), each key and value with its class. */
function map(header2 = noHeader, header5 = header2): Forms {
  return {
    2: {
      read(graph) {
        header2(graph);
        return entries(graph, graph.input.count('entries'));
      },
    },
    5: {
      read(graph) {
        const n = graph.input.varint();
        if (n === 0) return null;
        header5(graph);
        return entries(graph, graph.input.count('entries', n - 1));
      },
    },
  };
}

function entries(graph: KryoGraph, n: number): MapValue {
  const read: [unknown, unknown][] = [];
  let stringsAreNames = true;
  for (let i = 0; i < n; i++) {
    const { value: key, isText } = graph.readClassified();
    stringsAreNames &&= isText;
    read.push([key, graph.readClassAndObject()]);
  }
  return new MapValue(read, stringsAreNames);
}

/** Chill: varint size, class of the array's elements, each element with its own class. */
const chillArraysAsList: Form = {
  read(graph) {
    const n = graph.input.varint();
    graph.readClass();
    graph.input.count('elements', n);
    return Array.from({ length: n }, () => graph.readClassAndObject());
  },
};

const list = collection(asList);
const set = collection(asSet);
const maps = map();
const immutableList = collection(asList, noHeader, noHeader, false);
const immutableSet = collection(asSet, noHeader, noHeader, false);
const empty = (value: unknown): Form => ({ read: () => value });

function all(form: Form | Forms, prefix: string, names: string): [string, Form | Forms][] {
  return names.split(' ').map((name) => [`${prefix}${name}`, form]);
}

const UTIL = 'java.util.';
const CONCURRENT = 'java.util.concurrent.';

export const COLLECTION_FORMS: Readonly<Record<string, Form | Forms>> = {
  ...Object.fromEntries([
    ...all(list, UTIL, 'ArrayList LinkedList Vector Stack ArrayDeque SubList RandomAccessSubList'),
    ...all(list, UTIL, 'ArrayList$SubList AbstractList$SubList AbstractList$RandomAccessSubList'),
    ...all(list, `${UTIL}Collections$`, 'UnmodifiableCollection UnmodifiableList UnmodifiableRandomAccessList'),
    ...all(
      list,
      `${UTIL}Collections$`,
      'SynchronizedCollection SynchronizedList SynchronizedRandomAccessList CopiesList',
    ),
    ...all(list, UTIL, 'HashMap$Values LinkedHashMap$LinkedValues TreeMap$Values'),
    ...all(list, CONCURRENT, 'CopyOnWriteArrayList ConcurrentLinkedQueue ConcurrentLinkedDeque LinkedBlockingQueue'),
    ...all(
      list,
      CONCURRENT,
      'LinkedBlockingDeque ArrayBlockingQueue PriorityBlockingQueue ConcurrentHashMap$ValuesView',
    ),
    ...all(set, UTIL, 'HashSet LinkedHashSet HashMap$KeySet LinkedHashMap$LinkedKeySet TreeMap$KeySet'),
    ...all(set, `${UTIL}Collections$`, 'UnmodifiableSet UnmodifiableSortedSet UnmodifiableNavigableSet SetFromMap'),
    ...all(set, `${UTIL}Collections$`, 'SynchronizedSet SynchronizedSortedSet SynchronizedNavigableSet'),
    ...all(set, CONCURRENT, 'CopyOnWriteArraySet ConcurrentSkipListSet ConcurrentHashMap$KeySetView'),
    ...all(maps, UTIL, 'HashMap LinkedHashMap Hashtable Properties IdentityHashMap WeakHashMap EnumMap'),
    ...all(maps, `${UTIL}Collections$`, 'UnmodifiableMap UnmodifiableSortedMap UnmodifiableNavigableMap'),
    ...all(maps, `${UTIL}Collections$`, 'SynchronizedMap SynchronizedSortedMap SynchronizedNavigableMap'),
    ...all(maps, CONCURRENT, 'ConcurrentHashMap'),
    ...all(immutableList, `${UTIL}ImmutableCollections$`, 'ListN List12 SubList'),
    ...all(immutableSet, `${UTIL}ImmutableCollections$`, 'SetN Set12'),
    ...all(maps, `${UTIL}ImmutableCollections$`, 'MapN Map1'),
  ]),
  'java.util.Arrays$ArrayList': { 2: chillArraysAsList, ...(list[5] !== undefined && { 5: list[5] }) },
  'java.util.TreeSet': collection(asSet, comparator),
  'java.util.PriorityQueue': collection(asList, comparator),
  'java.util.TreeMap': map(comparator),
  'java.util.concurrent.ConcurrentSkipListMap': map(noHeader, comparator),
  'java.util.Collections$EmptyList': empty([]),
  'java.util.Collections$EmptySet': empty(new SetValue([])),
  'java.util.Collections$EmptyMap': empty(new MapValue([])),
  'java.util.Collections$SingletonList': { read: (graph) => [graph.readClassAndObject()] },
  'java.util.Collections$SingletonSet': { read: (graph) => new SetValue([graph.readClassAndObject()]) },
  'java.util.Collections$SingletonMap': { read: (graph) => entries(graph, 1) },
};

/** Forms of classes that Chill registers, where it is not on the class path. */
export const COLLECTIONS_WITHOUT_CHILL: Readonly<Record<string, Form | Forms>> = {
  'java.util.Arrays$ArrayList': list,
  'java.util.PriorityQueue': collection(asList, noHeader, comparator),
};

export { list as LIST_FORM, maps as MAP_FORM };
