import { throwIfAborted } from '../../engine/bytes/engineError';
import type { FileStore } from '../../engine/storage/byteSource';
import type { SourceFile } from './nameFinder';

/** Ends of the names of files that may name operators. */
export const SOURCE_ENDINGS = ['java', 'scala', 'sc', 'kt', 'kts', 'py', 'sql', 'json'] as const;

/** Folders of builds and packages, which repeat the sources or are none. */
export const SKIPPED_FOLDERS = [
  'node_modules',
  'target',
  'build',
  'out',
  'dist',
  'bin',
  '.git',
  '.gradle',
  '.idea',
  '.venv',
  'venv',
  'site-packages',
  '__pycache__',
] as const;

/** Files that are looked through; of a larger tree the first ones. */
export const MOST_SOURCES = 20_000;
/** Folders in folders. */
const MAX_DEPTH = 40;

const endings: ReadonlySet<string> = new Set(SOURCE_ENDINGS);
const skipped: ReadonlySet<string> = new Set(SKIPPED_FOLDERS);

/** The source files below a folder, in the order of their names. Fails where the folder itself cannot be listed. */
export async function listSources(folder: string, store: FileStore, signal: AbortSignal): Promise<SourceFile[]> {
  const found: SourceFile[] = [];
  const look = async (at: string, depth: number): Promise<void> => {
    throwIfAborted(signal);
    const inside = await store.list(at).catch((e: unknown) => {
      if (depth === 0) throw e;
      // A folder that may not be read names nothing.
      return [];
    });
    for (const { name, kind } of inside.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (found.length >= MOST_SOURCES) return;
      const path = store.join(at, name);
      if (kind === 'folder' && !skipped.has(name) && depth < MAX_DEPTH) await look(path, depth + 1);
      if (kind === 'file' && endings.has(name.slice(name.lastIndexOf('.') + 1).toLowerCase()))
        found.push({ path, modified: 0 });
    }
  };
  await look(folder, 0);
  return found;
}
