import { sameBytes } from '../../bytes/byteStrings';
import { Cursor } from '../../bytes/cursor';
import { EngineError } from '../../bytes/engineError';
import { Sink } from '../../bytes/sink';
import { decodeBase64, encodeBase64 } from '../../json/base64';
import type { Json } from '../../json/jsonValue';
import { arrayFrom, badValue, inside, intFrom, objectFrom, recordFrom, stringFrom } from '../../types/jsonInput';

/**
 * A format that some component of Flink gives the bytes of a `SimpleVersionedSerializer`. The bytes do not name it: they are
 * taken for it if its version is theirs and they can be read as it to their last byte.
 */
export interface PayloadFormat {
  name: string;
  versions: readonly number[];
  read(cursor: Cursor, version: number): Json;
  /** The bytes of what `read` gives, `BAD_VALUE` where it is none such; absent where that is not known. */
  write?(sink: Sink, json: Json, version: number): void;
}

export const fields = (values: Readonly<Record<string, Json>>): Json => new Map(Object.entries(values));

export const int = (cursor: Cursor): bigint => BigInt(cursor.i32());

/** Items one after the other behind `i4 n`; each takes at least `minimumBytes`. */
export function list(cursor: Cursor, what: string, minimumBytes: number, read: () => Json): Json[] {
  const count = cursor.count(what, minimumBytes);
  const items: Json[] = [];
  for (let i = 0; i < count; i++) items.push(read());
  return items;
}

/** `boolean`, and what `read` reads if it is 1. */
export const optional = (cursor: Cursor, what: string, read: () => Json): Json => (cursor.bool(what) ? read() : null);

export function expectMagic(cursor: Cursor, magic: number, what: string): void {
  const at = cursor.offset;
  const found = cursor.u32();
  if (found !== magic >>> 0) {
    throw cursor.corrupt(`The ${what} begins with 0x${(magic >>> 0).toString(16)}, found 0x${found.toString(16)}.`, at);
  }
}

/** `i4 version, i4 n, n bytes`: `SimpleVersionedSerialization#writeVersionAndSerialize`. */
export function envelope(cursor: Cursor, formats: readonly PayloadFormat[]): Json {
  const version = cursor.i32();
  return versioned(version, cursor.frame(cursor.i32(), 'versioned payload'), formats);
}

/** `i4 version, i4 n, n x (i4 length, bytes)`: `SimpleVersionedSerialization#writeVersionAndSerializeList`. */
export function envelopeList(cursor: Cursor, what: string, formats: readonly PayloadFormat[]): Json[] {
  const version = cursor.i32();
  return list(cursor, what, 4, () => versioned(version, cursor.frame(cursor.i32(), what), formats));
}

/**
 * Bytes with their version, read as every format that fits: `{"version", "is": [{"format", "value"}…]}`, or
 * `{"version", "bytes"}` where none does. More than one can fit where the bytes are few. Steps over the frame.
 */
export function versioned(version: number, frame: Cursor, formats: readonly PayloadFormat[]): Json {
  const bytes = frame.take(frame.remaining);
  const readings: Json[] = [];
  for (const format of formats) {
    if (!format.versions.includes(version)) continue;
    const value = readAs(format, version, bytes);
    if (value !== undefined) readings.push(fields({ format: format.name, value }));
  }
  const known: Json = BigInt(version);
  return readings.length > 0
    ? fields({ version: known, is: readings })
    : fields({ version: known, bytes: encodeBase64(bytes) });
}

/** The form of `versioned` as `i4 version, i4 n, n bytes`. Where it names several formats they must all mean the same bytes. */
export function writeVersioned(sink: Sink, json: Json, formats: readonly PayloadFormat[]): void {
  const object = objectFrom(json, 'a versioned payload');
  const version = inside('version', () => intFrom(object.get('version') ?? null));
  const bytes = object.get('bytes');
  sink.i32(version);
  if (bytes !== undefined) {
    sink.bytes4(inside('bytes', () => decodeBase64(stringFrom(bytes, 'base64'))));
    return;
  }
  const readings = inside('is', () => arrayFrom(object.get('is') ?? null));
  const written = readings.map((reading, i) =>
    inside(`is / [${i}]`, () => {
      const field = recordFrom(reading, ['format', 'value'], 'a payload');
      const name = field('format', stringFrom);
      return field('value', (value) => writtenAs(formats, name, version, value));
    }),
  );
  const [first] = written;
  if (first === undefined || written.some((other) => !sameBytes(first, other))) {
    throw badValue('The formats that are named do not mean the same bytes: leave all but one of them out.');
  }
  sink.bytes4(first);
}

/** The bytes of a payload of a format by name. */
export function writtenAs(formats: readonly PayloadFormat[], name: string, version: number, value: Json): Uint8Array {
  const named = formats.filter((format) => format.name === name && format.versions.includes(version));
  if (named.length === 0) throw badValue(`There is no format ${JSON.stringify(name)} of version ${version} here.`);
  let failure: unknown;
  for (const format of named) {
    if (format.write === undefined) throw badValue(`${name} can be given as bytes only.`);
    const sink = new Sink();
    try {
      format.write(sink, value, version);
      return sink.toBytes();
    } catch (e) {
      failure ??= e;
    }
  }
  throw failure;
}

/** Undefined where the bytes are not of this format. */
function readAs(format: PayloadFormat, version: number, bytes: Uint8Array): Json | undefined {
  const cursor = new Cursor(bytes);
  try {
    const value = format.read(cursor, version);
    return cursor.atEnd ? value : undefined;
  } catch (e) {
    if (e instanceof EngineError && (e.code === 'CORRUPT' || e.code === 'TRUNCATED' || e.code === 'LIMIT')) {
      return undefined;
    }
    throw e;
  }
}

/** A little-endian `int`, as components write that use a `ByteBuffer` in that order. */
export function int32le(cursor: Cursor): number {
  const b = cursor.take(4, 'int');
  return b[0] | (b[1] << 8) | (b[2] << 16) | (b[3] << 24);
}

export function int64le(cursor: Cursor): bigint {
  const low = BigInt(int32le(cursor) >>> 0);
  return (BigInt(int32le(cursor)) << 32n) | low;
}

/** A little-endian number of items that take at least `minimumBytes` each. */
export function countLe(cursor: Cursor, what: string, minimumBytes: number): number {
  const count = int32le(cursor);
  if (count < 0 || count * minimumBytes > cursor.remaining) throw cursor.corrupt(`There cannot be ${count} ${what}.`);
  return count;
}

/** UTF-8 of a length that is known; fails where it is not UTF-8. */
export function utf8(cursor: Cursor, length: number, what: string): string {
  const at = cursor.offset;
  const bytes = cursor.take(length, what);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw cursor.corrupt(`The ${what} is not UTF-8.`, at);
  }
}
