import type { Codec } from './codec';
import { avalanche, elementHash, mix, PRODUCT_SEED } from './families/scalaHash';
import { doubleHash, longHash, stringHash } from './javaHash';
import { EncodedValue, RawFloat, RecordValue } from './values';

/** A way in which a class of the job's own may compute the hash code of its instances. */
export interface HashCandidate {
  /** In words; no two candidates of a type have the same. */
  readonly name: string;
  /** Null where a value is of a class that this way says nothing of. */
  hash(value: unknown): number | null;
  /** Whether the value itself tells that this is its hash, so that nothing has to be proved. */
  isTold?(value: unknown): boolean;
}

/** How generated and hand-written `hashCode` methods go from field to field: `h = first`, then `h = h * factor + hash`. */
interface Form {
  readonly name: string;
  readonly first: number;
  readonly factor: number;
  /** Of null. */
  readonly nothing: number;
  /** Of true and false, where they are not Java's own. */
  readonly booleans?: readonly [yes: number, no: number];
  /** Another form is the same but for booleans. */
  readonly isVariant?: true;
}

const FORMS: readonly Form[] = [
  { name: 'Objects.hash', first: 1, factor: 31, nothing: 0 },
  { name: 'a record, or 31 * h + hash from the first field on', first: 0, factor: 31, nothing: 0 },
  {
    name: '31 * h + hash from the first field on, with 1 for true',
    first: 0,
    factor: 31,
    nothing: 0,
    booleans: [1, 0],
    isVariant: true,
  },
  { name: '31 * h + hash from 17 on', first: 17, factor: 31, nothing: 0 },
  {
    name: '31 * h + hash from 17 on, with 1 for true',
    first: 17,
    factor: 31,
    nothing: 0,
    booleans: [1, 0],
    isVariant: true,
  },
  { name: '31 * h + hash from 7 on', first: 7, factor: 31, nothing: 0 },
  { name: 'HashCodeBuilder from 17 on with 37', first: 17, factor: 37, nothing: 0, booleans: [0, 1] },
  { name: 'Lombok', first: 1, factor: 59, nothing: 43, booleans: [79, 97] },
];

/** The class's own order of its fields is not in a snapshot; of more fields not every order is tried. */
const MOST_FIELDS_IN_EVERY_ORDER = 5;

/**
 * The ways that are worth trying for keys of a type: for a POJO every form over every selection of its fields in every order, for
 * a case class those that Scala's compilers generate, for objects of any class that of the object's own class. Empty where there
 * is none, as for enums, whose constants have another hash in each run of Java.
 */
export function hashCandidates(codec: Codec): HashCandidate[] {
  switch (codec.type.name) {
    case 'pojo':
    case 'tuple':
      return fieldCandidates(codec);
    case 'case-class':
      return [...scalaCandidates(codec), ...fieldCandidates(codec)];
    case 'kryo':
      return [{ name: 'that of Long, String or whatever class of Java an object is of', hash: hashOfObject, isTold }];
    default:
      return [];
  }
}

/** The values of fields, in the order of the bytes; null for anything else, as an instance of a subclass. */
function fieldsOf(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  return value instanceof RecordValue && value.className === null ? value.values : null;
}

function fieldCandidates({ type, parts = [] }: Codec): HashCandidate[] {
  const names = type.fields?.map(({ name }) => name) ?? parts.map((_, i) => `f${i}`);
  return FORMS.flatMap((form) => {
    const hashes = parts.map((part) => fieldHash(part, form));
    return ordersOf(hashes.length).flatMap((order): HashCandidate[] => {
      if (order.some((i) => hashes[i] === null)) return [];
      // Where it is about booleans alone that a form differs from another, it is the other one.
      if (form.isVariant === true && !order.some((i) => parts[i].type.name === 'boolean')) return [];
      const of = `${form.name} of ${order.map((i) => names[i]).join(', ')}`;
      return [{ name: of, hash: (value) => hashInOrder(fieldsOf(value), order, hashes, form) }];
    });
  });
}

function hashInOrder(
  values: readonly unknown[] | null,
  order: readonly number[],
  hashes: readonly (((value: unknown) => number) | null)[],
  { first, factor }: Form,
): number | null {
  if (values === null) return null;
  let hash = first;
  for (const i of order) hash = (Math.imul(hash, factor) + (hashes[i]?.(values[i]) ?? 0)) | 0;
  return hash;
}

/** Null where nobody knows the hash code of a field, as of an enum. */
function fieldHash(part: Codec, { nothing, booleans }: Form): ((value: unknown) => number) | null {
  if (part.type.name === 'boolean' && booleans !== undefined) {
    const [yes, no] = booleans;
    return (value) => (value === null ? nothing : value === true ? yes : no);
  }
  const hash = part.hash?.bind(part);
  return hash === undefined ? null : (value) => (value === null ? nothing : hash(value));
}

/** Every selection of so many fields in every order; all of them in theirs alone, and each alone, where they are many. */
function ordersOf(count: number): number[][] {
  const all = Array.from({ length: count }, (_, i) => i);
  if (count > MOST_FIELDS_IN_EVERY_ORDER) return [all, ...all.map((i) => [i])];
  const orders: number[][] = [];
  const extend = (order: readonly number[]): void => {
    if (order.length > 0) orders.push([...order]);
    for (const i of all) if (!order.includes(i)) extend([...order, i]);
  };
  extend([]);
  return orders;
}

function scalaCandidates({ type, parts = [] }: Codec): HashCandidate[] {
  const hashes = parts.map(elementHash);
  if (hashes.some((hash) => hash === undefined)) return [];
  const simpleName = (type.className ?? '').replace(/^.*[.$]/, '');
  const product = (seed: number) => (value: unknown) => {
    const values = fieldsOf(value);
    if (values === null) return null;
    let hash = seed;
    values.forEach((field, i) => {
      hash = mix(hash, field === null ? 0 : (hashes[i]?.(field) ?? 0));
    });
    return avalanche(hash ^ values.length);
  };
  return [
    { name: 'a case class of Scala 2.12 or older', hash: product(PRODUCT_SEED) },
    { name: 'a case class of Scala 2.13', hash: product(mix(PRODUCT_SEED, stringHash(simpleName))) },
  ];
}

const objectOf = (value: unknown): unknown => (value instanceof EncodedValue ? value.value : value);

/** An integer may be a Double too. */
const isTold = (value: unknown): boolean => ['bigint', 'string', 'boolean'].includes(typeof objectOf(value));

function hashOfObject(value: unknown): number | null {
  const object = objectOf(value);
  switch (typeof object) {
    case 'bigint':
      return longHash(object);
    case 'string':
      return stringHash(object);
    case 'boolean':
      return object ? 1231 : 1237;
    case 'number':
      return Number.isInteger(object) ? object | 0 : doubleHash(object);
    default:
      return object instanceof RawFloat ? doubleHash(Number.NaN) : null;
  }
}
