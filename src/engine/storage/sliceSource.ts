import { EngineError } from '../bytes/engineError';
import { type ByteSource, readInto } from './byteSource';
import { baseOffsetOf, checkRange } from './memorySource';

/** A part of another source, as a segment of a merged checkpoint file is. Closing it leaves the other source open. */
export class SliceSource implements ByteSource {
  readonly name: string;
  readonly baseOffset: number;

  constructor(
    private readonly source: ByteSource,
    private readonly start: number,
    readonly size: number,
  ) {
    this.name = source.name;
    this.baseOffset = baseOffsetOf(source) + start;
    if (start < 0 || size < 0 || start + size > source.size) {
      throw new EngineError(
        'TRUNCATED',
        `A segment of ${size} bytes at ${start} does not lie in the file, which has ${source.size} bytes.`,
        { file: source.name, offset: start },
      );
    }
  }

  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    checkRange(this, offset, length);
    return this.source.read(this.start + offset, length, signal);
  }

  readInto(target: Uint8Array, offset: number, signal?: AbortSignal): Promise<void> {
    checkRange(this, offset, target.length);
    return readInto(this.source, target, this.start + offset, signal);
  }

  async close(): Promise<void> {}
}
