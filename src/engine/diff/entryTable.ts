import { sameStretch } from '../bytes/byteStrings';
import type { EntryIdentity } from './entryIdentity';

const FIRST_WORDS = 1 << 18;
const FIRST_SLOTS = 1 << 13;

/** Words in front of a record's bytes. */
const HASH = 0;
/** State and key group. */
const PLACE = 1;
/** How often the record was put, less how often it was taken. */
const LEFT = 2;
/** Lengths of the parts, whose bytes follow one behind the other; -1 for a part that is not there. */
const KEY = 3;
const NAMESPACE = 4;
const MAP_KEY = 5;
const VALUE = 6;
const HEAD = 7;

/** Stretches up to this length are copied byte by byte, which costs less than a call of `set`. */
const SHORT = 32;

/**
 * Entries of one side by what identifies them, so that those of the other side find their like: open addressing over records
 * that lie one behind the other in one block of memory, each with all that is known of it, so that a look touches little of it.
 * Holds at most `limit` bytes of records, but always one, however long.
 */
export class EntryTable {
  private words = new Int32Array(FIRST_WORDS);
  private bytes = new Uint8Array(this.words.buffer);
  /** Where the next record begins, in words. */
  private end = 0;
  private size = 0;
  /** Pairs of a record's place (0 where there is none, so one too much) and its hash. */
  private slots = new Int32Array(2 * FIRST_SLOTS);

  constructor(private readonly limit: number) {}

  /** Forgets everything and keeps the memory. */
  clear(): void {
    this.end = 0;
    this.size = 0;
    this.slots.fill(0);
  }

  /** False if it is full; nothing was added then. An equal record only counts once more. */
  put(state: number, entry: EntryIdentity): boolean {
    const { hash } = entry;
    const slot = this.slotOf(state, entry);
    const known = this.slots[slot] - 1;
    if (known >= 0) {
      this.words[known + LEFT]++;
      return true;
    }
    const size = entry.idBytes + Math.max(0, entry.valueLength);
    const words = HEAD + ((size + 3) >> 2);
    if ((this.end + words) * 4 > this.limit && this.size > 0) return false;
    const record = this.end;
    this.reserve(words);
    const head = this.words;
    head[record + HASH] = hash;
    head[record + PLACE] = (state << 16) | (entry.keyGroup & 0xffff);
    head[record + LEFT] = 1;
    head[record + KEY] = entry.keyLength;
    head[record + NAMESPACE] = entry.namespaceLength;
    head[record + MAP_KEY] = entry.mapKeyLength;
    head[record + VALUE] = entry.valueLength;
    let at = (record + HEAD) * 4;
    at = this.append(at, entry.keyBytes, entry.keyFrom, entry.keyLength);
    at = this.append(at, entry.namespaceBytes, entry.namespaceFrom, entry.namespaceLength);
    at = this.append(at, entry.mapKeyBytes, entry.mapKeyFrom, entry.mapKeyLength);
    this.append(at, entry.valueBytes, entry.valueFrom, entry.valueLength);
    this.end += words;
    this.slots[slot] = record + 1;
    this.slots[slot + 1] = hash;
    if (++this.size * 4 > this.slots.length) this.growSlots();
    return true;
  }

  /** Takes a record out, once for each time that it was put: its place; -1 if there is none (any more). */
  take(state: number, entry: EntryIdentity): number {
    const record = this.slots[this.slotOf(state, entry)] - 1;
    if (record < 0 || this.words[record + LEFT] === 0) return -1;
    this.words[record + LEFT]--;
    return record;
  }

  /** Whether a record's value is, byte for byte, that of the entry. */
  hasValueOf(record: number, { valueBytes, valueFrom, valueLength }: EntryIdentity): boolean {
    if (this.words[record + VALUE] !== valueLength) return false;
    return hasStretch(this.bytes, this.valueFrom(record), valueBytes, valueFrom, valueLength);
  }

  state(record: number): number {
    return this.words[record + PLACE] >>> 16;
  }

  /** -1 in operator state. */
  keyGroup(record: number): number {
    return (this.words[record + PLACE] << 16) >> 16;
  }

  key(record: number): Uint8Array | null {
    return this.stretch((record + HEAD) * 4, this.words[record + KEY]);
  }

