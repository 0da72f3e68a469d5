import { EngineError } from './engineError';

/** Two lower-case hex digits for each byte. */
export function bytesToHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** The reverse; fails with `BAD_VALUE` for anything but pairs of hex digits. */
export function hexToBytes(text: string): Uint8Array {
  if (!/^([0-9a-fA-F]{2})*$/.test(text)) throw new EngineError('BAD_VALUE', `"${text}" is not pairs of hex digits.`);
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
