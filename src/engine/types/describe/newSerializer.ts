import { Cursor } from '../../bytes/cursor';
import { EngineError } from '../../bytes/engineError';
import type { Codec } from '../codec';
import { parseHeader } from '../serializerSnapshot';
import type { DescribedType } from './describedType';
import { type FlinkLine, isAtLeast, kryoOfLine } from './flinkLine';
import { SnapshotOutput } from './snapshotOutput';
import { printType } from './typeText';
import { typeWord } from './typeWords';

/** A serializer that a new snapshot is written with. */
export interface NewSerializer {
  readonly type: DescribedType;
  /** Writes the values; what the engine reads out of `snapshot`. */
  readonly codec: Codec;
  /** `UTF class, i4 version, payload` (`TypeSerializerSnapshot.writeVersionedSnapshot`). */
  readonly snapshot: Uint8Array;
}

/**
 * The serializer of a described type: its snapshot as Flink of that line writes it for the serializer that it makes for such
 * a type. Fails with `BAD_ARGUMENT` where that Flink has no such serializer.
 */
export function newSerializer(type: DescribedType, line: FlinkLine): NewSerializer {
  const out = new SnapshotOutput(line, writeSnapshot);
  out.snapshot(type);
  const snapshot = out.sink.toBytes();
  return { type, codec: readCodec(snapshot, line), snapshot };
}

function writeSnapshot(type: DescribedType, out: SnapshotOutput): void {
  if (type.nullable === true) {
    out.composite(NULLABLE, 2, [{ ...type, nullable: false }], (sink) => sink.i32(0));
    return;
  }
  if (type.stored !== undefined) {
    out.sink.raw(type.stored.snapshot);
    return;
  }
  const word = typeWord(type.name);
  if (word === undefined) throw new EngineError('BAD_ARGUMENT', `No type is called ${type.name}.`);
  if (word.since !== undefined && !isAtLeast(out.line, word.since))
    throw new EngineError(
      'BAD_ARGUMENT',
      `Flink ${out.line} has no serializer for ${printType(type)}: it is there since ${word.since}.`,
    );
  word.write(type, out);
}

/** Composite, outer version 2: `i4` bytes of padding in place of a null; none unless all values are of one length. */
const NULLABLE = 'org.apache.flink.api.java.typeutils.runtime.NullableSerializer$NullableSerializerSnapshot';

/** The codec of the versioned snapshot that fills `snapshot`, which may hold serializers of classes that nobody knows. */
export function readCodec(snapshot: Uint8Array, line: FlinkLine): Codec {
  return parseHeader(new Cursor(snapshot), { kryo: kryoOfLine(line) }, (cursor, reader) => {
    const { codec } = reader.readVersioned(cursor);
    cursor.expectEnd('a serializer snapshot');
    return codec;
  });
}
