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

  /** An entry whose key (behind its key group) and value are these. */
  add(state: string, key: Uint8Array, value: Uint8Array): void {
    const length = key.length + value.length;
    if (length > this.scratch.length) {
      this.scratch = new Uint8Array(length * 2);
      this.view = new DataView(this.scratch.buffer);
    }
    this.scratch.set(key);
    this.scratch.set(value, key.length);
    addEntry(this.at(state), this.view, 0, key.length, key.length, length);
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
    for (const [name, other] of states) {
      const tally = this.at(name);
      tally.entries += other.entries;
      tally.bytes += other.bytes;
      tally.low = (tally.low + other.low) | 0;
      tally.high = (tally.high + other.high) | 0;
    }
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

export const isSameTally = (a: StateTally, b: StateTally): boolean =>
  a.entries === b.entries && a.bytes === b.bytes && a.low === b.low && a.high === b.high;

const PRIME_1 = 0x9e3779b1;
const PRIME_2 = 0x85ebca77;

/** Adds an entry whose key is `[keyFrom, keyTo)` of the view and whose value `[valueFrom, valueTo)`. */
export function addEntry(
  tally: StateTally,
  view: DataView,
  keyFrom: number,
  keyTo: number,
  valueFrom: number,
  valueTo: number,
): void {
  let low = (keyTo - keyFrom) | 0;
  let high = (valueTo - valueFrom) | 0;
  let from = keyFrom;
  let to = keyTo;
  for (let part = 0; part < 2; part++) {
    let i = from;
    for (; i + 4 <= to; i += 4) {
      const word = view.getInt32(i, true);
      low = Math.imul(low ^ word, PRIME_1);
      low ^= low >>> 15;
      high = Math.imul((high + word) | 0, PRIME_2);
      high = (high << 13) | (high >>> 19);
    }
    for (; i < to; i++) {
      const byte = view.getUint8(i);
      low = Math.imul(low ^ byte, PRIME_1);
      low ^= low >>> 15;
      high = Math.imul((high + byte) | 0, PRIME_2);
      high = (high << 13) | (high >>> 19);
    }
    from = valueFrom;
    to = valueTo;
  }
  tally.entries++;
  tally.bytes += keyTo - keyFrom + valueTo - valueFrom;
  // The last word counts in every bit of the sums.
  low = Math.imul(low ^ (low >>> 16), PRIME_2);
  high = Math.imul(high ^ (high >>> 16), PRIME_1);
  tally.low = (tally.low + (low ^ (low >>> 13))) | 0;
  tally.high = (tally.high + (high ^ (high >>> 15))) | 0;
}
