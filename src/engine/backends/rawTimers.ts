import { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import type { Sink } from '../bytes/sink';
import type { KeyGroupsHandle } from '../metadata/model';
import type { ByteSource } from '../storage/byteSource';
import { RangeStream } from '../storage/byteStream';
import type { Codec } from '../types/codec';
import type { TypeOptions } from '../types/family';
import { readSerializersAndConfigs } from '../types/legacy/configSnapshot';
import { readJavaSerializer } from '../types/legacy/serializerProxy';
import { parseWithUnknowns } from '../types/parseWithUnknowns';
import { type ReadSnapshot, SnapshotReader } from '../types/serializerSnapshot';
import { part } from './compositeKey';
import { type KeyGroupRange, keyGroupRanges } from './keyGroupRanges';
import {
  BATCH_SIZE,
  type Batch,
  isOfTheBytes,
  isSelected,
  type KeyGroupSpan,
  type PartState,
  type RawEntry,
  type Selection,
  type StatePart,
  unreadBecause,
} from './part';
import { StreamWindow } from './streamWindow';

/** Offset of a key group for which nothing was written. */
export const RAW_ABSENT = -1;
/** PostVersionedIOReadableWritable.VERSIONED_IDENTIFIER. */
const VERSIONED = 0xf1cd859f | 0;
const EVENT = '_timer_state/event_';
const PROCESSING = '_timer_state/processing_';

/** Timers of one service. */
export interface TimerService {
  readonly event: PartState;
  readonly processing: PartState;
  /** Form of the key group that names it: 0 for the one without a version. */
  readonly version: number;
  /** Its name and serializers as they stand in front of its timers. */
  readonly head: Uint8Array;
  /** Key and namespace serializer as versioned snapshots in their own bytes (since 1.8), else null. */
  readonly snapshots: readonly [key: Uint8Array, namespace: Uint8Array] | null;
}

/**
 * Timers in raw keyed state: of all backends up to Flink 1.5; later where RocksDB (or ForSt) keeps its timers on the heap.
 *
 *     keyGroup := [F1 CD 85 9F, int version (1 or 2)], int n, n x service
 *     service  := UTF name, key serializer, namespace serializer, int n, n x timer (event time), int m, m x timer (processing time)
 *     timer    := key, namespace, long timestamp
 *
 * The serializers are Java objects up to 1.4.0 (no version), pairs with configurations in version 1 (1.4.1 to 1.7), versioned
 * snapshots in version 2 (since 1.8). Source: InternalTimerServiceSerializationProxy, InternalTimersSnapshotReaderWriters.
 */
export class RawTimersPart implements StatePart {
  readonly backend = 'raw';
  readonly key: Codec | null;
  readonly states: readonly PartState[];

  private constructor(
    private readonly source: ByteSource,
    /** Of the subtask, also those for which nothing was written. */
    readonly keyGroups: KeyGroupSpan,
    private readonly ranges: readonly KeyGroupRange[],
    private readonly options: TypeOptions,
    private readonly services: Map<string, TimerService>,
  ) {
    this.states = this.all.flatMap((service) => [service.event, service.processing]);
    this.key = this.states[0]?.key ?? null;
  }

  /**
   * Null if the raw state holds something else. Only the smallest key group is read: each of them names every service. What
   * begins as versioned timers do must be timers.
   */
  static async open(
    handle: KeyGroupsHandle,
    source: ByteSource,
    options: TypeOptions,
    signal?: AbortSignal,
  ): Promise<RawTimersPart | null> {
    const { startKeyGroup, offsets } = handle;
    const span = { first: startKeyGroup, last: startKeyGroup + offsets.length - 1 };
    const ranges = keyGroupRanges(source, startKeyGroup, offsets, RAW_ABSENT).filter((r) => r.to > r.from);
    if (ranges.length === 0) return null;
    const smallest = ranges.reduce((least, r) => (r.to - r.from < least.to - least.from ? r : least));
    const part = new RawTimersPart(source, span, ranges, options, new Map());
    try {
      for await (const _ of part.keyGroup(smallest, signal));
    } catch (e) {
      if (e instanceof EngineError && isOfTheBytes(e) && !(await isVersioned(source, smallest, signal))) return null;
      throw e;
    }
    return new RawTimersPart(source, span, ranges, options, part.services);
  }

  /** In the order in which key groups name them. */
  get all(): TimerService[] {
    return [...this.services.values()];
  }

  get file(): string {
    return this.source.name;
  }

  /** Whether the serializers of all timers are snapshots, which stand by themselves: since 1.8. */
  get isDescribed(): boolean {
    return this.all.every(({ snapshots }) => snapshots !== null);
  }

  /** Serializers of a state's timers, in the form since 1.8; null in timers that are older. */
  snapshotsOf(state: PartState): TimerService['snapshots'] {
    return this.all.find((s) => s.event === state || s.processing === state)?.snapshots ?? null;
  }

  bytesOf(): null {
    return null;
  }

  entriesOf(): null {
    return null;
  }

  async *entries(selection: Selection, signal?: AbortSignal): AsyncGenerator<Batch> {
    for (const range of this.ranges) {
      if (!isSelected(selection, range.keyGroup)) continue;
      for await (const batch of this.keyGroup(range, signal)) {
        const isWanted = (item: { state: PartState }) => selection.states?.has(item.state.name) !== false;
        const wanted = { entries: batch.entries.filter(isWanted), unread: batch.unread.filter(isWanted) };
        if (wanted.entries.length > 0 || wanted.unread.length > 0) yield wanted;
      }
    }
  }

  private async *keyGroup(range: KeyGroupRange, signal?: AbortSignal): AsyncGenerator<Batch> {
    const window = new StreamWindow(new RangeStream(this.source, range.from, range.to), signal);
    const { version, count } = await window.one(readStart);
    for (let i = 0; i < count; i++) {
      const service = await window.one((cursor) => this.readService(cursor, version));
      for (const state of [service.event, service.processing]) {
        for await (const batch of this.timers(window, state, range.keyGroup)) {
          yield batch;
          if (batch.unread.length > 0) return;
        }
      }
    }
    if (!(await window.atEnd())) throw window.cursor.corrupt(`Key group ${range.keyGroup} goes on behind its timers.`);
  }

  private async *timers(window: StreamWindow, state: PartState, keyGroup: number): AsyncGenerator<Batch> {
    const count = await window.one((cursor) => cursor.count('timers', 8));
    let done = 0;
    while (done < count) {
      const entries: RawEntry[] = [];
      try {
        await window.run((cursor) => {
          entries.push(readTimer(state, keyGroup, cursor));
          return ++done < count && entries.length < BATCH_SIZE;
        });
      } catch (e) {
        if (!(e instanceof EngineError) || !isOfTheBytes(e)) throw e;
        yield { entries, unread: [unreadBecause(state, keyGroup, await window.skipRest(), e)] };
        return;
      }
      yield { entries, unread: [] };
    }
  }

  /** The service of that name as it was first met: every key group names its serializers again. */
  private readService(cursor: Cursor, version: number): TimerService {
    const from = cursor.position;
    const name = cursor.utf('name of a timer service');
    const { codecs, snapshots } = this.readSerializers(cursor, version);
    const [key, namespace] = codecs;
    const known = this.services.get(name);
    if (known !== undefined) return known;
    const service = {
      event: timerState(EVENT + name, key, namespace),
      processing: timerState(PROCESSING + name, key, namespace),
      version,
      head: cursor.bytes.slice(from, cursor.position),
      snapshots,
    };
    this.services.set(name, service);
    return service;
  }

  private readSerializers(
    cursor: Cursor,
    version: number,
  ): { codecs: readonly [Codec, Codec]; snapshots: TimerService['snapshots'] } {
    if (version === 0) {
      return {
        codecs: [readJavaSerializer(cursor, this.options), readJavaSerializer(cursor, this.options)],
        snapshots: null,
      };
    }
    if (version === 1) {
      const at = cursor.offset;
      const found = readSerializersAndConfigs(cursor, this.options);
      if (found.length !== 2) throw cursor.corrupt(`Timers have 2 serializers, found ${found.length}.`, at);
      return { codecs: [found[0], found[1]], snapshots: null };
    }
    return parseWithUnknowns(cursor, (window, guesses) => {
      const reader = new SnapshotReader(this.options, guesses);
      const [key, namespace] = [reader.readVersioned(window), reader.readVersioned(window)];
      const bytes = (of: ReadSnapshot) => window.bytes.slice(of.start, of.end);
      return { codecs: [key.codec, namespace.codec], snapshots: [bytes(key), bytes(namespace)] };
    });
  }
}

async function isVersioned(
  source: ByteSource,
  range: KeyGroupRange,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (range.to - range.from < 4) return false;
  return new Cursor(await source.read(range.from, 4, signal)).i32() === VERSIONED;
}

/** What precedes the services of a key group; version 0 stands for the form without one. */
export function writeTimersStart(sink: Sink, version: number, services: number): void {
  if (version > 0) {
    sink.i32(VERSIONED);
    sink.i32(version);
  }
  sink.i32(services);
}

function readStart(cursor: Cursor): { version: number; count: number } {
  const at = cursor.offset;
  let first = cursor.i32();
  let version = 0;
  if (first === VERSIONED) {
    version = cursor.i32();
    if (version !== 1 && version !== 2) {
      throw cursor.error('UNSUPPORTED', `Timers in raw keyed state have version 1 or 2, found ${version}.`, at + 4);
    }
    first = cursor.i32();
  }
  if (first < 0) throw cursor.corrupt(`Number of timer services is negative: ${first}.`, at);
  return { version, count: first };
}

function readTimer(state: PartState, keyGroup: number, cursor: Cursor): RawEntry {
  const { key, namespace } = state;
  if (key === null || namespace === null)
    throw cursor.error('UNREADABLE', 'The serializers of the timers are not known.');
  const keyBytes = part(cursor, () => key.skip(cursor));
  const namespaceBytes = part(cursor, () => namespace.skip(cursor));
  const timestamp = cursor.i64();
  return {
    state,
    keyGroup,
    index: -1,
    key: keyBytes,
    namespace: namespaceBytes,
    userKey: null,
    value: null,
    timestamp,
    fault: null,
  };
}

export function writeTimer(sink: Sink, { key, namespace, timestamp }: RawEntry): void {
  if (key === null || namespace === null || timestamp === null) {
    throw new EngineError('INTERNAL', 'Internal error: this is no timer.');
  }
  sink.raw(key);
  sink.raw(namespace);
  sink.i64(timestamp);
}

function timerState(name: string, key: Codec, namespace: Codec): PartState {
  return { name, kind: 'timer', meta: null, key, namespace, userKey: null, value: null, layout: 'none' };
}
