import type { Cursor } from '../bytes/cursor';
import type { Sink } from '../bytes/sink';
import { MAX_MAX_PARALLELISM } from '../keyGroups';

/** A `long` that is an offset or a size, or -1 where Flink has none. */
export function readSizeOrNone(cursor: Cursor, what: string): number {
  const at = cursor.offset;
  const v = cursor.i64();
  if (v < -1n || v > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw cursor.corrupt(`${what} is ${v}, which no file can have.`, at);
  }
  return Number(v);
}

/** `count` longs that are offsets (or -1), after the count was checked against what is left. */
export function readOffsets(cursor: Cursor, count: number, what: string): number[] {
  cursor.need(count * 8, `list of ${count} offsets`);
  const offsets: number[] = new Array(count);
  for (let i = 0; i < count; i++) offsets[i] = readSizeOrNone(cursor, what);
  return offsets;
}

/** `int` count, then as many longs. */
export function readCountedOffsets(cursor: Cursor, what: string): number[] {
  return readOffsets(cursor, cursor.count(`offsets of ${what}`, 8), `Offset of ${what}`);
}

export function writeOffsets(sink: Sink, offsets: number[]): void {
  for (const offset of offsets) sink.i64(offset);
}

export function writeCountedOffsets(sink: Sink, offsets: number[]): void {
  sink.i32(offsets.length);
  writeOffsets(sink, offsets);
}

/**
 * `int` first key group, `int` number of key groups. The bounds are checked because whoever reads the handle loops over
 * them.
 */
export function readKeyGroupRange(cursor: Cursor): { start: number; count: number } {
  const at = cursor.offset;
  const start = cursor.i32();
  const count = cursor.i32();
  if (start < 0 || count < 0 || start + count > MAX_MAX_PARALLELISM) {
    throw cursor.corrupt(
      `${count} key groups from ${start} on do not lie between 0 and ${MAX_MAX_PARALLELISM}, Flink's largest max parallelism.`,
      at,
    );
  }
  return { start, count };
}

/** `int` count, then as many items of at least `minimumBytes` each. */
export function readList<T>(cursor: Cursor, what: string, minimumBytes: number, read: () => T): T[] {
  const count = cursor.count(what, minimumBytes);
  const items: T[] = [];
  for (let i = 0; i < count; i++) items.push(read());
  return items;
}

export function writeList<T>(sink: Sink, items: readonly T[], write: (item: T) => void): void {
  sink.i32(items.length);
  for (const item of items) write(item);
}
