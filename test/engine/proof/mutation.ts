import type { Randomness } from './randomness';

/** A way to damage a file, by what a person would call it. */
type Mutation = (bytes: Uint8Array, random: Randomness, donor: Uint8Array) => Uint8Array;

/** Lengths and counts that no writer gives, and those just beside what a reader may take for granted. */
const EXTREMES = [-1, -2, 0, 1, 2, 0x7f, 0x80, 0xff, 0xffff, 0x10000, 0xffffff, 0x7fffffff, -0x80000000, 0x7ffffffe];

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'flip a bit': changed((bytes, at, random) => {
    bytes[at] ^= 1 << random.below(8);
  }),
  'set a byte': changed((bytes, at, random) => {
    bytes[at] = random.oneOf([0, 1, 2, 0x2c, 0x7f, 0x80, 0xfe, 0xff, random.below(256)]);
  }),
  'set an int': changed((bytes, at, random) => setInt(bytes, at, random.oneOf(EXTREMES))),
  'change an int by a little': changed((bytes, at, random) => {
    if (at + 4 <= bytes.length) setInt(bytes, at, viewOf(bytes).getInt32(at) + random.below(9) - 4);
  }),
  'set a long': changed((bytes, at, random) => {
    const high = random.oneOf([0, 0, -1, 0x7fffffff, -0x80000000, 1]);
    setInt(bytes, at, high);
    setInt(bytes, at + 4, random.oneOf(EXTREMES));
  }),
  'set a little-endian int': changed((bytes, at, random) => {
    if (at + 4 <= bytes.length) viewOf(bytes).setInt32(at, random.oneOf(EXTREMES), true);
  }),
  'set a string length': changed((bytes, at, random) => {
    const length = random.oneOf([0, 1, 0xff, 0x7fff, 0xffff]);
    bytes[at] = length >> 8;
    if (at + 1 < bytes.length) bytes[at + 1] = length & 0xff;
  }),
  'a varint without end': changed((bytes, at, random) => {
    bytes.fill(random.oneOf([0x80, 0xff]), at, at + 5 + random.below(8));
  }),
  'cut off the end': (bytes, random) => bytes.slice(0, random.below(bytes.length)),
  'take a stretch out': (bytes, random) => {
    const at = random.below(bytes.length);
    return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(64)));
  },
  'put in a stretch of another file': (bytes, random, donor) => {
    const at = random.below(bytes.length);
    return joined(bytes.subarray(0, at), stretchOf(donor, random), bytes.subarray(at));
  },
  'write a stretch of another file over it': changed((bytes, at, random, donor) => {
    bytes.set(stretchOf(donor, random).subarray(0, bytes.length - at), at);
  }),
  'repeat a stretch': (bytes, random) => {
    const at = random.below(bytes.length);
    const stretch = bytes.subarray(at, at + 1 + random.below(64));
    const times = Array.from({ length: 1 + random.below(8) }, () => stretch);
    return joined(bytes.subarray(0, at), ...times, bytes.subarray(at));
  },
  'fill a stretch': changed((bytes, at, random) => {
    bytes.fill(random.oneOf([0, 0xff, 0x01]), at, at + 1 + random.below(64));
  }),
};

const NAMES = Object.keys(MUTATIONS);

export interface Mutated {
  bytes: Uint8Array;
  /** What was done, for a report. */
  done: string[];
}

/** The bytes with one to four things done to them. */
export function mutate(bytes: Uint8Array, random: Randomness, donor: Uint8Array): Mutated {
  const done: string[] = [];
  let result = bytes;
  for (let times = random.oneOf([1, 1, 1, 2, 4]); times > 0 && result.length > 0; times--) {
    const name = random.oneOf(NAMES);
    result = MUTATIONS[name](result, random, donor);
    done.push(name);
  }
  return { bytes: result, done };
}

/** A mutation that changes bytes at a place and moves none. */
function changed(change: (bytes: Uint8Array, at: number, random: Randomness, donor: Uint8Array) => void): Mutation {
  return (bytes, random, donor) => {
    const copy = bytes.slice();
    change(copy, random.below(bytes.length), random, donor);
    return copy;
  };
}

function setInt(bytes: Uint8Array, at: number, value: number): void {
  if (at + 4 <= bytes.length) viewOf(bytes).setInt32(at, value);
}

function stretchOf(donor: Uint8Array, random: Randomness): Uint8Array {
  const at = random.below(Math.max(1, donor.length));
  return donor.subarray(at, at + 1 + random.below(128));
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
