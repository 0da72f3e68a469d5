import { describe, expect, it } from 'vitest';
import { readMergedChannels } from '../../../src/engine/metadata/channelHandles';
import { bytesAt, piecesOfOperator, totalBytes } from '../../../src/engine/metadata/handles';
import { readMetadata, writeMetadata } from '../../../src/engine/metadata/metadataFile';
import { NULL_PROPERTIES } from '../../../src/engine/metadata/properties';
import { changelogOf114, channelsOf111, everythingOf23 } from './flinkWritten';

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('channel state handles of Flink 1.11', () => {
  const metadata = readMetadata(channelsOf111, 'f');

  it('have no subtask index', () => {
    const [operator] = metadata.operators;
    expect(operator).toMatchObject({ id: '01020304050607081112131415161718', parallelism: 2, maxParallelism: 128 });
    const [subtask] = operator.subtasks;
    const channel = { type: 'channel', subtaskIndex: null, size: 6n, stream: { type: 'bytes', name: 'channels' } };
    expect(subtask.index).toBe(1);
    expect(subtask.inputChannelState).toMatchObject([
      { ...channel, gate: 3, channel: 4, offsets: [4] },
      { ...channel, gate: 3, channel: 5, offsets: [4, 6] },
    ]);
    expect(subtask.resultSubpartitionState).toMatchObject([{ ...channel, gate: 7, channel: 8, offsets: [4] }]);
  });

  it('are written as they were read', () => {
    expect(writeMetadata(metadata)).toEqual(channelsOf111);
  });
});

describe('changelog handles of Flink 1.14', () => {
  const metadata = readMetadata(changelogOf114, 'f');

  it('have no ids', () => {
    const [operator, finished] = metadata.operators;
    const [subtask] = operator.subtasks;
    expect(subtask.managedKeyedState).toMatchObject({
      type: 'changelog',
      startKeyGroup: 64,
      keyGroupCount: 2,
      checkpointedSize: null,
      materializationId: null,
      stateHandleId: null,
      materialized: [{ type: 'keyGroups', startKeyGroup: 64, offsets: [10, 20], stream: { data: bytes(1, 2, 3) } }],
      nonMaterialized: [
        {
          type: 'changelogBytes',
          fromSequence: 3n,
          toSequence: 5n,
          changes: [
            { keyGroup: -1, change: bytes(8) },
            { keyGroup: 65, change: bytes(1, 7) },
          ],
          stateHandleId: null,
        },
        {
          type: 'changelogFiles',
          streams: [{ offset: 17, stream: { type: 'file', path: 'file:/tmp/dstl/0 1%20', size: 99 } }],
          size: 82n,
          checkpointedSize: null,
          stateHandleId: null,
          storageIdentifier: null,
        },
      ],
    });
    expect(subtask.inputChannelState).toMatchObject([{ subtaskIndex: 1, gate: 3, channel: 4 }]);
    expect(finished).toMatchObject({ fullyFinished: true, parallelism: 3, maxParallelism: 256, subtasks: [] });
  });

  it('are written as they were read', () => {
    expect(writeMetadata(metadata)).toEqual(changelogOf114);
  });
});

