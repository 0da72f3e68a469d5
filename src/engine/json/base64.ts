import { EngineError } from '../bytes/engineError';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PADDING = 0x3d;
const DIGITS = new Int8Array(128).fill(-1);
for (let i = 0; i < 64; i++) DIGITS[ALPHABET.charCodeAt(i)] = i;

/** Base64 of RFC 4648, section 4, with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  const whole = bytes.length - (bytes.length % 3);
  for (let i = 0; i < whole; i += 3) {
    const n = (bytes[i] << 16) | (bytes[i + 1] << 8) | bytes[i + 2];
    text += ALPHABET[n >> 18] + ALPHABET[(n >> 12) & 63] + ALPHABET[(n >> 6) & 63] + ALPHABET[n & 63];
  }
  if (bytes.length - whole === 1) {
    const n = bytes[whole];
    text += `${ALPHABET[n >> 2]}${ALPHABET[(n & 3) << 4]}==`;
  } else if (bytes.length - whole === 2) {
    const n = (bytes[whole] << 8) | bytes[whole + 1];
    text += `${ALPHABET[n >> 10]}${ALPHABET[(n >> 4) & 63]}${ALPHABET[(n & 15) << 2]}=`;
  }
  return text;
}

/** The bytes of a base64 text; `BAD_VALUE` for anything that `encodeBase64` does not produce. */
export function decodeBase64(text: string): Uint8Array {
  const length = text.length;
  if (length % 4 !== 0) throw bad(`its length, ${length}, is not a multiple of 4`);
  let padding = 0;
  while (padding < 2 && length > 0 && text.charCodeAt(length - 1 - padding) === PADDING) padding++;
  const out = new Uint8Array((length / 4) * 3 - padding);
  let at = 0;
  for (let i = 0; i < length; i += 4) {
    const last = i + 4 === length ? padding : 0;
    let n = 0;
    for (let k = 0; k < 4; k++) {
      const digit = k >= 4 - last ? 0 : digitAt(text, i + k);
      n = (n << 6) | digit;
    }
    if (last > 0 && (n & (last === 1 ? 0xff : 0xffff)) !== 0) throw bad('its last digit has bits too many');
    for (let k = 0; k < 3 - last; k++) out[at++] = (n >> (16 - 8 * k)) & 0xff;
  }
  return out;
}

function digitAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  const digit = code < 128 ? DIGITS[code] : -1;
  if (digit < 0) throw bad(`character ${at + 1} is not a digit of it`);
  return digit;
}

function bad(why: string): EngineError {
  return new EngineError('BAD_VALUE', `The text is not base64: ${why}.`);
}
