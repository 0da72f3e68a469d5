import { DOUBLED_QUOTES, type FieldRows, JSON_OTHER, NOT_ASCII } from '../data/fieldRows';

/** The bytes of a text that is all ASCII. */
export interface TextBytes {
  bytes: Uint8Array;
  from: number;
  to: number;
  /** `JSON_STRING`, `JSON_NUMBER` or `JSON_PARTS` in rows of JSON; 0 in rows of text, which stands for any value. */
  json: number;
}

/** The text of one field after the other. */
export class FieldText implements TextBytes {
  bytes: Uint8Array = new Uint8Array(0);
  from = 0;
  to = 0;
  json = 0;
  private scratch = new Uint8Array(256);

  /** False where the text is not ASCII, or no text at all. */
  open(rows: FieldRows, field: number): boolean {
    const marks = rows.marks[field];
    if ((marks & (NOT_ASCII | JSON_OTHER)) !== 0) return false;
    this.json = marks & ~DOUBLED_QUOTES;
    this.bytes = rows.bytes;
    this.from = rows.from[field];
    this.to = rows.to[field];
    if ((marks & DOUBLED_QUOTES) !== 0) this.halve(rows.quote);
    return true;
  }

  /** Leaves one of each two quotes. */
  private halve(quote: number): void {
    const { bytes, from, to } = this;
    if (to - from > this.scratch.length) this.scratch = new Uint8Array((to - from) * 2);
    const { scratch } = this;
    let at = 0;
    for (let i = from; i < to; i++) {
      const byte = bytes[i];
      scratch[at++] = byte;
      if (byte === quote) i++;
    }
    this.bytes = scratch;
    this.from = 0;
    this.to = at;
  }
}
