/** What a state holds: entries, and in sums that do not depend on their order what is in them. */
export interface StateTally {
  entries: number;
  /** Bytes of keys and values. */
  bytes: number;
  low: number;
  high: number;
}

const NOTHING: StateTally = Object.freeze({ entries: 0, bytes: 0, low: 0, high: 0 });
const FIRST_CAPACITY = 4096;

/** How many entries of each state there are and what they hold. Plain data, so that it crosses threads as it is. */
export interface TallyData {
  readonly states: ReadonlyMap<string, StateTally>;
}

/** Counts entries, state by state, and sums up a checksum of each: two numbers of 32 bits. */
export class Tally implements TallyData {
  readonly states = new Map<string, StateTally>();
  private scratch = new Uint8Array(FIRST_CAPACITY);
  private view = new DataView(this.scratch.buffer);

  /** An entry whose key (behind its key group) and value are these; `keyGroup` where it is one of keyed state. */
  add(state: string, key: Uint8Array, value: Uint8Array, keyGroup = NO_KEY_GROUP): void {
    const { length } = key;
    const end = length + LENGTH + value.length;
    if (end > this.scratch.length) {
      this.scratch = new Uint8Array(end * 2);
      this.view = new DataView(this.scratch.buffer);
    }
    this.scratch.set(key);
    this.view.setInt32(length, value.length);
    this.scratch.set(value, length + LENGTH);
    addEntry(this.at(state), this.view, keyGroup, 0, length, end);
  }

  /** The sums of a state, to be added to by `addEntry`. */
  at(state: string): StateTally {
    let tally = this.states.get(state);
    if (tally === undefined) {
      tally = { ...NOTHING };
      this.states.set(state, tally);
    }
    return tally;
  }

  addAll({ states }: TallyData): void {
    for (const [name, other] of states) addSums(this.at(name), other);
  }

  of(state: string): StateTally {
    return this.states.get(state) ?? NOTHING;
  }

  get entries(): number {
    return this.sum(({ entries }) => entries);
  }

  get bytes(): number {
    return this.sum(({ bytes }) => bytes);
  }

  private sum(of: (tally: StateTally) => number): number {
    let sum = 0;
    for (const tally of this.states.values()) sum += of(tally);
    return sum;
  }
}

/** Adds what others counted of the same state. */
export function addSums(to: StateTally, other: StateTally): void {
  to.entries += other.entries;
  to.bytes += other.bytes;
  to.low = (to.low + other.low) | 0;
  to.high = (to.high + other.high) | 0;
}

export const isSameTally = (a: StateTally, b: StateTally): boolean =>
  a.entries === b.entries && a.bytes === b.bytes && a.low === b.low && a.high === b.high;

const PRIME_1 = 0x9e3779b1;
const PRIME_2 = 0x85ebca77;
/** Bytes of the length of a value. */
const LENGTH = 4;
const NO_KEY_GROUP = -1;

/**
 * Adds an entry as the canonical layout has it: key (behind its key group) `[from, to)`, `int` length of the value, value up to
 * `end`. Its key group counts too, so that entries whose sums are the same lie in the same key groups.
 */
export function addEntry(
  tally: StateTally,
  view: DataView,
  keyGroup: number,
  from: number,
  to: number,
  end: number,
): void {
  // Two sums that depend on nothing of each other are worked out at the same time; they change places with every pair of words.
  let one = Math.imul(keyGroup ^ PRIME_2, PRIME_1) ^ (to - from);
  let other = end - from;
  let at = from;
  for (; at + 8 <= end; at += 8) {
    one = Math.imul(one ^ view.getInt32(at, true), PRIME_1);
    other = Math.imul(other ^ view.getInt32(at + 4, true), PRIME_2);
    const last = one ^ (one >>> 15);
    one = other ^ (other >>> 13);
    other = last;
  }
  if (at + 4 <= end) {
    one = Math.imul(one ^ view.getInt32(at, true), PRIME_1);
    one ^= one >>> 15;
    at += 4;
  }
  // At least the length of the value lies before: bytes that fill no word are the last ones of one that was there already.
  if (at < end) {
    other = Math.imul(other ^ view.getInt32(end - 4, true), PRIME_2);
    other ^= other >>> 13;
  }
  // Both count in every bit of both sums.
  one = Math.imul(one + Math.imul(other ^ (other >>> 16), PRIME_1), PRIME_2);
  one ^= one >>> 14;
  other = Math.imul(other ^ one, PRIME_1);
  tally.entries++;
  tally.bytes += end - LENGTH - from;
  tally.low = (tally.low + one) | 0;
  tally.high = (tally.high + (other ^ (other >>> 15))) | 0;
}
