import { compareBytes, compareWithin, keyBehind } from './internalKey';
import type { LiveFile } from './manifest';
import type { RangeTombstone } from './sstTable';

/**
 * A file's range deletions within the keys of that file (`TruncatedRangeDelIterator` of `db/range_del_aggregator.cc`). Where a
 * compaction splits its output, each file gets a deletion whole; once a neighbour has been compacted further, newer entries
 * of its keys may have lost their sequence numbers, and would look as if they were older than the deletion.
 */
export function withinFile(tombstones: readonly RangeTombstone[], file: LiveFile): RangeTombstone[] {
  const { smallest, largest } = file;
  const behind = file.largestIsExcluded ? largest : keyBehind(largest);
  return tombstones.map(({ start, end, sequence }) => ({
    start: isBefore(start, smallest) ? smallest : start,
    end: isBefore(behind, end) ? behind : end,
    sequence,
  }));
}

const isBefore = (a: Uint8Array, b: Uint8Array): boolean => compareBytes(a, a.length, b, b.length) < 0;

/** Range deletions met while keys go by in ascending order. */
export class RangeTombstones {
  private readonly waiting: RangeTombstone[];
  private active: RangeTombstone[] = [];
  private next = 0;

  constructor(tombstones: readonly RangeTombstone[]) {
    this.waiting = [...tombstones].sort((a, b) => compareBytes(a.start, a.start.length, b.start, b.start.length));
  }

  /** The newest deletion of the key at `[keyFrom, keyTo)`, or -1. Keys must be asked for in ascending order. */
  newestOver(bytes: Uint8Array, keyFrom: number, keyTo: number): number {
    const { waiting } = this;
    if (this.next >= waiting.length && this.active.length === 0) return -1;
    while (this.next < waiting.length) {
      const t = waiting[this.next];
      if (compareWithin(bytes, keyFrom, keyTo, t.start, t.start.length) < 0) break;
      this.active.push(t);
      this.next++;
    }
    const isBehind = ({ end }: RangeTombstone): boolean => compareWithin(bytes, keyFrom, keyTo, end, end.length) >= 0;
    let newest = -1;
    let passed = false;
    for (const t of this.active) {
      if (isBehind(t)) passed = true;
      else if (t.sequence > newest) newest = t.sequence;
    }
    if (passed) this.active = this.active.filter((t) => !isBehind(t));
    return newest;
  }
}
