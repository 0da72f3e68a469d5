import { openSnapshot, type Snapshot } from '../../../src/engine/snapshot';
import type { FileStore } from '../../../src/engine/storage/byteSource';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';

/** Opens a snapshot, lets `use` do what it does, and closes it whatever happens. */
export async function withSnapshot<T>(
  path: string,
  use: (snapshot: Snapshot) => Promise<T>,
  store: FileStore = nodeFileStore,
): Promise<T> {
  const snapshot = await openSnapshot(path, store);
  try {
    return await use(snapshot);
  } finally {
    await snapshot.close();
  }
}
