/** How many entries of each state there are and, in a sum that does not depend on their order, what they hold. */
export class Tally {
  private readonly states = new Map<string, StateTally>();

  add(state: string, key: Uint8Array, value: Uint8Array): void {
    let tally = this.states.get(state);
    if (tally === undefined) {
      tally = { entries: 0, bytes: 0, low: 0, high: 0 };
      this.states.set(state, tally);
    }
    tally.entries++;
    tally.bytes += key.length + value.length;
    let low = 0x811c9dc5;
    let high = key.length;
    for (let i = 0; i < key.length; i++) {
      low = Math.imul(low ^ key[i], 0x01000193);
      high = Math.imul(high ^ key[i], 0x5bd1e995) ^ (high >>> 13);
    }
    for (let i = 0; i < value.length; i++) {
      low = Math.imul(low ^ value[i], 0x01000193);
      high = Math.imul(high ^ value[i], 0x5bd1e995) ^ (high >>> 13);
    }
    tally.low = (tally.low + low) >>> 0;
    tally.high = (tally.high + high) >>> 0;
  }

  of(state: string): StateTally {
    return this.states.get(state) ?? NOTHING;
  }

  get entries(): number {
    return [...this.states.values()].reduce((sum, { entries }) => sum + entries, 0);
  }

  get bytes(): number {
    return [...this.states.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }
}

export interface StateTally {
  entries: number;
  /** Bytes of keys and values. */
  bytes: number;
  low: number;
  high: number;
}

const NOTHING: StateTally = Object.freeze({ entries: 0, bytes: 0, low: 0, high: 0 });

export const isSameTally = (a: StateTally, b: StateTally): boolean =>
  a.entries === b.entries && a.bytes === b.bytes && a.low === b.low && a.high === b.high;
