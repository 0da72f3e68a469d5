import type { Cursor } from '../bytes/cursor';

/** One entry: either frame is null where the writer did not have it (its class was not on the class path). */
export interface OptionalEntry {
  readonly name: string;
  readonly key: Cursor | null;
  readonly value: Cursor | null;
}

export const LINKED_OPTIONAL_MAP_HEADER = 0x4f2c69a3d70n;

/**
 * `LinkedOptionalMapSerializer` (since 1.8): `i8 0x4F2C69A3D70, i4 n, n x (UTF name, bool hasKey, [i4 length, key], bool hasValue,
 * [i4 length, value])`. Keys and values stand in frames, so that one that cannot be read does not hide the next.
 */
export function readLinkedOptionalMap(cursor: Cursor, what: string): OptionalEntry[] {
  const at = cursor.offset;
  const header = cursor.i64();
  if (header !== LINKED_OPTIONAL_MAP_HEADER)
    throw cursor.corrupt(`The map of ${what} starts with ${LINKED_OPTIONAL_MAP_HEADER}, found ${header}.`, at);
  const count = cursor.count(what, 4);
  const entries: OptionalEntry[] = [];
  for (let i = 0; i < count; i++) {
    const name = cursor.utf(`name in the map of ${what}`);
    entries.push({ name, key: readFrame(cursor, what), value: readFrame(cursor, what) });
  }
  return entries;
}

function readFrame(cursor: Cursor, what: string): Cursor | null {
  return cursor.bool(`flag in the map of ${what}`) ? cursor.frame(cursor.i32(), `frame in the map of ${what}`) : null;
}
