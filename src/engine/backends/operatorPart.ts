import { joinBytes } from '../bytes/byteStrings';
import type { Cursor } from '../bytes/cursor';
import { EngineError, throwIfAborted } from '../bytes/engineError';
import type { OperatorStateHandle } from '../metadata/model';
import { rememberPlace } from '../storage/bytePlaces';
import type { ByteSource } from '../storage/byteSource';
import { RangeStream } from '../storage/byteStream';
import { baseOffsetOf } from '../storage/memorySource';
import { SnappyFramedStream } from '../storage/snappyFramed';
import type { Codec } from '../types/codec';
import { isReadAsChosen, readThrough, unreadMisfit } from './chosenFit';
import { countedEntries } from './countedEntries';
import type { HeaderReader } from './openHeader';
import type { OperatorHeader } from './operatorHeader';
import {
  BATCH_SIZE,
  type Batch,
  type PartState,
  type RawEntry,
  type Selection,
  type StatePart,
  unreadBecause,
} from './part';
import { operatorState } from './partState';
import { StreamWindow } from './streamWindow';
import { elementOf, unmarkedElements } from './unmarkedElements';

/**
 * Managed operator state. Behind the header lie the elements of the list states, and each broadcast state as
 * `int n, n x (key, value)`; the handle has the offset of every element and of every broadcast state. Where they are
 * compressed, each state is a stream in the Snappy framing format, and each offset the beginning of a chunk; of one in which
 * the element begins, in the releases that `unmarkedElements` speaks of.
 * Source: PartitionableListState, HeapBroadcastState, OperatorStateRestoreOperation.
 */
export async function openOperatorPart(
  handle: OperatorStateHandle,
  source: ByteSource,
  headers: HeaderReader,
  signal?: AbortSignal,
): Promise<OperatorPart> {
  const offsets = handle.states.flatMap((state) => state.offsets);
  const first = offsets.reduce((least, offset) => Math.min(least, offset), source.size);
  const { value: header } = await headers.readOperator(source, first, signal);
  return new OperatorPart(handle, source, header, offsets);
}

/** Bytes of elements that are read at once. */
const MAX_STRETCH = 4 * 1024 * 1024;
/** Bytes that Flink compresses at once (SnappyStreamCompressionDecorator). */
const COMPRESSION_BLOCK = 64 * 1024;
/** Largest element that is read. */
const MAX_ELEMENT = 512 * 1024 * 1024;

export class OperatorPart implements StatePart {
  readonly backend = 'operator';
  readonly key = null;
  readonly states: readonly PartState[];
  /** All offsets, ascending: an element ends where the next begins. */
  private readonly ends: Float64Array;

  constructor(
    private readonly handle: OperatorStateHandle,
    private readonly source: ByteSource,
    readonly header: OperatorHeader,
    offsets: readonly number[],
  ) {
    this.states = header.states.map(operatorState);
    this.ends = new Float64Array([...offsets, source.size]).sort();
  }

  get file(): string {
    return this.source.name;
  }

  bytesOf(state: PartState): number {
    return this.offsetsOf(state).reduce((sum, offset) => sum + Math.max(0, this.endOf(offset) - offset), 0);
  }

  entriesOf(state: PartState): number | null {
    return state.kind === 'broadcast' ? null : this.offsetsOf(state).length;
  }

  async *entries(selection: Selection, signal?: AbortSignal): AsyncGenerator<Batch> {
    if (selection.keyGroup !== undefined) return;
    for (const state of this.states) {
      if (selection.states?.has(state.name) === false) continue;
      if (state.kind === 'broadcast') yield* this.broadcast(state, signal);
      else yield* this.list(state, signal);
    }
  }

  /** Elements of a list state from one index up to another, in their own bytes. */
  async *elements(state: PartState, from: number, to: number, signal?: AbortSignal): AsyncGenerator<Uint8Array[]> {
    for await (const { entries } of this.list(state, signal, from, to)) {
      yield entries.flatMap(({ value }) => (value === null ? [] : [value]));
    }
  }

  /** A broadcast state as a whole: `int n, n x (key, value)`; null where it is not there. */
  async broadcastBytes(state: PartState, signal?: AbortSignal): Promise<Uint8Array | null> {
    const [offset] = this.offsetsOf(state);
    if (offset === undefined) return null;
    const from = this.checked(offset);
    const end = this.endOf(from);
    expectReadable(end - from, this.source.name, from);
    return this.header.compressed
      ? this.compressedElement(from, end, signal)
      : this.source.read(from, end - from, signal);
  }

  private offsetsOf(state: PartState): number[] {
    return this.handle.states.find((s) => s.name === state.name)?.offsets ?? [];
  }

