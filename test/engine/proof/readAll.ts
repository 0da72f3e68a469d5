import type { EntryFailure } from '../../../src/engine/entries';
import type { Json } from '../../../src/engine/json/jsonValue';
import { type DumpOptions, dump } from '../../../src/engine/query/dump';
import { openSnapshot, type Snapshot } from '../../../src/engine/snapshot';
import type { FileStore } from '../../../src/engine/storage/byteSource';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { parseLines } from '../../expectedLines';

export interface Dumped {
  lines: Json[];
  failures: EntryFailure[];
}

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

/** Everything that a dump gives, and what it says it could not read. */
export async function dumpAll(snapshot: Snapshot, options: DumpOptions = {}): Promise<Dumped> {
  const failures: EntryFailure[] = [];
  let text = '';
  for await (const chunk of dump(snapshot, options, (failure) => failures.push(failure))) text += chunk;
  return { lines: parseLines(text), failures };
}
