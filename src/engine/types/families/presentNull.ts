import type { Cursor } from '../../bytes/cursor';
import type { Sink } from '../../bytes/sink';
import type { Codec } from '../codec';
import { EncodedValue } from '../values';

/**
 * A value that is there and shown as null, which must not be taken for one that is missing: `NullValue`, or what a serializer
 * that takes null itself wrote behind the flag of another.
 */
class PresentNull extends EncodedValue {}

/** Reads what a flag says is there. */
export function readPresent<T>(part: Pick<Codec<T>, 'read'>, cursor: Cursor): T {
  const from = cursor.position;
  return part.read(cursor) ?? (new PresentNull(cursor.bytes.slice(from, cursor.position), null) as T);
}

/** Writes what is there, behind its flag. */
export function writePresent<T>(part: Pick<Codec<T>, 'write'>, sink: Sink, value: T): void {
  if (value instanceof PresentNull) sink.raw(value.bytes);
  else part.write(sink, value);
}

/** The value as the serializer behind the flag knows it. */
export const presentValue = (value: unknown): unknown => (value instanceof PresentNull ? null : value);
