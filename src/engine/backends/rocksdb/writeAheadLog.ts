import { EngineError } from '../../bytes/engineError';
import { compareBytes, hasBytes, ValueType } from './internalKey';
import { RocksCursor } from './littleEndian';
import { type KeyRange, RunEntry, type SortedRun } from './sortedRun';
import type { RangeTombstone } from './sstTable';

interface LogEntry {
  key: Uint8Array;
  value: Uint8Array;
  sequence: number;
  type: number;
  file: string;
  offset: number;
}

/** What a write-ahead log holds for one column family. */
export interface LoggedChanges {
  entries: LogEntry[];
  tombstones: RangeTombstone[];
}

/** Record tags of a write batch that name their column family, and what they are (`db/dbformat.h`). */
const FAMILY_TAGS: Readonly<Record<number, number>> = {
  4: ValueType.deletion,
  5: ValueType.value,
  6: ValueType.merge,
  8: ValueType.singleDeletion,
  14: ValueType.rangeDeletion,
};
/** The same for the default column family. */
const DEFAULT_TAGS: readonly number[] = [
  ValueType.deletion,
  ValueType.value,
  ValueType.merge,
  ValueType.singleDeletion,
  ValueType.rangeDeletion,
];
const LOG_DATA = 3;
const NOOP = 13;
const NOTHING: Uint8Array = new Uint8Array(0);

/**
 * Adds the changes of one write batch (`db/write_batch.cc`):
 * `sequence fixed64 | count fixed32 | (tag u8, column family varint32 for some tags, key slice, value slice for some tags)*`.
 * `changesOf` gives null for a column family that already has this log in its files.
 */
export function readWriteBatch(
  record: Uint8Array,
  file: string,
  offset: number,
  changesOf: (columnFamily: number) => LoggedChanges | null,
): void {
  const batch = new RocksCursor(record, { file, offset });
  let sequence = Number(batch.fixed64());
  batch.fixed32();
  while (!batch.atEnd) {
    const tag = batch.u8();
    if (tag === NOOP) continue;
    if (tag === LOG_DATA) {
      batch.slice('log data');
      continue;
    }
    const named = FAMILY_TAGS[tag];
    const type = named ?? (DEFAULT_TAGS.includes(tag) ? tag : null);
    if (type === null) {
      throw new EngineError('UNSUPPORTED', `A write-ahead log has a record of kind ${tag}, which Flink never writes.`, {
        file,
        offset,
      });
    }
    const family = named === undefined ? 0 : batch.varint('column family');
    const key = batch.slice('key');
    const hasValue = type === ValueType.value || type === ValueType.merge || type === ValueType.rangeDeletion;
    const value = hasValue ? batch.slice('value') : NOTHING;
    const changes = changesOf(family);
    if (changes !== null) {
      if (type === ValueType.rangeDeletion) changes.tombstones.push({ start: key, end: value, sequence });
      else changes.entries.push({ key, value, sequence, type, file, offset });
    }
    sequence++;
  }
}

/** Logged entries as a sorted run: what the memtable would have held. */
export class LogRun implements SortedRun {
  readonly entry = new RunEntry();
  private readonly sorted: LogEntry[];
  private next = 0;

  constructor(entries: readonly LogEntry[], { from, to, part }: KeyRange) {
    this.sorted = entries
      .filter(({ key }) => from === null || compareBytes(key, key.length, from, from.length) >= 0)
      .filter(({ key }) => to === null || compareBytes(key, key.length, to, to.length) < 0)
      .filter(({ key }) => part === undefined || hasBytes(key, 0, key.length, part.at, part.bytes))
      .sort((a, b) => compareBytes(a.key, a.key.length, b.key, b.key.length) || b.sequence - a.sequence);
  }

  advance(): boolean {
    if (this.next >= this.sorted.length) return false;
    const { key, value, sequence, type, file, offset } = this.sorted[this.next++];
    const { entry } = this;
    entry.bytes = new Uint8Array(key.length + value.length);
    entry.bytes.set(key);
    entry.bytes.set(value, key.length);
    entry.keyTo = key.length;
    entry.valueFrom = key.length;
    entry.valueTo = entry.bytes.length;
    entry.sequence = sequence;
    entry.type = type;
    entry.file = file;
    entry.offset = offset;
    return true;
  }

  async load(): Promise<boolean> {
    return this.advance();
  }
}
