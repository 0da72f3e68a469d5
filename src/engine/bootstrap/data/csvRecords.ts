import { EngineError, throwIfAborted } from '../../bytes/engineError';
import { type ByteSource, readInto } from '../../storage/byteSource';
import { CsvFields, type CsvMarks } from './csvFields';
import type { DataShare } from './dataSource';
import { LONGEST_ROW, notUtf8 } from './textBlocks';

/** Bytes that are taken apart at once, about. */
const BLOCK = 128 * 1024;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * The records of a file or a share of it, some at a time, which are good until the next are asked for; a byte order mark is left
 * out. `BAD_VALUE` at bytes that are not UTF-8.
 */
export async function* csvRecords(
  source: ByteSource,
  marks: CsvMarks,
  signal?: AbortSignal,
  { from, to }: DataShare = { from: 0, to: source.size },
  block = BLOCK,
): AsyncGenerator<CsvFields> {
  const records = new CsvFields(source.name, marks);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest: Uint8Array = new Uint8Array(0);
  let line = 1;
  for await (const { bytes, start, end, at, isLast } of blocks(source, from, to, () => rest, block, signal)) {
    // Only what stands in front of the whole file is a mark.
    const first = at === 0 && BYTE_ORDER_MARK.every((byte, i) => bytes[start + i] === byte) ? start + 3 : start;
    const next = records.split(bytes, first, end, isLast);
    if (!records.isAscii) expectUtf8(decoder, bytes.subarray(first, next), source.name, line, at + first - start);
    line = records.line;
    if (records.count > 0) yield records;
    rest = bytes.subarray(next, end);
    if (rest.length <= LONGEST_ROW) continue;
    throw new EngineError('LIMIT', `A row is longer than ${LONGEST_ROW} bytes.`, {
      file: source.name,
      where: `line ${line}`,
      hint: `Perhaps a ${marks.quote} is not closed.`,
    });
  }
}

/** `[start, end)` of some bytes, which begin at `at` in the file. */
interface Block {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly at: number;
  readonly isLast: boolean;
}

/** Block after block with the rest of the one before in front of it; while one is looked at the next is read. */
async function* blocks(
  source: ByteSource,
  from: number,
  to: number,
  restOf: () => Uint8Array,
  length: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Block> {
  const read = async (at: number, into: Spare | null, more: number): Promise<Spare & { filled: number }> => {
    const filled = Math.min(more, to - at);
    // The rest may be as long again by then.
    const spare = into !== null && into.bytes.length >= into.head + filled ? into : newSpare(length, filled);
    await readInto(source, spare.bytes.subarray(spare.head, spare.head + filled), at, signal);
    return { ...spare, filled };
  };
  let spare: Spare | null = null;
  let ahead: ReturnType<typeof read> | null = from < to ? read(from, null, length) : null;
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
    // Nobody may ever ask for it.
    ahead?.catch(() => {});
    spare = { bytes, head };
    yield { bytes, start: head - rest.length, end: head + filled, at: at - filled - rest.length, isLast };
  }
}

/** Bytes to read into, from `head` on. */
interface Spare {
  readonly bytes: Uint8Array;
  readonly head: number;
}

const newSpare = (head: number, length: number): Spare => ({ bytes: new Uint8Array(head + length), head });

function expectUtf8(
  decoder: InstanceType<typeof TextDecoder>,
  bytes: Uint8Array,
  file: string,
  line: number,
  at: number,
): void {
  try {
    decoder.decode(bytes);
  } catch {
    throw notUtf8(file, bytes, line, at, true);
  }
}
