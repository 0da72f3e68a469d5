import { asciiText } from '../../bytes/asciiText';
import type { Cursor } from '../../bytes/cursor';
import type { Sink } from '../../bytes/sink';
import type { JsonBytes } from '../../json/jsonBytes';
import { stringHash } from '../javaHash';
import { NULL } from '../printer';

/**
 * Strings as `StringValue.writeString` writes them (since 1.0): `varint (length + 1)`, 0 for null, then each UTF-16 unit as a
 * varint. A varint is little-endian groups of 7 bits, the high bit set on all but the last.
 */
export function readStringValue(cursor: Cursor): string | null {
  const length = readStringLength(cursor);
  return length === 0 ? null : readUnits(cursor, length - 1);
}

/** A length as a varint in its shortest form; any other could not be written back. */
export function readStringLength(cursor: Cursor): number {
  const from = cursor.position;
  const length = cursor.varint('string length');
  if (cursor.position > from + 1 && cursor.bytes[cursor.position - 1] === 0)
    throw cursor.corrupt('The length of a string is not in its shortest form.');
  return length;
}

export function skipStringValue(cursor: Cursor): void {
  const length = cursor.varint('string length');
  if (length > 1) skipUnits(cursor, length - 1);
}

/** `String.hashCode` of the string at the cursor; 0 for null. */
export function hashStringValue(cursor: Cursor): number {
  const from = cursor.position;
  const length = readStringLength(cursor);
  const { bytes } = cursor;
  const to = cursor.position + length - 1;
  if (length > 0 && to > cursor.end) cursor.need(length - 1, 'string');
  let hash = 0;
  let at = cursor.position;
  while (at < to && bytes[at] < 0x80) hash = (Math.imul(hash, 31) + bytes[at++]) | 0;
  if (at >= to) {
    cursor.position = at;
    return hash;
  }
  cursor.position = from;
  return stringHash(readStringValue(cursor) ?? '');
}

export function writeStringValue(sink: Sink, text: string | null): void {
  if (text === null) {
    sink.u8(0);
    return;
  }
  sink.varint(text.length + 1);
  writeUnits(sink, text);
}

/** `length` UTF-16 units. Fails where a unit is longer than the writer would make it: it could not be written back. */
export function readUnits(cursor: Cursor, length: number): string {
  const { bytes, end } = cursor;
  const from = cursor.position;
  const to = from + length;
  if (to > end) cursor.need(length, 'string');
  let at = from;
  while (at < to && bytes[at] < 0x80) at++;
  if (at === to) {
    cursor.position = to;
    return asciiText(bytes, from, to);
  }
  let text = asciiText(bytes, from, at);
  let chunk: number[] = [];
  for (let left = length - (at - from); left > 0; left--) {
    if (at >= end) cursor.need(at - from + 1, 'string');
    let unit = bytes[at++];
    if (unit >= 0x80) {
      unit &= 0x7f;
      let group = 0x80;
      for (let shift = 7; group >= 0x80 && shift < 21; shift += 7) {
        if (at >= end) cursor.need(at - from + 1, 'string');
        group = bytes[at++];
        unit |= (group & 0x7f) << shift;
      }
      if (group === 0 || group >= 0x80 || unit > 0xffff)
        throw cursor.corrupt('A character of a string is not in its shortest form.', cursor.offset + at - from);
    }
    chunk.push(unit);
    if (chunk.length === 4096) {
      text += String.fromCharCode(...chunk);
      chunk = [];
    }
  }
  cursor.position = at;
  return text + String.fromCharCode(...chunk);
}

export function printStringValue(cursor: Cursor, out: JsonBytes): void {
  const length = readStringLength(cursor);
  if (length === 0) out.raw(NULL);
  else printUnits(cursor, out, length - 1);
}

/** What `readUnits` reads, as JSON: most strings are printed as they are stored. */
export function printUnits(cursor: Cursor, out: JsonBytes, length: number): void {
  const to = cursor.position + length;
  if (to <= cursor.end && out.plainString(cursor.bytes, cursor.position, to)) cursor.position = to;
  else out.string(readUnits(cursor, length));
}

export function skipUnits(cursor: Cursor, length: number): void {
  const { bytes, end, position } = cursor;
  if (length > end - position) cursor.need(length, 'string');
  const to = position + length;
  let at = position;
  while (at < to && bytes[at] < 0x80) at++;
  for (let left = to - at; left > 0; left--) {
    while (at < end && bytes[at] >= 0x80) at++;
    at++;
  }
  cursor.skip(at - position, 'string');
}

export function writeUnits(sink: Sink, text: string): void {
  for (let i = 0; i < text.length; i++) sink.varint(text.charCodeAt(i));
}
