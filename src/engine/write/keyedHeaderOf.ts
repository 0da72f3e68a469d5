import { CANONICAL_ABSENT } from '../backends/canonicalMarks';
import type { KeyedHeader } from '../backends/keyedHeader';
import { dataStart } from '../backends/keyGroupRanges';
import type { HeaderReader } from '../backends/openHeader';
import type { KeyedStateHandle, StreamHandle } from '../metadata/model';
import type { ByteSource } from '../storage/byteSource';

/**
 * The header of a keyed state handle; of a change log, that of what was materialized. Null where the handle has none: it
 * holds nothing, or changes alone.
 */
export async function keyedHeaderOf(
  handle: KeyedStateHandle | null,
  open: (stream: StreamHandle) => Promise<ByteSource>,
  headers: HeaderReader,
  signal?: AbortSignal,
): Promise<KeyedHeader | null> {
  switch (handle?.type) {
    case 'keyGroups':
    case 'savepointKeyGroups':
    case 'keyGroupsV2': {
      if (handle.stream === null || handle.stream.type === 'emptySegment') return null;
      const source = await open(handle.stream);
      const end = dataStart(handle.offsets, CANONICAL_ABSENT, source.size);
      return (await headers.readKeyed(source, end, signal)).value;
    }
    case 'incremental':
    case 'incrementalV2': {
      if (handle.meta === null) return null;
      const source = await open(handle.meta);
      return (await headers.readKeyed(source, source.size, signal)).value;
    }
    case 'changelog':
    case 'changelogV2':
      for (const inner of handle.materialized) {
        const header = await keyedHeaderOf(inner, open, headers, signal);
        if (header !== null) return header;
      }
      return null;
    default:
      return null;
  }
}
