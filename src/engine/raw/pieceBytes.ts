import { EngineError, throwIfAborted } from '../bytes/engineError';
import type { ByteSource } from '../storage/byteSource';
import { RangeStream } from '../storage/byteStream';
import type { Stretch } from './channelState';

/** Largest piece that is decoded as a whole; larger ones can still be exported. */
const MAX_DECODED = 16 * 1024 * 1024;

/** The bytes of stretches of a file, one behind the other. */
export async function* readStretches(
  source: ByteSource,
  stretches: readonly Stretch[],
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (const { from, bytes } of stretches) {
    const stream = new RangeStream(source, from, from + bytes);
    for (let next = await stream.next(signal); next !== null; next = await stream.next(signal)) {
      throwIfAborted(signal);
      yield next;
    }
  }
}

export const lengthOf = (stretches: readonly Stretch[]): number => stretches.reduce((sum, { bytes }) => sum + bytes, 0);

/** All of them at once; `LIMIT` where they are too many for that. */
export async function wholeBytes(
  source: ByteSource,
  stretches: readonly Stretch[],
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const length = lengthOf(stretches);
  if (length > MAX_DECODED) {
    throw new EngineError('LIMIT', `State of ${length} bytes is not decoded, ${MAX_DECODED} at most are.`, {
      file: source.name,
      hint: 'Export it: its bytes are written as they are.',
    });
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for await (const part of readStretches(source, stretches, signal)) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
