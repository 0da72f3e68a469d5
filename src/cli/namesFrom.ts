import type { SnapshotDescription } from '../engine/description';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import type { FoundName } from '../names/find/candidate';
import { NameFinder } from '../names/find/nameFinder';
import { listSources } from '../names/find/sourceFiles';
import { namelessIds } from '../view/givenNames';

/** The names that the sources below a folder give to operators which the snapshot knows by their hash, by operator id. */
export async function namesFrom(
  folder: string,
  snapshot: SnapshotDescription,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, FoundName>> {
  const files = await listSources(folder, nodeFileStore, signal);
  const found = await new NameFinder(nodeFileStore).find(files, namelessIds(snapshot), signal);
  return new Map(found.map((name) => [name.id, name]));
}
