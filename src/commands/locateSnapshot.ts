/** A folder or file system as far as finding a snapshot goes. */
export interface Folders {
  /** Null where there is nothing. */
  kind(path: string): Promise<'file' | 'folder' | null>;
  list(path: string): Promise<{ name: string; kind: 'file' | 'folder' | 'other' }[]>;
  join(folder: string, name: string): string;
}

export type Located =
  | { found: 'one'; path: string }
  /** A folder of snapshots, as a job's checkpoint folder is: metadata files, the best guess first. */
  | { found: 'several'; paths: string[] }
  | { found: 'none'; why: 'missing' | 'noMetadata' };

/** A job's folder holds `chk-N`, a folder of savepoints holds `savepoint-*`; a folder of jobs holds job ids with `chk-N`. */
const DEEPEST = 2;
/** A folder with more entries than this is not one that a person chose to open a snapshot. */
const MOST_FOLDERS = 2000;

/**
 * The snapshot that a person means by a path: a folder with `_metadata`, a folder of such folders, or a file (`_metadata`, or
 * the single file of Flink 1.2, whatever its name).
 */
export async function locateSnapshot(folders: Folders, path: string): Promise<Located> {
  const kind = await folders.kind(path);
  if (kind === null) return { found: 'none', why: 'missing' };
  if (kind === 'file') return { found: 'one', path };
  const metadata = folders.join(path, '_metadata');
  if ((await folders.kind(metadata)) === 'file') return { found: 'one', path: metadata };
  const paths = await below(folders, path, DEEPEST);
  const [only] = paths;
  if (only === undefined) return { found: 'none', why: 'noMetadata' };
  return paths.length === 1 ? { found: 'one', path: only } : { found: 'several', paths };
}

async function below(folders: Folders, path: string, depth: number): Promise<string[]> {
  const names = (await folders.list(path)).filter((entry) => entry.kind === 'folder').map((entry) => entry.name);
  // Newest checkpoint first: `chk-10` is after `chk-9`.
  names.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  const found: string[] = [];
  for (const name of names.slice(0, MOST_FOLDERS)) {
    // They hold files of several checkpoints of the job.
    if (name === 'shared' || name === 'taskowned') continue;
    const folder = folders.join(path, name);
    const metadata = folders.join(folder, '_metadata');
    if ((await folders.kind(metadata)) === 'file') found.push(metadata);
    else if (depth > 1 && name !== 'shared' && name !== 'taskowned')
      found.push(...(await below(folders, folder, depth - 1)));
  }
  return found;
}
