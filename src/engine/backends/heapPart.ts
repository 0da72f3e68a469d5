import type { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import type { KeyGroupsHandle } from '../metadata/model';
import type { ByteSource } from '../storage/byteSource';
import { RangeStream } from '../storage/byteStream';
import { SnappyFramedStream } from '../storage/snappyFramed';
import { isReadAsChosen, readThrough, unreadMisfit } from './chosenFit';
import { heapTable, tableSize } from './heapTable';
import type { KeyedHeader } from './keyedHeader';
import type { KeyGroupRange } from './keyGroupRanges';
import { KeyGroupsPart } from './keyGroupsPart';
import {
  BATCH_SIZE,
  type Batch,
  isOfTheBytes,
  type PartState,
  type RawEntry,
  type Selection,
  unreadBecause,
} from './part';
import { StreamWindow } from './streamWindow';

/** Bytes of the key group's number, which is never compressed. */
const KEY_GROUP_ID = 4;
/** `short stateId, int n`. */
const TABLE_HEAD = 6;
/** Every table is stepped through, and nothing is handed out. */
const NO_ENTRIES: Selection = { states: new Set(), key: new Uint8Array(0) };
/** Header of Flink 1.2, whose tables are grouped by namespace. */
const VERSION_WITH_NAMESPACES = 1;

/**
 * The layout of heap backends (HashMapStateBackend; before 1.13 of heap savepoints too):
 *
 *     keyGroup := int key group, then for each state of the header: short stateId, table
 *
 * Where it is compressed, each state's id and table are a Snappy stream of their own. Nothing says how long an entry is:
 * behind a value that cannot be read, the rest of the key group cannot be found.
 * Source: HeapSnapshotStrategy, HeapRestoreOperation.
 */
export class HeapPart extends KeyGroupsPart {
  override readonly backend = 'heap';
  private readonly chosen: ReadonlySet<PartState>;

  constructor(handle: KeyGroupsHandle, source: ByteSource, header: KeyedHeader) {
    super(handle, source, header, 'tables', null);
    this.chosen = new Set(this.states.filter(isReadAsChosen));
  }

  /** A table begins with its size, but only the first of a key group is found without reading others; maps have entries of their own inside. */
  async entriesByKeyGroup(state: PartState, signal?: AbortSignal): Promise<ReadonlyMap<number, number>> {
    const sizes = new Map<number, number>();
    if (state.layout === 'nullable' || this.header.version === VERSION_WITH_NAMESPACES) return sizes;
    for (const range of this.ranges()) {
      // A table's size is all that is read of it.
      const window = this.window(range, signal, this.header.compressed ? undefined : TABLE_HEAD);
      if ((await window.one((cursor) => this.stateAt(cursor))) !== state) break;
      sizes.set(range.keyGroup, await window.one((cursor) => tableSize(cursor)));
    }
    return sizes;
  }

  protected override async *keyGroup(
    range: KeyGroupRange,
    selection: Selection,
    signal?: AbortSignal,
  ): AsyncGenerator<Batch> {
    const head = new StreamWindow(new RangeStream(this.source, range.from, range.from + KEY_GROUP_ID), signal);
    const stored = await head.one((cursor) => cursor.i32());
    if (stored !== range.keyGroup) {
      throw new EngineError('CORRUPT', `Key group ${range.keyGroup} begins with the number ${stored}.`, {
        file: this.source.name,
        offset: range.from,
      });
    }
    const misfit = this.chosen.size === 0 ? null : await readThrough(this.tables(range, NO_ENTRIES, null, signal));
    yield* this.tables(range, selection, misfit, signal);
  }

  /** Where a chosen decoder does not fit (`misfit`), the first state that it has a part in is as far as it goes. */
  private async *tables(
    range: KeyGroupRange,
    selection: Selection,
    misfit: EngineError | null,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Batch> {
    const window = this.window(range, signal);
    for (let i = 0; i < this.states.length; i++) {
      const state = await window.one((cursor) => this.stateAt(cursor));
      if (misfit !== null && this.chosen.has(state)) {
        yield { entries: [], unread: [unreadMisfit(state, range.keyGroup, await window.skipRest(), misfit)] };
        return;
      }
      const isWanted = selection.states?.has(state.name) !== false;
      for await (const batch of this.table(window, state, range.keyGroup, selection.key ?? null)) {
        if (isWanted || batch.unread.length > 0) yield isWanted ? batch : { entries: [], unread: batch.unread };
        if (batch.unread.length > 0) return;
      }
    }
    if (!(await window.atEnd()))
      throw window.cursor.corrupt(`Key group ${range.keyGroup} goes on behind its last table.`);
  }

  /** What stands behind the key group's number. */
  private window(range: KeyGroupRange, signal: AbortSignal | undefined, longestBlock?: number): StreamWindow {
    const stream = new RangeStream(this.source, range.from + KEY_GROUP_ID, range.to, longestBlock);
    return new StreamWindow(this.header.compressed ? new SnappyFramedStream(stream) : stream, signal);
  }

  private stateAt(cursor: Cursor): PartState {
    const at = cursor.offset;
    const state = this.states[cursor.u16()];
    if (state === undefined)
      throw cursor.corrupt(`The header has ${this.states.length} states, but a table is of another.`, at);
    return state;
  }

  private async *table(
    window: StreamWindow,
    state: PartState,
    keyGroup: number,
    key: Uint8Array | null,
  ): AsyncGenerator<Batch> {
    const read = heapTable(state, keyGroup, this.header.version, key);
    for (let more = true; more; ) {
      const entries: RawEntry[] = [];
      const { bytes } = window.cursor;
      try {
        await window.run((cursor) => {
          more = read(cursor, entries);
          return more && entries.length < BATCH_SIZE && cursor.bytes === bytes;
        });
      } catch (e) {
        if (!(e instanceof EngineError) || !isOfTheBytes(e)) throw e;
        yield { entries, unread: [unreadBecause(state, keyGroup, await window.skipRest(), e)] };
        return;
      }
      if (entries.length > 0) yield { entries, unread: [] };
    }
  }
}
