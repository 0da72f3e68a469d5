import { EngineError, throwIfAborted } from '../bytes/engineError';
import { keyGroupPrefixBytes } from '../keyGroups';
import type { IncrementalHandle, StreamHandle } from '../metadata/model';
import type { ByteSource } from '../storage/byteSource';
import { CompositeKeyReader, TIMESTAMP } from './compositeKey';
import type { KeyedHeader } from './keyedHeader';
import type { Batch, KeyGroupSpan, LostState, PartState, RawEntry, Selection, StatePart } from './part';
import { keyedStates } from './partState';
import { isOfTheFile } from './rocksdb/lostFiles';
import type { KeyValueBatch } from './rocksdb/mergedScan';
import { RocksDb } from './rocksdb/rocksDb';
import type { KeyRange } from './rocksdb/sortedRun';

/**
 * State in the files of RocksDB or ForSt: the `meta` file is a header, and each state is the column family of its name. Keys
 * and values are those of the canonical layout. Files may hold key groups of other subtasks, left over from before a
 * rescale: only the handle's own are read.
 * Source: RocksIncrementalSnapshotStrategy, RocksNativeFullSnapshotStrategy, ForStIncrementalSnapshotStrategy.
 */
export class NativePart implements StatePart {
  readonly backend = 'rocksdb';
  readonly states: readonly PartState[];
  private database: Promise<RocksDb> | null = null;
  private readonly prefix: 1 | 2;

  constructor(
    private readonly handle: IncrementalHandle,
    readonly file: string,
    private readonly header: KeyedHeader,
    maxParallelism: number,
    private readonly open: (stream: StreamHandle) => Promise<ByteSource>,
  ) {
    this.states = keyedStates(header, 'entries');
    this.prefix = keyGroupPrefixBytes(maxParallelism);
  }

  get key() {
    return this.header.key;
  }

  get keyGroups(): KeyGroupSpan {
    const { startKeyGroup, keyGroupCount } = this.handle;
    return { first: startKeyGroup, last: startKeyGroup + keyGroupCount - 1 };
  }

  bytesOf(): null {
    return null;
  }

  entriesOf(): null {
    return null;
  }

  async *entries(selection: Selection, signal?: AbortSignal, lost?: LostState): AsyncGenerator<Batch> {
    const own = this.keyGroups;
    const first = selection.keyGroup ?? selection.keyGroups?.first ?? own.first;
    const last = selection.keyGroup ?? selection.keyGroups?.last ?? own.last;
    if (first < own.first || last > own.last) return;
    const database = await this.openDatabase(signal);
    for (const state of this.states) {
      if (selection.states?.has(state.name) === false) continue;
      const family = database.columnFamily(state.name);
      if (family === null) {
        throw new EngineError('CORRUPT', `RocksDB has no column family for the state ${state.name}.`, {
          file: this.file,
        });
      }
      const range = rangeOf(state, this.prefix, first, last, selection.key);
      const lose = lost === undefined ? undefined : (error: EngineError) => lost(state, error);
      try {
        for await (const batch of database.entries(family, range, signal, lose)) {
          throwIfAborted(signal);
          yield toBatch(state, batch, this.prefix, this.file);
        }
      } catch (e) {
        if (lose === undefined || !isOfTheFile(e)) throw e;
        lose(e);
      }
    }
  }

  private openDatabase(signal: AbortSignal | undefined): Promise<RocksDb> {
    this.database ??= RocksDb.open(
      [...this.handle.shared, ...this.handle.private].flatMap(({ name, stream }) =>
        stream === null ? [] : [{ name, open: () => this.open(stream) }],
      ),
      signal,
    ).catch((e: unknown) => {
      this.database = null;
      throw e;
    });
    return this.database;
  }
}

/** Where the entries of key groups lie, or of one key in them. */
function rangeOf(state: PartState, prefix: 1 | 2, first: number, last: number, key: Uint8Array | undefined): KeyRange {
  const range = { from: keyGroupBytes(first, prefix), to: keyGroupBytes(last + 1, prefix) };
  if (key === undefined) return range;
  // A timer's key stands behind its time.
  if (state.kind === 'timer') return { ...range, part: { at: prefix + TIMESTAMP, bytes: key } };
  const from = joined(range.from, key);
  return { from, to: behind(from) ?? range.to };
}

function toBatch(state: PartState, { length, windows, bounds }: KeyValueBatch, prefix: 1 | 2, file: string): Batch {
  const entries: RawEntry[] = [];
  const keys = new CompositeKeyReader(prefix);
  for (let i = 0; i < length; i++) {
    const bytes = windows[i];
    const from = bounds[4 * i];
    const to = bounds[4 * i + 1];
    if (to - from < prefix) throw new EngineError('CORRUPT', 'A key is too short for its key group.', { file });
    const keyGroup = prefix === 1 ? bytes[from] : (bytes[from] << 8) | bytes[from + 1];
    entries.push(keys.read(state, keyGroup, bytes, from, to, bounds[4 * i + 2], bounds[4 * i + 3]));
  }
  return { entries, unread: [] };
}

/** The shortest key of a key group: its number alone. */
function keyGroupBytes(keyGroup: number, prefix: 1 | 2): Uint8Array {
  return prefix === 1 ? Uint8Array.of(keyGroup) : Uint8Array.of(keyGroup >> 8, keyGroup & 0xff);
}

/** The smallest key that is larger than all that begin with `prefix`; null where there is none. */
function behind(prefix: Uint8Array): Uint8Array | null {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length--;
  if (length === 0) return null;
  const next = prefix.slice(0, length);
  next[length - 1]++;
  return next;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
