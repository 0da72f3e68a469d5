import { isFileStream, unwrapStream } from '../metadata/handles';
import type { KeyedStateHandle, SnapshotMetadata } from '../metadata/model';

/** Paths of the files that hold change logs, as the metadata names them. */
export function changeLogPaths(metadata: SnapshotMetadata): Set<string> {
  const paths = new Set<string>();
  for (const { subtasks } of metadata.operators) {
    for (const { managedKeyedState } of subtasks) collect(managedKeyedState, paths);
  }
  return paths;
}

function collect(handle: KeyedStateHandle | null, paths: Set<string>): void {
  if (handle?.type === 'changelog' || handle?.type === 'changelogV2') {
    for (const inner of handle.nonMaterialized) collect(inner, paths);
  } else if (handle?.type === 'changelogFiles' || handle?.type === 'changelogFilesV2') {
    for (const { stream } of handle.streams) {
      const file = unwrapStream(stream);
      if (file !== null && isFileStream(file)) paths.add(file.path);
    }
  }
}
