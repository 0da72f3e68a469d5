import { throwIfAborted } from '../../bytes/engineError';
import type { ByteSource } from '../../storage/byteSource';
import { RangeStream } from '../../storage/byteStream';
import type { DataShare } from './dataSource';

const LINE_FEED = 0x0a;
/** Bytes that are read at once to find the end of a line. */
const WINDOW = 64 * 1024;

/** Shares of a text that begin with a line; lines of any length stay whole. */
export async function lineShares(source: ByteSource, bytes: number, signal?: AbortSignal): Promise<DataShare[]> {
  const shares: DataShare[] = [];
  for (let from = 0; from < source.size; ) {
    throwIfAborted(signal);
    const to = await endOfLine(source, Math.min(from + bytes, source.size), signal);
    shares.push({ from, to });
    from = to;
  }
  return shares;
}

async function endOfLine(source: ByteSource, from: number, signal: AbortSignal | undefined): Promise<number> {
  for (let at = from; at < source.size; at += WINDOW) {
    const window = await source.read(at, Math.min(WINDOW, source.size - at), signal);
    const end = window.indexOf(LINE_FEED);
    if (end >= 0) return at + end + 1;
  }
  return source.size;
}

/**
 * The same where a line that ends between two quotes goes on: whether a place is between quotes is told by their number in front
 * of it, as long as every quote is where RFC 4180 allows one.
 */
export async function quotedLineShares(
  source: ByteSource,
  quote: number,
  bytes: number,
  signal?: AbortSignal,
): Promise<DataShare[]> {
  const shares: DataShare[] = [];
  const stream = new RangeStream(source, 0, source.size);
  let at = 0;
  let isQuoted = false;
  for (let block = await stream.next(signal); block !== null; block = await stream.next(signal)) {
    throwIfAborted(signal);
    isQuoted = cut(block, at, quote, isQuoted, bytes, shares);
    at += block.length;
  }
  const from = shares.at(-1)?.to ?? 0;
  if (from < source.size) shares.push({ from, to: source.size });
  return shares;
}

/** Adds the shares that end in a block, which begins at `at`; gives whether its end is between quotes. */
function cut(
  block: Uint8Array,
  at: number,
  quote: number,
  startsQuoted: boolean,
  bytes: number,
  shares: DataShare[],
): boolean {
  let isQuoted = startsQuoted;
  let from = shares.at(-1)?.to ?? 0;
  // Before this place no share ends, so that there quotes alone count.
  const first = Math.min(block.length, Math.max(0, from + bytes - 1 - at));
  let quotes = 0;
  for (let i = 0; i < first; i++) if (block[i] === quote) quotes++;
  if (quotes % 2 === 1) isQuoted = !isQuoted;
  for (let i = first; i < block.length; i++) {
    const byte = block[i];
    if (byte === quote) isQuoted = !isQuoted;
    else if (byte === LINE_FEED && !isQuoted && at + i + 1 - from >= bytes) {
      shares.push({ from, to: at + i + 1 });
      from = at + i + 1;
    }
  }
  return isQuoted;
}
