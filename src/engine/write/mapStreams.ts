import type { PlainStream } from '../metadata/handles';
import type {
  ChannelStateHandle,
  KeyedStateHandle,
  NamedStream,
  OperatorState,
  OperatorStateHandle,
  StreamHandle,
  SubtaskState,
} from '../metadata/model';

/** Gives the place where the bytes of a stream lie from now on. */
export type StreamMapping = (stream: PlainStream) => StreamHandle;

/**
 * Files of the new folder by their absolute path, as metadata before version 3 names them. Flink takes the path as it is, without
 * escapes (org.apache.flink.core.fs.Path).
 */
export function absoluteIn(folder: string): StreamMapping {
  const slashed = folder.replaceAll('\\', '/').replace(/\/$/, '');
  const base = `file:${slashed.startsWith('/') ? '' : '/'}${slashed}`;
  return (stream) =>
    stream.type === 'relative' ? { type: 'file', path: `${base}/${stream.path}`, size: stream.size } : stream;
}

/** An operator whose streams lie elsewhere; everything else of it stays. Coordinator state is inlined and not asked for. */
export function mapOperator(operator: OperatorState, to: StreamMapping): OperatorState {
  return { ...operator, subtasks: operator.subtasks.map((subtask) => mapSubtask(subtask, to)) };
}

function mapSubtask(subtask: SubtaskState, to: StreamMapping): SubtaskState {
  // A handle that has nothing left to say goes; a place in a chain that never had one (Flink 1.2) stays.
  const operatorHandles = (handles: (OperatorStateHandle | null)[]) =>
    handles.flatMap((handle) => (handle === null ? [null] : (mapOperatorHandle(handle, to) ?? [])));
  const keyed = (handle: KeyedStateHandle | null) => (handle === null ? null : mapKeyed(handle, to));
  return {
    ...subtask,
    legacyState: subtask.legacyState.map((stream) => mapStream(stream, to)),
    managedOperatorState: operatorHandles(subtask.managedOperatorState),
    rawOperatorState: operatorHandles(subtask.rawOperatorState),
    managedKeyedState: keyed(subtask.managedKeyedState),
    rawKeyedState: keyed(subtask.rawKeyedState),
    inputChannelState: subtask.inputChannelState.map((handle) => mapChannel(handle, to)),
    resultSubpartitionState: subtask.resultSubpartitionState.map((handle) => mapChannel(handle, to)),
  };
}

function mapStream(stream: StreamHandle | null, to: StreamMapping): StreamHandle | null {
  if (stream === null) return null;
  if (stream.type !== 'keyGroups') return to(stream);
  return { ...stream, handle: { ...stream.handle, stream: mapStream(stream.handle.stream, to) } };
}

/**
 * A handle of merged files (type 17) may hold segments only. Where its stream became a file of its own it is a plain one
 * (type 4); where it has no bytes at all, which Flink writes to keep its folders known, there is nothing left to say.
 */
function mapOperatorHandle(handle: OperatorStateHandle, to: StreamMapping): OperatorStateHandle | null {
  const stream = mapStream(handle.stream, to);
  if (handle.type === 'partitionable') return { ...handle, stream };
  if (stream?.type === 'segment') return { ...handle, stream };
  if (stream?.type === 'emptySegment') return null;
  return { type: 'partitionable', states: handle.states, segment: null, stream };
}

function mapKeyed(handle: KeyedStateHandle, to: StreamMapping): KeyedStateHandle {
  const named = (files: NamedStream[]) => files.map(({ name, stream }) => ({ name, stream: mapStream(stream, to) }));
  const inner = (part: KeyedStateHandle | null) => (part === null ? null : mapKeyed(part, to));
  switch (handle.type) {
    case 'keyGroups':
    case 'savepointKeyGroups':
    case 'keyGroupsV2':
      return { ...handle, stream: mapStream(handle.stream, to) };
    case 'incremental':
    case 'incrementalV2':
      return {
        ...handle,
        meta: mapStream(handle.meta, to),
        shared: named(handle.shared),
        private: named(handle.private),
      };
    case 'changelog':
    case 'changelogV2':
      return {
        ...handle,
        materialized: handle.materialized.map(inner),
        nonMaterialized: handle.nonMaterialized.map(inner),
      };
    case 'changelogBytes':
      return handle;
    case 'changelogFiles':
    case 'changelogFilesV2':
      return {
        ...handle,
        streams: handle.streams.map(({ offset, stream }) => ({ offset, stream: mapStream(stream, to) })),
      };
  }
}

function mapChannel(handle: ChannelStateHandle, to: StreamMapping): ChannelStateHandle {
  return { ...handle, stream: mapStream(handle.stream, to) };
}
