import { joinBytes } from '../bytes/byteStrings';
import { Cursor } from '../bytes/cursor';
import { EngineError, throwIfAborted } from '../bytes/engineError';
import { rememberPlace } from '../storage/bytePlaces';
import type { ByteStream } from '../storage/byteStream';

/** Largest stretch that must be in memory at once: one entry. */
const MAX_WINDOW = 512 * 1024 * 1024;

/**
 * A cursor that moves along a stream. Parsing is synchronous inside the window; what runs out of it is tried again on a
 * larger one, so that a loop over entries has no `await` of its own.
 */
export class StreamWindow {
  cursor: Cursor;
  private ended = false;

  constructor(
    private readonly stream: ByteStream,
    private readonly signal?: AbortSignal,
  ) {
    this.cursor = new Cursor(new Uint8Array(0), { file: stream.name, offset: stream.offset });
    this.cursor.moreFollows = true;
  }

  /**
   * Calls `parse` again and again until it returns false. A call that fails for want of bytes is repeated from where it
   * began: it must change nothing but the cursor before it has succeeded.
   */
  async run(parse: (cursor: Cursor) => boolean): Promise<void> {
    throwIfAborted(this.signal);
    for (;;) {
      const { cursor } = this;
      let mark = cursor.position;
      try {
        while (parse(cursor)) mark = cursor.position;
        return;
      } catch (e) {
        if (!(e instanceof EngineError)) throw e;
        cursor.position = mark;
        if (e.code !== 'TRUNCATED' || !cursor.moreFollows) throw e;
        // Where nothing follows, the next try says what is missing, and where.
        if (!(await this.more())) cursor.moreFollows = false;
      }
    }
  }

  /** One value. */
  async one<T>(parse: (cursor: Cursor) => T): Promise<T> {
    let result: { value: T } | undefined;
    await this.run((cursor) => {
      result = { value: parse(cursor) };
      return false;
    });
    if (result === undefined) throw new EngineError('INTERNAL', 'Internal error: nothing was parsed.');
    return result.value;
  }

  /** Whether the stream ends here. */
  async atEnd(): Promise<boolean> {
    return this.cursor.atEnd && !(await this.more());
  }

  /** Steps over `length` bytes. */
  async skip(length: number): Promise<void> {
    for (let left = length; left > 0; ) {
      await this.one((cursor) => cursor.need(1));
      const step = Math.min(left, this.cursor.remaining);
      this.cursor.position += step;
      left -= step;
    }
  }

  /** Bytes from here to the end of the stream, which are read and dropped. */
  async skipRest(): Promise<number> {
    let skipped = this.cursor.remaining;
    this.cursor.position = this.cursor.end;
    for (let next = await this.stream.next(this.signal); next !== null; next = await this.stream.next(this.signal)) {
      throwIfAborted(this.signal);
      skipped += next.length;
    }
    this.ended = true;
    return skipped;
  }

  private remember(bytes: Uint8Array, offset: number): void {
    const { name, packed } = this.stream;
    if (packed === undefined) rememberPlace(bytes, name, offset);
    else rememberPlace(bytes, packed.file, packed.offset, offset - packed.offset);
  }

  /** Makes the window larger, at least twice what is unread; false at the end of the stream. */
  private async more(): Promise<boolean> {
    if (this.ended) return false;
    const { cursor } = this;
    const rest = cursor.bytes.subarray(cursor.position, cursor.end);
    if (rest.length > MAX_WINDOW) {
      throw cursor.error('LIMIT', `An entry of more than ${MAX_WINDOW} bytes is not read.`);
    }
    const pieces: Uint8Array[] = [rest];
    let size = rest.length;
    do {
      const next = await this.stream.next(this.signal);
      if (next === null) {
        this.ended = true;
        break;
      }
      pieces.push(next);
      size += next.length;
    } while (size < rest.length * 2);
    if (size === rest.length) return false;
    const bytes = this.joined(pieces, size);
    this.remember(bytes, cursor.offset);
    this.cursor = new Cursor(bytes, { file: this.stream.name, offset: cursor.offset });
    this.cursor.moreFollows = !this.ended;
    return true;
  }

  /** What is left of the window is mostly little, and has room in front of what follows it. */
  private joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
    const [rest, next] = pieces;
    if (pieces.length === 2 && rest.length <= (this.stream.headroom ?? 0)) {
      const bytes = new Uint8Array(next.buffer, next.byteOffset - rest.length, size);
      bytes.set(rest);
      return bytes;
    }
    return joinBytes(pieces);
  }
}
