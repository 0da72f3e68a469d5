import { CANONICAL_ABSENT } from '../../backends/canonicalMarks';
import { EngineError, throwIfAborted } from '../../bytes/engineError';
import { keyGroupRange } from '../../keyGroups';
import type { KeyGroupsHandle } from '../../metadata/model';
import { compareRanges } from '../compareSources';
import type { KeyedTarget, OutputPlace } from '../keyedRewrite';
import type { KeyedSource, KeyGroupsFile } from '../keyedSource';
import { copyRange, fillFile } from '../newFile';

/** Where the bytes of a key group lie. */
interface Found {
  groups: KeyGroupsFile;
  from: number;
  to: number;
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
  written: (bytes: number) => void = () => {},
): Promise<KeyGroupsHandle[]> {
  const found = keyGroupsOf(source);
  const type = source.files?.[0]?.layout === 'heap' ? 'keyGroups' : 'savepointKeyGroups';
  const handles: KeyGroupsHandle[] = [];
  for (let subtask = 0; subtask < parallelism; subtask++) {
    const { start, end } = keyGroupRange(subtask, maxParallelism, parallelism);
    const offsets: number[] = [];
    const stream = await fillFile(place, async (file) => {
      await file.write(header);
      for (let keyGroup = start; keyGroup <= end; ) {
        throwIfAborted(signal);
        const first = found.get(keyGroup);
        if (first === undefined) {
          offsets.push(CANONICAL_ABSENT);
          keyGroup++;
          continue;
        }
        let to = first.from;
        for (let next: Found | undefined = first; next !== undefined; next = found.get(++keyGroup)) {
          if (keyGroup > end || next.groups !== first.groups || next.from !== to) break;
          offsets.push(file.position + to - first.from);
          to = next.to;
        }
        await copyRange(first.groups.source, first.from, to, file, signal);
        written(to - first.from);
      }
    });
    handles.push({ type, startKeyGroup: start, offsets, stream, stateHandleId: null });
  }
  return handles;
}

/** Compares the key groups of both, byte for byte; gives their bytes. `CHECKSUM` where they are not the same. */
export async function carriedBytes(
  source: KeyedSource,
  written: KeyedSource | null,
  signal?: AbortSignal,
): Promise<number> {
  const before = keyGroupsOf(source);
  const after = written === null ? new Map<number, Found>() : keyGroupsOf(written);
  const stray = [...after.keys()].find((keyGroup) => !before.has(keyGroup));
  if (stray !== undefined) throw differs(stray);
  let bytes = 0;
  for (const [keyGroup, origin] of before) {
    const copy = after.get(keyGroup);
    const size = origin.to - origin.from;
    if (copy === undefined || copy.to - copy.from !== size) throw differs(keyGroup);
    await compareRanges(origin.groups.source, origin.from, copy.groups.source, copy.from, size, signal);
    bytes += size;
  }
  return bytes;
}

function keyGroupsOf(source: KeyedSource): Map<number, Found> {
  const found = new Map<number, Found>();
  for (const groups of source.files ?? []) {
    for (const { keyGroup, from, to } of groups.ranges) found.set(keyGroup, { groups, from, to });
  }
  return found;
}

const differs = (keyGroup: number): EngineError =>
  new EngineError('CHECKSUM', `Key group ${keyGroup} is not the one of the source.`, {
    hint: 'The disk, or another program, changed it. Write the snapshot again.',
  });
