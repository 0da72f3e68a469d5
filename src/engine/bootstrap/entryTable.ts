import { LIST_DELIMITER } from '../backends/canonicalMarks';
import { byteHash } from '../bytes/byteHash';
import { sameStretch } from '../bytes/byteStrings';
import { Sink } from '../bytes/sink';
import { keyGroupPrefixBytes } from '../keyGroups';
import type { OutputEntry } from '../write/outputEntry';
import type { KeyGroupBlock } from './keyGroupBlock';
import { intAt } from './rowEntries';
import type { RunWindow } from './runWindow';

const NONE = -1;
/** Numbers that are kept of each entry. */
const WIDTH = 8;
const [PIECE, STATE, KEY, KEY_END, VALUE_END, HASH, NEXT, LAST] = [0, 1, 2, 3, 4, 5, 6, 7];
/** Bytes between key and value: the length of the value. */
const LENGTH = 4;
/** In place of the last element: the entry was taken. */
const TAKEN = -2;
const FIRST_ENTRIES = 1024;

/**
 * The entries of one key group by state and key, without an object for any of them: of several under one key the last one
 * counts, but of a list all of them, in their order. Where they lie is kept in numbers, the bytes stay where they came from.
 */
export class EntryTable {
  private pieces: Uint8Array[] = [];
  /** `WIDTH` numbers an entry, at which places of a piece it lies; `NEXT` and `LAST` chain the elements of one list, `LAST` of its first entry only. */
  private rows = new Int32Array(FIRST_ENTRIES * WIDTH);
  private count = 0;
  /** First entry of each key by its hash, as index + 1. */
  private slots = new Int32Array(FIRST_ENTRIES * 2);
  /** First entries of the keys of each state, in the order in which they came. */
  private readonly firsts: number[][] = [];
  private used = 0;
  /** Bytes of the key group in front of a key. */
  private readonly prefix: 1 | 2;

  constructor(
    private readonly lists: ReadonlySet<number>,
    maxParallelism: number,
  ) {
    this.prefix = keyGroupPrefixBytes(maxParallelism);
  }

  has(state: number): boolean {
    return (this.firsts[state]?.length ?? 0) > 0;
  }

  /** What all runs have of a state for a key group, as the state `as`. The bytes must stay as they are. */
  addOf(window: RunWindow, keyGroup: number, state: number, as = state): void {
    const { bytes } = window;
    const piece = this.pieces.push(bytes) - 1;
    for (let run = 0; run < window.runCount; run++) {
      const end = window.to(run, keyGroup, state);
      for (let at = window.from(run, keyGroup, state); at < end; ) {
        const key = at + LENGTH;
        const keyEnd = key + intAt(bytes, at);
        at = keyEnd + LENGTH + intAt(bytes, keyEnd);
        this.insert(as, piece, key + this.prefix, keyEnd, at);
      }
    }
  }

  add({ state, key, value }: OutputEntry): void {
    const sink = new Sink(key.length + LENGTH + value.length);
    sink.raw(key);
    sink.bytes4(value);
    const piece = this.pieces.push(sink.written()) - 1;
    this.insert(state, piece, 0, key.length, sink.position);
  }

  /** The value under a key, which is not in the table any more then; null where there is none. */
  take(state: number, key: Uint8Array): Uint8Array | null {
    const hash = byteHash(key, 0, key.length, state);
    const slot = this.slotOf(state, hash, key, 0, key.length);
    const first = this.slots[slot] - 1;
    if (first < 0 || this.isTaken(first)) return null;
    const value = this.valueOf(state, first);
    this.rows[first * WIDTH + LAST] = TAKEN;
    return value;
  }

  /** The entries of a state. The byte strings are good as long as the pieces are. */
  *entries(state: number, keyGroup: number): Generator<OutputEntry> {
    for (const first of this.firsts[state] ?? []) {
      if (this.isTaken(first)) continue;
      yield { keyGroup, state, key: this.keyOf(first), value: this.valueOf(state, first) };
    }
  }