  /** The smallest offset behind `offset`. */
  private endOf(offset: number): number {
    let low = 0;
    let high = this.ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ends[middle] > offset) high = middle;
      else low = middle + 1;
    }
    return this.ends[low];
  }

  private checked(offset: number): number {
    if (offset >= 0 && offset <= this.source.size) return offset;
    throw new EngineError('CORRUPT', `An element begins at ${offset}, but the file has ${this.source.size} bytes.`, {
      file: this.source.name,
    });
  }

  private window(from: number, to: number, signal: AbortSignal | undefined): StreamWindow {
    const range = new RangeStream(this.source, from, to);
    return new StreamWindow(this.header.compressed ? new SnappyFramedStream(range) : range, signal);
  }

  /** Elements lie one behind the other, so that they are read in stretches of many. */
  private async *list(
    state: PartState,
    signal: AbortSignal | undefined,
    first = 0,
    last = Number.POSITIVE_INFINITY,
  ): AsyncGenerator<Batch> {
    const offsets = this.offsetsOf(state).map((offset) => this.checked(offset));
    const end = Math.min(last, offsets.length);
    if (await this.isUnmarked(state, offsets, signal)) {
      const window = this.window(offsets[0], this.endOf(offsets[offsets.length - 1]), signal);
      for await (const { entries, unread } of unmarkedElements(window, state, offsets.length)) {
        const wanted = entries.filter(({ index }) => index >= first && index < end);
        if (wanted.length > 0 || unread.length > 0) yield { entries: wanted, unread };
      }
      return;
    }
    for (let from = first; from < end; ) {
      throwIfAborted(signal);
      const to = Math.min(this.endOfStretch(offsets, from), end);
      const start = offsets[from];
      const bytes = this.header.compressed
        ? null
        : await this.source.read(start, this.endOfElement(offsets, to - 1) - start, signal);
      if (bytes !== null) rememberPlace(bytes, this.source.name, baseOffsetOf(this.source) + start);
      const entries: RawEntry[] = [];
      for (let i = from; i < to; i++) {
        const end = this.endOfElement(offsets, i);
        const value =
          bytes === null
            ? await this.compressedElement(offsets[i], end, signal)
            : bytes.subarray(offsets[i] - start, end - start);
        entries.push(elementOf(state, i, value));
      }
      yield { entries, unread: [] };
      from = to;
    }
  }

  /**
   * Whether the offsets may not tell where elements begin (see `unmarkedElements`): what lies between any two of them is then
   * so many whole blocks, or nothing. Elements of just that size are found in the one way and in the other.
   */
  private async isUnmarked(
    { value }: PartState,
    offsets: readonly number[],
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    if (!this.header.compressed || offsets.length < 2) return false;
    let isSame = false;
    for (let i = 1; i < offsets.length; i++) {
      if (offsets[i] < offsets[i - 1]) return false;
      isSame ||= offsets[i] === offsets[i - 1];
      const between = await this.compressedElement(offsets[i - 1], offsets[i], signal);
      if (between.length % COMPRESSION_BLOCK !== 0) return false;
    }
    return isSame || (value !== null && value.type.unreadable === undefined);
  }

  /** Index behind the last element that is read together with the element `from`: as long as they ascend, and not too many. */
  private endOfStretch(offsets: readonly number[], from: number): number {
    let to = from + 1;
    while (
      to < offsets.length &&
      to - from < BATCH_SIZE &&
      offsets[to] >= offsets[to - 1] &&
      this.endOfElement(offsets, to) - offsets[from] <= MAX_STRETCH
    ) {
      to++;
    }
    expectReadable(this.endOfElement(offsets, to - 1) - offsets[from], this.source.name, offsets[from]);
    return to;
  }

  /** Elements that take no bytes have the offset of the next one. */
  private endOfElement(offsets: readonly number[], index: number): number {
    return offsets[index + 1] === offsets[index] ? offsets[index] : this.endOf(offsets[index]);
  }

  private async compressedElement(offset: number, end: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    const stream = new SnappyFramedStream(new RangeStream(this.source, offset, end));
    for (let next = await stream.next(signal); next !== null; next = await stream.next(signal)) pieces.push(next);
    const bytes = pieces.length === 1 ? pieces[0] : joinBytes(pieces);
    rememberPlace(bytes, stream.packed.file, stream.packed.offset, 0);
    return bytes;
  }

  private async *broadcast(state: PartState, signal: AbortSignal | undefined): AsyncGenerator<Batch> {
    const { userKey, value } = state;
    const offset = this.offsetsOf(state)[0];
    if (offset === undefined) return;
    const from = this.checked(offset);
    const begin = (): StreamWindow => this.window(from, this.endOf(from), signal);
    const window = begin();
    if (userKey === null || value === null) {
      const why = new EngineError('UNREADABLE', 'The header names no serializers for it.');
      yield { entries: [], unread: [unreadBecause(state, -1, await window.skipRest(), why)] };
      return;
    }
    const entries = async function* (of: StreamWindow): AsyncGenerator<Batch> {
      const count = await of.one((cursor) => cursor.i32());
      yield* countedEntries(of, state, count, (cursor) => broadcastEntry(state, userKey, value, cursor));
    };
    const misfit = isReadAsChosen(state) ? await readThrough(entries(begin())) : null;
    if (misfit === null) yield* entries(window);
    else yield { entries: [], unread: [unreadMisfit(state, -1, await window.skipRest(), misfit)] };
  }
}

function expectReadable(length: number, file: string, offset: number): void {
  if (length > MAX_ELEMENT)
    throw new EngineError('LIMIT', `An element of ${length} bytes is not read.`, { file, offset });
}

function broadcastEntry(state: PartState, key: Codec, value: Codec, cursor: Cursor): RawEntry {
  const from = cursor.position;
  key.skip(cursor);
  const middle = cursor.position;
  value.skip(cursor);
  return {
    state,
    keyGroup: -1,
    index: -1,
    key: null,
    namespace: null,
    userKey: cursor.bytes.subarray(from, middle),
    value: cursor.bytes.subarray(middle, cursor.position),
    timestamp: null,
    fault: null,
  };
}
