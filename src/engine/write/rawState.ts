import { keyGroupRanges } from '../backends/keyGroupRanges';
import { RAW_ABSENT } from '../backends/rawTimers';
import { keyGroupRange } from '../keyGroups';
import type { KeyGroupsHandle, OperatorStateHandle } from '../metadata/model';
import type { SnapshotFiles } from '../metadata/resolve';
import type { SnapshotOperator } from '../snapshot';
import { type CarriedStream, carryStreams, type Stretch, stretchOf } from './carryBytes';
import { deal } from './deal';
import type { KeyedTarget, OutputPlace } from './keyedRewrite';

/** Bytes that take the place of what the source has. */
export interface RawReplacements {
  /** Of partitions of raw operator state, by subtask and by their place in it. */
  readonly partitions: ReadonlyMap<number, ReadonlyMap<number, Uint8Array>>;
  /** Of raw keyed state. */
  readonly keyGroups: ReadonlyMap<number, Uint8Array>;
}

const NO_REPLACEMENTS: RawReplacements = { partitions: new Map(), keyGroups: new Map() };

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
          return bytes === undefined ? { source, from, to } : stretchOf(bytes);
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
  const dealt = shares.map((mine) => placed(mine.flatMap(({ of, from, to }) => partitions[of].slice(from, to))));
  const streams = await carryStreams(
    place,
    dealt.map(({ stream }) => stream),
    signal,
  );
  const state = named;
  return dealt.map(({ offsets }, i) => ({
    type: 'partitionable',
    states: [{ ...state, offsets }],
    segment: null,
    stream: streams[i],
  }));
}

/** Stretches one behind the other in a new stream, and where each begins; `absent` for those that are not there. */
function placed(all: readonly (Stretch | undefined)[], absent = 0): { offsets: number[]; stream: CarriedStream } {
  const offsets: number[] = [];
  const stretches: Stretch[] = [];
  let at = 0;
  for (const stretch of all) {
    offsets.push(stretch === undefined ? absent : at);
    if (stretch === undefined) continue;
    stretches.push(stretch);
    at += stretch.to - stretch.from;
  }
  return { offsets, stream: { stretches } };
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
  for (const [keyGroup, bytes] of replaced) groups.set(keyGroup, stretchOf(bytes));
  const split = Array.from({ length: parallelism }, (_, subtask) => {
    const { start, end } = keyGroupRange(subtask, maxParallelism, parallelism);
    const mine = Array.from({ length: end - start + 1 }, (__, i) => groups.get(start + i));
    return { start, ...placed(mine, RAW_ABSENT) };
  });
  const streams = await carryStreams(
    place,
    split.map(({ stream }) => stream),
    signal,
  );
  return split.map(({ start, offsets }, i) => ({
    type: 'keyGroups',
    startKeyGroup: start,
    offsets,
    stream: streams[i],
    stateHandleId: null,
  }));
}
