import { Cursor } from '../bytes/cursor';
import { type JavaClassData, type JavaObject, type JavaValue, javaField } from './javaValue';

/**
 * The items of collections of the JDK, out of what their `writeObject` methods wrote. Each returns null for an object of
 * another class, or one that does not look as its class writes it.
 */

/** Field that holds the collection which a wrapper of `java.util.Collections` stands before. */
const LIST_WRAPPERS: Readonly<Record<string, string>> = {
  'java.util.Collections$UnmodifiableList': 'list',
  'java.util.Collections$UnmodifiableRandomAccessList': 'list',
  'java.util.Collections$SynchronizedList': 'list',
  'java.util.Collections$SynchronizedRandomAccessList': 'list',
  'java.util.Collections$UnmodifiableCollection': 'c',
  'java.util.Collections$SynchronizedCollection': 'c',
};
const SET_WRAPPERS: Readonly<Record<string, string>> = {
  'java.util.Collections$UnmodifiableSet': 'c',
  'java.util.Collections$UnmodifiableSortedSet': 'c',
  'java.util.Collections$SynchronizedSet': 'c',
  'java.util.Collections$SetFromMap': 'm',
};
const MAP_WRAPPERS: Readonly<Record<string, string>> = {
  'java.util.Collections$UnmodifiableMap': 'm',
  'java.util.Collections$UnmodifiableSortedMap': 'm',
  'java.util.Collections$SynchronizedMap': 'm',
};

/** Bytes of block data before the items; in them, the number of items is the last int, unless a field `size` says it. */
const LIST_HEADERS: Readonly<Record<string, number>> = {
  'java.util.ArrayList': 4,
  'java.util.LinkedList': 4,
  'java.util.ArrayDeque': 4,
  'java.util.PriorityQueue': 4,
  'java.util.concurrent.CopyOnWriteArrayList': 4,
};
const SET_HEADERS: Readonly<Record<string, number>> = {
  'java.util.HashSet': 12,
  'java.util.LinkedHashSet': 12,
  'java.util.TreeSet': 4,
};
const MAP_HEADERS: Readonly<Record<string, number>> = {
  'java.util.HashMap': 8,
  'java.util.LinkedHashMap': 8,
  'java.util.Hashtable': 8,
  'java.util.TreeMap': 4,
  'java.util.IdentityHashMap': 4,
};

/** Kinds of immutable collection behind `java.util.CollSer` (JDK 9 and later): the low byte of its tag. */
const COLL_SER_LISTS = [1, 4];
const COLL_SER_SET = 2;
const COLL_SER_MAP = 3;

/** Wrappers inside wrappers are followed this far. */
const MAX_WRAPPERS = 16;

export function listItems(value: JavaValue | undefined): readonly JavaValue[] | null {
  const object = unwrap(value, LIST_WRAPPERS);
  if (object === null) return null;
  if (object.className === 'java.util.Collections$EmptyList') return [];
  if (object.className === 'java.util.Collections$SingletonList') return [javaField(object, 'element') ?? null];
  if (object.className === 'java.util.Arrays$ArrayList') {
    const array = javaField(object, 'a');
    if (array === null || typeof array !== 'object' || array.kind !== 'array') return null;
    return array.items instanceof Uint8Array ? null : array.items;
  }
  if (object.className === 'java.util.CollSer') return collSer(object, COLL_SER_LISTS);
  return writtenItems(object, LIST_HEADERS);
}

export function setItems(value: JavaValue | undefined): readonly JavaValue[] | null {
  const object = unwrap(value, SET_WRAPPERS);
  if (object === null) return null;
  if (object.className === 'java.util.Collections$EmptySet') return [];
  if (object.className === 'java.util.Collections$SingletonSet') return [javaField(object, 'element') ?? null];
  if (object.className === 'java.util.CollSer') return collSer(object, [COLL_SER_SET]);
  if (object.className in MAP_HEADERS) return mapEntries(object)?.map(([key]) => key) ?? null;
  return writtenItems(object, SET_HEADERS);
}

export function mapEntries(value: JavaValue | undefined): readonly (readonly [JavaValue, JavaValue])[] | null {
  const object = unwrap(value, MAP_WRAPPERS);
  if (object === null) return null;
  if (object.className === 'java.util.Collections$EmptyMap') return [];
  if (object.className === 'java.util.Collections$SingletonMap')
    return [[javaField(object, 'k') ?? null, javaField(object, 'v') ?? null]];
  const flat = flatEntries(object);
  if (flat === null || flat.length % 2 !== 0) return null;
  const entries: (readonly [JavaValue, JavaValue])[] = [];
  for (let i = 0; i < flat.length; i += 2) entries.push([flat[i], flat[i + 1]]);
  return entries;
}

/** Keys and values in turn. */
function flatEntries(object: JavaObject): readonly JavaValue[] | null {
  if (object.className === 'java.util.CollSer') return collSer(object, [COLL_SER_MAP]);
  const concurrent = dataOf(object, 'java.util.concurrent.ConcurrentHashMap');
  if (concurrent === null) return writtenItems(object, MAP_HEADERS, 2);
  // It writes no count, but two nulls behind its entries, which cannot be null.
  const items = concurrent.annotations.filter((item): item is JavaValue => !(item instanceof Uint8Array));
  return items.at(-1) === null && items.at(-2) === null ? items.slice(0, -2) : null;
}

/** The part of an object that one class of its hierarchy wrote. */
export function dataOf(object: JavaObject, className: string): JavaClassData | null {
  return object.classData.find((data) => data.description.name === className) ?? null;
}

function unwrap(value: JavaValue | undefined, wrappers: Readonly<Record<string, string>>): JavaObject | null {
  let inner = value;
  for (let i = 0; i < MAX_WRAPPERS; i++) {
    if (inner === undefined || inner === null || typeof inner !== 'object' || inner.kind !== 'object') return null;
    const field = wrappers[inner.className];
    if (field === undefined) return inner;
    inner = javaField(inner, field);
  }
  return null;
}

function collSer(object: JavaObject, kinds: readonly number[]): readonly JavaValue[] | null {
  const tag = javaField(object, 'tag');
  if (typeof tag !== 'number' || !kinds.includes(tag & 0xff)) return null;
  return itemsBehindHeader(object.classData[0], 4);
}

/** Items of a class of `headers`, or of a subclass of one: `LinkedHashMap` writes through `HashMap`. */
function writtenItems(
  object: JavaObject,
  headers: Readonly<Record<string, number>>,
  each = 1,
): readonly JavaValue[] | null {
  for (const data of object.classData) {
    const header = headers[data.description.name];
    if (header === undefined || data.annotations.length === 0) continue;
    return itemsBehindHeader(data, header, each);
  }
  return null;
}

function itemsBehindHeader(data: JavaClassData | undefined, header: number, each = 1): readonly JavaValue[] | null {
  if (data === undefined) return null;
  // A TreeSet writes its comparator before its size.
  const skipped = data.annotations[0] instanceof Uint8Array ? 0 : 1;
  const [block, ...items] = data.annotations.slice(skipped);
  if (!(block instanceof Uint8Array) || block.length !== header) return null;
  const count = data.fields.get('size') ?? lastInt(block);
  if (count !== items.length / each) return null;
  const values: JavaValue[] = [];
  for (const item of items) {
    if (item instanceof Uint8Array) return null;
    values.push(item);
  }
  return values;
}

function lastInt(block: Uint8Array): number {
  return new Cursor(block, {}, block.length - 4).i32();
}
