import { EngineError } from '../../bytes/engineError';

/** Kind of an entry: the low byte of an internal key's last eight (`db/dbformat.h`, ValueType). */
export const ValueType = {
  deletion: 0x0,
  value: 0x1,
  merge: 0x2,
  singleDeletion: 0x7,
  rangeDeletion: 0xf,
  blobIndex: 0x11,
} as const;

/** Bytes behind the user key: `sequence << 8 | type`, 64 bits little-endian. */
export const KEY_TRAILER = 8;

/** Sequence number in an internal key's trailer at `at`: 56 bits, which fit a double up to 2^53 and are checked beyond. */
export function sequenceAt(bytes: Uint8Array, at: number): number {
  const low = bytes[at + 1] | (bytes[at + 2] << 8) | (bytes[at + 3] << 16);
  const high = (bytes[at + 4] | (bytes[at + 5] << 8) | (bytes[at + 6] << 16) | (bytes[at + 7] << 24)) >>> 0;
  const sequence = high * 0x1000000 + low;
  if (sequence > Number.MAX_SAFE_INTEGER)
    throw new EngineError('CORRUPT', `A sequence number of ${sequence} is beyond 2^53.`);
  return sequence;
}

/** Bytewise order of user keys (`leveldb.BytewiseComparator`, the only one that Flink's state backends use). */
export function compareBytes(a: Uint8Array, aLength: number, b: Uint8Array, bLength: number): number {
  return compareWithin(a, 0, aLength, b, bLength);
}

/** The same of `[from, to)` of `a`. */
export function compareWithin(a: Uint8Array, from: number, to: number, b: Uint8Array, bLength: number): number {
  const n = Math.min(to - from, bLength);
  for (let i = 0; i < n; i++) {
    const d = a[from + i] - b[i];
    if (d !== 0) return d;
  }
  return to - from - bLength;
}

/** The smallest key that is larger. */
export function keyBehind(key: Uint8Array): Uint8Array {
  const longer = new Uint8Array(key.length + 1);
  longer.set(key);
  return longer;
}

/** Whether `[from, to)` of `a` has the bytes `b` at `at`. */
export function hasBytes(a: Uint8Array, from: number, to: number, at: number, b: Uint8Array): boolean {
  if (at + b.length > to - from) return false;
  // From the end: neighbours in key order differ there.
  for (let i = b.length - 1, k = from + at + i; i >= 0; i--, k--) if (a[k] !== b[i]) return false;
  return true;
}
