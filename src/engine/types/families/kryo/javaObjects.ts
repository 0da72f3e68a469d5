import type { Cursor } from '../../../bytes/cursor';
import { encodeModifiedUtf8 } from '../../../bytes/modifiedUtf8';
import {
  STREAM_MAGIC,
  STREAM_VERSION,
  TC_CLASSDESC,
  TC_OBJECT,
  TC_REFERENCE,
} from '../../../java/objectStreamConstants';

/**
 * Whether an object of `className` in Java serialization starts at the cursor: the stream names the class itself, so that this
 * is no guess. `open` says that a stream was begun before in the same record, so that it has no header here; `known` that the
 * class was met in it, so that its description is a reference.
 */
export function startsJavaObject(cursor: Cursor, className: string, open: boolean, known: boolean): boolean {
  const { bytes, end } = cursor;
  let at = cursor.position;
  const u8 = (): number => (at < end ? bytes[at++] : -1);
  const u16 = (): number => (u8() << 8) | u8();
  if (!open && (u16() !== STREAM_MAGIC || u16() !== STREAM_VERSION)) return false;
  if (u8() !== TC_OBJECT) return false;
  const description = u8();
  if (description === TC_REFERENCE) return open && known;
  if (description !== TC_CLASSDESC) return false;
  const name = encodeModifiedUtf8(className);
  if (u16() !== name.length || name.length > end - at) return false;
  return name.every((byte, i) => bytes[at + i] === byte);
}
