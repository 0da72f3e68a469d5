import fc from 'fast-check';
import type {
  ChannelStateHandle,
  KeyedStateHandle,
  MetadataVersion,
  OperatorState,
  OperatorStateHandle,
  SnapshotMetadata,
  StreamHandle,
  SubtaskState,
} from '../../../src/engine/metadata/model';
import { NULL_PROPERTIES } from '../../../src/engine/metadata/properties';

/** Any model that a version can hold, with every handle type. Offsets of inlined bytes are 0: only a reader knows them. */

const i64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const size = fc.oneof(fc.nat(), fc.constantFrom(0, Number.MAX_SAFE_INTEGER));
const offsets = fc.array(fc.oneof(size, fc.constant(-1)), { maxLength: 4 });
const text = fc.string({ maxLength: 12, unit: 'binary' });
const data = fc.uint8Array({ maxLength: 8 });
const i32 = fc.integer();

const inlined = fc.record({ type: fc.constant('bytes' as const), name: text, data, offset: fc.constant(0) });

const plainStream: fc.Arbitrary<StreamHandle> = fc.oneof(
  inlined,
  fc.record({ type: fc.constant('file' as const), path: text, size: fc.oneof(size, fc.constant(-1)) }),
  fc.record({ type: fc.constant('relative' as const), path: text, size }),
  fc.record({
    type: fc.constant('segment' as const),
    path: text,
    start: size,
    size,
    scope: fc.constantFrom('exclusive' as const, 'shared' as const),
    logicalFileId: text,
  }),
  fc.constant({ type: 'emptySegment' as const }),
);

const wrapped: fc.Arbitrary<StreamHandle> = fc
  .record({ startKeyGroup: fc.nat(100), offsets, stream: fc.option(plainStream) })
  .map((part) => ({ type: 'keyGroups', handle: { type: 'keyGroups', ...part, stateHandleId: null } }));

const stream = fc.option(fc.oneof({ weight: 5, arbitrary: plainStream }, wrapped));
const streams = fc.array(stream, { maxLength: 2 });
const files = fc.array(fc.record({ name: text, stream }), { maxLength: 2 });
const range = { startKeyGroup: fc.nat(16_000), keyGroupCount: fc.nat(16_000) };

/** `form114` has the layouts of Flink 1.14, which no file mixes with the later ones. */
function keyedHandle(form114: boolean): fc.Arbitrary<KeyedStateHandle> {
  const id = form114 ? fc.constant(null) : text;
  const long = form114 ? fc.constant(null) : i64;
  const leaf: fc.Arbitrary<KeyedStateHandle> = fc.oneof(
    fc.record({
      type: fc.constantFrom('keyGroups' as const, 'savepointKeyGroups' as const),
      startKeyGroup: fc.nat(100),
      offsets,
      stream,
      stateHandleId: fc.constant(null),
    }),
    fc.record({
      type: fc.constant('keyGroupsV2' as const),
      startKeyGroup: fc.nat(100),
      offsets,
      stream,
      stateHandleId: text,
    }),
    fc.record({
      type: fc.constant('incremental' as const),
      checkpointId: i64,
      backendId: text,
      ...range,
      checkpointedSize: fc.constant(null),
      meta: stream,
      shared: files,
      private: files,
      stateHandleId: fc.constant(null),
    }),
    fc.record({
      type: fc.constant('incrementalV2' as const),
      checkpointId: i64,
      backendId: text,
      ...range,
      checkpointedSize: i64,
      meta: stream,
      shared: files,
      private: files,
      stateHandleId: text,
    }),
    fc.record({
      type: fc.constant('changelogBytes' as const),
      ...range,
      fromSequence: i64,
      toSequence: i64,
      changes: fc.array(fc.record({ keyGroup: i32, change: data, offset: fc.constant(0) }), { maxLength: 2 }),
      stateHandleId: id,
    }),
    fc.record({
      type: fc.constant('changelogFiles' as const),
      ...range,
      streams: fc.array(fc.record({ offset: size, stream }), { maxLength: 2 }),
      size: i64,
      checkpointedSize: long,
      stateHandleId: id,
      storageIdentifier: fc.constant(null),
    }),
    fc.record({
      type: fc.constant('changelogFilesV2' as const),
      ...range,
      streams: fc.array(fc.record({ offset: size, stream }), { maxLength: 2 }),
      size: i64,
      checkpointedSize: i64,
      stateHandleId: text,
      storageIdentifier: text,
    }),
  );
  const parts = fc.array(fc.option(leaf), { maxLength: 2 });
  return fc.oneof(
    { weight: 5, arbitrary: leaf },
    fc.record({
      type: fc.constant('changelog' as const),
      ...range,
      checkpointedSize: long,
      materialized: parts,
      nonMaterialized: parts,
      materializationId: long,
      checkpointId: fc.constant(null),
      stateHandleId: id,
    }),
    fc.record({
      type: fc.constant('changelogV2' as const),
      ...range,
      checkpointedSize: i64,
      materialized: parts,
      nonMaterialized: parts,
      materializationId: i64,
      checkpointId: i64,
      stateHandleId: text,
    }),
  );
}

