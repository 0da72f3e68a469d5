import type { Cursor } from '../bytes/cursor';
import type { JavaValue } from './javaValue';
import { ObjectStreamReader } from './objectStreamReader';

/**
 * Reads one stream of Java's object serialization that holds exactly one object: header `AC ED 00 05`, then the object, as
 * `InstantiationUtil.serializeObject` writes it. The stream has no length and no end mark; the cursor is left on the byte
 * behind the object.
 *
 * Fails with `CORRUPT`, `TRUNCATED` or `LIMIT`; with `UNREADABLE` where the stream is sound but its form is known to the
 * writing class alone (externalizable data of stream protocol 1).
 */
export function readJavaObject(cursor: Cursor): JavaValue {
  const reader = new ObjectStreamReader(cursor);
  reader.header();
  return reader.object();
}

/** The same for a stream into which `count` objects were written, one behind the other with shared handles. */
export function readJavaObjects(cursor: Cursor, count: number): JavaValue[] {
  const reader = new ObjectStreamReader(cursor);
  reader.header();
  const objects: JavaValue[] = [];
  for (let i = 0; i < count; i++) objects.push(reader.object());
  return objects;
}

/** Steps over one stream with one object. */
export function skipJavaObject(cursor: Cursor): void {
  readJavaObject(cursor);
}
