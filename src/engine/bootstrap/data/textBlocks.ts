import { EngineError, throwIfAborted } from '../../bytes/engineError';
import type { ByteSource } from '../../storage/byteSource';
import { RangeStream } from '../../storage/byteStream';
import type { DataShare } from './dataSource';

/** Longest row of text, in UTF-16 units: a file without line ends must not fill the memory. */
export const LONGEST_ROW = 64 * 1024 * 1024;

/** Characters that are given at once. */
const STRETCH = 64 * 1024;

/** The text of a file in UTF-8, block after block; a byte order mark is left out. `BAD_VALUE` at bytes that are not UTF-8. */
export async function* textBlocks(
  source: ByteSource,
  signal?: AbortSignal,
  { from, to }: DataShare = { from: 0, to: source.size },
): AsyncGenerator<string> {
  const stream = new RangeStream(source, from, to);
  // Only what stands in front of the whole file is a mark.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: from > 0 });
  let line = 1;
  let at = from;
  for (let bytes = await stream.next(signal); ; bytes = await stream.next(signal)) {
    throwIfAborted(signal);
    let text: string;
    try {
      text = bytes === null ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch {
      throw notUtf8(source.name, bytes ?? new Uint8Array(0), line, at);
    }
    // In stretches: rows are held until theirs is done.
    for (let i = 0; i < text.length; i += STRETCH) yield text.slice(i, i + STRETCH);
    if (bytes === null) return;
    for (let i = bytes.indexOf(0x0a); i >= 0; i = bytes.indexOf(0x0a, i + 1)) line++;
    at += bytes.length;
  }
}

/**
 * The line in which a block stops being UTF-8; a character may have begun in the block before, or end in the next one, unless
 * the block is whole lines.
 */
export function notUtf8(file: string, bytes: Uint8Array, firstLine: number, at: number, isLines = false): EngineError {
  let line = firstLine;
  for (let from = 0; from < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, from);
    const to = end < 0 ? bytes.length : end + 1;
    // The first line may begin, and the last one end, inside a character.
    const isWhole = isLines || (from > 0 && end >= 0);
    if (isWhole && !isUtf8(bytes.subarray(from, to))) break;
    if (end < 0) break;
    from = to;
  }
  return new EngineError('BAD_VALUE', `The file is not UTF-8: line ${line} or near it has other bytes.`, {
    file,
    offset: at,
    where: `line ${line}`,
    hint: 'Save it as UTF-8.',
  });
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
