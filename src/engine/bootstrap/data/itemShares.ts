import { throwIfAborted } from '../../bytes/engineError';
import type { ByteSource } from '../../storage/byteSource';
import { RangeStream } from '../../storage/byteStream';
import type { DataShare } from './dataSource';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Of what opens and closes arrays and objects, the bits in which the two kinds do not differ. */
const KIND = 0x20;
const OPEN = 0x5b;
const CLOSE = 0x5d;

/**
 * Shares of a JSON array: each but the first begins with an item. What is no JSON gives shares all the same, in one of which it
 * is found.
 */
export async function itemShares(source: ByteSource, bytes: number, signal?: AbortSignal): Promise<DataShare[]> {
  const shares: DataShare[] = [];
  const stream = new RangeStream(source, 0, source.size);
  let from = 0;
  let at = 0;
  let depth = 0;
  let isInString = false;
  let isEscaped = false;
  for (let block = await stream.next(signal); block !== null; block = await stream.next(signal)) {
    throwIfAborted(signal);
    for (let i = 0; i < block.length; i++) {
      const byte = block[i];
      if (isInString) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) isInString = false;
      } else if (byte === QUOTE) isInString = true;
      else if ((byte & ~KIND) === OPEN) {
        // The array itself is open then.
        if (depth === 1 && at + i - from >= bytes) {
          shares.push({ from, to: at + i });
          from = at + i;
        }
        depth++;
      } else if ((byte & ~KIND) === CLOSE) depth--;
    }
    at += block.length;
  }
  if (from < source.size) shares.push({ from, to: source.size });
  return shares;
}
