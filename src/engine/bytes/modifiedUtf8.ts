import { EngineError } from './engineError';

/**
 * Java's modified UTF-8, as `DataOutput.writeUTF` writes it: NUL is `C0 80`, and a supplementary character is its two
 * surrogates, three bytes each. Every UTF-16 string has exactly one form, lone surrogates too.
 */
export function decodeModifiedUtf8(bytes: Uint8Array, from = 0, to = bytes.length): string {
  let text = '';
  let chunk: number[] = [];
  let i = from;
  while (i < to) {
    const a = bytes[i++];
    let unit: number;
    if (a < 0x80) unit = a;
    else if (a >= 0xc0 && a < 0xe0 && i < to && (bytes[i] & 0xc0) === 0x80)
      unit = ((a & 0x1f) << 6) | (bytes[i++] & 0x3f);
    else if (a >= 0xe0 && a < 0xf0 && i + 1 < to && (bytes[i] & 0xc0) === 0x80 && (bytes[i + 1] & 0xc0) === 0x80) {
      unit = ((a & 0x0f) << 12) | ((bytes[i] & 0x3f) << 6) | (bytes[i + 1] & 0x3f);
      i += 2;
    } else {
      throw new EngineError('CORRUPT', `Byte 0x${a.toString(16)} cannot start a character of modified UTF-8.`, {
        offset: i - 1,
      });
    }
    chunk.push(unit);
    if (chunk.length === 4096) {
      text += String.fromCharCode(...chunk);
      chunk = [];
    }
  }
  return text + String.fromCharCode(...chunk);
}

/** Number of bytes that `text` takes in modified UTF-8. */
export function modifiedUtf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    length += unit !== 0 && unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
  }
  return length;
}

export function encodeModifiedUtf8(text: string): Uint8Array {
  const out = new Uint8Array(modifiedUtf8Length(text));
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit !== 0 && unit < 0x80) out[at++] = unit;
    else if (unit < 0x800) {
      out[at++] = 0xc0 | (unit >> 6);
      out[at++] = 0x80 | (unit & 0x3f);
    } else {
      out[at++] = 0xe0 | (unit >> 12);
      out[at++] = 0x80 | ((unit >> 6) & 0x3f);
      out[at++] = 0x80 | (unit & 0x3f);
    }
  }
  return out;
}
