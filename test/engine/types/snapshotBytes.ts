import { Cursor } from '../../../src/engine/bytes/cursor';
import { Sink } from '../../../src/engine/bytes/sink';
import type { Codec } from '../../../src/engine/types/codec';
import { parseHeader } from '../../../src/engine/types/serializerSnapshot';

/** Serializer snapshots as Flink writes them, for tests: a function that writes `UTF class, i4 version, payload`. */
export type Snapshot = (sink: Sink) => void;

export const BASE = 'org.apache.flink.api.common.typeutils.base.';
export const JAVA = 'org.apache.flink.api.java.typeutils.runtime.';

export function versioned(className: string, version: number, payload: (sink: Sink) => void = () => {}): Snapshot {
  return (sink) => {
    sink.utf(className);
    sink.i32(version);
    payload(sink);
  };
}

/** A simple snapshot of `org.apache.flink.api.common.typeutils.base`: `simple('LongSerializer')`. */
export function simple(name: string): Snapshot {
  return versioned(`${BASE}${name}$${name.slice(name.lastIndexOf('.') + 1)}Snapshot`, 3);
}

export function composite(
  className: string,
  outerVersion: number,
  nested: readonly Snapshot[],
  outer: (sink: Sink) => void = () => {},
): Snapshot {
  return versioned(className, 3, (sink) => {
    sink.i32(911108);
    sink.i32(outerVersion);
    outer(sink);
    nestedBlock(sink, nested);
  });
}

export function nestedBlock(sink: Sink, nested: readonly Snapshot[]): void {
  sink.i32(1333245);
  sink.i32(1);
  sink.i32(nested.length);
  for (const snapshot of nested) snapshot(sink);
}

export const list = (element: Snapshot) => composite(`${BASE}ListSerializerSnapshot`, 1, [element]);
export const set = (element: Snapshot) => composite(`${BASE}SetSerializerSnapshot`, 1, [element]);
export const map = (key: Snapshot, value: Snapshot) => composite(`${BASE}MapSerializerSnapshot`, 1, [key, value]);
export const either = (left: Snapshot, right: Snapshot) =>
  composite(`${JAVA}JavaEitherSerializerSnapshot`, 1, [left, right]);
export const array = (element: Snapshot) =>
  composite(`${BASE}GenericArraySerializerSnapshot`, 1, [element], (sink) => sink.utf('java.lang.Object'));
export const nullable = (inner: Snapshot, padding = 0) =>
  composite(`${JAVA}NullableSerializer$NullableSerializerSnapshot`, 2, [inner], (sink) => sink.i32(padding));
export const tuple = (...fields: Snapshot[]) =>
  composite(`${JAVA}TupleSerializerSnapshot`, 2, fields, (sink) =>
    sink.utf(`org.apache.flink.api.java.tuple.Tuple${fields.length}`),
  );
export const row = (fields: readonly Snapshot[], hasKind = true) =>
  composite(`${JAVA}RowSerializer$RowSerializerSnapshot`, 4, fields, (sink) => sink.bool(hasKind));
export const enumeration = (className: string, constants: readonly string[]) =>
  versioned(`${BASE}EnumSerializer$EnumSerializerSnapshot`, 3, (sink) => {
    sink.utf(className);
    sink.i32(constants.length);
    for (const constant of constants) sink.utf(constant);
  });

type Entries = Readonly<Record<string, Snapshot | null>>;

export function linkedOptionalMap(sink: Sink, entries: Entries, writeKey: (sink: Sink, name: string) => void): void {
  sink.i64(0x4f2c69a3d70n);
  sink.i32(Object.keys(entries).length);
  for (const [name, value] of Object.entries(entries)) {
    sink.utf(name);
    sink.bool(true);
    sink.bytes4(bytesOf((key) => writeKey(key, name)));
    sink.bool(value !== null);
    if (value !== null) sink.bytes4(bytesOf(value));
  }
}

export function pojo(className: string, fields: Entries, registered: Entries = {}, others: Entries = {}): Snapshot {
  return versioned(`${JAVA}PojoSerializerSnapshot`, 2, (sink) => {
    sink.utf(className);
    linkedOptionalMap(sink, fields, (key, name) => {
      key.utf(className);
      key.utf(name);
    });
    linkedOptionalMap(sink, registered, () => {});
    linkedOptionalMap(sink, others, () => {});
  });
}

export function bytesOf(write: (sink: Sink) => void): Uint8Array {
  const sink = new Sink();
  write(sink);
  return sink.toBytes();
}

/** The bytes of a top-level reference. */
export function envelope(snapshot: Snapshot): Uint8Array {
  return bytesOf((sink) => {
    sink.i32(2);
    snapshot(sink);
  });
}

/** The codec of a reference that fills `bytes`. */
export function codecFrom(bytes: Uint8Array): Codec {
  return parseHeader(new Cursor(bytes), { kryo: 5 }, (cursor, reader) => {
    const { codec } = reader.readEnvelope(cursor);
    cursor.expectEnd('the snapshot');
    return codec;
  });
}

export const codecOf = (snapshot: Snapshot): Codec => codecFrom(envelope(snapshot));

/** `'00 00 00 05'` → bytes. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from((text.match(/[0-9a-f]{2}/gi) ?? []).map((digits) => Number.parseInt(digits, 16)));
}

export function writeValue(codec: Codec, value: unknown): Uint8Array {
  return bytesOf((sink) => codec.write(sink, value));
}

/** Reads a value that fills `bytes`. */
export function readValue(codec: Codec, bytes: Uint8Array): unknown {
  const cursor = new Cursor(bytes);
  const value = codec.read(cursor);
  cursor.expectEnd('the value');
  return value;
}
