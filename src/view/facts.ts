import type { FileDescription, SnapshotDescription } from '../engine/description';
import type { Strings } from './strings';

/** What kind of snapshot it is, in Flink's words: `Canonical savepoint`, `Incremental checkpoint`. */
export function kindTitle(
  snapshot: Pick<SnapshotDescription, 'kind' | 'format' | 'incremental'>,
  strings: Strings,
): string {
  if (snapshot.kind === 'savepoint') {
    if (snapshot.format === 'canonical') return strings.canonicalSavepoint;
    return snapshot.format === 'native' ? strings.nativeSavepoint : strings.savepoint;
  }
  if (snapshot.kind === 'checkpoint') return snapshot.incremental ? strings.incrementalCheckpoint : strings.checkpoint;
  return strings.snapshot;
}

export type FileStatus = 'found' | 'missing' | 'moved' | 'changed';

/** One word for a file. A file of another size is not the one that the metadata speaks of, wherever it lies. */
export function fileStatus(file: FileDescription): FileStatus {
  if (!file.found) return 'missing';
  if (file.actualBytes !== null && file.actualBytes !== file.bytes) return 'changed';
  return file.moved ? 'moved' : 'found';
}

const ORDER: Record<FileStatus, number> = { missing: 0, changed: 1, moved: 2, found: 3 };

/** What needs attention first, then the largest. */
export function sortFiles(files: readonly FileDescription[]): FileDescription[] {
  return [...files].sort(
    (a, b) => ORDER[fileStatus(a)] - ORDER[fileStatus(b)] || b.bytes - a.bytes || (a.path < b.path ? -1 : 1),
  );
}
