import { createHash } from 'node:crypto';
import { throwIfAborted } from '../../engine/bytes/engineError';
import type { Snapshot } from '../../engine/snapshot';
import type { FileStore } from '../../engine/storage/byteSource';

/** Bytes of the metadata that are hashed at once. */
const PIECE = 1024 * 1024;
/** Files that are looked at side by side. */
const AT_ONCE = 32;

/**
 * What tells a snapshot from every other, and from itself once it was changed: a hash of its metadata's bytes and of the
 * place, size and time of change of each of its files. 64 hex digits.
 */
export async function snapshotIdentity(
  { metadataPath, files }: Pick<Snapshot, 'metadataPath' | 'files'>,
  store: FileStore,
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  const source = await store.open(metadataPath);
  try {
    for (let at = 0; at < source.size; at += PIECE) {
      hash.update(await source.read(at, Math.min(PIECE, source.size - at), signal));
    }
  } finally {
    await source.close();
  }
  const paths = [metadataPath, ...(await files.list()).map((file) => file.path ?? file.recorded)];
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    throwIfAborted(signal);
    const lines = paths.slice(at, at + AT_ONCE).map(async (path) => {
      const { kind, size, stamp } = await store.status(path);
      return `\n${JSON.stringify([path, kind, size, stamp ?? null])}`;
    });
    hash.update((await Promise.all(lines)).join(''));
  }
  return hash.digest('hex');
}