describe('handles of Flink 2.3', () => {
  const metadata = readMetadata(everythingOf23, 'f');
  const [operator, finished] = metadata.operators;
  const subtask = operator.subtasks.find((s) => s.index === 2);
  const segment = {
    type: 'segment',
    path: 'file:/chk/job/taskowned/job_1_tm_2/x',
    start: 100,
    size: 50,
    scope: 'exclusive',
    logicalFileId: 'logical-1',
  };

  it('of the snapshot and of operators', () => {
    expect(metadata).toMatchObject({ version: 6, declaredVersion: 6, checkpointId: 44n, properties: NULL_PROPERTIES });
    expect(metadata.masterStates).toEqual([{ version: 7, name: 'hook', payload: bytes(4, 2) }]);
    expect(operator).toMatchObject({ name: 'my op', uid: 'my-uid', parallelism: 3, maxParallelism: 128 });
    expect(operator.coordinatorState).toMatchObject({ type: 'bytes', name: 'coord', data: bytes(5, 6) });
    expect(operator.subtasks.find((s) => s.index === 0)).toMatchObject({ finished: true });
    expect(finished).toMatchObject({ name: null, uid: null, fullyFinished: true });
  });

  it('of operator state in merged files', () => {
    const folders = {
      taskOwnedDirectory: 'file:/chk/job/taskowned/job_1_tm_2',
      sharedDirectory: 'file:/chk/job/shared/op',
    };
    expect(subtask?.managedOperatorState).toEqual([
      {
        type: 'segmentPartitionable',
        states: [{ name: 'list', mode: 'union', offsets: [5, 9] }],
        segment: { ...folders, isEmpty: false },
        stream: segment,
      },
    ]);
    expect(subtask?.rawOperatorState).toEqual([
      {
        type: 'segmentPartitionable',
        states: [],
        segment: { ...folders, isEmpty: true },
        stream: { type: 'emptySegment' },
      },
    ]);
  });

  it('of keyed state', () => {
    expect(subtask?.managedKeyedState).toMatchObject({
      type: 'changelogV2',
      checkpointedSize: 13n,
      materializationId: 12n,
      checkpointId: 11n,
      stateHandleId: 'cl-id',
      materialized: [
        {
          type: 'incrementalV2',
          checkpointId: 9n,
          backendId: '6a0d21a4-98a4-4e5b-9b8d-0c1c1de40b1c',
          checkpointedSize: 1234n,
          meta: segment,
          shared: [{ name: '000010.sst', stream: { path: 's3://bucket/chk/job/shared/y', size: 7, scope: 'shared' } }],
          private: [{ name: 'CURRENT', stream: { type: 'bytes', data: bytes(1, 2, 3) } }],
          stateHandleId: 'inc-id',
        },
        { type: 'keyGroupsV2', startKeyGroup: 64, offsets: [10, 20], stateHandleId: 'kg-id' },
      ],
      nonMaterialized: [
        { type: 'changelogBytes', stateHandleId: 'mem-id' },
        {
          type: 'changelogFilesV2',
          streams: [{ offset: 17, stream: { type: 'file', path: 'hdfs://nn:8020/dstl/a', size: 99 } }],
          size: 82n,
          checkpointedSize: 44n,
          stateHandleId: 'file-id',
          storageIdentifier: 'filesystem',
        },
      ],
    });
  });

  it('of channels, merged and single', () => {
    const input = subtask?.inputChannelState ?? [];
    const [merged] = input;
    if (merged?.type !== 'mergedChannels') throw new Error('not merged');
    expect(merged).toMatchObject({ subtaskIndex: 2, size: 13n });
    expect(readMergedChannels(merged)).toEqual([
      { gate: 3, channel: 4, size: 6n, offsets: [4] },
      { gate: 3, channel: 5, size: 7n, offsets: [8, 12] },
    ]);
    expect(input[1]).toMatchObject({ type: 'channel', subtaskIndex: 2, gate: 3, channel: 4, offsets: [4], size: 6n });
    expect(subtask?.resultSubpartitionState.map((h) => h.type)).toEqual(['mergedChannels', 'channel']);
  });

  it('know where inlined bytes lie', () => {
    for (const { at } of piecesOfOperator(operator)) {
      if (at.type === 'bytes') expect(everythingOf23.subarray(at.offset, at.offset + at.data.length)).toEqual(at.data);
      if (at.type !== 'changelogBytes') continue;
      for (const { change, offset } of at.changes) {
        expect(everythingOf23.subarray(offset, offset + change.length)).toEqual(change);
      }
    }
  });

  it('count what they share once', () => {
    const places = [...piecesOfOperator(operator)].map((piece) => piece.at);
    const inlined = places.filter((at) => at.type === 'bytes' || at.type === 'changelogBytes');
    const files = places.filter((at) => at.type === 'file' || at.type === 'segment');
    // The segment of the operator state is that of the keyed state's metadata.
    expect(files.map(bytesAt)).toEqual([50, 50, 7, 99]);
    expect(totalBytes(files)).toBe(156);
    expect(totalBytes(inlined)).toBe(2 + 3 + 3 + 3 + 4 * 3);
    expect(totalBytes(places)).toBe(156 + 23);
  });

  it('are written as they were read', () => {
    expect(writeMetadata(metadata)).toEqual(everythingOf23);
  });
});
