import { EngineError, throwIfAborted } from '../bytes/engineError';
import { type ByteSource, readInto } from '../storage/byteSource';

const BLOCK = 512 * 1024;
const WORD = 4;

/** Fails with `CHECKSUM` where so many bytes of the two, from these places on, are not the same. */
export async function compareRanges(
  origin: ByteSource,
  originFrom: number,
  copy: ByteSource,
  copyFrom: number,
  length: number,
  signal?: AbortSignal,
): Promise<void> {
  const [left, right] = [new Uint8Array(Math.min(BLOCK, length)), new Uint8Array(Math.min(BLOCK, length))];
  for (let at = 0; at < length; at += BLOCK) {
    throwIfAborted(signal);
    const size = Math.min(BLOCK, length - at);
    const [a, b] = [left.subarray(0, size), right.subarray(0, size)];
    await Promise.all([readInto(origin, a, originFrom + at, signal), readInto(copy, b, copyFrom + at, signal)]);
    const differs = firstDifference(a, b);
    if (differs < 0) continue;
    throw new EngineError('CHECKSUM', 'What was carried over is not the same as its origin.', {
      file: copy.name,
      offset: copyFrom + at + differs,
      hint: 'The disk, or another program, changed it. Remove the new snapshot and write it again.',
    });
  }
}

/** Index of the first byte in which two strings of the same length differ, or -1. Both begin where their buffers do. */
function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const words = Math.floor(a.length / WORD);
  const x = new Int32Array(a.buffer, a.byteOffset, words);
  const y = new Int32Array(b.buffer, b.byteOffset, words);
  let i = 0;
  while (i < words && x[i] === y[i]) i++;
  i *= WORD;
  while (i < a.length && a[i] === b[i]) i++;
  return i < a.length ? i : -1;
}
