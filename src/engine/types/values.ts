/**
 * Decoded values. Plain JavaScript where that is exact; a class of this file where it is not, so that a value says itself
 * what it is, without its codec.
 *
 * | Java | here |
 * | --- | --- |
 * | null, boolean, String, char | `null`, `boolean`, `string` |
 * | byte, short, int, float, double | `number` (a NaN with other than Java's canonical bits: `RawFloat`) |
 * | long | `bigint` |
 * | byte[] | `Uint8Array` |
 * | arrays, lists, tuples, Scala case classes and collections | `unknown[]` |
 */

/** A NaN whose bits are not 0x7fc00000 or 0x7ff8000000000000: kept, because a JavaScript number would lose them. */
export class RawFloat {
  constructor(
    readonly bits: bigint,
    readonly width: 32 | 64,
  ) {}
}

export class BigIntegerValue {
  constructor(
    readonly value: bigint,
    /** 0, 1 or 10, written with all its bytes although there is a short form (`BigIntSerializer`). */
    readonly inFull = false,
  ) {}
}

/** BigDecimal, or SQL's DecimalData (`plain`: never printed with an exponent). */
export class DecimalValue {
  constructor(
    readonly unscaled: bigint,
    readonly scale: number,
    readonly plain = false,
    /** As in `BigIntegerValue`, of the unscaled value. */
    readonly inFull = false,
  ) {}
}

/** A point in time: Instant, java.util.Date and java.sql's Date, Time and Timestamp. */
export class InstantValue {
  constructor(
    /** Seconds since 1970-01-01T00:00:00Z. */
    readonly seconds: bigint,
    /** 0 to 999,999,999. */
    readonly nanos: number,
  ) {}
}

export class LocalDateValue {
  constructor(
    readonly year: number,
    readonly month: number,
    readonly day: number,
  ) {}
}

export class LocalTimeValue {
  constructor(
    readonly hour: number,
    readonly minute: number,
    readonly second: number,
    readonly nano: number,
  ) {}
}

export class LocalDateTimeValue {
  constructor(
    readonly date: LocalDateValue,
    readonly time: LocalTimeValue,
  ) {}
}

/** A value with named fields: POJO, Avro record, Java object, and Flink's own composite values. */
export class RecordValue {
  constructor(
    readonly names: readonly string[],
    readonly values: readonly unknown[],
    /** The Java class where it is not the one that the type names: an instance of a subclass. */
    readonly className: string | null = null,
  ) {}
}

export type RowKind = '+I' | '-U' | '+U' | '-D';

/** Row or RowData. `names` are null where the snapshot has none. */
export class RowValue {
  constructor(
    readonly kind: RowKind,
    readonly fields: readonly unknown[],
    readonly names: readonly string[] | null = null,
  ) {}
}

/** A map in stored order; keys may be anything, and a broken writer's duplicates are kept. */
export class MapValue {
  constructor(
    readonly entries: readonly (readonly [key: unknown, value: unknown])[],
    /** False if keys that are strings here are none in Java, but chars or UUIDs, say: they do not become names of fields. */
    readonly stringsAreNames = true,
  ) {}
}

export class SetValue {
  constructor(readonly items: readonly unknown[]) {}
}

export class EnumValue {
  constructor(
    readonly name: string,
    readonly ordinal: number,
  ) {}
}

/** Either, Option and Try: one named alternative. */
export class AlternativeValue {
  constructor(
    readonly name: 'left' | 'right' | 'success' | 'failure',
    readonly value: unknown,
  ) {}
}

export class TtlValue {
  constructor(
    /** Milliseconds since 1970 at which the value was last used. */
    readonly lastAccess: bigint,
    readonly value: unknown,
  ) {}
}

/** Bytes that cannot be decoded, and why. */
export class OpaqueValue {
  constructor(
    readonly bytes: Uint8Array,
    readonly why: string,
  ) {}
}

/**
 * A value beside the bytes that it was read from: written as these bytes, shown as the value. For forms that say more than
 * the value does, such as Kryo's, in which one list may be written in several ways.
 */
export class EncodedValue {
  constructor(
    readonly bytes: Uint8Array,
    readonly value: unknown,
    /** Whether the value is a string in Java too, not only in how it is shown. */
    readonly isText = false,
  ) {}
}
