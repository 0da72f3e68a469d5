const MINUS = 0x2d;
const POINT = 0x2e;
const DIGIT_0 = 0x30;
/** Digits that a double holds, whatever they are. */
const MAX_DIGITS = 15;
/** Powers of ten that a double holds: such a quotient is the double nearest to the digits, rounded once. */
const POWERS = Array.from({ length: MAX_DIGITS + 1 }, (_, i) => 10 ** i);

/** The number that so few digits say, with a minus in front perhaps; NaN for any other text, which may be a number all the same. */
export function plainInteger(bytes: Uint8Array, from: number, to: number): number {
  const isNegative = from < to && bytes[from] === MINUS;
  let at = isNegative ? from + 1 : from;
  if (at === to || to - at > MAX_DIGITS) return Number.NaN;
  let value = 0;
  for (; at < to; at++) {
    const digit = bytes[at] - DIGIT_0;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return isNegative ? -value : value;
}

/** The same where there may be a decimal point between digits. */
export function plainDecimal(bytes: Uint8Array, from: number, to: number): number {
  const isNegative = from < to && bytes[from] === MINUS;
  const first = isNegative ? from + 1 : from;
  if (to - first > MAX_DIGITS + 1) return Number.NaN;
  let value = 0;
  let point = -1;
  for (let at = first; at < to; at++) {
    const digit = bytes[at] - DIGIT_0;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (bytes[at] === POINT && point < 0) point = at;
    else return Number.NaN;
  }
  const digits = point < 0 ? to - first : to - first - 1;
  if (digits < 1 || digits > MAX_DIGITS || point === first || point === to - 1) return Number.NaN;
  const result = point < 0 ? value : value / POWERS[to - 1 - point];
  return isNegative ? -result : result;
}
