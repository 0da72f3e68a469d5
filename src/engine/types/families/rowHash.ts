import type { Codec } from '../codec';
import { sequenceHash, stringHash } from '../javaHash';
import type { MapValue, RowValue } from '../values';
import { booleanShape, byteShape, charShape, doubleShape, floatShape, intShape, longShape, shortShape } from './basic';
import type { Shape } from './support';

type Hasher = (value: unknown) => number;

/**
 * `Row.hashCode`. Without kinds (up to 1.10) it is `Arrays.deepHashCode(fields)`. Since then it is `31 * kind` plus a polynomial
 * over the fields, in which, since 1.13 (`RowUtils.deepHashCodeInternal`), a field that is no list, map or array of objects counts
 * as `31 + hash`. 1.11 hashes such fields as before, and 1.12 nested rows; their snapshots look like those of 1.13 and 1.14.
 * Undefined where a field's hash is not known.
 */
export function rowHasher(fields: readonly Codec[], hasKind: boolean): ((row: RowValue) => number) | undefined {
  const hashers: Hasher[] = [];
  for (const field of fields) {
    const hasher = hasKind ? deepHasher(field) : arrayElementHasher(field);
    if (hasher === undefined) return undefined;
    hashers.push(hasher);
  }
  const kinds = ['+I', '-U', '+U', '-D'];
  return (row) => {
    const own = sequenceHash(hashers.map((hasher, i) => (row.fields[i] === null ? 0 : hasher(row.fields[i]))));
    return hasKind ? (Math.imul(kinds.indexOf(row.kind), 31) + own) | 0 : own;
  };
}

/** `RowUtils.deepHashCodeInternal` of a value that is not null. */
function deepHasher(field: Codec): Hasher | undefined {
  const codec = field.notNull ?? field;
  const parts = codec.parts ?? [];
  const name = codec.type.name;
  if (name === 'string[]') return (items) => sequenceHash((items as (string | null)[]).map(deepString));
  if (name === 'array' || name === 'list') {
    const element = parts.length === 1 ? orNull(deepHasher(parts[0])) : undefined;
    return element && ((items) => sequenceHash((items as unknown[]).map(element)));
  }
  if (name === 'map') {
    const key = orNull(parts.length === 2 ? deepHasher(parts[0]) : undefined);
    const value = orNull(parts.length === 2 ? deepHasher(parts[1]) : undefined);
    if (key === undefined || value === undefined) return undefined;
    return (map) => (map as MapValue).entries.reduce((sum, [k, v]) => (sum + (key(k) ^ value(v))) | 0, 1);
  }
  const plain = arrayElementHasher(codec);
  return plain && ((value) => (31 + plain(value)) | 0);
}

/** Hash of one element in `Arrays.deepHashCode`: arrays by their content, anything else by its own hash. */
function arrayElementHasher(element: Codec): Hasher | undefined {
  const codec = element.notNull ?? element;
  const { name } = codec.type;
  if (name === 'array') {
    const hasher = codec.parts?.length === 1 ? orNull(arrayElementHasher(codec.parts[0])) : undefined;
    return hasher && ((items) => sequenceHash((items as unknown[]).map(hasher)));
  }
  if (name === 'string[]')
    return (items) => sequenceHash((items as (string | null)[]).map((text) => (text === null ? 0 : stringHash(text))));
  const primitive = PRIMITIVES.get(name);
  if (primitive?.hash !== undefined) {
    const hash = primitive.hash.bind(primitive);
    return (items) => sequenceHash(Array.from(items as Iterable<unknown>, hash));
  }
  return codec.hash?.bind(codec);
}

const PRIMITIVES = new Map<string, Shape>([
  ['boolean[]', booleanShape],
  ['byte[]', { ...byteShape, hash: (byte: number) => (byte << 24) >> 24 } as Shape],
  ['short[]', shortShape],
  ['int[]', intShape],
  ['long[]', longShape],
  ['float[]', floatShape],
  ['double[]', doubleShape],
  ['char[]', charShape],
]);

function orNull(hasher: Hasher | undefined): Hasher | undefined {
  return hasher && ((value) => (value === null ? 0 : hasher(value)));
}

function deepString(text: string | null): number {
  return text === null ? 0 : (31 + stringHash(text)) | 0;
}
