import { EngineError, throwIfAborted } from '../bytes/engineError';
import type { ByteSource } from './byteSource';

/** A source over bytes that are already in memory: state that is inlined in `_metadata`. */
export class MemorySource implements ByteSource {
  readonly size: number;

  constructor(
    readonly name: string,
    private readonly bytes: Uint8Array,
    /** Offset in `name` of the first byte, for inlined state. */
    readonly baseOffset = 0,
  ) {
    this.size = bytes.length;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    throwIfAborted(signal);
    checkRange(this, offset, length);
    // Not `slice`, which gives a view where the bytes are a Node Buffer.
    return new Uint8Array(this.bytes.subarray(offset, offset + length));
  }

  async close(): Promise<void> {}
}

/** Fails with `TRUNCATED` when `[offset, offset + length)` does not lie in the source. */
export function checkRange(source: ByteSource, offset: number, length: number): void {
  if (offset < 0 || length < 0 || offset + length > source.size) {
    throw new EngineError(
      'TRUNCATED',
      `The file ends too early: ${length} bytes wanted at ${offset}, but it has ${source.size} bytes.`,
      { file: source.name, offset },
    );
  }
}

/** Offset in the file of its name that a source's first byte has. */
export function baseOffsetOf(source: ByteSource): number {
  return source.baseOffset ?? 0;
}