  /** The entries of a state, as they are. */
  writeTo(state: number, block: KeyGroupBlock): void {
    const { rows, pieces } = this;
    const isList = this.lists.has(state);
    for (const first of this.firsts[state] ?? []) {
      if (this.isTaken(first)) continue;
      const at = first * WIDTH;
      if (isList && rows[at + NEXT] !== NONE) block.entry(state, this.keyOf(first), this.valueOf(state, first));
      else block.placed(state, pieces[rows[at + PIECE]], rows[at + KEY], rows[at + KEY_END], rows[at + VALUE_END]);
    }
  }

  clear(): void {
    this.pieces = [];
    this.count = 0;
    this.used = 0;
    for (const list of this.firsts) if (list !== undefined) list.length = 0;
    this.slots.fill(0);
  }

  private isTaken(first: number): boolean {
    return this.rows[first * WIDTH + LAST] === TAKEN;
  }

  private insert(state: number, piece: number, key: number, keyEnd: number, valueEnd: number): void {
    const bytes = this.pieces[piece];
    const hash = byteHash(bytes, key, keyEnd, state);
    const slot = this.slotOf(state, hash, bytes, key, keyEnd);
    const first = this.slots[slot] - 1;
    if (first >= 0 && !this.lists.has(state)) {
      this.place(first * WIDTH, piece, key, keyEnd, valueEnd);
      return;
    }
    const index = this.newRow();
    const at = index * WIDTH;
    this.place(at, piece, key, keyEnd, valueEnd);
    this.rows[at + STATE] = state;
    this.rows[at + HASH] = hash;
    this.rows[at + NEXT] = NONE;
    this.rows[at + LAST] = index;
    if (first >= 0) {
      const head = first * WIDTH;
      this.rows[this.rows[head + LAST] * WIDTH + NEXT] = index;
      this.rows[head + LAST] = index;
      return;
    }
    this.slots[slot] = index + 1;
    this.firsts[state] ??= [];
    this.firsts[state].push(index);
    if (++this.used * 2 > this.slots.length) this.grow();
  }

  private place(at: number, piece: number, key: number, keyEnd: number, valueEnd: number): void {
    const { rows } = this;
    rows[at + PIECE] = piece;
    rows[at + KEY] = key;
    rows[at + KEY_END] = keyEnd;
    rows[at + VALUE_END] = valueEnd;
  }

  private newRow(): number {
    if ((this.count + 1) * WIDTH > this.rows.length) {
      const grown = new Int32Array(this.rows.length * 2);
      grown.set(this.rows);
      this.rows = grown;
    }
    return this.count++;
  }

  /** The slot of a key, or the empty one where it would stand. */
  private slotOf(state: number, hash: number, bytes: Uint8Array, from: number, to: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const index = this.slots[slot] - 1;
      if (index < 0) return slot;
      if (this.rows[index * WIDTH + HASH] === hash && this.isKey(index, state, bytes, from, to)) return slot;
    }
  }

  private isKey(index: number, state: number, bytes: Uint8Array, from: number, to: number): boolean {
    const at = index * WIDTH;
    const { rows } = this;
    if (rows[at + STATE] !== state) return false;
    return sameStretch(this.pieces[rows[at + PIECE]], rows[at + KEY], rows[at + KEY_END], bytes, from, to);
  }

  private keyOf(index: number): Uint8Array {
    const at = index * WIDTH;
    return this.pieces[this.rows[at + PIECE]].subarray(this.rows[at + KEY], this.rows[at + KEY_END]);
  }

  private valueOf(state: number, first: number): Uint8Array {
    if (this.rows[first * WIDTH + NEXT] === NONE || !this.lists.has(state)) return this.part(first);
    const sink = new Sink();
    for (let index = first; index !== NONE; index = this.rows[index * WIDTH + NEXT]) {
      if (index !== first) sink.u8(LIST_DELIMITER);
      sink.raw(this.part(index));
    }
    return sink.toBytes();
  }

  private part(index: number): Uint8Array {
    const at = index * WIDTH;
    return this.pieces[this.rows[at + PIECE]].subarray(this.rows[at + KEY_END] + LENGTH, this.rows[at + VALUE_END]);
  }

  private grow(): void {
    const { rows } = this;
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2);
    const mask = this.slots.length - 1;
    for (const entry of old) {
      if (entry === 0) continue;
      let slot = rows[(entry - 1) * WIDTH + HASH] & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = entry;
    }
  }
}
