import type { Cursor } from '../bytes/cursor';
import type { JavaObject, JavaValue } from '../java/javaValue';
import type { Codec } from './codec';

/** What reading a type depends on beside its own bytes. */
export interface TypeOptions {
  /**
   * Which Kryo wrote generic values: 2 (2.24, Flink 1.x) or 5 (5.6, Flink 2.x). Nothing in a serializer snapshot says it;
   * it follows from the metadata version.
   */
  kryo: 2 | 5;
  /** What becomes of each codec that a snapshot is read into; it stays as it is where this is absent. */
  wrap?: ((codec: Codec) => Codec) | undefined;
  /** What a person chose to read values with that only a class of the job can read, by that class. */
  decoders?: ReadonlyMap<string, Codec> | undefined;
}

/** One serializer snapshot, opened: its class and version are read, the cursor stands at its payload. */
export interface SnapshotInput {
  /** Class name of the `TypeSerializerSnapshot`, as stored. */
  readonly className: string;
  readonly version: number;
  readonly cursor: Cursor;
  readonly options: TypeOptions;
  /** Reads one nested versioned snapshot: `UTF class, i4 version, payload` (TypeSerializerSnapshot.writeVersionedSnapshot). */
  nested(cursor?: Cursor): Codec;
  /** Reads one nested versioned snapshot that fills a frame. Never fails: what cannot be read becomes an opaque codec. */
  framed(frame: Cursor): Codec;
  /** The codec of a Java-serialized `TypeSerializer`, which some snapshots of SQL types hold. Never fails, like `framed`. */
  serializer(value: JavaValue): Codec;
  /**
   * The payload of a `CompositeTypeSerializerSnapshot`, versions 1 to 3. `readOuter` is called with the outer version at the
   * place of the outer payload; where `version` is below 3 the snapshot version itself is the outer version.
   */
  composite<T>(readOuter: (outerVersion: number, cursor: Cursor) => T): {
    outer: T;
    outerVersion: number;
    nested: Codec[];
  };
}

export type SnapshotFactory = (input: SnapshotInput) => Codec;

/** A `TypeSerializer` that was written by Java serialization (Flink 1.2 to 1.6, and nested in some SQL types). */
export interface SerializerInput {
  readonly className: string;
  readonly object: JavaObject;
  readonly options: TypeOptions;
  /** The codec of a serializer held in a field of `object`. */
  nested(value: JavaValue): Codec;
}

export type SerializerFactory = (input: SerializerInput) => Codec;

/** The types of one corner of Flink: snapshot classes by full name (all their aliases), and serializer classes likewise. */
export interface TypeFamily {
  readonly snapshots: Readonly<Record<string, SnapshotFactory>>;
  readonly serializers: Readonly<Record<string, SerializerFactory>>;
}
