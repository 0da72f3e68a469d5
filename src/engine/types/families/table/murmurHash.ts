import { EngineError } from '../../../bytes/engineError';

/** `MurmurHashUtils` of SQL's binary format: Murmur3, 32 bit, seed 42, over little-endian ints. */
const SEED = 42;

/** Hash of a row, array or map: whole ints only, as every binary value's size is. */
export function hashByWords(bytes: Uint8Array): number {
  if (bytes.length % 4 !== 0)
    throw new EngineError('CORRUPT', `A binary value of ${bytes.length} bytes, which is not a multiple of 4.`);
  return finish(hashInts(bytes, bytes.length), bytes.length);
}

/** Hash of a string: ints, then each byte left over as a signed int of its own. */
export function hashBytes(bytes: Uint8Array): number {
  const whole = bytes.length - (bytes.length % 4);
  let hash = hashInts(bytes, whole);
  for (let i = whole; i < bytes.length; i++) hash = mix(hash, (bytes[i] << 24) >> 24);
  return finish(hash, bytes.length);
}

function hashInts(bytes: Uint8Array, length: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let hash = SEED;
  for (let i = 0; i < length; i += 4) hash = mix(hash, view.getInt32(i, true));
  return hash;
}

function mix(hash: number, word: number): number {
  const k = Math.imul(rotateLeft(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
  return (Math.imul(rotateLeft(hash ^ k, 13), 5) + 0xe6546b64) | 0;
}

function finish(mixed: number, length: number): number {
  let hash = mixed ^ length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function rotateLeft(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}
