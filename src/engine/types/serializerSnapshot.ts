import type { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import { chosenDecoder } from './chosenDecoder';
import type { Codec } from './codec';
import { findNestedBlocks, readNestedBlock, readOuterVersion } from './compositeSnapshot';
import type { SnapshotInput, TypeOptions } from './family';
import { javaSerializerCodec } from './legacy/javaSerializer';
import { unknownSerializer } from './opaque';
import { parseWithUnknowns, type Search, searchOf } from './parseWithUnknowns';
import { registry, type TypeRegistry } from './registry';
import { type PayloadGuess, UnknownSerializer } from './unknownSerializer';

/** One serializer reference as it was read. */
export interface ReadSnapshot {
  readonly codec: Codec;
  /** Class of the snapshot, as stored. */
  readonly className: string;
  /** Version of the snapshot, as stored (behind the adapter marker: the version that follows the serializer). */
  readonly version: number;
  /** Index in the cursor's bytes of the reference's first byte, so that it can be carried over byte for byte. */
  readonly start: number;
  /** Index of the byte after it. */
  readonly end: number;
}

/** Version of the envelope since 1.7 (`TypeSerializerSnapshotSerializationProxy`). */
const ENVELOPE_VERSION = 2;
/** Version of the envelope of 1.3 to 1.6, which holds a `TypeSerializerConfigSnapshot`. */
const CONFIG_ENVELOPE_VERSION = 1;
/** `TypeSerializerConfigSnapshot.ADAPTER_VERSION` (1.7 to 1.16), in the place of a snapshot version. */
const ADAPTER_VERSION = 0x7a53c4f0;

/** Binary name of a class (JLS 13.1): parts of identifier characters between dots. */
const CLASS_NAME = /^[\p{L}\p{Nl}\p{Sc}\p{Pc}][\p{L}\p{Nl}\p{Sc}\p{Pc}\p{Mn}\p{Mc}\p{N}.-]*$/u;

/**
 * Reads the serializer references of one header, in every form since 1.3, into codecs.
 *
 * A reference has no length, so one of an unknown class stops the parse with `UnknownSerializer`. A header is therefore read
 * through `parseWithUnknowns`, which runs the whole parse again with a longer and longer list of `guesses`: what to suppose
 * of the payloads of the unknown snapshots, in the order in which they are met.
 */
export class SnapshotReader {
  private met = 0;
  private readonly search: Search;

  constructor(
    readonly options: TypeOptions,
    private readonly guesses: readonly PayloadGuess[] = [],
    readonly types: TypeRegistry = registry,
  ) {
    this.search = searchOf(guesses);
  }

  /**
   * A top-level reference: `i4 2`, then a versioned snapshot (1.7 and later; source: TypeSerializerSnapshotSerializationUtil).
   * `i4 1` is the envelope of 1.3 to 1.6, which `TypeRegistry.legacy` reads.
   */
  readEnvelope(cursor: Cursor): ReadSnapshot {
    const start = cursor.position;
    const ofSearch = cursor.bytes === this.search.bytes;
    const known = ofSearch ? this.search.certain.get(start) : undefined;
    if (known !== undefined) {
      cursor.position = known.end;
      this.search.spare(known.end - start);
      return known;
    }
    const met = this.met;
    const read = this.parseEnvelope(cursor);
    if (ofSearch && this.met === met) this.search.certain.set(start, read);
    return read;
  }

  private parseEnvelope(cursor: Cursor): ReadSnapshot {
    const start = cursor.position;
    const envelope = cursor.i32();
    if (envelope === ENVELOPE_VERSION) return { ...this.readVersioned(cursor), start };
    if (envelope === CONFIG_ENVELOPE_VERSION && this.types.legacy !== null) {
      const read = this.types.legacy.readConfigEnvelope(cursor, this);
      return { ...read, start, end: cursor.position };
    }
    cursor.position = start;
    throw cursor.error('UNSUPPORTED_VERSION', `Version ${envelope} of a serializer snapshot envelope is not known.`);
  }

  /** `UTF class, i4 version, payload` (`TypeSerializerSnapshot.writeVersionedSnapshot`), as snapshots nest. */
  readVersioned(cursor: Cursor): ReadSnapshot {
    return cursor.nested(() => {
      const start = cursor.position;
      const className = cursor.utf('class name of a serializer snapshot');
      if (!CLASS_NAME.test(className)) {
        cursor.position = start;
        throw cursor.corrupt(`"${className.slice(0, 80)}" is not the class name of a serializer snapshot.`);
      }
      let version = cursor.i32();
      let serializer: Uint8Array | null = null;
      if (version === ADAPTER_VERSION) {
        serializer = readSerializerProxy(cursor);
        version = cursor.i32();
      }
      const read = this.readPayload(cursor, className, version, serializer);
      const codec = chosenDecoder(read, this.options) ?? this.options.wrap?.(read) ?? read;
      return { codec, className, version, start, end: cursor.position };
    });
  }

  /**
   * One versioned snapshot that fills `frame` to its last byte. What is unknown inside is recovered here and now; if that
   * fails, the frame still says where the snapshot ends, and its codec is opaque.
   */
  readFramed(frame: Cursor): Codec {
    try {
      return parseWithUnknowns(
        frame,
        (cursor, guesses) => {
          const { codec } = new SnapshotReader(this.options, guesses, this.types).readVersioned(cursor);
          cursor.expectEnd('a serializer snapshot in a frame');
          return codec;
        },
        this.search.budget,
      );
    } catch (e) {
      if (!(e instanceof EngineError)) throw e;
      const snapshotClass = e instanceof UnknownSerializer ? e.className : null;
      const codec = unknownSerializer(snapshotClass, `The serializer snapshot cannot be read: ${e.message}`);
      return chosenDecoder(codec, this.options) ?? codec;
    }
  }

  private readPayload(cursor: Cursor, className: string, version: number, serializer: Uint8Array | null): Codec {
    const payload = cursor.position;
    if (serializer !== null && this.types.legacy !== null) {
      const codec = this.types.legacy.readConfigSnapshot(className, version, serializer, cursor, this);
      if (codec !== null) return codec;
      cursor.position = payload;
    }
    const factory = this.types.snapshot(className);
    if (factory !== undefined) {
      try {
        return factory(this.input(cursor, className, version));
      } catch (e) {
        if (!(e instanceof EngineError) || e.code !== 'UNSUPPORTED_VERSION') throw e;
        cursor.position = payload;
        return this.readUnknown(cursor, className, version, `Version ${version} of ${className} is not known.`);
      }
    }
    return this.readUnknown(cursor, className, version, `The serializer behind ${className} is not one of Flink's.`);
  }

  private input(cursor: Cursor, className: string, version: number): SnapshotInput {
    return {
      className,
      version,
      cursor,
      options: this.options,
      nested: (other = cursor) => this.readVersioned(other).codec,
      framed: (frame) => this.readFramed(frame),
      serializer: (value) => javaSerializerCodec(value, this.options, this.types),
      composite: (readOuter) => {
        const outerVersion = readOuterVersion(cursor, version);
        const outer = readOuter(outerVersion, cursor);
        return { outer, outerVersion, nested: readNestedBlock(cursor, () => this.readVersioned(cursor).codec) };
      },
    };
  }

  private readUnknown(cursor: Cursor, className: string, version: number, what: string): Codec {
    const reason = `${what} Its values have a form that the snapshot does not describe.`;
    const guess = this.guesses.at(this.met++);
    if (guess === undefined) {
      const place = { file: cursor.file, offset: cursor.offset };
      const { position, remaining } = cursor;
      throw new UnknownSerializer(className, version, reason, position, remaining, findNestedBlocks(cursor), place);
    }
    if (guess.kind === 'bytes') {
      cursor.skip(guess.length, 'payload of an unknown serializer snapshot');
      return unknownSerializer(className, reason);
    }
    cursor.skip(guess.nestedAt, 'payload of an unknown serializer snapshot');
    return unknownSerializer(
      className,
      reason,
      readNestedBlock(cursor, () => this.readVersioned(cursor).codec),
    );
  }
}

/**
 * `TypeSerializerSerializationUtil.TypeSerializerSerializationProxy` (1.3 to 1.16): `i4 1, i4 length`, and a `TypeSerializer` in Java
 * serialization of that length, which is returned.
 */
export function readSerializerProxy(cursor: Cursor): Uint8Array {
  const version = cursor.i32();
  if (version !== 1) throw cursor.corrupt(`Version ${version} of a serialized serializer is not known.`);
  return cursor.bytes4('serialized serializer');
}

/**
 * Parses a header that holds serializer references, however many of unknown classes among them: `parse` reads it from
 * `cursor` with `reader` and fails with an `EngineError` unless it ends where the header must end. The window must reach
 * that end: a guess cannot be told from a right one by bytes that are not there.
 */
export function parseHeader<T>(
  cursor: Cursor,
  options: TypeOptions,
  parse: (cursor: Cursor, reader: SnapshotReader) => T,
): T {
  return parseWithUnknowns(cursor, (at, guesses) => parse(at, new SnapshotReader(options, guesses)));
}
