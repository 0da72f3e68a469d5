import type { Cursor } from '../../bytes/cursor';
import { decodeBase64 } from '../../json/base64';
import { type Codec, VARIABLE } from '../codec';
import type { SnapshotFactory, TypeFamily } from '../family';
import { arrayFrom, badValue, inside, objectFrom } from '../jsonInput';
import type { TypeInfo } from '../typeInfo';
import { SetValue } from '../values';
import { intShape, longShape, shortShape } from './basic';
import { codecOf, listOf, optional, type Part, RecordPart, UTF } from './fields';
import { compositeWith, serializerWith, simple } from './snapshotForms';
import { readSimplePayload } from './support';

/** Serializers of sinks that commit in two phases. */

/**
 * `TwoPhaseCommitSinkFunction.StateSerializer` (1.4 and later; its package moved in 2.0): the pending transaction, `i4 n` and n
 * transactions that wait for their commit, `boolean` and the sink's context if that is 1. A transaction is its handle and
 * `i8` start time in milliseconds. Where a null transaction is allowed (1.14 and later), a `boolean` precedes the pending one.
 */
function twoPhaseCommit([handle, context]: Codec[], nullable: boolean, serializer: string): Codec {
  const transaction = new RecordPart('transaction', [
    { name: 'handle', part: handle },
    { name: 'transactionStartTime', part: longShape },
  ]);
  const state = new RecordPart('two-phase-commit state', [
    { name: 'pendingTransaction', part: nullable ? optional(transaction, 'pending transaction') : transaction },
    { name: 'pendingCommitTransactions', part: listOf(transaction, 'transactions') },
    { name: 'context', part: optional(context, 'context') },
  ]);
  const type: TypeInfo = { name: 'two-phase-commit', arguments: [handle.type, context.type], serializer };
  return codecOf(type, state);
}

/** Outer version 2: no null transaction; 3: allowed; 4 (1.15): a `boolean` says it. */
function readNullable(version: number, cursor: Cursor): boolean {
  if (version < 3) return false;
  return version === 3 || cursor.bool('flag of null transactions');
}

/** `KafkaTransactionState`: `boolean` and, if that is 1, `UTF` transactional id; `i8` producer id, `i2` epoch. */
const KAFKA_TRANSACTION = new RecordPart('Kafka transaction', [
  { name: 'transactionalId', part: optional(UTF, 'transactional id') },
  { name: 'producerId', part: longShape },
  { name: 'epoch', part: shortShape },
]);

/** `i4 n`, n `UTF` of a set, in the order in which it was iterated. */
const UTF_SET: Part<SetValue> = (() => {
  const ids = listOf(UTF, 'transactional ids');
  return {
    length: VARIABLE,
    read: (cursor) => new SetValue(ids.read(cursor)),
    skip: (cursor) => ids.skip(cursor),
    write: (sink, value) => ids.write(sink, value.items as string[]),
    fromJson: (json) => {
      const items = arrayFrom(objectFrom(json, 'a a set').get('$set') ?? null, 'set');
      return new SetValue(items.map((item, i) => inside(`[${i}]`, () => UTF.fromJson(item))));
    },
  };
})();

/** `KafkaTransactionContext`: the transactional ids that the producer may use. */
const KAFKA_CONTEXT = new RecordPart('Kafka context', [{ name: 'transactionalIds', part: UTF_SET }]);

/** `NextTransactionalIdHint`: `i8` next free id, `i4` parallelism. */
const KAFKA_HINT = new RecordPart(
  'transactional id hint',
  [
    { name: 'nextFreeTransactionalId', part: longShape },
    { name: 'lastParallelism', part: intShape },
  ],
  ['lastParallelism', 'nextFreeTransactionalId'],
);

/** `u1` length (a Java byte, at most 64 in an XA id), then the bytes. */
const SHORT_BYTES: Part<Uint8Array> = {
  length: VARIABLE,
  read: (cursor) => cursor.take(cursor.i8(), 'part of an XA id'),
  skip: (cursor) => cursor.skip(cursor.i8(), 'part of an XA id'),
  write(sink, value) {
    sink.u8(value.length);
    sink.raw(value);
  },
  fromJson(json) {
    if (typeof json !== 'string') throw badValue('Bytes are a base64 string.');
    const bytes = decodeBase64(json);
    if (bytes.length > 127) throw badValue('A part of an XA id has at most 127 bytes.');
    return bytes;
  },
};

