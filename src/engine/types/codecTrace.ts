import type { Cursor } from '../bytes/cursor';
import type { Codec } from './codec';

/** What a codec read: a value, and where its bytes lie. */
export interface Span {
  readonly value: unknown;
  /** Offsets in the bytes that were read. */
  readonly from: number;
  readonly to: number;
  /** What codecs inside read, in order. */
  readonly children: readonly Span[];
}

interface OpenSpan extends Span {
  value: unknown;
  to: number;
  readonly children: OpenSpan[];
  readonly bytes: Uint8Array;
}

/** Spans of one reading: a value may have millions of parts. */
const MOST_SPANS = 200_000;

/**
 * Notes which bytes become which value, while values are read by codecs that it has wrapped. A part whose codec is none of
 * its own (inside Kryo's graphs, binary rows, Avro's records) has no span.
 */
export class CodecTrace {
  private count = 0;
  private open: OpenSpan[] = [];
  private roots: OpenSpan[] = [];

  /** The same codec, whose readings are noted. */
  readonly wrap = (codec: Codec): Codec =>
    Object.create(codec, { read: { value: (cursor: Cursor): unknown => this.read(codec, cursor) } }) as Codec;

  /** What `read` reads, and the spans of it. */
  trace<T>(read: () => T): { value: T; spans: readonly Span[] } {
    this.count = 0;
    this.open = [];
    this.roots = [];
    const value = read();
    return { value, spans: this.roots };
  }

  private read(codec: Codec, cursor: Cursor): unknown {
    if (this.count >= MOST_SPANS) return codec.read(cursor);
    this.count++;
    const { bytes, position } = cursor;
    const span: OpenSpan = { value: undefined, from: position, to: position, children: [], bytes };
    const parent = this.open.at(-1);
    this.open.push(span);
    try {
      span.value = codec.read(cursor);
      span.to = cursor.position;
      // What was read from other bytes than the parent's, unpacked ones say, has no place among them.
      if (parent === undefined) this.roots.push(span);
      else if (parent.bytes === bytes) parent.children.push(span);
      return span.value;
    } finally {
      this.open.pop();
    }
  }
}
