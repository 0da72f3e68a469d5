import type { Cursor } from '../../bytes/cursor';
import type { Json } from '../../json/jsonValue';
import { BUCKET_STATE_FORMATS, FILE_SINK_COMMITTABLE } from './fileSink';
import { envelope, envelopeList, expectMagic, fields, int, list, type PayloadFormat } from './reading';

/** `i2` epoch, `i8` producer id, `UTF` transactional id. Source: KafkaCommittableSerializer. */
const kafkaCommittable: PayloadFormat = {
  name: 'KafkaSink committable',
  versions: [1],
  read: (cursor) =>
    fields({
      epoch: BigInt(cursor.i16()),
      producerId: cursor.i64(),
      transactionalId: cursor.utf('transactional id'),
    }),
};

const COMMITTABLES: readonly PayloadFormat[] = [FILE_SINK_COMMITTABLE, kafkaCommittable];

/** `CommitRequestState` by ordinal. */
const REQUEST_STATES = ['RECEIVED', 'RETRY', 'FAILED', 'COMMITTED'] as const;

/** Frames of a list whose items have a version of their own: `i4 version, i4 n, n x (i4 length, bytes)`. */
function versionedItems(cursor: Cursor, what: string, newest: number, read: (item: Cursor, version: number) => Json) {
  const at = cursor.offset;
  const version = cursor.i32();
  if (version < 0 || version > newest)
    throw cursor.corrupt(`A ${what} has version 0 to ${newest}, found ${version}.`, at);
  return list(cursor, what, 4, () => {
    const item = cursor.frame(cursor.i32(), what);
    const value = read(item, version);
    item.expectEnd(`the ${what}`);
    return value;
  });
}

const COLLECTOR = 0xb91f252c;

/**
 * `i4` 0xB91F252C, then version 1 (1.13 and 1.14: `StreamingCommitterState`): a versioned list of committables; version 2 (1.15
 * and later): a versioned list of checkpoints.
 *
 *     checkpoint := i8 id, [version 1, since 2.0: i4 number of subtasks], versioned list of subtasks
 *     subtask    := [version 1 and later, since 2.0: i4 subtask], versioned list of requests, i4 committables, [up to version 1: i4 drained], i4 failed
 *     request    := versioned committable, i4 retries, i4 ordinal of its state
 *
 * Source: CommittableCollectorSerializer of 1.20 and 2.3, StreamingCommitterStateSerializer of 1.14.
 */
function committableCollector(cursor: Cursor, version: number): Json {
  expectMagic(cursor, COLLECTOR, 'committable collector');
  if (version === 1) return fields({ committables: envelopeList(cursor, 'committables', COMMITTABLES) });
  const checkpoints = versionedItems(cursor, 'checkpoint', 1, (item, itemVersion) =>
    fields({
      checkpointId: item.i64(),
      ...(itemVersion >= 1 && { numberOfSubtasks: int(item) }),
      subtasks: versionedItems(item, 'subtask', 2, subtaskCommittables),
    }),
  );
  return fields({ checkpoints });
}

function subtaskCommittables(cursor: Cursor, version: number): Json {
  return fields({
    ...(version >= 1 && { subtask: int(cursor) }),
    requests: versionedItems(cursor, 'commit request', 0, commitRequest),
    numCommittables: int(cursor),
    ...(version < 2 && { numDrained: int(cursor) }),
    numFailed: int(cursor),
  });
}

function commitRequest(cursor: Cursor): Json {
  const committable = envelope(cursor, COMMITTABLES);
  const numberOfRetries = int(cursor);
  const at = cursor.offset;
  const state = REQUEST_STATES[cursor.i32()];
  if (state === undefined) throw cursor.corrupt('There is no commit request state of that number.', at);
  return fields({ committable, numberOfRetries, state });
}

const COLLECTOR_FORMAT: PayloadFormat = { name: 'committable collector', versions: [1, 2], read: committableCollector };

/**
 * `i4` 0xB91F252B, `boolean` and a versioned list of global committables if that is 1, the versioned committable collector.
 * Source: GlobalCommitterSerializer, version 2. Version 1 looks as that of a committable collector does.
 */
const globalCommitter: PayloadFormat = {
  name: 'global committer',
  versions: [2],
  read: (cursor) => {
    expectMagic(cursor, 0xb91f252b, 'global committer state');
    const hasGlobal = cursor.bool('flag of global committables');
    return fields({
      globalCommittables: hasGlobal ? envelopeList(cursor, 'global committables', COMMITTABLES) : null,
      committableCollector: envelope(cursor, [COLLECTOR_FORMAT]),
    });
  },
};

export const COMMITTER_FORMATS: readonly PayloadFormat[] = [COLLECTOR_FORMAT, globalCommitter];

/** `TransactionOwnership` by ordinal. */
const OWNERSHIPS = ['IMPLICIT_BY_SUBTASK_ID', 'EXPLICIT_BY_WRITER_STATE'] as const;

/**
 * `UTF` prefix of transactional ids; version 2 (connector 4.0 and later): `i4` owned subtask, `i4` their number, `i4` ordinal of the
 * ownership, `i4 n`, n x (`UTF` transactional id, `i8` checkpoint). Source: KafkaWriterStateSerializer.
 */
function kafkaWriter(cursor: Cursor, version: number): Json {
  const transactionalIdPrefix = cursor.utf('prefix of transactional ids');
  if (version < 2) return fields({ transactionalIdPrefix });
  const ownedSubtaskId = int(cursor);
  const totalNumberOfOwnedSubtasks = int(cursor);
  const at = cursor.offset;
  const transactionOwnership = OWNERSHIPS[cursor.i32()];
  if (transactionOwnership === undefined) throw cursor.corrupt('There is no ownership of that number.', at);
  return fields({
    transactionalIdPrefix,
    ownedSubtaskId,
    totalNumberOfOwnedSubtasks,
    transactionOwnership,
    precommittedTransactionalIds: list(cursor, 'transactions', 10, () =>
      fields({ transactionalId: cursor.utf('transactional id'), checkpointId: cursor.i64() }),
    ),
  });
}

export const WRITER_FORMATS: readonly PayloadFormat[] = [
  ...BUCKET_STATE_FORMATS,
  { name: 'KafkaSink writer', versions: [1, 2], read: kafkaWriter },
];

export const COMMITTABLE_FORMATS = COMMITTABLES;
