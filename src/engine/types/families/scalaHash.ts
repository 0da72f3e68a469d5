import type { Codec } from '../codec';
import { doubleHash, floatHash, longHash } from '../javaHash';

/** `MurmurHash3.productSeed`. */
export const PRODUCT_SEED = 0xcafebabe | 0;
/** What Java makes of 2^63 as a long. */
const MAX_LONG = (1n << 63n) - 1n;

/**
 * `hashCode()` of a Scala tuple (2.11 and 2.12: `MurmurHash3.productHash`), or null where it cannot be known: any other case
 * class may have a `hashCode` of its own, and a field's type must have a known one.
 */
export function scalaTupleHash(className: string, fields: readonly Codec[]): ((values: unknown[]) => number) | null {
  if (!/^scala\.Tuple\d+(\$mc\w+\$sp)?$/.test(className) || fields.length === 0) return null;
  const hashes = fields.map(elementHash);
  if (hashes.some((hash) => hash === undefined)) return null;
  return (values) => {
    let h = PRODUCT_SEED;
    values.forEach((value, i) => {
      h = mix(h, value === null ? 0 : (hashes[i]?.(value) ?? 0));
    });
    return avalanche(h ^ values.length);
  };
}

/** Scala's `##`: numbers that are equal across types hash alike, so a long or a double with the value of an int is that int. */
export function elementHash(field: Codec): ((value: unknown) => number) | undefined {
  const { hash } = field;
  if (hash === undefined) return undefined;
  switch (field.type.name) {
    case 'long':
      return (value) => {
        const long = value as bigint;
        return BigInt.asIntN(32, long) === long ? Number(long) : longHash(long);
      };
    case 'double':
    case 'float':
      return (value) => (typeof value === 'number' ? numberHash(value, field.type.name === 'float') : hash(value));
    default:
      return (value) => hash(value);
  }
}

function numberHash(value: number, isFloat: boolean): number {
  if (Number.isInteger(value)) {
    if ((value | 0) === value) return value | 0;
    if (Math.abs(value) <= 2 ** 63) return longHash(BigInt.asIntN(64, value === 2 ** 63 ? MAX_LONG : BigInt(value)));
  }
  if (isFloat || Math.fround(value) === value) return floatHash(value);
  return doubleHash(value);
}

/** `MurmurHash3.mix`. */
export function mix(hash: number, data: number): number {
  let k = Math.imul(data, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  const h = hash ^ Math.imul(k, 0x1b873593);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

/** `MurmurHash3.avalanche`. */
export function avalanche(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
