import { EngineError, throwIfAborted } from '../bytes/engineError';
import type { FileStore } from '../storage/byteSource';
import { localPathOf, parseFlinkPath } from './flinkPath';
import { checkMagic, readMetadata } from './metadataFile';
import type { SnapshotMetadata } from './model';

/** Name of the metadata file since Flink 1.3 (`AbstractFsCheckpointStorageAccess.METADATA_FILE_NAME`). */
export const METADATA_FILE_NAME = '_metadata';

export interface SnapshotPointer {
  /** Folder of the metadata file, to which relative handles are relative. */
  folder: string;
  metadataPath: string;
}

/** Subfolders that are looked into and named when a folder is no snapshot. */
const MAX_SUBFOLDERS = 200;
const MAX_NAMED = 5;

/**
 * Finds the metadata file that a path means, as `AbstractFsCheckpointStorageAccess#resolveCheckpointPointer` does: a folder
 * means the `_metadata` in it, a file means itself (a `_metadata`, or the single file of a Flink 1.2 savepoint). The path
 * may be a `file:` URI.
 *
 * Fails with `FILE_NOT_FOUND`, saying what is there instead, `NO_PERMISSION`, `NOT_A_FILE` or `IO`.
 */
export async function openPointer(store: FileStore, path: string): Promise<SnapshotPointer> {
  let place = path;
  let { kind } = await store.status(place);
  if (kind === 'missing') {
    const parsed = parseFlinkPath(path);
    const local = localPathOf(parsed);
    if (local === null) {
      throw new EngineError('FILE_NOT_FOUND', `The snapshot lies on another file system: ${path}`, {
        file: path,
        hint: 'Copy the whole folder of the snapshot to this machine and open it there.',
      });
    }
    if (parsed.scheme !== null) {
      place = local;
      kind = (await store.status(place)).kind;
    }
  }
  if (kind === 'file') return { folder: store.parent(place), metadataPath: place };
  if (kind === 'missing') {
    throw new EngineError('FILE_NOT_FOUND', 'There is no such file or folder.', {
      file: place,
      hint: 'Check the path.',
    });
  }
  if (kind === 'folder') return pointerInFolder(store, place);
  // Opening says why it cannot be read; what opens all the same is something that nobody should read, as a device.
  await (await store.open(place)).close();
  throw new EngineError('NOT_A_FILE', 'This is neither a folder nor a regular file.', { file: place });
}

async function pointerInFolder(store: FileStore, folder: string): Promise<SnapshotPointer> {
  const metadataPath = store.join(folder, METADATA_FILE_NAME);
  const { kind } = await store.status(metadataPath);
  if (kind === 'missing') throw await withoutMetadata(store, folder);
  // A folder or something unreadable of that name gets its precise error from opening it.
  if (kind !== 'file') await (await store.open(metadataPath)).close();
  return { folder, metadataPath };
}

/** The error for a folder without metadata: says what the folder is instead, and what to open. */
async function withoutMetadata(store: FileStore, folder: string): Promise<EngineError> {
  const entries = await store.list(folder);
  const fail = (what: string, hint: string) =>
    new EngineError('FILE_NOT_FOUND', `This folder has no file ${METADATA_FILE_NAME}${what}.`, { file: folder, hint });

  const folders = entries.filter((e) => e.kind === 'folder').map((e) => e.name);
  const snapshots: string[] = [];
  for (const name of folders.slice(0, MAX_SUBFOLDERS)) {
    const { kind } = await store.status(store.join(folder, name, METADATA_FILE_NAME));
    if (kind === 'file') snapshots.push(name);
  }
  if (snapshots.length > 0) {
    return fail(`, but snapshots lie in it: ${someOf(snapshots)}`, 'Open one of these.');
  }
  const ownName = store.baseName(folder);
  if (ownName === 'shared' || ownName === 'taskowned') {
    const what = `: "${ownName}" holds files that several checkpoints of a job use`;
    return fail(what, 'Open a folder chk-N beside it.');
  }
  const single = entries.filter((e) => e.kind === 'file' && /^(savepoint-|checkpoint_metadata-)/.test(e.name));
  if (single.length > 0) {
    const names = someOf(single.map((e) => e.name));
    return fail(`, but files as old releases of Flink wrote them: ${names}`, 'Open one of these files.');
  }
  const checkpoints = folders.filter((name) => /^chk-\d+$/.test(name));
  if (checkpoints.length > 0) {
    const what = `, and neither has ${someOf(checkpoints)} in it: these checkpoints were not completed`;
    return fail(what, 'Open a checkpoint or savepoint that was completed.');
  }
  if (/^(chk-\d+|savepoint-.*)$/.test(ownName) || entries.some((e) => e.name.startsWith('._metadata.inprogress'))) {
    const hint = 'Flink writes that file last. Take a snapshot that was completed, or copy this one again.';
    return fail(': the snapshot was not completed, or not copied completely', hint);
  }
  if (entries.length === 0) return fail(', it is empty', 'Open the folder of a savepoint or of a checkpoint.');
  return fail('', 'Open the folder of a savepoint or of a checkpoint, which holds that file.');
}

/** The first names in their natural order, and how many more there are. */
function someOf(names: string[]): string {
  const sorted = [...names].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const named = sorted.slice(0, MAX_NAMED).join(', ');
  return sorted.length > MAX_NAMED ? `${named} and ${sorted.length - MAX_NAMED} more` : named;
}

/** Bytes read in one go, between which the reading can be cancelled. */
const READ_BYTES = 64 << 20;

export interface LoadedMetadata {
  metadata: SnapshotMetadata;
  /** Size of the metadata file. */
  bytes: number;
}

/** Reads the metadata file. A file that does not begin as one is refused before it is read as a whole. */
export async function loadMetadata(store: FileStore, path: string, signal?: AbortSignal): Promise<LoadedMetadata> {
  const source = await store.open(path);
  try {
    checkMagic(await source.read(0, Math.min(source.size, 512), signal), path);
    const bytes = allocate(source.size, path);
    for (let at = 0; at < bytes.length; at += READ_BYTES) {
      throwIfAborted(signal);
      bytes.set(await source.read(at, Math.min(READ_BYTES, bytes.length - at), signal), at);
    }
    return { metadata: readMetadata(bytes, path), bytes: bytes.length };
  } finally {
    await source.close();
  }
}

function allocate(size: number, file: string): Uint8Array {
  try {
    return new Uint8Array(size);
  } catch (e) {
    throw new EngineError('LIMIT', `The metadata has ${size} bytes, which do not fit into memory.`, { file, cause: e });
  }
}
