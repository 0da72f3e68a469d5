import { EngineError } from '../bytes/engineError';
import type { Snapshot } from '../snapshot';
import type { FileStore } from '../storage/byteSource';

/** Files that the store is asked about at once. */
const BATCH = 32;

/** How the files of a source are before it is read, so that one which changes underneath is noticed. */
export class SourceStamps {
  private constructor(
    private readonly stamps: ReadonlyMap<string, string>,
    private readonly store: FileStore,
  ) {}

  /** Of everything that these snapshots name, and of other files. */
  static async of(
    snapshots: Iterable<Snapshot>,
    store: FileStore,
    others: Iterable<string> = [],
  ): Promise<SourceStamps> {
    const paths = new Set<string>(others);
    for (const { files, metadataPath } of snapshots) {
      paths.add(metadataPath);
      for (const { path } of await files.list()) if (path !== null) paths.add(path);
    }
    return new SourceStamps(await stampsOf(paths, store), store);
  }

  /** Fails with `FILE_CHANGED` where a file is not the one that it was. */
  async expectUnchanged(): Promise<void> {
    const now = await stampsOf(this.stamps.keys(), this.store);
    for (const [path, stamp] of this.stamps) {
      if (now.get(path) === stamp) continue;
      throw new EngineError('FILE_CHANGED', 'The file was changed, or replaced, while the new snapshot was written.', {
        file: path,
        hint: 'Something else writes to the snapshot. Copy it when nothing does.',
      });
    }
  }
}

async function stampsOf(paths: Iterable<string>, store: FileStore): Promise<Map<string, string>> {
  const all = [...paths];
  const stamps = new Map<string, string>();
  for (let i = 0; i < all.length; i += BATCH) {
    const batch = all.slice(i, i + BATCH).map(async (path) => {
      const { kind, size, stamp } = await store.status(path);
      stamps.set(path, stamp ?? `${kind} ${size}`);
    });
    await Promise.all(batch);
  }
  return stamps;
}
