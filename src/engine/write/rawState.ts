import { keyGroupRanges } from '../backends/keyGroupRanges';
import { RAW_ABSENT } from '../backends/rawTimers';
import { keyGroupRange } from '../keyGroups';
import type { KeyGroupsHandle, OperatorStateHandle } from '../metadata/model';
import type { SnapshotFiles } from '../metadata/resolve';
import type { SnapshotOperator } from '../snapshot';
import type { ByteSource } from '../storage/byteSource';
import { MemorySource } from '../storage/memorySource';
import { deal } from './deal';
import type { KeyedTarget, OutputPlace } from './keyedRewrite';
import { copyRange, fillFile } from './newFile';

/** Bytes that take the place of what the source has. */
export interface RawReplacements {
  /** Of partitions of raw operator state, by subtask and by their place in it. */
  readonly partitions: ReadonlyMap<number, ReadonlyMap<number, Uint8Array>>;
  /** Of raw keyed state. */
  readonly keyGroups: ReadonlyMap<number, Uint8Array>;
}

const NO_REPLACEMENTS: RawReplacements = { partitions: new Map(), keyGroups: new Map() };

interface Stretch {
  source: ByteSource;
  from: number;
  to: number;
}

const given = (bytes: Uint8Array): Stretch => ({ source: new MemorySource('', bytes), from: 0, to: bytes.length });

/**
 * Raw operator state for another parallelism: its partitions, whose bytes only the operator knows, are dealt as elements of
 * list state are. Empty where the operator has none. Source: OperatorStateCheckpointOutputStream.
 */
export async function dealRawOperatorState(
  operator: SnapshotOperator,
  files: SnapshotFiles,
  parallelism: number,
  place: OutputPlace,
  signal?: AbortSignal,
  { partitions: replaced }: RawReplacements = NO_REPLACEMENTS,
): Promise<OperatorStateHandle[]> {
  const partitions: Stretch[][] = [];
  let named: { name: string; mode: OperatorStateHandle['states'][number]['mode'] } | null = null;
  for (const { index, rawOperatorState: handle } of [...operator.subtasks].sort((a, b) => a.index - b.index)) {
    if (handle?.stream == null || handle.stream.type === 'emptySegment') continue;
    const source = await files.open(handle.stream);
    for (const { name, mode, offsets } of handle.states) {
      named ??= { name, mode };
      const ranges = keyGroupRanges(source, 0, offsets, null);
      partitions.push(
        ranges.map(({ from, to }, partition) => {
          const bytes = replaced.get(index)?.get(partition);
          return bytes === undefined ? { source, from, to } : given(bytes);
        }),
      );
    }
  }
  if (named === null) return [];
  const { shares } = deal(
    partitions.map((some) => some.length),
    parallelism,
    0,
  );
  const handles: OperatorStateHandle[] = [];
  for (const mine of shares) {
    const offsets: number[] = [];
    const stream = await fillFile(place, async (file) => {
      for (const { of, from, to } of mine) {
        for (const partition of partitions[of].slice(from, to)) {
          offsets.push(file.position);
          await copyRange(partition.source, partition.from, partition.to, file, signal);
        }
      }
    });
    handles.push({ type: 'partitionable', states: [{ ...named, offsets }], segment: null, stream });
  }
  return handles;
}

/**
 * Raw keyed state for another parallelism, the bytes of each key group as they are. Source: KeyedStateCheckpointOutputStream.
 */
export async function splitRawKeyedState(
  handles: readonly KeyGroupsHandle[],
  files: SnapshotFiles,
  { parallelism, maxParallelism }: Pick<KeyedTarget, 'parallelism' | 'maxParallelism'>,
  place: OutputPlace,
  signal?: AbortSignal,
  { keyGroups: replaced }: RawReplacements = NO_REPLACEMENTS,
): Promise<KeyGroupsHandle[]> {
  const groups = new Map<number, Stretch>();
  for (const { startKeyGroup, offsets, stream } of handles) {
    if (stream === null) continue;
    const source = await files.open(stream);
    for (const { keyGroup, from, to } of keyGroupRanges(source, startKeyGroup, offsets, RAW_ABSENT)) {
      groups.set(keyGroup, { source, from, to });
    }
  }
  for (const [keyGroup, bytes] of replaced) groups.set(keyGroup, given(bytes));
  const split: KeyGroupsHandle[] = [];
  for (let subtask = 0; subtask < parallelism; subtask++) {
    const { start, end } = keyGroupRange(subtask, maxParallelism, parallelism);
    const offsets: number[] = [];
    const stream = await fillFile(place, async (file) => {
      for (let keyGroup = start; keyGroup <= end; keyGroup++) {
        const found = groups.get(keyGroup);
        offsets.push(found === undefined ? RAW_ABSENT : file.position);
        if (found !== undefined) await copyRange(found.source, found.from, found.to, file, signal);
      }
    });
    split.push({ type: 'keyGroups', startKeyGroup: start, offsets, stream, stateHandleId: null });
  }
  return split;
}
