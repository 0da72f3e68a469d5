import { bigDecimalHash, bigIntegerHash, longHash, stringHash } from '../../javaHash';
import {
  BigIntegerValue,
  DecimalValue,
  InstantValue,
  LocalDateTimeValue,
  LocalDateValue,
  LocalTimeValue,
} from '../../values';
import { instantHash, localDateHash, localDateTimeHash, localTimeHash } from '../temporal';

/** Java's `hashCode()` of values of classes that are used as keys; null for a class whose hash only it knows. */
export function hashOf(className: string): ((value: unknown) => number) | null {
  return HASHES[className] ?? null;
}

const HASHES: Readonly<Record<string, (value: unknown) => number>> = {
  'java.lang.String': (value) => stringHash(String(value)),
  'java.util.UUID': (value) => {
    const bits = BigInt(`0x${String(value).replaceAll('-', '')}`);
    return longHash((bits >> 64n) ^ BigInt.asUintN(64, bits));
  },
  'java.math.BigInteger': (value) => (value instanceof BigIntegerValue ? bigIntegerHash(value.value) : 0),
  'java.math.BigDecimal': (value) => (value instanceof DecimalValue ? bigDecimalHash(value.unscaled, value.scale) : 0),
  'java.util.Date': (value) =>
    value instanceof InstantValue ? longHash(value.seconds * 1000n + BigInt(Math.trunc(value.nanos / 1_000_000))) : 0,
  'java.time.Instant': (value) => (value instanceof InstantValue ? instantHash(value) : 0),
  'java.time.LocalDate': (value) => (value instanceof LocalDateValue ? localDateHash(value) : 0),
  'java.time.LocalTime': (value) => (value instanceof LocalTimeValue ? localTimeHash(value) : 0),
  'java.time.LocalDateTime': (value) => (value instanceof LocalDateTimeValue ? localDateTimeHash(value) : 0),
};
