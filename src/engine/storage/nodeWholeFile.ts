import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { EngineError } from '../bytes/engineError';

/** Files that were written by this thread: two at a time must not meet. */
let written = 0;

/**
 * Writes a file that is there whole or not at all: under another name beside it until everything is written. What is not a
 * regular file (`/dev/null`, a pipe) is written to as it is.
 */
export async function writeWhole(
  file: string,
  fill: (write: (text: string | Uint8Array) => Promise<void>) => Promise<void>,
) {
  const present = await stat(file).catch(() => null);
  const isSpecial = present !== null && !present.isFile();
  const target = isSpecial ? file : `${file}.${process.pid}-${++written}.partial`;
  let handle: FileHandle | undefined;
  try {
    handle = await open(target, isSpecial ? 'w' : 'wx');
    const opened = handle;
    await fill(async (text) => {
      await opened.appendFile(text);
    });
    if (!isSpecial) {
      await handle.sync();
      await handle.close();
      handle = undefined;
      await rename(target, file);
    }
  } catch (e) {
    if (!isSpecial) await rm(target, { force: true });
    if (e instanceof EngineError) throw e;
    throw new EngineError('IO', `The file cannot be written: ${e instanceof Error ? e.message : String(e)}`, {
      file,
      cause: e,
    });
  } finally {
    await handle?.close();
  }
}

export type WriteWhole = typeof writeWhole;
