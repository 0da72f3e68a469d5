import type { Cursor } from '../bytes/cursor';
import { keyGroupPrefixBytes } from '../keyGroups';
import type { KeyGroupsHandle } from '../metadata/model';
import type { ByteSource } from '../storage/byteSource';
import { RangeStream } from '../storage/byteStream';
import { SnappyFramedStream } from '../storage/snappyFramed';
import { CANONICAL_ABSENT, END_OF_KEY_GROUP, LAST_OF_RUN } from './canonicalMarks';
import { CompositeKeyReader, startsWith, TIMESTAMP } from './compositeKey';
import type { KeyedHeader } from './keyedHeader';
import type { KeyGroupRange } from './keyGroupRanges';
import { KeyGroupsPart } from './keyGroupsPart';
import { BATCH_SIZE, type Batch, type PartState, type RawEntry, type Selection } from './part';
import { StreamWindow } from './streamWindow';

/**
 * The layout of full snapshots, which all canonical savepoints have:
 *
 *     keyGroup := short stateId, entry+, (short stateId, entry+)*, short 0xFFFF     (a Snappy stream where compressed)
 *     entry    := int length, key, int length, value
 *
 * The first bit of a key's first byte tells that a state id or the end follows; the bit belongs to no key.
 * Source: FullSnapshotAsyncWriter, restore.FullSnapshotRestoreOperation; RocksDB wrote the same since 1.2.
 */
export class CanonicalPart extends KeyGroupsPart {
  override readonly backend = 'canonical';
  private readonly prefix: 1 | 2;

  constructor(handle: KeyGroupsHandle, source: ByteSource, header: KeyedHeader, maxParallelism: number) {
    super(handle, source, header, 'entries', CANONICAL_ABSENT);
    this.prefix = keyGroupPrefixBytes(maxParallelism);
  }

  protected override async *keyGroup(
    range: KeyGroupRange,
    selection: Selection,
    signal?: AbortSignal,
  ): AsyncGenerator<Batch> {
    const stream = new RangeStream(this.source, range.from, range.to);
    const window = new StreamWindow(this.header.compressed ? new SnappyFramedStream(stream) : stream, signal);
    const keys = new CompositeKeyReader(this.prefix);
    const { key } = selection;
    const isWanted = (of: PartState): boolean => selection.states?.has(of.name) !== false;
    let state = await window.one((cursor) => this.nextState(cursor));
    while (state !== null) {
      const current = state;
      const wanted = isWanted(current);
      const keyAt = this.prefix + (current.kind === 'timer' ? TIMESTAMP : 0);
      const entries: RawEntry[] = [];
      const { bytes } = window.cursor;
      let seen = 0;
      await window.run((cursor) => {
        const at = cursor.offset;
        const keyLength = cursor.length('key');
        const keyFrom = cursor.position;
        cursor.skip(keyLength, 'key');
        if (keyLength === 0) throw cursor.corrupt('A key has no bytes.', at);
        const valueLength = cursor.length('value');
        const valueFrom = cursor.position;
        cursor.skip(valueLength, 'value');
        const isLast = (cursor.bytes[keyFrom] & LAST_OF_RUN) !== 0;
        const next = isLast ? this.nextState(cursor) : current;
        if (wanted && (key === undefined || startsWith(cursor.bytes, keyFrom + keyAt, keyFrom + keyLength, key))) {
          const keyTo = keyFrom + keyLength;
          const valueTo = valueFrom + valueLength;
          entries.push(keys.read(current, range.keyGroup, cursor.bytes, keyFrom, keyTo, valueFrom, valueTo));
        }
        state = next;
        return ++seen < BATCH_SIZE && !isLast && cursor.bytes === bytes;
      });
      if (entries.length > 0) yield { entries, unread: [] };
    }
    if (!(await window.atEnd())) {
      throw window.cursor.corrupt(`Key group ${range.keyGroup} goes on behind its end mark.`);
    }
  }

  private nextState(cursor: Cursor): PartState | null {
    const at = cursor.offset;
    const id = cursor.u16();
    if (id === END_OF_KEY_GROUP) return null;
    const state = this.states[id];
    if (state === undefined) {
      throw cursor.corrupt(`The header has ${this.states.length} states, but an entry is of state ${id}.`, at);
    }
    return state;
  }
}
