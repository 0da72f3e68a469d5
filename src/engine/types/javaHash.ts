/** `hashCode()` of Java's own classes; all results are ints. */

export function stringHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/** `Long.hashCode`: the two halves, xored. */
export function longHash(value: bigint): number {
  return Number(BigInt.asIntN(32, value ^ (value >> 32n)));
}

const scratch = new DataView(new ArrayBuffer(8));

/** `Double.hashCode`; every NaN counts as the canonical one. */
export function doubleHash(value: number): number {
  if (Number.isNaN(value)) return 0x7ff80000;
  scratch.setFloat64(0, value);
  return scratch.getInt32(0) ^ scratch.getInt32(4);
}

/** `Float.hashCode`; every NaN counts as the canonical one. */
export function floatHash(value: number): number {
  if (Number.isNaN(value)) return 0x7fc00000;
  scratch.setFloat32(0, value);
  return scratch.getInt32(0);
}

/** `BigInteger.hashCode`: a 31-polynomial over the magnitude's 32-bit words, times the sign. */
export function bigIntegerHash(value: bigint): number {
  let magnitude = value < 0n ? -value : value;
  const words: number[] = [];
  while (magnitude > 0n) {
    words.push(Number(magnitude & 0xffffffffn));
    magnitude >>= 32n;
  }
  let hash = 0;
  for (let i = words.length - 1; i >= 0; i--) hash = (Math.imul(hash, 31) + words[i]) | 0;
  return value < 0n ? -hash | 0 : hash;
}

const MAX_LONG = (1n << 63n) - 1n;

/** `BigDecimal.hashCode`, which has a form of its own where the unscaled value fits a long. */
export function bigDecimalHash(unscaled: bigint, scale: number): number {
  const magnitude = unscaled < 0n ? -unscaled : unscaled;
  if (magnitude > MAX_LONG) return (Math.imul(bigIntegerHash(unscaled), 31) + scale) | 0;
  const folded = (Math.imul(Number(magnitude >> 32n), 31) + Number(magnitude & 0xffffffffn)) | 0;
  return (Math.imul(unscaled < 0n ? -folded | 0 : folded, 31) + scale) | 0;
}

/** `List.hashCode` and `Arrays.hashCode`: `1`, then `31 * h + hash` for each element; null counts as 0. */
export function sequenceHash(hashes: Iterable<number>): number {
  let hash = 1;
  for (const h of hashes) hash = (Math.imul(hash, 31) + h) | 0;
  return hash;
}
