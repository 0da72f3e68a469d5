import { writeJson } from '../../engine/json/writeJson';
import type { TypeInfo } from '../../engine/types/typeInfo';
import { shapeOf } from './shape';
import type { TimeZone } from './timeZone';

/** A value as a cell shows it, whole: a text without quotes, what has parts as JSON. */
export function wholeText(value: unknown, type: TypeInfo | undefined, zone: TimeZone): string {
  const shape = shapeOf(value, type, zone);
  if (shape.is === 'leaf') return shape.text;
  return shape.is === 'bytes' ? hexBytes(shape.bytes) : writeJson(value);
}

/** `48 65 6c 6c 6f`. */
export const hexBytes = (bytes: Uint8Array): string => Array.from(bytes, hexByte).join(' ');

const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0');

/** Bytes of a line of a hex dump. */
const LINE = 16;

/** Bytes as people read them in a hex editor: offset, sixteen bytes, and what of them is ASCII. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += LINE) {
    const line = bytes.subarray(at, at + LINE);
    const digits = hexBytes(line).padEnd(3 * LINE - 1);
    const ascii = Array.from(line, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${digits}  ${ascii}`);
  }
  return lines.join('\n');
}
