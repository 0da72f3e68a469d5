import { EngineError } from '../bytes/engineError';
import type { ByteSource } from '../storage/byteSource';

/** Where the bytes of one key group lie in a stream. */
export interface KeyGroupRange {
  keyGroup: number;
  from: number;
  /** Offset behind the last byte. */
  to: number;
}

/**
 * Ranges of the key groups that have data, ascending by offset. `absent` is the offset that stands for no data: 0 in the
 * canonical layout, -1 in raw keyed state, none in the heap layout.
 */
export function keyGroupRanges(
  source: ByteSource,
  startKeyGroup: number,
  offsets: readonly number[],
  absent: number | null,
): KeyGroupRange[] {
  const present: KeyGroupRange[] = [];
  offsets.forEach((from, i) => {
    if (from === absent) return;
    if (from < 0 || from > source.size) {
      throw new EngineError(
        'CORRUPT',
        `Key group ${startKeyGroup + i} begins at ${from}, but the file has ${source.size} bytes.`,
        { file: source.name, hint: 'The file is not the one that the metadata speaks of, or it was cut short.' },
      );
    }
    present.push({ keyGroup: startKeyGroup + i, from, to: source.size });
  });
  present.sort((a, b) => a.from - b.from);
  for (let i = present.length - 2; i >= 0; i--) {
    const next = present[i + 1];
    present[i].to = next.from > present[i].from ? next.from : next.to;
  }
  return present;
}

/** Where the data begins: the smallest offset, or the end of the stream where no key group has data. */
export function dataStart(offsets: readonly number[], absent: number | null, size: number): number {
  let start = size;
  for (const offset of offsets) if (offset !== absent && offset >= 0 && offset < start) start = offset;
  return start;
}
