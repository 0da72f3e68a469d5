import { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import type { KeyGroupsHandle } from '../metadata/model';
import type { ByteSource } from '../storage/byteSource';
import { CANONICAL_ABSENT } from './canonicalMarks';
import { CanonicalPart } from './canonicalPart';
import { HeapPart } from './heapPart';
import type { KeyedHeader } from './keyedHeader';
import { keyGroupRanges } from './keyGroupRanges';
import { isOfTheBytes, type StatePart } from './part';

/** From this metadata version on (Flink 1.16), RocksDB's full checkpoints are lists of its own files. */
const HEAP_ONLY = 4;

/**
 * Which of the two layouts a file of key groups has. Savepoints since 1.13 say that they are canonical (type 7). Handles of
 * types 3 and 12 do not say: heap backends write one layout, RocksDB's full checkpoints (and all savepoints up to 1.12) the
 * other; since 1.16 (metadata version 4) only heap backends write them. In order:
 *
 * 1. An offset of 0 means "no data" in the canonical layout; the heap layout gives an offset behind the header to every key group.
 * 2. A heap key group begins with its number as an `int`. For any number but 0, a canonical one begins so only with a key of
 *    64 KiB or more.
 * 3. Where key group 0 is all there is, it is read as the one and, if it does not end where it should, as the other.
 */
export async function openKeyGroups(
  handle: KeyGroupsHandle,
  source: ByteSource,
  header: KeyedHeader,
  context: { maxParallelism: number; metadataVersion: number },
  signal?: AbortSignal,
): Promise<StatePart> {
  const canonical = () => new CanonicalPart(handle, source, header, context.maxParallelism);
  const heap = () => new HeapPart(handle, source, header);
  if (handle.type === 'savepointKeyGroups') return canonical();
  if (handle.offsets.includes(CANONICAL_ABSENT) || handle.offsets.length === 0) return canonical();
  if (context.metadataVersion >= HEAP_ONLY) return heap();
  const ranges = keyGroupRanges(source, handle.startKeyGroup, handle.offsets, null);
  const numbered = ranges.find((range) => range.keyGroup !== 0 && range.to - range.from >= 4);
  if (numbered !== undefined) {
    const start = new Cursor(await source.read(numbered.from, 4, signal));
    return start.i32() === numbered.keyGroup ? heap() : canonical();
  }
  return (await isReadable(heap(), signal)) ? heap() : canonical();
}

/** Whether key group 0 can be read to its end, or up to a value that nobody can read. */
async function isReadable(part: StatePart, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    for await (const batch of part.entries({ keyGroup: 0 }, signal)) {
      if (batch.unread.some((unread) => unread.code !== 'UNREADABLE')) return false;
    }
    return true;
  } catch (e) {
    if (e instanceof EngineError && isOfTheBytes(e)) return false;
    throw e;
  }
}
