import type { Cursor } from '../bytes/cursor';
import type { Sink } from '../bytes/sink';

/**
 * `CompositeTypeSerializerSnapshot` (since 1.7), version 3: `i4 911108, i4 outerVersion, outer payload, nested block`.
 * In its versions 1 and 2 (classes that were `CompositeTypeSerializerConfigSnapshot`s before, written by 1.7 and 1.8) the
 * outer payload follows at once and the snapshot version is the outer version.
 * The nested block (`NestedSerializersSnapshotDelegate`) is `i4 1333245, i4 1, i4 n, n x versioned snapshot`.
 */
export const COMPOSITE_MAGIC = 911108;
export const NESTED_MAGIC = 1333245;
const NESTED_VERSION = 1;
/** Newest version of the composite form. */
const COMPOSITE_VERSION = 3;

/** A nested versioned snapshot takes at least an empty class name and its version. */
const SMALLEST_SNAPSHOT = 6;

/** Reads what precedes the outer payload; returns the outer version. */
export function readOuterVersion(cursor: Cursor, version: number): number {
  if (version < 1 || version > COMPOSITE_VERSION) {
    throw cursor.error('UNSUPPORTED_VERSION', `Version ${version} of a composite serializer snapshot is not known.`);
  }
  if (version < COMPOSITE_VERSION) return version;
  const magic = cursor.i32();
  if (magic !== COMPOSITE_MAGIC) {
    throw cursor.corrupt(`A composite serializer snapshot starts with ${COMPOSITE_MAGIC}, found ${magic}.`);
  }
  return cursor.i32();
}

/** Reads the nested block, its snapshots with `readOne`. */
export function readNestedBlock<T>(cursor: Cursor, readOne: () => T): T[] {
  const magic = cursor.i32();
  if (magic !== NESTED_MAGIC) {
    throw cursor.corrupt(`Nested serializer snapshots start with ${NESTED_MAGIC}, found ${magic}.`);
  }
  const version = cursor.i32();
  if (version !== NESTED_VERSION) {
    throw cursor.corrupt(`Version ${version} of the nested serializer snapshots is not known.`);
  }
  const count = cursor.count('nested serializer snapshots', SMALLEST_SNAPSHOT);
  const nested: T[] = [];
  for (let i = 0; i < count; i++) nested.push(readOne());
  return nested;
}

/**
 * A versioned snapshot of the composite form whose outer part has no payload, with nested versioned snapshots in their own
 * bytes: the whole of `UTF class, i4 version, payload`.
 */
export function writeComposite(sink: Sink, className: string, version: number, nested: readonly Uint8Array[]): void {
  sink.utf(className);
  sink.i32(COMPOSITE_VERSION);
  sink.i32(COMPOSITE_MAGIC);
  sink.i32(version);
  sink.i32(NESTED_MAGIC);
  sink.i32(NESTED_VERSION);
  sink.i32(nested.length);
  for (const snapshot of nested) sink.raw(snapshot);
}

/** Most nested blocks that are looked for in one unknown payload. */
const MAX_PLACES = 8;
/** An outer payload holds a class name or a few numbers; nothing longer is looked through. */
const MAX_OUTER_BYTES = 65536;

/**
 * Where in a payload of an unknown class, which starts at the cursor, the nested block of the composite form may start:
 * offsets from the payload's first byte, none if it does not start like one.
 */
export function findNestedBlocks(cursor: Cursor): number[] {
  const { bytes, position, end } = cursor;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (end - position < 20 || view.getInt32(position) !== COMPOSITE_MAGIC) return [];
  const last = Math.min(end - 12, position + MAX_OUTER_BYTES);
  const places: number[] = [];
  for (let at = position + 8; at <= last && places.length < MAX_PLACES; at++) {
    if (view.getInt32(at) === NESTED_MAGIC && view.getInt32(at + 4) === NESTED_VERSION) places.push(at - position);
  }
  return places;
}
