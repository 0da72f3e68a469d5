import { byteHash } from '../bytes/byteHash';
import type { Sink } from '../bytes/sink';
import { keyGroupPrefixBytes } from '../keyGroups';
import { RowEntries } from './rowEntries';

const FIRST_STRETCHES = 1024;
/** Longer stretches are copied by a call, which costs as much as so many bytes word by word. */
const SHORT = 192;

/** How many key groups and states there are. */
export interface RunShape {
  readonly keyGroups: number;
  readonly states: number;
}

/**
 * A run is the entries of some rows as one byte string: a table, then the entries by key group, in each by state, in each in the
 * order of the rows. Behind its last state a key group has the marks of its rows, two `int`s each, by which is seen whether two
 * of them may have the same key. The table has an `int` for each stretch in this order, in the byte order of the machine: where
 * it ends, counted from the end of the table.
 */
export const stretchesOf = ({ states }: RunShape): number => states + 1;
export const tableBytes = (shape: RunShape): number => shape.keyGroups * stretchesOf(shape) * 4;

/** Collects the entries of rows as they come, and gives them as runs. */
export class RowLog {
  /** Where a row's entries are made; the last one's are taken over by `add`. */
  readonly entries: RowEntries;
  private readonly width: number;
  /** The stretch of a run in which each stretch of the log belongs, and where the latter ends. */
  private places = new Int32Array(FIRST_STRETCHES);
  private ends = new Int32Array(FIRST_STRETCHES);
  private count = 0;

  constructor(
    readonly shape: RunShape,
    /** Bytes of entries that are collected. */
    private readonly memory: number,
  ) {
    this.width = stretchesOf(shape);
    this.entries = new RowEntries(shape.states, keyGroupPrefixBytes(shape.keyGroups));
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** Bytes of the run that `take` gives. */
  get runBytes(): number {
    return tableBytes(this.shape) + this.entries.sink.position;
  }

  /**
   * The last row of `entries` with its key, as its serializer writes it; rows of another `step` have other marks. True once the
   * log is full.
   */
  add(keyGroup: number, key: Uint8Array, step: number): boolean {
    const { sink, stretches, states, ends } = this.entries;
    if (this.count + stretches >= this.places.length) this.grow(stretches);
    const place = keyGroup * this.width;
    for (let i = 0; i < stretches; i++) {
      this.places[this.count] = place + states[i];
      this.ends[this.count++] = ends[i];
    }
    // A row with two entries of one key counts twice: then they are put together, as those of two rows are.
    if (this.entries.hasTwins) writeMark(sink, key, step);
    writeMark(sink, key, step);
    this.places[this.count] = place + this.width - 1;
    this.ends[this.count++] = sink.position;
    return sink.position >= this.memory;
  }

  /** Entries of one state that are there already, as the layout has them. They have no marks. */
  addStretch(keyGroup: number, state: number, bytes: Uint8Array, from: number, to: number): boolean {
    const { sink } = this.entries;
    if (this.count === this.places.length) this.grow(1);
    sink.stretch(bytes, from, to);
    this.places[this.count] = keyGroup * this.width + state;
    this.ends[this.count++] = sink.position;
    return sink.position >= this.memory;
  }

  /** All that was collected, as a run in `run`, which has just so many bytes; the log is empty then. */
  take(run = new Uint8Array(this.runBytes)): Uint8Array<ArrayBuffer> {
    const { buffer, position } = this.entries.sink;
    const head = tableBytes(this.shape);
    const table = new Int32Array(run.buffer, run.byteOffset, head / 4);
    this.sumUp(table);
    const from = new DataView(buffer.buffer, buffer.byteOffset);
    const to = new DataView(run.buffer, run.byteOffset);
    // From the last to the first: where a stretch ends so far, its last piece ends.
    for (let i = this.count - 1; i >= 0; i--) {
      const start = i === 0 ? 0 : this.ends[i - 1];
      const length = this.ends[i] - start;
      table[this.places[i]] -= length;
      const at = head + table[this.places[i]];
      if (length > SHORT) run.set(buffer.subarray(start, start + length), at);
      else copyWords(from, start, length, to, at);
    }
    // The table says where stretches begin now, which is where those before them end.
    table.copyWithin(0, 1);
    table[table.length - 1] = position;
    this.clear();
    return run;
  }

  clear(): void {
    this.entries.clear();
    this.count = 0;
  }

  /** Where each stretch will end. */
  private sumUp(table: Int32Array): void {
    table.fill(0);
    for (let i = 0, from = 0; i < this.count; i++) {
      table[this.places[i]] += this.ends[i] - from;
      from = this.ends[i];
    }
    for (let i = 1; i < table.length; i++) table[i] += table[i - 1];
  }

  private grow(more: number): void {
    const length = Math.max(this.count + more + 1, this.places.length * 2);
    const [places, ends] = [new Int32Array(length), new Int32Array(length)];
    places.set(this.places);
    ends.set(this.ends);
    this.places = places;
    this.ends = ends;
  }
}

function copyWords(from: DataView, start: number, length: number, to: DataView, at: number): void {
  let i = 0;
  for (; i + 4 <= length; i += 4) to.setInt32(at + i, from.getInt32(start + i));
  for (; i < length; i++) to.setInt8(at + i, from.getInt8(start + i));
}

/** Equal keys have equal marks; that others have so too is next to impossible, and costs but time. */
function writeMark(sink: Sink, key: Uint8Array, step: number): void {
  sink.i32(byteHash(key, 0, key.length, step));
  sink.i32(byteHash(key, 0, key.length, ~step));
}
