import { LAST_OF_RUN } from '../../backends/canonicalMarks';
import { EngineError } from '../../bytes/engineError';
import { keyGroupPrefixBytes } from '../../keyGroups';
import type { PlacedSink } from '../../storage/outputFolder';

/** Bytes of a length, of a key or of a value. */
const LENGTH = 4;
/** Bytes of a state's number. */
const STATE = 2;
/** Shorter pieces are copied word by word, which costs less than a view of them. */
const SHORT = 64;

/** Takes entries that are to be written in the canonical layout, in any order. */
export interface EntryTaker {
  /** An entry that lies in a window: key (behind its key group) `[from, to)`, value `[to + 4, end)` with its length in front. */
  placed(
    keyGroup: number,
    state: number,
    window: Uint8Array,
    view: DataView,
    from: number,
    to: number,
    end: number,
  ): void;
  entry(keyGroup: number, state: number, key: Uint8Array, value: Uint8Array): void;
}

/**
 * Counts the bytes of chunks. A chunk is what one share of the entries adds to one key group: runs of entries of one state,
 * each with the state's number in front and its last key marked. A state may have several runs in a key group, so that the
 * chunks of all shares, one behind the other and closed by an end mark, are the key group.
 */
export class ChunkSizes implements EntryTaker {
  readonly bytes: Float64Array;
  private readonly states: Int32Array;
  private readonly perEntry: number;

  constructor(keyGroups: number) {
    this.bytes = new Float64Array(keyGroups);
    this.states = new Int32Array(keyGroups).fill(-1);
    this.perEntry = 2 * LENGTH + keyGroupPrefixBytes(keyGroups);
  }

  placed(keyGroup: number, state: number, _: Uint8Array, __: DataView, from: number, to: number, end: number): void {
    this.add(keyGroup, state, end - from - LENGTH);
    if (to > end) throw new RangeError('A key ends behind its entry.');
  }

  entry(keyGroup: number, state: number, key: Uint8Array, value: Uint8Array): void {
    this.add(keyGroup, state, key.length + value.length);
  }

  private add(keyGroup: number, state: number, length: number): void {
    let size = this.perEntry + length;
    if (this.states[keyGroup] !== state) {
      this.states[keyGroup] = state;
      size += STATE;
    }
    this.bytes[keyGroup] += size;
  }
}

/** Where a chunk goes. */
export interface ChunkPlace {
  file(keyGroup: number): PlacedSink;
  /** By key group: the place of the chunk's first byte in its file. */
  readonly positions: Float64Array;
}

/** Writes the chunks of one share, each to its place. Every key group has a stretch of memory that is written when it is full. */
export class ChunkWriter implements EntryTaker {
  private readonly arena: Uint8Array;
  private readonly view: DataView;
  private readonly slot: number;
  private readonly prefix: 1 | 2;
  /** By key group: bytes in its slot; the place in the file of the slot's first byte; state and place of the last entry. */
  private readonly fills: Int32Array;
  private readonly positions: Float64Array;
  private readonly states: Int32Array;
  private readonly lastKeys: Float64Array;

  constructor(
    private readonly keyGroups: number,
    private readonly place: ChunkPlace,
    memory: number,
  ) {
    this.slot = 2 ** Math.max(MIN_SLOT, Math.min(MAX_SLOT, Math.floor(Math.log2(memory / keyGroups))));
    this.arena = new Uint8Array(keyGroups * this.slot);
    this.view = new DataView(this.arena.buffer);
    this.prefix = keyGroupPrefixBytes(keyGroups);
    this.fills = new Int32Array(keyGroups);
    this.positions = place.positions.slice();
    this.states = new Int32Array(keyGroups).fill(-1);
    this.lastKeys = new Float64Array(keyGroups);
  }

  placed(
    keyGroup: number,
    state: number,
    window: Uint8Array,
    view: DataView,
    from: number,
    to: number,
    end: number,
  ): void {
    const { prefix } = this;
    const at = this.room(keyGroup, state, LENGTH + prefix + end - from);
    if (at < 0) {
      this.large(keyGroup, window.subarray(from, to), window.subarray(to + LENGTH, end));
      return;
    }
    this.head(keyGroup, at, to - from);
    const into = at + LENGTH + prefix;
    if (end - from > SHORT) this.arena.set(window.subarray(from, end), into);
    else copyShort(view, from, end, this.view, into);
  }

