import type { SnapshotDescription } from '../description';
import type { KeyedStateHandle, SnapshotMetadata } from '../metadata/model';
import { snapshotTypeOf } from '../metadata/properties';

type SnapshotType = Pick<SnapshotDescription, 'kind' | 'format' | 'incremental'>;

/** What kind of snapshot it is: by its properties, or, where they do not say it, as far as its handles give it away. */
export function describeType(metadata: SnapshotMetadata): SnapshotType {
  const handles = metadata.operators.flatMap((o) =>
    o.subtasks.flatMap((s) => (s.managedKeyedState === null ? [] : [s.managedKeyedState])),
  );
  const incremental = handles.some(sharesFiles);
  const { kind, format } = snapshotTypeOf(metadata.properties);
  if (kind !== 'unknown') return { kind, format, incremental };
  // Only canonical savepoints have handles of this type.
  if (handles.some((h) => h.type === 'savepointKeyGroups'))
    return { kind: 'savepoint', format: 'canonical', incremental };
  const isCheckpoint = incremental || handles.some(isChangelog) || hasChannelState(metadata);
  if (isCheckpoint) return { kind: 'checkpoint', format: 'native', incremental };
  const isNative = handles.some((h) => h.type === 'incremental' || h.type === 'incrementalV2');
  return { kind: 'unknown', format: isNative ? 'native' : 'unknown', incremental };
}

function sharesFiles(handle: KeyedStateHandle): boolean {
  switch (handle.type) {
    case 'incremental':
    case 'incrementalV2':
      return handle.shared.length > 0;
    case 'changelog':
    case 'changelogV2':
      return [...handle.materialized, ...handle.nonMaterialized].some((h) => h !== null && sharesFiles(h));
    case 'changelogFiles':
    case 'changelogFilesV2':
      return handle.streams.length > 0;
    default:
      return false;
  }
}

const isChangelog = (handle: KeyedStateHandle): boolean => handle.type.startsWith('changelog');

/** Savepoints are aligned: records in flight are in checkpoints only. */
function hasChannelState(metadata: SnapshotMetadata): boolean {
  return metadata.operators.some((o) =>
    o.subtasks.some((s) => s.inputChannelState.length + s.resultSubpartitionState.length > 0),
  );
}
