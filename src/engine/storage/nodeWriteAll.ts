import type { FileHandle } from 'node:fs/promises';
import { guarded } from './nodeWriteError';

/** Writes all of the bytes, however few the system takes at once; `position` null: behind what was written last. */
export async function writeAll(
  file: string,
  handle: FileHandle,
  bytes: Uint8Array,
  position: number | null,
): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const at = position === null ? null : position + done;
    const { bytesWritten } = await guarded(file, () => handle.write(bytes, done, bytes.length - done, at));
    done += bytesWritten;
  }
}
