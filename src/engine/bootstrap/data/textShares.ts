import { throwIfAborted } from '../../bytes/engineError';
import type { ByteSource } from '../../storage/byteSource';
import type { DataShare } from './dataSource';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** Bytes that are read at once to find the end of a line. */
const WINDOW = 64 * 1024;

/** Shares of a text that begin with a line; lines of any length stay whole. */
export function lineShares(source: ByteSource, bytes: number, signal?: AbortSignal): Promise<DataShare[]> {
  return shares(source, bytes, () => new LineEnds(), signal);
}

/** Bytes of CSV: its quote, and the first and the last of what stands between two fields. */
export interface QuoteBytes {
  readonly quote: number;
  readonly delimiterFirst: number;
  readonly delimiterLast: number;
}

/**
 * The same where a line that ends between two quotes goes on. Whether a place is between quotes is told by what stands beside the
 * quotes behind it, as long as these are where RFC 4180 allows them; where nothing tells it, it is taken to be outside. A share
 * that is cut wrong ends with a quote that is not closed.
 */
export function quotedLineShares(
  source: ByteSource,
  marks: QuoteBytes,
  bytes: number,
  signal?: AbortSignal,
): Promise<DataShare[]> {
  return shares(source, bytes, () => new RecordEnds(marks), signal);
}

/** Finds the first end of a line in bytes that come window after window. */
interface EndFinder {
  /** The place of the line feed; negative where there is none. */
  find(window: Uint8Array): number;
}

async function shares(
  source: ByteSource,
  bytes: number,
  finder: () => EndFinder,
  signal: AbortSignal | undefined,
): Promise<DataShare[]> {
  const found: DataShare[] = [];
  for (let from = 0; from < source.size; ) {
    throwIfAborted(signal);
    const to = await endOfLine(source, Math.min(from + bytes, source.size), finder(), signal);
    found.push({ from, to });
    from = to;
  }
  return found;
}

async function endOfLine(
  source: ByteSource,
  from: number,
  finder: EndFinder,
  signal: AbortSignal | undefined,
): Promise<number> {
  for (let at = from; at < source.size; at += WINDOW) {
    const window = await source.read(at, Math.min(WINDOW, source.size - at), signal);
    const end = finder.find(window);
    if (end >= 0) return at + end + 1;
  }
  return source.size;
}

class LineEnds implements EndFinder {
  find(window: Uint8Array): number {
    return window.indexOf(LINE_FEED);
  }
}

class RecordEnds implements EndFinder {
  /** Null until a window was looked at. */
  private isQuoted: boolean | null = null;

  constructor(private readonly marks: QuoteBytes) {}

  find(window: Uint8Array): number {
    let isQuoted = this.isQuoted ?? this.startsQuoted(window);
    for (let i = 0; i < window.length; i++) {
      if (window[i] === this.marks.quote) isQuoted = !isQuoted;
      else if (window[i] === LINE_FEED && !isQuoted) return i;
    }
    this.isQuoted = isQuoted;
    return -1;
  }

  /** Quotes open and close in turn: the first that can be only one of the two tells which of them the others are. */
  private startsQuoted(window: Uint8Array): boolean {
    const { quote, delimiterFirst, delimiterLast } = this.marks;
    let isOdd = false;
    for (let i = 0; i < window.length; i++) {
      if (window[i] !== quote) continue;
      const [before, behind] = [i > 0 ? window[i - 1] : quote, i + 1 < window.length ? window[i + 1] : quote];
      const canOpen = before === delimiterLast || before === LINE_FEED || before === quote;
      const canClose =
        behind === delimiterFirst || behind === LINE_FEED || behind === CARRIAGE_RETURN || behind === quote;
      if (canOpen !== canClose) return canClose !== isOdd;
      isOdd = !isOdd;
    }
    return false;
  }
}
