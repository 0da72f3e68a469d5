import { throwIfAborted } from './bytes/engineError';
import type { FileDescription, SnapshotDescription } from './description';
import { changeLogPaths } from './inspect/changeLogs';
import { describeOperator } from './inspect/describeOperator';
import { fileProblems, finding, worstFirst } from './inspect/problems';
import { describeType } from './inspect/snapshotType';
import { bytesOfPieces, statePieces } from './metadata/handles';
import { newerVersionWarning, WRITTEN_BY } from './metadata/metadataFile';
import { openSnapshot, type Snapshot } from './snapshot';
import type { FileStore } from './storage/byteSource';

/**
 * What the snapshot at `path` is. Reads its metadata and the headers of its state files, and closes them. What cannot be
 * read costs only its own part and becomes a problem of its operator; only metadata that cannot be read fails the whole.
 */
export async function describeSnapshot(
  path: string,
  store: FileStore,
  signal?: AbortSignal,
): Promise<SnapshotDescription> {
  const snapshot = await openSnapshot(path, store, { signal });
  try {
    return await describe(snapshot, signal);
  } finally {
    await snapshot.close();
  }
}

/** The same for a snapshot that is open and stays so. */
export async function describe(snapshot: Snapshot, signal?: AbortSignal): Promise<SnapshotDescription> {
  const { metadata } = snapshot;
  const files = await describeFiles(snapshot);
  const operators = [];
  for (const operator of snapshot.operators) {
    throwIfAborted(signal);
    operators.push(await describeOperator(operator, signal));
  }
  const problems = fileProblems(files);
  const newer = newerVersionWarning(metadata);
  if (newer !== null) problems.push(finding('warning', 'UNSUPPORTED_VERSION', newer, { file: snapshot.metadataPath }));
  const channels = [...statePieces(metadata)].filter(
    ({ role }) => role === 'inputChannel' || role === 'resultSubpartition',
  );
  return {
    path: snapshot.path,
    metadataPath: snapshot.metadataPath,
    metadataVersion: metadata.declaredVersion,
    writtenBy: WRITTEN_BY[metadata.version],
    checkpointId: metadata.checkpointId,
    ...describeType(metadata),
    bytes: bytesOfPieces(statePieces(metadata)),
    metadataBytes: snapshot.metadataBytes,
    operators,
    masterStates: metadata.masterStates.map(({ name, version, payload }) => ({ name, version, bytes: payload.length })),
    channelStateBytes: bytesOfPieces(channels),
    files,
    problems: worstFirst(problems),
  };
}

async function describeFiles(snapshot: Snapshot): Promise<FileDescription[]> {
  const files = await snapshot.files.list();
  const logs = changeLogPaths(snapshot.metadata);
  return files.map((file) => ({
    path: file.recorded,
    location: file.path,
    bytes: Math.max(file.recordedSize, 0),
    found: file.state === 'found',
    moved: file.moved,
    // The size of a change log is that of its changes, without the flag in front and before compression.
    actualBytes: file.sizeFits === false && !logs.has(file.recorded) ? file.actualSize : null,
  }));
}
