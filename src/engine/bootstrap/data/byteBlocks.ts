import { throwIfAborted } from '../../bytes/engineError';
import { type ByteSource, readInto } from '../../storage/byteSource';
import { notUtf8 } from './textBlocks';

/** Bytes that are taken apart at once, about. */
const BLOCK = 128 * 1024;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** `[start, end)` of some bytes, which begin at `at` in the file. */
export interface ByteBlock {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly at: number;
  readonly isLast: boolean;
}

/**
 * The bytes `[from, to)` of a file, block after block with the rest of the one before in front of it; while one is looked at the
 * next is read. A byte order mark is left out.
 */
export async function* byteBlocks(
  source: ByteSource,
  from: number,
  to: number,
  restOf: () => Uint8Array,
  signal: AbortSignal | undefined,
  length = BLOCK,
): AsyncGenerator<ByteBlock> {
  const read = async (at: number, into: Spare | null, more: number): Promise<Spare & { filled: number }> => {
    const filled = Math.min(more, to - at);
    // The rest may be as long again by then.
    const spare = into !== null && into.bytes.length >= into.head + filled ? into : newSpare(length, filled);
    await readInto(source, spare.bytes.subarray(spare.head, spare.head + filled), at, signal);
    return { ...spare, filled };
  };
  let spare: Spare | null = null;
  let ahead: ReturnType<typeof read> | null = from < to ? read(from, null, length) : null;
  // Nobody may ever ask for it.
  ahead?.catch(() => {});
  for (let at = from; ahead !== null; ) {
    throwIfAborted(signal);
    let { bytes, head, filled } = await ahead;
    const rest = restOf();
    if (rest.length > head) {
      const wider = newSpare(rest.length, filled);
      wider.bytes.set(bytes.subarray(head, head + filled), wider.head);
      ({ bytes, head } = wider);
    }
    bytes.set(rest, head - rest.length);
    at += filled;
    const isLast = at >= to;
    // A record is looked at from its beginning each time: not before there is twice as much of it.
    ahead = isLast ? null : read(at, spare, Math.max(length, rest.length));
    ahead?.catch(() => {});
    spare = { bytes, head };
    const start = head - rest.length;
    const before = at - filled - rest.length;
    // Only what stands in front of the whole file is a mark.
    const mark = before === 0 && BYTE_ORDER_MARK.every((byte, i) => bytes[start + i] === byte) ? 3 : 0;
    yield { bytes, start: start + mark, end: head + filled, at: before + mark, isLast };
  }
}

/** Bytes to read into, from `head` on. */
interface Spare {
  readonly bytes: Uint8Array;
  readonly head: number;
}

const newSpare = (head: number, length: number): Spare => ({ bytes: new Uint8Array(head + length), head });

const decoder = new TextDecoder('utf-8', { fatal: true });

/** `BAD_VALUE` where lines, the first of which has this number, are not UTF-8. */
export function expectUtf8(bytes: Uint8Array, file: string, line: number, at: number): void {
  try {
    decoder.decode(bytes);
  } catch {
    throw notUtf8(file, bytes, line, at, true);
  }
}
