import { writeKeyGroup } from '../backends/compositeKeyWriter';
import { sameStretch } from '../bytes/byteStrings';
import { Sink } from '../bytes/sink';

/** Up to so many entries are compared with one another; a set of more costs less than that. */
const FEW = 8;

/**
 * Entries of rows, one row behind the other, as they stand in the canonical layout: `i4 length, key group, key, i4 length,
 * value` each. Of the last row it is known which state has which of them.
 */
export class RowEntries {
  readonly sink = new Sink(1024);
  /** Of the last row: its entries of each state, by the state's number. */
  readonly counts: Int32Array;
  /** Of the last row: states that it has entries for, in the order in which they lie in `sink`, and where those of each end. */
  readonly states: Int32Array;
  readonly ends: Int32Array;
  stretches = 0;
  /** Of the last row: whether two entries of one state have the same key, so that only the second of them counts. */
  hasTwins = false;
  /** Where the last row begins. */
  start = 0;
  private keyGroup = 0;
  private lengthAt = 0;

  constructor(
    states: number,
    /** Bytes of a key group's number. */
    readonly prefix: 1 | 2,
  ) {
    this.counts = new Int32Array(states);
    this.states = new Int32Array(states);
    this.ends = new Int32Array(states);
  }

  /** Begins a row, whose entries are of this key group. */
  begin(keyGroup: number): void {
    this.start = this.sink.position;
    this.counts.fill(0);
    this.stretches = 0;
    this.hasTwins = false;
    this.keyGroup = keyGroup;
  }

  /** Forgets all rows. */
  clear(): void {
    this.sink.clear();
    this.begin(0);
  }

  /** Forgets the last row, whole or begun. */
  dropRow(): void {
    this.sink.cut(this.start);
    this.begin(0);
  }

  /** Begins an entry; what follows is its key. The entries of a state come one behind the other. */
  key(state: number): Sink {
    if (this.counts[state]++ === 0) this.states[this.stretches++] = state;
    const sink = this.part();
    writeKeyGroup(sink, this.keyGroup, this.prefix);
    return sink;
  }

  /** Ends the key; what follows is the value. */
  value(): Sink {
    this.endPart();
    return this.part();
  }

  /** Ends the value, or the key of an entry that has no value. */
  end(): void {
    this.endPart();
    this.ends[this.stretches - 1] = this.sink.position;
  }

  /** Forgets the entries of the last row for a state, whole or begun, which are the last ones; they begin at `from`. */
  dropState(state: number, from: number): void {
    if (this.counts[state] > 0) this.stretches--;
    this.counts[state] = 0;
    this.sink.cut(from);
  }

  /** Takes note, and says, whether two entries of a state have the same key: its entries are the last ones, from there on. */
  noteTwins(state: number, from: number): boolean {
    const count = this.counts[state];
    const areTwins = count > 1 && this.areTwins(from, count);
    if (areTwins) this.hasTwins = true;
    return areTwins;
  }

  private areTwins(from: number, count: number): boolean {
    const bytes = this.sink.buffer;
    const seen = count > FEW ? new Set<string>() : null;
    for (let at = from, i = 0; i < count; i++) {
      const start = at + 4;
      const end = start + intAt(bytes, at);
      if (seen !== null) {
        seen.add(latin1.decode(bytes.subarray(start, end)));
        if (seen.size <= i) return true;
      } else {
        for (let before = from, k = 0; k < i; k++) {
          const beforeEnd = before + 4 + intAt(bytes, before);
          if (sameStretch(bytes, before + 4, beforeEnd, bytes, start, end)) return true;
          before = beforeEnd + 4 + intAt(bytes, beforeEnd);
        }
      }
      at = end + 4 + intAt(bytes, end);
    }
    return false;
  }

  private part(): Sink {
    this.lengthAt = this.sink.position;
    this.sink.i32(0);
    return this.sink;
  }

  private endPart(): void {
    this.sink.patchI32(this.lengthAt, this.sink.position - this.lengthAt - 4);
  }
}

const latin1 = new TextDecoder('latin1');

/** A big-endian `int`. */
export const intAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
