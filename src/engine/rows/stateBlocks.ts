import type { StateBackendKind } from '../description';
import { keyGroupsOf } from '../metadata/handles';
import type { KeyedStateHandle, KeyGroupsHandle, OperatorStateHandle, StreamHandle } from '../metadata/model';
import type { SnapshotOperator, SnapshotSubtask } from '../snapshot';

/**
 * A stretch of a state that can be read by itself: one key group of a subtask's keyed state, or a subtask's operator state.
 * Known from the metadata alone, before any file is opened.
 */
export interface StateBlock {
  readonly subtask: SnapshotSubtask;
  /** Null for operator state. */
  readonly keyGroup: number | null;
  /** About how many bytes it has, against other blocks of the same state. Other states may have a share in them. */
  readonly bytes: number;
}

/** One state of an operator. A backend is named because operator state and keyed state may share a name. */
export interface StateName {
  readonly state: string;
  readonly backend: StateBackendKind;
}

/**
 * The blocks of a state in the order of subtasks and key groups. A block may turn out to hold nothing, because its subtask
 * does not have the state.
 */
export function stateBlocks({ subtasks }: SnapshotOperator, { state, backend }: StateName): StateBlock[] {
  return [...subtasks]
    .sort((a, b) => a.index - b.index)
    .flatMap((subtask) => {
      const { managedOperatorState, managedKeyedState, rawKeyedState } = subtask;
      if (backend === 'operator')
        return managedOperatorState === null ? [] : operatorBlock(subtask, managedOperatorState, state);
      const handle = backend === 'raw' ? rawKeyedState : managedKeyedState;
      return handle === null ? [] : keyGroupBlocks(subtask, handle);
    });
}

function operatorBlock(subtask: SnapshotSubtask, handle: OperatorStateHandle, state: string): StateBlock[] {
  const own = handle.states.find(({ name }) => name === state);
  if (own === undefined) return [];
  const states = Math.max(1, handle.states.length);
  return [{ subtask, keyGroup: null, bytes: Math.max(1, bytesOf(handle.stream) / states) }];
}

function keyGroupBlocks(subtask: SnapshotSubtask, handle: KeyedStateHandle): StateBlock[] {
  const { first, last } = keyGroupsOf(handle);
  const count = last - first + 1;
  if (!Number.isSafeInteger(count) || count <= 0) return [];
  const sizes = 'offsets' in handle ? rangeSizes(handle) : null;
  const each = sizes === null ? Math.max(1, keyedBytes(handle) / count) : 0;
  return Array.from({ length: count }, (_, i) => ({ subtask, keyGroup: first + i, bytes: sizes?.[i] ?? each }));
}

/** From each offset to the next larger one; 0 where a key group has nothing. */
function rangeSizes({ offsets, stream }: KeyGroupsHandle): number[] {
  const ends = [...new Set(offsets.filter((offset) => offset > 0))].sort((a, b) => a - b);
  const end = Math.max(bytesOf(stream), ends.at(-1) ?? 0);
  const behind = new Map(ends.map((offset, i) => [offset, ends[i + 1] ?? end]));
  return offsets.map((offset) => (offset > 0 ? Math.max(1, (behind.get(offset) ?? offset) - offset) : 0));
}

function keyedBytes(handle: KeyedStateHandle): number {
  switch (handle.type) {
    case 'incremental':
    case 'incrementalV2':
      return [...handle.shared, ...handle.private].reduce((sum, { stream }) => sum + bytesOf(stream), 0);
    case 'changelog':
    case 'changelogV2':
      return [...handle.materialized, ...handle.nonMaterialized].reduce(
        (sum, inner) => sum + (inner === null ? 0 : keyedBytes(inner)),
        0,
      );
    case 'changelogBytes':
      return handle.changes.reduce((sum, { change }) => sum + change.length, 0);
    case 'changelogFiles':
    case 'changelogFilesV2':
      return Number(handle.size);
    default:
      return bytesOf(handle.stream);
  }
}

function bytesOf(stream: StreamHandle | null): number {
  switch (stream?.type) {
    case 'bytes':
      return stream.data.length;
    case 'file':
    case 'relative':
    case 'segment':
      return Math.max(0, stream.size);
    case 'keyGroups':
      return bytesOf(stream.handle.stream);
    default:
      return 0;
  }
}
