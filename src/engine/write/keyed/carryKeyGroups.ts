import { CANONICAL_ABSENT } from '../../backends/canonicalMarks';
import { EngineError } from '../../bytes/engineError';
import { keyGroupRange } from '../../keyGroups';
import type { KeyGroupsHandle } from '../../metadata/model';
import { carryStreams, type Stretch, stretchOf } from '../carryBytes';
import type { KeyedTarget, OutputPlace } from '../keyedRewrite';
import type { KeyedSource } from '../keyedSource';

/** Key groups that were brought over. */
export interface CarriedKeyGroups {
  readonly handles: KeyGroupsHandle[];
  /** By key group: the places of its bytes in its new stream, which were compared with the source there. */
  readonly places: ReadonlyMap<number, { readonly from: number; readonly to: number }>;
}

/**
 * Keyed state for another parallelism, or with other names of its states: the bytes of each key group go to the file of its new
 * subtask as they are. The key groups of a subtask that lie one behind the other in one file are copied together.
 */
export async function carryKeyGroups(
  source: KeyedSource,
  header: Uint8Array,
  { parallelism, maxParallelism }: KeyedTarget,
  place: OutputPlace,
  signal?: AbortSignal,
  written?: (bytes: number) => void,
): Promise<CarriedKeyGroups> {
  const found = keyGroupsOf(source);
  const places = new Map<number, { from: number; to: number }>();
  const subtasks = Array.from({ length: parallelism }, (_, subtask) => {
    const { start, end } = keyGroupRange(subtask, maxParallelism, parallelism);
    const offsets: number[] = [];
    const stretches = [stretchOf(header)];
    let at = header.length;
    for (let keyGroup = start; keyGroup <= end; keyGroup++) {
      const stretch = found.get(keyGroup);
      offsets.push(stretch === undefined ? CANONICAL_ABSENT : at);
      if (stretch === undefined) continue;
      const to = at + stretch.to - stretch.from;
      places.set(keyGroup, { from: at, to });
      at = to;
      const last = stretches.at(-1);
      const goesOn = last !== undefined && last.source === stretch.source && last.to === stretch.from;
      if (goesOn) stretches.splice(-1, 1, { ...last, to: stretch.to });
      else stretches.push(stretch);
    }
    return { start, offsets, stream: { stretches } };
  });
  const streams = await carryStreams(
    place,
    subtasks.map(({ stream }) => stream),
    signal,
    written,
  );
  const type = source.files?.[0]?.layout === 'heap' ? 'keyGroups' : 'savepointKeyGroups';
  const handles = subtasks.map(
    ({ start, offsets }, i): KeyGroupsHandle => ({
      type,
      startKeyGroup: start,
      offsets,
      stream: streams[i],
      stateHandleId: null,
    }),
  );
  return { handles, places };
}

/**
 * Makes sure that the new snapshot names for each key group the bytes that were compared when they were brought there; gives how
 * many they are. `CHECKSUM` where it names others.
 */
export function expectCarried({ places }: CarriedKeyGroups, written: KeyedSource | null): number {
  const found = written === null ? new Map<number, Stretch>() : keyGroupsOf(written);
  let bytes = 0;
  for (const keyGroup of new Set([...places.keys(), ...found.keys()])) {
    const [wanted, is] = [places.get(keyGroup), found.get(keyGroup)];
    if (wanted === undefined || is === undefined || is.from !== wanted.from || is.to !== wanted.to) {
      throw new EngineError('CHECKSUM', `Key group ${keyGroup} is not the one of the source.`, {
        hint: 'The disk, or another program, changed it. Write the snapshot again.',
      });
    }
    bytes += is.to - is.from;
  }
  return bytes;
}

function keyGroupsOf(source: KeyedSource): Map<number, Stretch> {
  const found = new Map<number, Stretch>();
  for (const groups of source.files ?? []) {
    for (const { keyGroup, from, to } of groups.ranges) found.set(keyGroup, { source: groups.source, from, to });
  }
  return found;
}
