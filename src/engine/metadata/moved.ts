import type { FileStore } from '../storage/byteSource';
import { type FlinkPath, segmentsOf } from './flinkPath';

/**
 * Names of folders that lie side by side in a job's folder: those of `AbstractFsCheckpointStorageAccess`, and that of
 * `StateChangeFsUploader`, whose changelog often has the same base folder as the checkpoints.
 */
const IN_JOB_FOLDER = /^(shared|taskowned|dstl|chk-\d+)$/;

/** Folders above the metadata that are compared with the recorded path. */
const MAX_ANCESTORS = 32;

/**
 * Where a file may lie when the snapshot was moved, the likeliest first:
 *
 * 1. beside the metadata, under its own name
 * 2. what was in a folder of the job, as `shared`: in the folder of that name beside the metadata's folder, or in it
 * 3. below a folder above the metadata that has the name of a folder of the recorded path, as it was below that one
 * 4. as 3, where the recorded path has one folder more in front of that name: the random characters in place of the entropy
 *    key, which the metadata's own path does not have (`EntropyInjector`)
 */
export function movedTo(recorded: FlinkPath, folder: string, store: FileStore): string[] {
  const segments = segmentsOf(recorded);
  const name = segments.at(-1);
  if (name === undefined || name === '..') return [];
  const candidates = [store.join(folder, name)];
  const fixed = segments.findLastIndex((s, i) => i < segments.length - 1 && IN_JOB_FOLDER.test(s));
  if (fixed >= 0) {
    const tail = segments.slice(fixed);
    candidates.push(store.join(store.parent(folder), ...tail), store.join(folder, ...tail));
  }
  const withEntropy: string[] = [];
  let ancestor = folder;
  for (let i = 0; i < MAX_ANCESTORS; i++) {
    const same = segments.lastIndexOf(store.baseName(ancestor), segments.length - 2);
    if (same >= 0) candidates.push(store.join(ancestor, ...segments.slice(same + 1)));
    const parent = store.parent(ancestor);
    if (same >= 1) withEntropy.push(store.join(parent, ...segments.slice(same - 1)));
    if (parent === ancestor) break;
    ancestor = parent;
  }
  return [...new Set([...candidates, ...withEntropy])];
}