  entry(keyGroup: number, state: number, key: Uint8Array, value: Uint8Array): void {
    const at = this.room(keyGroup, state, 2 * LENGTH + this.prefix + key.length + value.length);
    if (at < 0) {
      this.large(keyGroup, key, value);
      return;
    }
    this.head(keyGroup, at, key.length);
    const into = at + LENGTH + this.prefix;
    this.arena.set(key, into);
    this.view.setInt32(into + key.length, value.length);
    this.arena.set(value, into + key.length + LENGTH);
  }

  /** Writes what is left, and makes sure that every chunk has the bytes that it was to have. */
  close(sizes: Float64Array): void {
    for (let keyGroup = 0; keyGroup < this.keyGroups; keyGroup++) {
      if (this.states[keyGroup] >= 0) this.mark(keyGroup);
      this.flush(keyGroup);
      if (this.positions[keyGroup] - this.place.positions[keyGroup] === sizes[keyGroup]) continue;
      throw new EngineError('FILE_CHANGED', `Key group ${keyGroup} has other entries than a moment ago.`, {
        hint: 'Something else writes to the snapshot. Try again when nothing does.',
      });
    }
  }

  /** Room for an entry of so many bytes: its place in the arena; -1 where it is too long for a slot, which is empty then. */
  private room(keyGroup: number, state: number, size: number): number {
    const isNewRun = this.states[keyGroup] !== state;
    const needed = isNewRun ? size + STATE : size;
    if (isNewRun && this.states[keyGroup] >= 0) this.mark(keyGroup);
    if (this.fills[keyGroup] + needed > this.slot) this.flush(keyGroup);
    const fill = this.fills[keyGroup];
    const base = keyGroup * this.slot;
    let at = base + fill;
    if (isNewRun) {
      this.states[keyGroup] = state;
      this.view.setInt16(at, state);
      at += STATE;
    }
    if (needed > this.slot) {
      this.fills[keyGroup] = at - base;
      this.lastKeys[keyGroup] = this.positions[keyGroup] + at - base + LENGTH;
      return -1;
    }
    this.fills[keyGroup] = fill + needed;
    this.lastKeys[keyGroup] = this.positions[keyGroup] + at - base + LENGTH;
    return at;
  }

  /** Length of the key, and the number of its key group. */
  private head(keyGroup: number, at: number, keyLength: number): void {
    this.view.setInt32(at, this.prefix + keyLength);
    if (this.prefix === 1) this.arena[at + LENGTH] = keyGroup;
    else this.view.setInt16(at + LENGTH, keyGroup);
  }

  private large(keyGroup: number, key: Uint8Array, value: Uint8Array): void {
    const { prefix } = this;
    this.flush(keyGroup);
    const bytes = new Uint8Array(2 * LENGTH + prefix + key.length + value.length);
    const view = new DataView(bytes.buffer);
    view.setInt32(0, prefix + key.length);
    if (prefix === 1) bytes[LENGTH] = keyGroup;
    else view.setInt16(LENGTH, keyGroup);
    bytes.set(key, LENGTH + prefix);
    view.setInt32(LENGTH + prefix + key.length, value.length);
    bytes.set(value, 2 * LENGTH + prefix + key.length);
    this.write(keyGroup, bytes);
  }

  /** Marks the last key of a run, in memory or where it was written. */
  private mark(keyGroup: number): void {
    const at = this.lastKeys[keyGroup] - this.positions[keyGroup];
    if (at >= 0) {
      this.arena[keyGroup * this.slot + at] |= LAST_OF_RUN;
      return;
    }
    const first = this.prefix === 1 ? keyGroup : keyGroup >> 8;
    this.place.file(keyGroup).writeAt(Uint8Array.of(first | LAST_OF_RUN), this.lastKeys[keyGroup]);
  }

  private flush(keyGroup: number): void {
    const fill = this.fills[keyGroup];
    if (fill === 0) return;
    const base = keyGroup * this.slot;
    this.write(keyGroup, this.arena.subarray(base, base + fill));
    this.fills[keyGroup] = 0;
  }

  private write(keyGroup: number, bytes: Uint8Array): void {
    this.place.file(keyGroup).writeAt(bytes, this.positions[keyGroup]);
    this.positions[keyGroup] += bytes.length;
  }
}

/** Sizes of slots, as powers of two. */
const MIN_SLOT = 10;
const MAX_SLOT = 17;

/** At least four bytes: the length of a value is among them. */
function copyShort(from: DataView, start: number, end: number, to: DataView, at: number): void {
  let [i, into] = [start, at];
  for (; i + 4 <= end; i += 4, into += 4) to.setInt32(into, from.getInt32(i, true), true);
  // The last word again, with the bytes behind it.
  if (i < end) to.setInt32(into - i + end - 4, from.getInt32(end - 4, true), true);
}
