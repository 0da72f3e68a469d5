import { Sink } from '../bytes/sink';

/**
 * The entries of one row, laid out as `KeyGroupSort.addBytes` takes them: `i2 state, i4 length, key, i4 length, value`.
 */
export class EntrySink {
  readonly sink = new Sink(1024);
  /** Entries of each state in this row. */
  readonly counts: Int32Array;
  private lengthAt = 0;

  constructor(states: number) {
    this.counts = new Int32Array(states);
  }

  clear(): void {
    this.sink.clear();
    this.counts.fill(0);
  }

  /** Begins an entry; what follows is its key. */
  key(state: number): Sink {
    this.counts[state]++;
    this.sink.i16(state);
    return this.part();
  }

  /** Ends the key; what follows is the value. */
  value(): Sink {
    this.end();
    return this.part();
  }

  /** Ends the value, or the key of an entry that has no value. */
  end(): void {
    this.sink.patchI32(this.lengthAt, this.sink.position - this.lengthAt - 4);
  }

  private part(): Sink {
    this.lengthAt = this.sink.position;
    this.sink.i32(0);
    return this.sink;
  }
}
