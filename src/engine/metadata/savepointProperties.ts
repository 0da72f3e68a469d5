import { Sink } from '../bytes/sink';

const CHECKPOINT = 'org.apache.flink.runtime.checkpoint.';
const FORMAT_TYPE = 'org.apache.flink.core.execution.SavepointFormatType';
const POST_ACTION = `${CHECKPOINT}SavepointType$PostCheckpointAction`;

/** `java.io.ObjectStreamConstants`. */
const STREAM_HEADER = Uint8Array.of(0xac, 0xed, 0x00, 0x05);
const NULL = 0x70;
const REFERENCE = 0x71;
const CLASS = 0x72;
const OBJECT = 0x73;
const STRING = 0x74;
const END_OF_BLOCK = 0x78;
const ENUM = 0x7e;
const SERIALIZABLE = 0x02;
const SERIALIZABLE_ENUM = 0x12;
/** Handle of the description of `java.lang.Enum`, the tenth thing in the stream. */
const ENUM_HANDLE = 0x7e0009;

/** Booleans of a savepoint that nobody but the user discards, in the order of the stream; all others are false. */
const FLAGS = [
  'discardCancelled',
  'discardFailed',
  'discardFinished',
  'discardSubsumed',
  'discardSuspended',
  'forced',
  'unclaimed',
];
const TRUE_FLAG = 'forced';

/**
 * The Java object stream of `CheckpointProperties.forSavepoint(true, format)`, which ends the metadata of a savepoint since
 * version 4 (Flink 1.16). Source: CheckpointProperties, SavepointType, SavepointFormatType.
 */
export function savepointProperties(format: 'CANONICAL' | 'NATIVE'): Uint8Array {
  const sink = new Sink();
  sink.raw(STREAM_HEADER);
  sink.u8(OBJECT);
  describe(sink, `${CHECKPOINT}CheckpointProperties`, 2n, SERIALIZABLE, [
    ...FLAGS.map((name): Field => [name, null]),
    ['checkpointType', `L${CHECKPOINT.replaceAll('.', '/')}SnapshotType;`],
  ]);
  sink.u8(NULL);
  for (const name of FLAGS) sink.bool(name === TRUE_FLAG);
  sink.u8(OBJECT);
  describe(sink, `${CHECKPOINT}SavepointType`, 0xa087d308a45814b8n, SERIALIZABLE, [
    ['formatType', `L${FORMAT_TYPE.replaceAll('.', '/')};`],
    ['name', 'Ljava/lang/String;'],
    ['postCheckpointAction', `L${POST_ACTION.replaceAll('.', '/')};`],
  ]);
  sink.u8(NULL);
  sink.u8(ENUM);
  describe(sink, FORMAT_TYPE, 0n, SERIALIZABLE_ENUM, []);
  describe(sink, 'java.lang.Enum', 0n, SERIALIZABLE_ENUM, []);
  sink.u8(NULL);
  string(sink, format);
  string(sink, 'Savepoint');
  sink.u8(ENUM);
  describe(sink, POST_ACTION, 0n, SERIALIZABLE_ENUM, []);
  sink.u8(REFERENCE);
  sink.i32(ENUM_HANDLE);
  string(sink, 'NONE');
  return sink.toBytes();
}

/** Name, and for an object the signature of its class; null for a boolean. */
type Field = readonly [name: string, signature: string | null];

function describe(sink: Sink, name: string, serialVersion: bigint, flags: number, fields: readonly Field[]): void {
  sink.u8(CLASS);
  sink.utf(name);
  sink.i64(BigInt.asIntN(64, serialVersion));
  sink.u8(flags);
  sink.i16(fields.length);
  for (const [field, signature] of fields) {
    sink.u8((signature ?? 'Z').charCodeAt(0));
    sink.utf(field);
    if (signature !== null) string(sink, signature);
  }
  sink.u8(END_OF_BLOCK);
}

function string(sink: Sink, text: string): void {
  sink.u8(STRING);
  sink.utf(text);
}
