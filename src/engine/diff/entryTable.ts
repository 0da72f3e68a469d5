import { sameStretch } from '../bytes/byteStrings';

const FIRST_ARENA = 1 << 20;
const FIRST_SLOTS = 1 << 12;

/** What an entry of the other side met in the table. */
export interface Met {
  /** Number of the record. */
  record: number;
  sameValue: boolean;
}

/**
 * Entries of one side by what identifies them, so that those of the other side find their like: open addressing over records
 * in one block of bytes. Holds at most `limit` bytes, but always one record, however long.
 */
export class EntryTable {
  /** Records, in the order in which they came. */
  size = 0;
  private arena: Uint8Array<ArrayBuffer>;
  private end = 0;
  private slots = new Int32Array(FIRST_SLOTS).fill(-1);
  private hashes = new Int32Array(FIRST_SLOTS);
  private states = new Int32Array(FIRST_SLOTS);
  private keyGroups = new Int32Array(FIRST_SLOTS);
  private idFrom = new Int32Array(FIRST_SLOTS);
  private valueFrom = new Int32Array(FIRST_SLOTS);
  private valueTo = new Int32Array(FIRST_SLOTS);
  /** How often the record was put, less how often it was taken. */
  private left = new Int32Array(FIRST_SLOTS);

  constructor(private readonly limit: number) {
    this.arena = new Uint8Array(Math.min(FIRST_ARENA, limit));
  }

  /** False if it is full; nothing was added then. An equal record only counts once more. */
  put(state: number, keyGroup: number, hash: number, id: Uint8Array, value: Uint8Array): boolean {
    const slot = this.slotOf(state, hash, id);
    const known = this.slots[slot];
    if (known >= 0) {
      this.left[known]++;
      return true;
    }
    const needed = id.length + value.length;
    if (this.end + needed > this.limit && this.size > 0) return false;
    this.reserve(needed);
    const record = this.size++;
    this.hashes[record] = hash;
    this.states[record] = state;
    this.keyGroups[record] = keyGroup;
    this.idFrom[record] = this.end;
    this.arena.set(id, this.end);
    this.end += id.length;
    this.valueFrom[record] = this.end;
    this.arena.set(value, this.end);
    this.end += value.length;
    this.valueTo[record] = this.end;
    this.left[record] = 1;
    this.slots[slot] = record;
    if (this.size * 2 > this.slots.length) this.growSlots();
    return true;
  }

  /** Takes a record out, once for each time that it was put. Null if there is none (any more). */
  take(state: number, hash: number, id: Uint8Array, value: Uint8Array): Met | null {
    const record = this.slots[this.slotOf(state, hash, id)];
    if (record < 0 || this.left[record] === 0) return null;
    this.left[record]--;
    return { record, sameValue: this.isAt(this.valueFrom[record], this.valueTo[record], value) };
  }

  state(record: number): number {
    return this.states[record];
  }

  keyGroup(record: number): number {
    return this.keyGroups[record];
  }

  id(record: number): Uint8Array {
    return this.arena.subarray(this.idFrom[record], this.valueFrom[record]);
  }

  value(record: number): Uint8Array {
    return this.arena.subarray(this.valueFrom[record], this.valueTo[record]);
  }

  /** Records that were not taken, with how often they are left. */
  *rest(): Generator<{ record: number; times: number }> {
    for (let record = 0; record < this.size; record++) {
      if (this.left[record] > 0) yield { record, times: this.left[record] };
    }
  }

  private slotOf(state: number, hash: number, id: Uint8Array): number {
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const record = this.slots[slot];
      if (record < 0) return slot;
      const isSame = this.hashes[record] === hash && this.states[record] === state;
      if (isSame && this.isAt(this.idFrom[record], this.valueFrom[record], id)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  private isAt(from: number, to: number, bytes: Uint8Array): boolean {
    return sameStretch(this.arena, from, to, bytes, 0, bytes.length);
  }

  private reserve(needed: number): void {
    if (this.end + needed > this.arena.length) {
      const arena = new Uint8Array(Math.max(this.end + needed, Math.min(this.arena.length * 2, this.limit)));
      arena.set(this.arena.subarray(0, this.end));
      this.arena = arena;
    }
    if (this.size < this.left.length) return;
    const grown = (column: Int32Array): Int32Array<ArrayBuffer> => {
      const longer = new Int32Array(column.length * 2);
      longer.set(column);
      return longer;
    };
    this.hashes = grown(this.hashes);
    this.states = grown(this.states);
    this.keyGroups = grown(this.keyGroups);
    this.idFrom = grown(this.idFrom);
    this.valueFrom = grown(this.valueFrom);
    this.valueTo = grown(this.valueTo);
    this.left = grown(this.left);
  }

  private growSlots(): void {
    const slots = new Int32Array(this.slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let record = 0; record < this.size; record++) {
      let slot = this.hashes[record] & mask;
      while (slots[slot] >= 0) slot = (slot + 1) & mask;
      slots[slot] = record;
    }
    this.slots = slots;
  }
}

/** A hash that spreads over all 32 bits. */
export function hashOf(state: number, bytes: Uint8Array): number {
  let h = 0x811c9dc5 ^ state;
  for (let i = 0; i < bytes.length; i++) h = Math.imul(h ^ bytes[i], 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
