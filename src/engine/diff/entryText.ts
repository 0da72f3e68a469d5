import { JsonBytes } from '../json/jsonBytes';
import { EntryPrinter } from '../printEntry';

const FIRST_TEXT = 4096;

/** JSON of one entry after the other, as bytes in a buffer that is used again. */
export class EntryText {
  private text = new Uint8Array(FIRST_TEXT);
  private readonly out = new JsonBytes(this.text);
  readonly printer = new EntryPrinter(this.out);

  /** Bytes printed since the last `take`. */
  get length(): number {
    return this.out.length;
  }

  /** What was printed; good until something is printed again. */
  take(): Uint8Array {
    const written = this.out.take(this.text);
    // The buffer may have become another, larger one: it is the one that is kept.
    this.text = new Uint8Array(written.buffer);
    this.out.take(this.text);
    return written;
  }
}