/** `XidSerializer` of the JDBC connector: `i4` format, global transaction id, branch qualifier. */
const XID = new RecordPart('XA id', [
  { name: 'formatId', part: intShape },
  { name: 'globalTransactionId', part: SHORT_BYTES },
  { name: 'branchQualifier', part: SHORT_BYTES },
]);

/** `CheckpointAndXidSerializer`: `i8` checkpoint, `i4` attempts, XA id. */
const CHECKPOINT_AND_XID = new RecordPart(
  'prepared XA id',
  [
    { name: 'checkpointId', part: longShape },
    { name: 'attempts', part: intShape },
    { name: 'xid', part: XID },
  ],
  ['checkpointId', 'xid', 'attempts'],
);

/** `XaSinkStateSerializer`: the hanging ids, then the prepared ones. */
const XA_STATE = new RecordPart(
  'XA sink state',
  [
    { name: 'hanging', part: listOf(XID, 'XA ids') },
    { name: 'prepared', part: listOf(CHECKPOINT_AND_XID, 'XA ids') },
  ],
  ['prepared', 'hanging'],
);

const kind =
  (name: string, part: Part) =>
  (serializer: string): Codec =>
    codecOf({ name, serializer }, part);

const kafka: readonly (readonly [serializer: string, make: (serializer: string) => Codec])[] = [
  ['TransactionStateSerializer', kind('kafka-transaction', KAFKA_TRANSACTION)],
  ['ContextStateSerializer', kind('kafka-context', KAFKA_CONTEXT)],
  ['NextTransactionalIdHintSerializer', kind('kafka-id-hint', KAFKA_HINT)],
];
const KAFKA = 'org.apache.flink.streaming.connectors.kafka.';
const PRODUCERS = [`${KAFKA}FlinkKafkaProducer`, `${KAFKA}FlinkKafkaProducer011`];
const kafkaClasses = PRODUCERS.flatMap((producer) =>
  kafka.map(([name, make]) => ({ serializer: `${producer}$${name}`, snapshot: `${name}Snapshot`, make })),
);

/** The JDBC connector's simple snapshots, which append `i4 1` to the payload. */
function jdbcSnapshot(make: (snapshotClass: string) => Codec): SnapshotFactory {
  return ({ cursor, version, className }) => {
    readSimplePayload(cursor, version);
    const own = cursor.i32();
    if (own !== 1) throw cursor.error('UNSUPPORTED_VERSION', `Version ${own} of ${className} is not known.`);
    return make(className);
  };
}

const JDBC = 'org.apache.flink.connector.jdbc.xa.';
const TWO_PHASE = 'org.apache.flink.streaming.api.functions.sink.TwoPhaseCommitSinkFunction';

export const sinks: TypeFamily = {
  snapshots: {
    [`${TWO_PHASE}$StateSerializerSnapshot`]: compositeWith(4, 2, readNullable, twoPhaseCommit),
    ...Object.fromEntries(
      kafkaClasses.map(({ serializer, snapshot, make }) => [`${serializer}$${snapshot}`, simple(make)]),
    ),
    [`${JDBC}XidSerializer$XidSimpleTypeSerializerSnapshot`]: jdbcSnapshot(kind('xa-id', XID)),
    [`${JDBC}CheckpointAndXidSerializer$CheckpointAndXidSimpleTypeSerializerSnapshot`]: jdbcSnapshot(
      kind('prepared-xa-id', CHECKPOINT_AND_XID),
    ),
    [`${JDBC}XaSinkStateSerializer$XaSinkStateSimpleXaTypeSerializerSnapshot`]: jdbcSnapshot(
      kind('xa-sink-state', XA_STATE),
    ),
  },
  serializers: {
    [`${TWO_PHASE}$StateSerializer`]: serializerWith(
      ['transactionSerializer', 'contextSerializer'],
      (nested, serializer) => twoPhaseCommit(nested, false, serializer),
    ),
    ...Object.fromEntries(kafkaClasses.map(({ serializer, make }) => [serializer, () => make(serializer)])),
  },
};
