import type { RawEntry } from '../../engine/backends/part';
import { SlicedEntry } from '../../engine/backends/slicedEntry';
import type { BlockBatch, BlockReader } from '../../engine/rows/blockReader';
import { type KeptEntry, keepEntry } from '../../engine/rows/keptEntry';
import type { BlockRow } from '../../engine/rows/rowMap';

/** Whether an entry of a subtask is wanted. */
export type Wanted = (entry: RawEntry, subtask: number) => boolean;

/** A key whose entries are wanted, and the blocks that may have it. */
export interface KeyWanted {
  /** As its serializer writes it. */
  readonly bytes: Uint8Array;
  readonly blocks: readonly number[];
}

/** Finds the wanted entries of batches, which come in order, and their places. */
export class Matcher {
  /** Number of the key's entries so far in the block that is being read. */
  private ofKey = { block: -1, index: 0 };

  constructor(
    private readonly key: KeyWanted | null,
    private readonly isWanted: Wanted,
  ) {}

  /** `start` is the index in its block of the first entry. */
  each({ block, entries, subtask }: BlockBatch, start: number, found: (entry: RawEntry, at: BlockRow) => void): void {
    const { key, isWanted } = this;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i];
      let index = start + i;
      if (key !== null) {
        if (!SlicedEntry.of(entry).hasKey(key.bytes)) continue;
        if (this.ofKey.block !== block) this.ofKey = { block, index: 0 };
        index = this.ofKey.index++;
      }
      if (isWanted(entry, subtask.index)) found(entry, { block, index });
    }
  }
}

/** The entry of a key by its index among the key's entries of a block; null where there is none. */
export async function entryOfKey(
  reader: BlockReader,
  key: Uint8Array,
  { block, index }: BlockRow,
  signal: AbortSignal,
): Promise<KeptEntry | null> {
  let next = 0;
  for await (const batch of reader.entries(block, block, signal, key)) {
    for (const entry of batch.entries) {
      if (SlicedEntry.of(entry).hasKey(key) && next++ === index) return keepEntry(entry, batch, { block, index });
    }
  }
  return null;
}