const operatorHandle: fc.Arbitrary<OperatorStateHandle> = fc
  .record({
    states: fc.array(
      fc.record({
        name: text,
        mode: fc.constantFrom('splitDistribute' as const, 'union' as const, 'broadcast' as const),
        offsets,
      }),
      { maxLength: 2 },
    ),
    segment: fc.option(fc.record({ taskOwnedDirectory: text, sharedDirectory: text, isEmpty: fc.boolean() })),
    stream,
  })
  .map((part) => ({ type: part.segment === null ? 'partitionable' : 'segmentPartitionable', ...part }));

function channelHandle(version: MetadataVersion): fc.Arbitrary<ChannelStateHandle> {
  const channel = fc.record({
    type: fc.constant('channel' as const),
    subtaskIndex: i32,
    gate: i32,
    channel: i32,
    offsets,
    size: i64,
    stream,
  });
  if (version < 6) return channel;
  return fc.oneof(
    channel,
    fc.record({ type: fc.constant('mergedChannels' as const), subtaskIndex: i32, size: i64, stream, offsets: data }),
  );
}

function subtask(version: MetadataVersion, form114: boolean): fc.Arbitrary<SubtaskState> {
  const operatorHandles = fc.array(fc.option(operatorHandle), { maxLength: version === 1 ? 3 : 1 });
  const keyed = fc.option(keyedHandle(form114));
  const channels = fc.array(channelHandle(version), { maxLength: version >= 3 ? 2 : 0 });
  const withState = fc.record({
    index: fc.nat(4),
    finished: fc.constant(false),
    duration: version <= 2 ? i64 : fc.constant(null),
    legacyState: version <= 2 ? streams : fc.constant<(StreamHandle | null)[]>([]),
    managedOperatorState: operatorHandles,
    rawOperatorState: operatorHandles,
    managedKeyedState: keyed,
    rawKeyedState: keyed,
    inputChannelState: channels,
    resultSubpartitionState: channels,
  });
  if (version < 3) return withState;
  const finished = fc.nat(4).map((index) => ({
    index,
    finished: true,
    duration: null,
    legacyState: [],
    managedOperatorState: [],
    rawOperatorState: [],
    managedKeyedState: null,
    rawKeyedState: null,
    inputChannelState: [],
    resultSubpartitionState: [],
  }));
  return fc.oneof({ weight: 4, arbitrary: withState }, finished);
}

function operator(version: MetadataVersion, form114: boolean): fc.Arbitrary<OperatorState> {
  const name = version >= 5 ? fc.option(text.filter((t) => t !== '')) : fc.constant(null);
  const common: fc.Arbitrary<Omit<OperatorState, 'coordinatorState' | 'fullyFinished' | 'subtasks'>> = fc.record({
    id: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((id) => Buffer.from(id).toString('hex')),
    name,
    uid: name,
    parallelism: fc.integer({ min: 5, max: 100 }),
    maxParallelism: fc.integer({ min: 100, max: 32_768 }),
    chainLength: version <= 2 ? i32 : fc.constant(null),
  });
  const subtasks = fc.uniqueArray(subtask(version, form114), { maxLength: 3, selector: (s) => s.index });
  const state: fc.Arbitrary<Pick<OperatorState, 'coordinatorState' | 'fullyFinished' | 'subtasks'>> = fc.record({
    coordinatorState: version >= 3 ? fc.option(inlined) : fc.constant(null),
    fullyFinished: fc.constant(false),
    subtasks,
  });
  const finished: typeof state = fc.constant({ coordinatorState: null, fullyFinished: true, subtasks: [] });
  const either = version >= 3 ? fc.oneof({ weight: 4, arbitrary: state }, finished) : state;
  return fc.tuple(common, either).map(([a, b]) => ({ ...a, ...b }));
}

export function metadataArbitrary(version: MetadataVersion, form114 = false): fc.Arbitrary<SnapshotMetadata> {
  return fc.record({
    version: fc.constant(version),
    declaredVersion: fc.constant(version),
    checkpointId: version === 1 ? i64 : fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
    masterStates: fc.array(fc.record({ version: i32, name: text, payload: data }), { maxLength: version >= 2 ? 2 : 0 }),
    operators: fc.array(operator(version, form114), { maxLength: 3 }),
    properties: fc.constant(version >= 4 ? NULL_PROPERTIES : null),
  });
}
