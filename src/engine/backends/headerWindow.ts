import { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import type { ByteSource } from '../storage/byteSource';
import { baseOffsetOf } from '../storage/memorySource';
import { UnknownSerializer } from '../types/unknownSerializer';

/** First window of a header: most headers fit, and little more than the header is read. */
export const FIRST_WINDOW = 4096;
/** No header of a real job comes near this; a larger one is refused before it is read whole. */
export const MAX_HEADER = 64 * 1024 * 1024;

/** A value, and the exact bytes that it was read from. */
export interface Windowed<T> {
  value: T;
  bytes: Uint8Array;
}

export interface WindowRange {
  /** Offset of the first byte in the source. */
  from: number;
  /** Nothing from here on is read. */
  limit: number;
}

/**
 * Reads something whose length only reading it tells: `parse` is tried on a window from `from`, and again on a larger one
 * as long as it runs out of bytes, up to `limit`. `isWhole` tells the parser whether the window reaches `limit`.
 */
export async function readThroughWindow<T>(
  source: ByteSource,
  range: WindowRange,
  parse: (cursor: Cursor, isWhole: boolean) => T,
  signal?: AbortSignal,
  firstWindow = FIRST_WINDOW,
): Promise<Windowed<T>> {
  const { from } = range;
  const base = baseOffsetOf(source);
  const available = Math.min(range.limit, source.size) - from;
  let window = new Uint8Array(0);
  for (let wanted = firstWindow; ; wanted *= 2) {
    const size = Math.max(0, Math.min(wanted, available));
    if (size > MAX_HEADER) {
      throw new EngineError('LIMIT', `A header of more than ${MAX_HEADER} bytes is not read.`, {
        file: source.name,
        offset: base + from,
      });
    }
    window = await extend(source, window, from, size, signal);
    const isWhole = size === Math.max(0, available);
    const cursor = new Cursor(window, { file: source.name, offset: base + from });
    try {
      const value = parse(cursor, isWhole);
      return { value, bytes: window.subarray(0, cursor.position) };
    } catch (e) {
      if (isWhole || !wantsMore(e)) throw e;
    }
  }
}

/** A parser ran out of its window, or met something whose length only the end of the whole tells. */
function wantsMore(e: unknown): boolean {
  return e instanceof UnknownSerializer || (e instanceof EngineError && e.code === 'TRUNCATED');
}

/** The window with the bytes behind it: what was read once is not read again. */
async function extend(
  source: ByteSource,
  window: Uint8Array,
  from: number,
  size: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const grown = new Uint8Array(size);
  grown.set(window);
  grown.set(await source.read(from + window.length, size - window.length, signal), window.length);
  return grown;
}
