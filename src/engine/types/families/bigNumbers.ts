import type { Cursor } from '../../bytes/cursor';
import type { Sink } from '../../bytes/sink';
import { parseDecimal } from '../../json/decimalText';
import { VARIABLE } from '../codec';
import { bigDecimalHash, bigIntegerHash } from '../javaHash';
import { notA, stringFrom } from '../jsonInput';
import { BigIntegerValue, DecimalValue } from '../values';
import { type Shape, simpleFamily } from './support';

/**
 * `BigIntSerializer`: `i4 n`: 0 null, 1 zero, 2 one, 3 ten, else n - 4 bytes of two's complement follow. The short forms stand
 * for Java's constants only: an equal number made otherwise is written in full, so both forms occur and are kept.
 */
const SHORT_FORMS: readonly bigint[] = [0n, 1n, 10n];

/** Longest number that is decoded: its decimal digits, which take more than linear time, must not block anybody. */
const MAX_BYTES = 65536;

/** Bytes of two's complement that `BigInteger.toByteArray` gives: as few as possible. */
export function twosComplement(value: bigint): Uint8Array {
  let hex = (value < 0n ? ~value : value).toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  if (Number.parseInt(hex[0], 16) >= 8) hex = `00${hex}`;
  const flip = value < 0n ? 0xff : 0;
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16) ^ flip;
  return bytes;
}

export function fromTwosComplement(bytes: Uint8Array): bigint {
  let hex = '0x0';
  for (const byte of bytes) hex += (byte < 16 ? '0' : '') + byte.toString(16);
  return BigInt.asIntN(Math.max(8, bytes.length * 8), BigInt(hex));
}

interface BigIntegerForm {
  readonly value: bigint;
  /** The bytes were there although the value has a short form. */
  readonly inFull: boolean;
}

function readForm(cursor: Cursor): BigIntegerForm | null {
  const at = cursor.offset;
  const n = cursor.i32();
  if (n === 0) return null;
  if (n >= 1 && n <= 3) return { value: SHORT_FORMS[n - 1], inFull: false };
  if (n < 5) throw cursor.corrupt(`Length of a BigInteger is ${n}.`, at);
  if (n - 4 > MAX_BYTES)
    throw cursor.error(
      'LIMIT',
      `A BigInteger of ${n - 4} bytes is longer than ${MAX_BYTES} bytes, the most that is decoded.`,
      at,
    );
  const bytes = cursor.take(n - 4, 'BigInteger');
  if (bytes.length > 1 && (bytes[0] === 0 ? bytes[1] < 0x80 : bytes[0] === 0xff && bytes[1] >= 0x80))
    throw cursor.corrupt('A BigInteger has more bytes than it needs.', at);
  const value = fromTwosComplement(bytes);
  return { value, inFull: SHORT_FORMS.includes(value) };
}

function skipForm(cursor: Cursor): boolean {
  const n = cursor.i32();
  if (n > 4) cursor.skip(n - 4, 'BigInteger');
  else if (n < 0 || n === 4) throw cursor.corrupt(`Length of a BigInteger is ${n}.`, cursor.offset - 4);
  return n !== 0;
}

function writeForm(sink: Sink, value: bigint, inFull: boolean): void {
  const shortForm = inFull ? -1 : SHORT_FORMS.indexOf(value);
  if (shortForm >= 0) {
    sink.i32(shortForm + 1);
    return;
  }
  const bytes = twosComplement(value);
  sink.i32(bytes.length + 4);
  sink.raw(bytes);
}

export const bigIntegerShape: Shape<BigIntegerValue | null> = {
  type: { name: 'biginteger' },
  length: VARIABLE,
  minimum: 4,
  read: (cursor) => {
    const form = readForm(cursor);
    return form === null ? null : new BigIntegerValue(form.value, form.inFull);
  },
  skip: (cursor) => {
    skipForm(cursor);
  },
  write: (sink, value) => {
    if (value === null) sink.i32(0);
    else writeForm(sink, value.value, value.inFull);
  },
  fromJson: (json) => {
    if (json === null) return null;
    if (typeof json === 'bigint') return new BigIntegerValue(json);
    const { unscaled, scale } = parseDecimal(stringFrom(json, 'a string of digits'));
    if (scale !== 0) throw notA('an integer', json);
    return new BigIntegerValue(unscaled);
  },
  hash: (value) => (value === null ? 0 : bigIntegerHash(value.value)),
};

/** `BigDecSerializer`: the unscaled value as a BigInteger, then `i4 scale`; null is only `i4 0`. */
export const bigDecimalShape: Shape<DecimalValue | null> = {
  type: { name: 'bigdecimal' },
  length: VARIABLE,
  minimum: 4,
  read: (cursor) => {
    const form = readForm(cursor);
    return form === null ? null : new DecimalValue(form.value, cursor.i32(), false, form.inFull);
  },
  skip: (cursor) => {
    if (skipForm(cursor)) cursor.skip(4, 'scale');
  },
  write: (sink, value) => {
    if (value === null) {
      sink.i32(0);
      return;
    }
    writeForm(sink, value.unscaled, value.inFull);
    sink.i32(value.scale);
  },
  fromJson: (json) => {
    if (json === null) return null;
    if (typeof json === 'bigint') return new DecimalValue(json, 0);
    const { unscaled, scale } = parseDecimal(stringFrom(json, 'a decimal number as a string'));
    return new DecimalValue(unscaled, scale);
  },
  hash: (value) => (value === null ? 0 : bigDecimalHash(value.unscaled, value.scale)),
};

const BASE = 'org.apache.flink.api.common.typeutils.base.';

export const bigNumbersFamily = simpleFamily({
  [`${BASE}BigIntSerializer`]: bigIntegerShape,
  [`${BASE}BigDecSerializer`]: bigDecimalShape,
});
