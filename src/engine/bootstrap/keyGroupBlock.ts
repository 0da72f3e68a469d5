import { END_OF_KEY_GROUP, LAST_OF_RUN } from '../backends/canonicalMarks';
import { keyGroupPrefixBytes } from '../keyGroups';
import { addEntry, type StateTally } from '../write/tally';

/** Bytes of the length in front of a value. */
const LENGTH = 4;
/** Shorter stretches are copied byte by byte, which costs less than a view of them. */
const SHORT = 48;
const FIRST_CAPACITY = 64 * 1024;

/**
 * The bytes of one key group after the other in the canonical layout, of which no byte depends on where they will lie. Source:
 * FullSnapshotAsyncWriter, as in `CanonicalWriter`.
 */
export class KeyGroupBlock {
  /** Of each state, by its number: what all blocks hold since the last `takeTallies`. */
  private tallies: StateTally[];
  private bytes = new Uint8Array(FIRST_CAPACITY);
  private view = new DataView(this.bytes.buffer);
  private at = 0;
  private readonly prefix: 1 | 2;
  private keyGroup = 0;
  private state = -1;
  private lastKey = -1;
  private entries = 0;

  constructor(stateCount: number, maxParallelism: number) {
    this.tallies = noTallies(stateCount);
    this.prefix = keyGroupPrefixBytes(maxParallelism);
  }

  takeTallies(): StateTally[] {
    const taken = this.tallies;
    this.tallies = noTallies(taken.length);
    return taken;
  }

  begin(keyGroup: number): void {
    this.keyGroup = keyGroup;
    this.at = 0;
    this.state = -1;
    this.lastKey = -1;
    this.entries = 0;
  }

  /** An entry in a window: key (behind the key group) `[from, to)`, value `[to + 4, end)` with its length in front. */
  placed(state: number, window: Uint8Array, from: number, to: number, end: number): void {
    const key = this.room(state, to - from, end - from);
    this.copy(window, from, end, key);
    const value = key + (to - from);
    addEntry(this.tallies[state], this.view, this.keyGroup, key, value, this.at);
  }

  /** Entries as they stand in the layout, `[from, to)` of other bytes, of this key group. */
  stretch(state: number, bytes: Uint8Array, from: number, to: number): void {
    if (to === from) return;
    this.grow(2 + to - from);
    this.goTo(state);
    this.bytes.set(bytes.subarray(from, to), this.at);
    const { view, prefix } = this;
    const end = this.at + to - from;
    const tally = this.tallies[state];
    for (let at = this.at; at < end; this.entries++) {
      this.lastKey = at + LENGTH;
      const value = this.lastKey + view.getInt32(at);
      at = value + LENGTH + view.getInt32(value);
      addEntry(tally, view, this.keyGroup, this.lastKey + prefix, value, at);
    }
    this.at = end;
  }

  entry(state: number, key: Uint8Array, value: Uint8Array): void {
    const into = this.room(state, key.length, key.length + LENGTH + value.length);
    this.copy(key, 0, key.length, into);
    const at = into + key.length;
    this.view.setInt32(at, value.length);
    this.copy(value, 0, value.length, at + LENGTH);
    addEntry(this.tallies[state], this.view, this.keyGroup, into, at, this.at);
  }

  /** Bytes that are there of the block. */
  get length(): number {
    return this.at;
  }

  /** The bytes of the block so far, to be written in front of what `finish` gives; the last entry stays. */
  takeBegun(): Uint8Array {
    const end = this.lastKey - LENGTH;
    const begun = this.bytes.slice(0, end);
    this.bytes.copyWithin(0, end, this.at);
    this.at -= end;
    this.lastKey -= end;
    return begun;
  }

  /** The block, good until the next begins; null where it has no entry. `count` is the number of all its entries. */
  finish(): { bytes: Uint8Array; count: number } | null {
    if (this.entries === 0) return null;
    this.endRun();
    this.grow(2);
    this.view.setUint16(this.at, END_OF_KEY_GROUP);
    this.at += 2;
    return { bytes: this.bytes.subarray(0, this.at), count: this.entries };
  }

  /** Makes room for an entry and writes what precedes its key; gives the place of the key. */
  private room(state: number, keyLength: number, length: number): number {
    const { prefix } = this;
    this.grow(2 + LENGTH + prefix + length);
    this.goTo(state);
    this.view.setInt32(this.at, prefix + keyLength);
    this.at += LENGTH;
    this.lastKey = this.at;
    if (prefix === 2) this.bytes[this.at++] = this.keyGroup >> 8;
    this.bytes[this.at++] = this.keyGroup;
    const key = this.at;
    this.at += length;
    this.entries++;
    return key;
  }

  private goTo(state: number): void {
    if (state === this.state) return;
    this.endRun();
    this.view.setInt16(this.at, state);
    this.at += 2;
    this.state = state;
  }

  private copy(from: Uint8Array, start: number, end: number, into: number): void {
    const { bytes } = this;
    if (end - start > SHORT) {
      bytes.set(from.subarray(start, end), into);
      return;
    }
    for (let i = start, at = into; i < end; i++, at++) bytes[at] = from[i];
  }

  private endRun(): void {
    if (this.lastKey >= 0) this.bytes[this.lastKey] |= LAST_OF_RUN;
  }

  private grow(more: number): void {
    if (this.at + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.at + more, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.at));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}

/** Of so many states, which hold nothing. */
export const noTallies = (count: number): StateTally[] =>
  Array.from({ length: count }, () => ({ entries: 0, bytes: 0, low: 0, high: 0 }));
