import { EngineError } from '../bytes/engineError';

/** Zeros beyond which even a plain number is printed with an exponent. */
const MAX_ZEROS = 10_000;

/** `BigDecimal.toString()`, or with `plain` `BigDecimal.toPlainString()`. */
export function decimalText(unscaled: bigint, scale: number, plain = false): string {
  if (scale === 0) return unscaled.toString();
  const sign = unscaled < 0n ? '-' : '';
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString();
  const exponent = digits.length - 1 - scale;
  const inPlainForm = plain ? Math.abs(scale) <= MAX_ZEROS : scale >= 0 && exponent >= -6;
  if (!inPlainForm) {
    const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
    return `${sign}${mantissa}${exponent === 0 ? '' : `E${exponent > 0 ? '+' : ''}${exponent}`}`;
  }
  if (scale < 0) return unscaled === 0n ? '0' : `${sign}${digits}${'0'.repeat(-scale)}`;
  const point = digits.length - scale;
  return point > 0
    ? `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
    : `${sign}0.${'0'.repeat(-point)}${digits}`;
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,10}))?$/;
/** Most digits of a number that a person gives. */
const MAX_DIGITS = 100_000;

/** What `new BigDecimal(text)` makes of a text; `BAD_VALUE` where that would throw. */
export function parseDecimal(text: string): { unscaled: bigint; scale: number } {
  const match = text.length > MAX_DIGITS ? null : DECIMAL.exec(text);
  const digits = match === null ? '' : `${match[2]}${match[3] ?? ''}`;
  if (match === null || digits === '')
    throw new EngineError('BAD_VALUE', `${JSON.stringify(text.slice(0, 60))} is not a decimal number.`);
  const scale = (match[3] ?? '').length - Number(match[4] ?? 0);
  if (scale < -0x80000000 || scale > 0x7fffffff)
    throw new EngineError('BAD_VALUE', `The exponent of ${JSON.stringify(text.slice(0, 60))} is out of range.`);
  const magnitude = BigInt(digits);
  return { unscaled: match[1] === '-' ? -magnitude : magnitude, scale };
}
