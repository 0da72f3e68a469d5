import { keyGroupRanges } from '../backends/keyGroupRanges';
import { RAW_ABSENT } from '../backends/rawTimers';
import { sameBytes } from '../bytes/byteStrings';
import type { SnapshotFiles } from '../metadata/resolve';
import type { SnapshotOperator } from '../snapshot';
import type { OperatorDraft } from './operatorDraft';
import { failed } from './proofFailure';

/**
 * Reads the raw state back in which bytes were replaced: they are where they should be, `CHECKSUM` else. Partitions that were
 * dealt to another parallelism are left out: they have no place of their own any more.
 */
export async function proveRaw(
  draft: OperatorDraft,
  { subtasks }: SnapshotOperator,
  files: SnapshotFiles,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { raw, hasOtherParallelism } = draft;
  for (const { index, rawOperatorState: handle } of hasOtherParallelism ? [] : subtasks) {
    const wanted = raw.partitions.get(index);
    if (wanted === undefined) continue;
    const offsets = handle?.states[0]?.offsets ?? [];
    if (handle?.stream == null) throw failed(draft, `has no raw operator state in subtask ${index}.`);
    const source = await files.open(handle.stream);
    const ranges = keyGroupRanges(source, 0, offsets, null);
    for (const [partition, bytes] of wanted) {
      const { from, to } = ranges[partition];
      if (!sameBytes(await source.read(from, to - from, signal), bytes)) {
        throw failed(draft, `has other bytes in partition ${partition} of the raw operator state of subtask ${index}.`);
      }
    }
  }
  const left = new Map(raw.keyGroups);
  for (const { rawKeyedState: handle } of left.size === 0 ? [] : subtasks) {
    if (handle === null || !('offsets' in handle) || handle.stream === null) continue;
    const source = await files.open(handle.stream);
    for (const { keyGroup, from, to } of keyGroupRanges(source, handle.startKeyGroup, handle.offsets, RAW_ABSENT)) {
      const bytes = left.get(keyGroup);
      if (bytes === undefined) continue;
      if (!sameBytes(await source.read(from, to - from, signal), bytes)) break;
      left.delete(keyGroup);
    }
  }
  const [lost] = left.keys();
  if (lost !== undefined) throw failed(draft, `has other bytes in key group ${lost} of its raw keyed state.`);
}
