import type { Cursor } from '../bytes/cursor';
import { EngineError, throwIfAborted } from '../bytes/engineError';
import type { OperatorStateHandle } from '../metadata/model';
import type { ByteSource } from '../storage/byteSource';
import { RangeStream } from '../storage/byteStream';
import { SnappyFramedStream } from '../storage/snappyFramed';
import type { Codec } from '../types/codec';
import type { HeaderReader } from './openHeader';
import type { OperatorHeader } from './operatorHeader';
import {
  BATCH_SIZE,
  type Batch,
  isOfTheBytes,
  type PartState,
  type RawEntry,
  type Selection,
  type StatePart,
  unreadBecause,
} from './part';
import { operatorState } from './partState';
import { StreamWindow } from './streamWindow';

/**
 * Managed operator state. Behind the header lie the elements of the list states, and each broadcast state as
 * `int n, n x (key, value)`; the handle has the offset of every element and of every broadcast state. Where the state is
 * compressed, all of that is one stream in the Snappy framing format, and each offset is the beginning of a chunk.
 * Source: PartitionableListState, HeapBroadcastState, OperatorStateRestoreOperation.
 */
export async function openOperatorPart(
  handle: OperatorStateHandle,
  source: ByteSource,
  headers: HeaderReader,
  signal?: AbortSignal,
): Promise<StatePart> {
  const offsets = handle.states.flatMap((state) => state.offsets);
  const first = offsets.reduce((least, offset) => Math.min(least, offset), source.size);
  const { value: header } = await headers.readOperator(source, first, signal);
  return new OperatorPart(handle, source, header, offsets);
}

class OperatorPart implements StatePart {
  readonly backend = 'operator';
  readonly key = null;
  readonly states: readonly PartState[];
  /** All offsets, ascending: an element ends where the next begins. */
  private readonly ends: Float64Array;

  constructor(
    private readonly handle: OperatorStateHandle,
    private readonly source: ByteSource,
    private readonly header: OperatorHeader,
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
  private async *list(state: PartState, signal: AbortSignal | undefined): AsyncGenerator<Batch> {
    const offsets = this.offsetsOf(state).map((offset) => this.checked(offset));
    for (let from = 0; from < offsets.length; from += BATCH_SIZE) {
      throwIfAborted(signal);
      const stretch = offsets.slice(from, from + BATCH_SIZE);
      const entries: RawEntry[] = [];
      const bytes = this.header.compressed ? null : await this.stretch(stretch, signal);
      for (const [i, offset] of stretch.entries()) {
        const value =
          bytes === null
            ? await this.compressedElement(offset, signal)
            : bytes.subarray(offset - stretch[0], this.endOf(offset) - stretch[0]);
        entries.push(element(state, from + i, value));
      }
      yield { entries, unread: [] };
    }
  }

  /** The bytes from the first element to the end of the last, or null where the offsets do not ascend. */
  private async stretch(offsets: readonly number[], signal: AbortSignal | undefined): Promise<Uint8Array> {
    for (let i = 1; i < offsets.length; i++) {
      if (offsets[i] < offsets[i - 1]) {
        throw new EngineError('CORRUPT', `Offsets of elements do not ascend: ${offsets[i]} after ${offsets[i - 1]}.`, {
          file: this.source.name,
          offset: offsets[i],
        });
      }
    }
    const from = offsets[0];
    return this.source.read(from, this.endOf(offsets[offsets.length - 1]) - from, signal);
  }

  private async compressedElement(offset: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    const stream = new SnappyFramedStream(new RangeStream(this.source, offset, this.endOf(offset)));
    for (let next = await stream.next(signal); next !== null; next = await stream.next(signal)) pieces.push(next);
    return pieces.length === 1 ? pieces[0] : concatenate(pieces);
  }

  private async *broadcast(state: PartState, signal: AbortSignal | undefined): AsyncGenerator<Batch> {
    const { userKey, value } = state;
    const offset = this.offsetsOf(state)[0];
    if (offset === undefined) return;
    const from = this.checked(offset);
    const window = this.window(from, this.endOf(from), signal);
    if (userKey === null || value === null) {
      const why = new EngineError('UNREADABLE', 'The header names no serializers for it.');
      yield { entries: [], unread: [unreadBecause(state, -1, await window.skipRest(), why)] };
      return;
    }
    const count = await window.one((cursor) => cursor.i32());
    let done = 0;
    while (done < count) {
      const entries: RawEntry[] = [];
      try {
        await window.run((cursor) => {
          entries.push(broadcastEntry(state, userKey, value, cursor));
          return ++done < count && entries.length < BATCH_SIZE;
        });
      } catch (e) {
        if (!(e instanceof EngineError) || !isOfTheBytes(e)) throw e;
        yield { entries, unread: [unreadBecause(state, -1, await window.skipRest(), e)] };
        return;
      }
      yield { entries, unread: [] };
    }
  }
}

function element(state: PartState, index: number, value: Uint8Array): RawEntry {
  return {
    state,
    keyGroup: -1,
    index,
    key: null,
    namespace: null,
    userKey: null,
    value,
    timestamp: null,
    fault: null,
  };
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

function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
