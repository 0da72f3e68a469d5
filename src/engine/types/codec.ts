import type { Cursor } from '../bytes/cursor';
import type { Sink } from '../bytes/sink';
import type { JsonBytes } from '../json/jsonBytes';
import type { Json } from '../json/jsonValue';
import type { TypeInfo } from './typeInfo';

/** `getLength()` of a serializer whose values differ in length. */
export const VARIABLE = -1;

/**
 * What the bytes of a value are, for whoever has it as text and writes them without making it: big-endian numbers, a `boolean`
 * as one byte, a string as `writeStringValue` does, the fields of a POJO (`parts`) as `PojoSerializer` does.
 */
export type PlainForm = 'string' | 'long' | 'int' | 'short' | 'byte' | 'double' | 'boolean' | 'pojo';

/**
 * Turns the bytes of one serializer into values and back. Built once for each state from the serializer snapshot that the
 * state's own header holds.
 *
 * `write(read(bytes))` gives the same bytes. `skip` moves exactly as far as `read`. `read` throws `UNREADABLE` where the
 * bytes are of a kind that cannot be interpreted; the layer above then keeps the enclosing entry as bytes (`OpaqueValue`).
 */
export interface Codec<T = unknown> {
  readonly type: TypeInfo;
  /** `TypeSerializer.getLength()`: bytes of every value, or `VARIABLE`. Canonical keys are laid out by it. */
  readonly length: number;
  /** Fewest bytes that a value takes where `length` is `VARIABLE`; 1 if absent. Bounds what a count may announce. */
  readonly minimum?: number;
  /**
   * The codecs this one is made of, where a layout needs them one by one: element of a list; key and value of a map; key and
   * namespace of a timer; value of a TTL value.
   */
  readonly parts?: readonly Codec[];
  /** Where this one only adds null to the values of another: that one. */
  readonly notNull?: Codec;
  /** Absent where the bytes are anything else. */
  readonly plain?: PlainForm;
  read(cursor: Cursor): T;
  skip(cursor: Cursor): void;
  write(sink: Sink, value: T): void;
  /**
   * Steps over the bytes as `read` does and writes what `writeJson` gives for the value, without making it. Throws where `read`
   * throws, and may have written something by then. Absent where it would be no quicker; `printerOf` stands in for it.
   */
  print?(cursor: Cursor, out: JsonBytes): void;
  /** A value from the JSON form of `toJson`; `BAD_VALUE` with the field's path where it does not fit. */
  fromJson(json: Json): T;
  /** What the JSON form leaves out, in words; absent where a value made from it is written as the bytes that it was read from. */
  readonly jsonLoss?: string;
  /** Java's `hashCode()` of the value, which decides its key group. Absent where only the job's own class could say. */
  hash?(value: T): number;
  /** The same of the value at the cursor, which it steps over, where that needs no value. */
  hashAt?(cursor: Cursor): number;
}

/** Fewest bytes that a value takes: what `Cursor.count` is told before a list of values is read. */
export function minimumBytes(codec: Codec): number {
  return codec.length >= 0 ? codec.length : (codec.minimum ?? 1);
}

/** How the hash code of a value is computed from its bytes; null where only the job's own class could say it. */
export function hashOfBytes(codec: Codec): ((cursor: Cursor) => number) | null {
  if (codec.hashAt !== undefined) return codec.hashAt.bind(codec);
  const hash = codec.hash?.bind(codec);
  return hash === undefined ? null : (cursor) => hash(codec.read(cursor));
}
