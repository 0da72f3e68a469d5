import type { Cursor } from '../bytes/cursor';
import { asEngineError, EngineError } from '../bytes/engineError';
import type { Sink } from '../bytes/sink';
import { MINIMUM_CHANNEL_HANDLE_BYTES, readChannelHandle, writeChannelHandle } from './channelHandles';
import type { Dialect } from './dialect';
import { readList, writeList } from './fields';
import { readKeyedHandle, writeKeyedHandle } from './keyedHandles';
import type { MetadataVersion, OperatorStateHandle, SubtaskState } from './model';
import { readOperatorStateHandle, writeOperatorStateHandle } from './operatorHandles';
import { readStreamHandle, writeStreamHandle } from './streamHandles';

/** Least bytes of a subtask's entry; since version 3 it may be the index alone. */
export const MINIMUM_SUBTASK_BYTES: Readonly<Record<MetadataVersion, number>> = {
  1: 26,
  2: 26,
  3: 4,
  4: 4,
  5: 4,
  6: 4,
};

/** What Flink has written since it stopped to keep how long the snapshot took (1.2). */
const NO_DURATION = -1n;

/**
 * State of one subtask.
 *
 * - Version 1: int index, long duration, int n stream handles of the `Checkpointed` interface, int n managed and int n raw
 *   operator state handles (each of these lists by position in the chain), managed and raw keyed state handle
 * - Version 2: the same, with at most one managed and one raw operator state handle
 * - Since version 3: int index, or -(index + 1) for a finished subtask, of which nothing follows (since 1.14); lists of
 *   managed and raw operator state handles as in version 2, managed and raw keyed state handle, int n input channel handles,
 *   int n result subpartition handles
 *
 * Source: SavepointV1Serializer (1.2), SavepointV2Serializer (1.3), MetadataV3Serializer.
 */
export function readSubtaskState(cursor: Cursor, dialect: Dialect): SubtaskState {
  const stored = cursor.i32();
  if (dialect.version >= 3 && stored < 0) return finishedSubtask(-1 - stored);
  try {
    return readStateOf(cursor, dialect, stored);
  } catch (e) {
    throw asEngineError(e, { where: `subtask ${stored}` });
  }
}

function finishedSubtask(index: number): SubtaskState {
  return { ...statelessSubtask(index), finished: true };
}

/** A subtask without state. */
export function statelessSubtask(index: number): SubtaskState {
  return {
    index,
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
}

function readStateOf(cursor: Cursor, dialect: Dialect, index: number): SubtaskState {
  const { version } = dialect;
  const duration = version <= 2 ? cursor.i64() : null;
  const legacyState =
    version <= 2 ? readList(cursor, 'states of the Checkpointed interface', 1, () => readStreamHandle(cursor)) : [];
  const managedOperatorState = readOperatorStateHandles(cursor, version);
  const rawOperatorState = readOperatorStateHandles(cursor, version);
  const managedKeyedState = readKeyedHandle(cursor, dialect);
  const rawKeyedState = readKeyedHandle(cursor, dialect);
  const readChannels = (direction: 'input' | 'result') =>
    version < 3
      ? []
      : readList(cursor, `${direction} channel handles`, MINIMUM_CHANNEL_HANDLE_BYTES, () =>
          readChannelHandle(cursor, dialect, direction),
        );
  const inputChannelState = readChannels('input');
  const resultSubpartitionState = readChannels('result');
  return {
    index,
    finished: false,
    duration,
    legacyState,
    managedOperatorState,
    rawOperatorState,
    managedKeyedState,
    rawKeyedState,
    inputChannelState,
    resultSubpartitionState,
  };
}

function readOperatorStateHandles(cursor: Cursor, version: MetadataVersion): (OperatorStateHandle | null)[] {
  const at = cursor.offset;
  const handles = readList(cursor, 'operator state handles', 1, () => readOperatorStateHandle(cursor));
  if (version >= 2 && handles.length > 1) {
    throw cursor.corrupt(`A subtask has at most one operator state handle of a kind, found ${handles.length}.`, at);
  }
  return handles;
}

export function writeSubtaskState(sink: Sink, subtask: SubtaskState, version: MetadataVersion): void {
  checkFits(subtask, version);
  sink.i32(subtask.finished ? -1 - subtask.index : subtask.index);
  if (subtask.finished) return;
  if (version <= 2) {
    sink.i64(subtask.duration ?? NO_DURATION);
    writeList(sink, subtask.legacyState, (handle) => writeStreamHandle(sink, handle));
  }
  writeList(sink, subtask.managedOperatorState, (handle) => writeOperatorStateHandle(sink, handle));
  writeList(sink, subtask.rawOperatorState, (handle) => writeOperatorStateHandle(sink, handle));
  writeKeyedHandle(sink, subtask.managedKeyedState);
  writeKeyedHandle(sink, subtask.rawKeyedState);
  if (version < 3) return;
  writeList(sink, subtask.inputChannelState, (handle) => writeChannelHandle(sink, handle, version, 'input'));
  writeList(sink, subtask.resultSubpartitionState, (handle) => writeChannelHandle(sink, handle, version, 'result'));
}

/** Refuses what the version has no place for: nothing is left out silently. */
function checkFits(subtask: SubtaskState, version: MetadataVersion): void {
  const refuse = (what: string) =>
    new EngineError('BAD_VALUE', `Version ${version} of the metadata has no place for ${what}.`, {
      where: `subtask ${subtask.index}`,
    });
  const { managedOperatorState, rawOperatorState, legacyState, inputChannelState, resultSubpartitionState } = subtask;
  const channels = inputChannelState.length + resultSubpartitionState.length;
  const hasState =
    legacyState.length + managedOperatorState.length + rawOperatorState.length + channels > 0 ||
    subtask.managedKeyedState !== null ||
    subtask.rawKeyedState !== null;
  if (version < 3 && subtask.finished) throw refuse('finished subtasks');
  if (subtask.finished && hasState) throw refuse('state of a finished subtask');
  if (version < 3 && channels > 0) throw refuse('channel state');
  if (version > 2 && legacyState.length > 0) throw refuse('state of the Checkpointed interface');
  if (version > 1 && (managedOperatorState.length > 1 || rawOperatorState.length > 1)) {
    throw refuse('more than one operator state handle of a subtask');
  }
}
