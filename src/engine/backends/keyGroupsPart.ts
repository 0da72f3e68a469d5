import type { KeyGroupsHandle } from '../metadata/model';
import type { ByteSource } from '../storage/byteSource';
import type { KeyedHeader } from './keyedHeader';
import { type KeyGroupRange, keyGroupRanges } from './keyGroupRanges';
import { type Batch, isSelected, type KeyGroupSpan, type PartState, type Selection, type StatePart } from './part';
import { type KeyedLayout, keyedStates } from './partState';

/** What canonical and heap files have in common: a header, and behind it key groups at the offsets that the handle names. */
export abstract class KeyGroupsPart implements StatePart {
  abstract readonly backend: StatePart['backend'];
  readonly states: readonly PartState[];

  constructor(
    private readonly handle: KeyGroupsHandle,
    protected readonly source: ByteSource,
    protected readonly header: KeyedHeader,
    layout: KeyedLayout,
    /** Offset of a key group without data; null where every key group has some. */
    private readonly absent: number | null,
  ) {
    this.states = keyedStates(header, layout);
  }

  get file(): string {
    return this.source.name;
  }

  get key() {
    return this.header.key;
  }

  get keyGroups(): KeyGroupSpan {
    const { startKeyGroup, offsets } = this.handle;
    return { first: startKeyGroup, last: startKeyGroup + offsets.length - 1 };
  }

  /** Where a single state is all there is, the data is its own. */
  bytesOf(): number | null {
    return this.states.length === 1 ? this.ranges().reduce((sum, range) => sum + range.to - range.from, 0) : null;
  }

  entriesOf(): null {
    return null;
  }

  async *entries(selection: Selection, signal?: AbortSignal): AsyncGenerator<Batch> {
    for (const range of this.ranges()) {
      if (!isSelected(selection, range.keyGroup)) continue;
      yield* this.keyGroup(range, selection, signal);
    }
  }

  protected ranges(): KeyGroupRange[] {
    return keyGroupRanges(this.source, this.handle.startKeyGroup, this.handle.offsets, this.absent);
  }

  protected abstract keyGroup(range: KeyGroupRange, selection: Selection, signal?: AbortSignal): AsyncGenerator<Batch>;
}
