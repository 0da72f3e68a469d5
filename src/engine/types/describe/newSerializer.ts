import { EngineError } from '../../bytes/engineError';
import type { Codec } from '../codec';
import { takingAsDescribed } from './asDescribed';
import type { DescribedType } from './describedType';
import type { FlinkLine } from './flinkLine';
import { codecOfSnapshot } from './snapshotCodec';
import { SnapshotOutput } from './snapshotOutput';
import { typeWord } from './typeWords';
import { writeNullable } from './words/nullableWords';
import { expectSince } from './words/word';

/** A serializer that a new snapshot is written with. */
export interface NewSerializer {
  readonly type: DescribedType;
  /** Writes the values: what the engine reads out of `snapshot`. Rows with names are taken by name too, elements of Kryo's collections without their classes. */
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
  return { type, codec: takingAsDescribed(codecOfSnapshot(snapshot, line), type), snapshot };
}

function writeSnapshot(type: DescribedType, out: SnapshotOutput): void {
  if (type.nullable === true) {
    const { nullable, ...inner } = type;
    writeNullable(inner, 0, out);
    return;
  }
  if (type.stored !== undefined) {
    out.sink.raw(type.stored.snapshot);
    return;
  }
  const word = typeWord(type.name);
  if (word === undefined) throw new EngineError('BAD_ARGUMENT', `No type is called ${type.name}.`);
  expectSince(word, out.line);
  word.write(type, out);
}
