import { Cursor } from '../../../src/engine/bytes/cursor';
import { JsonBytes } from '../../../src/engine/json/jsonBytes';
import type { Codec } from '../../../src/engine/types/codec';
import { printerOf } from '../../../src/engine/types/printer';

/** What a codec prints for bytes that hold one value and nothing else. */
export function printed(codec: Codec, bytes: Uint8Array): string {
  const cursor = new Cursor(bytes);
  // Little room at first, so that the buffer has to grow.
  const out = new JsonBytes(new Uint8Array(2));
  printerOf(codec)(cursor, out);
  cursor.expectEnd('a value');
  return out.toString();
}