  namespace(record: number): Uint8Array | null {
    const { words } = this;
    return this.stretch((record + HEAD) * 4 + Math.max(0, words[record + KEY]), words[record + NAMESPACE]);
  }

  mapKey(record: number): Uint8Array | null {
    const { words } = this;
    const before = Math.max(0, words[record + KEY]) + Math.max(0, words[record + NAMESPACE]);
    return this.stretch((record + HEAD) * 4 + before, words[record + MAP_KEY]);
  }

  value(record: number): Uint8Array | null {
    return this.stretch(this.valueFrom(record), this.words[record + VALUE]);
  }

  /** Records that were not taken, with how often they are left. */
  *rest(): Generator<{ record: number; times: number }> {
    const { words } = this;
    for (let record = 0; record < this.end; ) {
      const times = words[record + LEFT];
      if (times > 0) yield { record, times };
      record += HEAD + ((this.idBytes(record) + Math.max(0, words[record + VALUE]) + 3) >> 2);
    }
  }

  private stretch(from: number, length: number): Uint8Array | null {
    return length < 0 ? null : this.bytes.subarray(from, from + length);
  }

  private idBytes(record: number): number {
    const { words } = this;
    return (
      Math.max(0, words[record + KEY]) + Math.max(0, words[record + NAMESPACE]) + Math.max(0, words[record + MAP_KEY])
    );
  }

  private valueFrom(record: number): number {
    return (record + HEAD) * 4 + this.idBytes(record);
  }

  private slotOf(state: number, entry: EntryIdentity): number {
    const { slots } = this;
    const { hash } = entry;
    const mask = slots.length - 1;
    let slot = (hash << 1) & mask;
    for (;;) {
      const record = slots[slot] - 1;
      if (record < 0) return slot;
      if (slots[slot + 1] === hash && this.isOf(record, state, entry)) return slot;
      slot = (slot + 2) & mask;
    }
  }

  private isOf(record: number, state: number, entry: EntryIdentity): boolean {
    const { words, bytes } = this;
    if (
      words[record + PLACE] >>> 16 !== state ||
      words[record + KEY] !== entry.keyLength ||
      words[record + NAMESPACE] !== entry.namespaceLength ||
      words[record + MAP_KEY] !== entry.mapKeyLength
    )
      return false;
    const key = (record + HEAD) * 4;
    const namespace = key + Math.max(0, entry.keyLength);
    const mapKey = namespace + Math.max(0, entry.namespaceLength);
    return (
      hasStretch(bytes, key, entry.keyBytes, entry.keyFrom, entry.keyLength) &&
      hasStretch(bytes, namespace, entry.namespaceBytes, entry.namespaceFrom, entry.namespaceLength) &&
      hasStretch(bytes, mapKey, entry.mapKeyBytes, entry.mapKeyFrom, entry.mapKeyLength)
    );
  }

  private append(at: number, source: Uint8Array, from: number, length: number): number {
    if (length <= 0) return at;
    const { bytes } = this;
    if (length > SHORT) bytes.set(source.subarray(from, from + length), at);
    else for (let i = 0; i < length; i++) bytes[at + i] = source[from + i];
    return at + length;
  }

  private reserve(more: number): void {
    const needed = this.end + more;
    if (needed <= this.words.length) return;
    const most = Math.max(this.limit >> 2, needed);
    const words = new Int32Array(Math.max(needed, Math.min(this.words.length * 2, most)));
    words.set(this.words.subarray(0, this.end));
    this.words = words;
    this.bytes = new Uint8Array(words.buffer);
  }

  private growSlots(): void {
    const old = this.slots;
    const slots = new Int32Array(old.length * 2);
    const mask = slots.length - 1;
    for (let i = 0; i < old.length; i += 2) {
      if (old[i] === 0) continue;
      let slot = (old[i + 1] << 1) & mask;
      while (slots[slot] !== 0) slot = (slot + 2) & mask;
      slots[slot] = old[i];
      slots[slot + 1] = old[i + 1];
    }
    this.slots = slots;
  }
}

/** Whether `length` bytes lie at a place of the table; none do where a part is not there. */
const hasStretch = (table: Uint8Array, at: number, bytes: Uint8Array, from: number, length: number): boolean =>
  length <= 0 || sameStretch(table, at, at + length, bytes, from, from + length);
