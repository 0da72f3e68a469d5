import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/engine/bytes/engineError';
import { readMetadata, writeMetadata } from '../../../src/engine/metadata/metadataFile';
import type {
  ChannelStateHandle,
  InlinedStream,
  MetadataVersion,
  OperatorState,
  OperatorStateHandle,
  SnapshotMetadata,
  SubtaskState,
} from '../../../src/engine/metadata/model';
import { NULL_PROPERTIES } from '../../../src/engine/metadata/properties';
import { metadataArbitrary } from './modelArbitrary';

/** The model without the places of inlined bytes, which only a reader knows. */
const withoutPlaces = (model: SnapshotMetadata): string =>
  JSON.stringify(
    model,
    (key, value: unknown) => (key === 'offset' ? undefined : typeof value === 'bigint' ? `${value}n` : value),
    1,
  );

const VERSIONS: MetadataVersion[] = [1, 2, 3, 4, 5, 6];

describe('a model of metadata', () => {
  it.each(VERSIONS)('of version %i comes back from its bytes', (version) => {
    fc.assert(
      fc.property(metadataArbitrary(version), (model) => {
        const bytes = writeMetadata(model);
        const read = readMetadata(bytes, 'f');
        expect(Buffer.compare(writeMetadata(read), bytes)).toBe(0);
        expect(withoutPlaces(read)).toBe(withoutPlaces(model));
      }),
      { numRuns: 300 },
    );
  });

  it('with handles as Flink 1.14 wrote them comes back as bytes', () => {
    fc.assert(
      fc.property(metadataArbitrary(3, true), (model) => {
        const bytes = writeMetadata(model);
        expect(Buffer.compare(writeMetadata(readMetadata(bytes, 'f')), bytes)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

const subtask: SubtaskState = {
  index: 0,
  finished: false,
  duration: null,
  legacyState: [],
  managedOperatorState: [],
  rawOperatorState: [],
  managedKeyedState: null,
  rawKeyedState: null,
  inputChannelState: [],
  resultSubpartitionState: [],
};

const operator: OperatorState = {
  id: '00'.repeat(16),
  name: null,
  uid: null,
  parallelism: 2,
  maxParallelism: 128,
  chainLength: null,
  coordinatorState: null,
  fullyFinished: false,
  subtasks: [],
};

function modelOf(
  version: MetadataVersion,
  changes: Partial<OperatorState>,
  state: Partial<SubtaskState>,
): SnapshotMetadata {
  return {
    version,
    declaredVersion: version,
    checkpointId: 1n,
    masterStates: [],
    operators: [
      { ...operator, chainLength: version <= 2 ? 1 : null, subtasks: [{ ...subtask, ...state }], ...changes },
    ],
    properties: version >= 4 ? NULL_PROPERTIES : null,
  };
}

const inlined: InlinedStream = { type: 'bytes', name: 'n', data: new Uint8Array(1), offset: 0 };
const operatorHandle: OperatorStateHandle = { type: 'partitionable', states: [], segment: null, stream: null };
const merged: ChannelStateHandle = {
  type: 'mergedChannels',
  subtaskIndex: 0,
  size: 0n,
  stream: null,
  offsets: new Uint8Array(0),
};
const channel: ChannelStateHandle = {
  type: 'channel',
  subtaskIndex: null,
  gate: 0,
  channel: 0,
  offsets: [],
  size: 0n,
  stream: null,
};

describe('what a version has no place for is refused', () => {
  it.each<[string, MetadataVersion, Partial<OperatorState>, Partial<SubtaskState>]>([
    ['names', 4, { name: 'a' }, {}],
    ['uids', 2, { uid: 'a' }, {}],
    ['empty names', 6, { name: '' }, {}],
    ['a chain length', 3, { chainLength: 1 }, {}],
    ['no chain length', 1, { chainLength: null }, {}],
    ['coordinator state', 2, { coordinatorState: inlined }, {}],
    ['finished operators', 2, { fullyFinished: true, subtasks: [] }, {}],
    ['state of finished operators', 3, { fullyFinished: true }, {}],
    ['finished subtasks', 2, {}, { finished: true }],
    ['state of finished subtasks', 6, {}, { finished: true, managedOperatorState: [operatorHandle] }],
    ['channel state', 2, {}, { inputChannelState: [channel] }],
    ['channels without subtask', 4, {}, { inputChannelState: [channel] }],
    ['merged channels', 5, {}, { resultSubpartitionState: [merged] }],
    ['legacy state', 3, {}, { legacyState: [inlined] }],
    ['two operator state handles', 2, {}, { rawOperatorState: [operatorHandle, null] }],
    ['subtasks beyond the parallelism', 6, {}, { index: 2 }],
    ['a parallelism above the largest', 6, { maxParallelism: 32_769 }, {}],
    ['an id that is none', 6, { id: 'abc' }, {}],
    [
      'a V2 handle without id',
      6,
      {},
      {
        managedKeyedState: { type: 'keyGroupsV2', startKeyGroup: 0, offsets: [], stream: null, stateHandleId: null },
      },
    ],
  ])('%s in version %i', (_, version, changes, state) => {
    const model = modelOf(version, changes, state);
    expect(() => writeMetadata(model)).toThrow(EngineError);
    expect(() => writeMetadata(model)).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }));
  });

  it('but not the model without it', () => {
    for (const version of VERSIONS) {
      const bytes = writeMetadata(modelOf(version, {}, {}));
      expect(readMetadata(bytes, 'f').operators).toHaveLength(1);
    }
  });

  it('master states in version 1, properties before version 4, none since', () => {
    const [v1, v3, v6] = ([1, 3, 6] as const).map((version) => modelOf(version, {}, {}));
    const state = { version: 1, name: 'm', payload: new Uint8Array(0) };
    expect(() => writeMetadata({ ...v1, masterStates: [state] })).toThrow(/master states/);
    expect(() => writeMetadata({ ...v3, properties: NULL_PROPERTIES })).toThrow(/no place for checkpoint properties/);
    expect(() => writeMetadata({ ...v6, properties: null })).toThrow(/needs checkpoint properties/);
  });
});
