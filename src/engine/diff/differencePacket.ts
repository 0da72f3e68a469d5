import { Cursor } from '../bytes/cursor';
import { Sink } from '../bytes/sink';
import type { DifferenceKind, RawDifference } from './difference';

/** A packet is sent when it has so many bytes. */
const FULL = 256 * 1024;
const KINDS: readonly DifferenceKind[] = ['added', 'removed', 'changed'];

/**
 * Differences as bytes, one behind the other, for other threads and for files:
 * `int state, byte kind, short key group, int times`, then key, namespace, map key, before and after, each `int length` (-1 where it
 * is not there) and its bytes.
 */
export class DifferencePacket {
  count = 0;
  private readonly sink = new Sink(FULL);

  get isFull(): boolean {
    return this.sink.position >= FULL;
  }

  add({ state, what, keyGroup, times, key, namespace, mapKey, before, after }: RawDifference): void {
    const { sink } = this;
    sink.i32(state);
    sink.u8(KINDS.indexOf(what));
    sink.i16(keyGroup);
    sink.i32(times);
    for (const part of [key, namespace, mapKey, before, after]) {
      if (part === null) sink.i32(-1);
      else sink.bytes4(part);
    }
    this.count++;
  }

  /** The bytes, in a buffer of their own, and an empty packet. */
  take(): Uint8Array {
    const bytes = this.sink.toBytes();
    this.sink.clear();
    this.count = 0;
    return bytes;
  }
}

/** All but the values, of which there may be more than anybody wants in memory. What the bytes do not reach is not there. */
export function readWithoutValues(cursor: Cursor): RawDifference {
  return readParts(cursor, (length) => (length <= cursor.remaining ? cursor.take(length) : null), false);
}

/** What lies at the cursor: views of its bytes. */
export function readDifference(cursor: Cursor): RawDifference {
  return readParts(cursor, (length, name) => cursor.take(length, name), true);
}

function readParts(
  cursor: Cursor,
  take: (length: number, name: string) => Uint8Array | null,
  hasValues: boolean,
): RawDifference {
  const state = cursor.i32();
  const what = KINDS[cursor.u8()] ?? 'changed';
  const keyGroup = cursor.i16();
  const times = cursor.i32();
  let isCut = false;
  const part = (name: string): Uint8Array | null => {
    if (isCut) return null;
    const length = cursor.i32();
    if (length < 0) return null;
    const taken = take(length, name);
    isCut = taken === null;
    return taken;
  };
  return {
    state,
    what,
    keyGroup,
    times,
    key: part('key'),
    namespace: part('namespace'),
    mapKey: part('map key'),
    before: hasValues ? part('before') : null,
    after: hasValues ? part('after') : null,
  };
}

/** All of a packet, each with the place where it begins and ends in it. */
export function* readPacket(bytes: Uint8Array): Generator<{ difference: RawDifference; from: number; to: number }> {
  const cursor = new Cursor(bytes);
  while (!cursor.atEnd) {
    const from = cursor.position;
    const difference = readDifference(cursor);
    yield { difference, from, to: cursor.position };
  }
}
