import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import * as path from 'node:path';
import { EngineError } from '../bytes/engineError';
import { writeAll } from './nodeWriteAll';
import { guarded } from './nodeWriteError';
import type { ScratchFile } from './scratchFile';

/**
 * Opens a new file in a folder for scratch. It has no name any more as soon as it is open: nothing is left of it when the process
 * ends, however it ends. (Where a system does not unlink what is open, it is unlinked when it is closed.)
 */
export async function openScratchFile(folder: string): Promise<ScratchFile> {
  const file = path.join(folder, `scratch-${process.pid}-${randomBytes(8).toString('hex')}`);
  await guarded(folder, () => mkdir(folder, { recursive: true }));
  const handle = await guarded(file, () => open(file, 'wx+'));
  const isUnlinked = await unlink(file).then(
    () => true,
    () => false,
  );
  return new NodeScratchFile(file, handle, isUnlinked);
}

class NodeScratchFile implements ScratchFile {
  size = 0;

  constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
    private readonly isUnlinked: boolean,
  ) {}

  async append(bytes: Uint8Array): Promise<number> {
    const from = this.size;
    this.size += bytes.length;
    await writeAll(this.file, this.handle, bytes, from);
    return from;
  }

  async read(from: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await this.handle.read(bytes, done, length - done, from + done);
      if (bytesRead === 0) throw new EngineError('INTERNAL', `The scratch file ends at ${from + done}.`);
      done += bytesRead;
    }
    return bytes;
  }

  async close(): Promise<void> {
    await this.handle.close();
    if (!this.isUnlinked) await unlink(this.file).catch(() => undefined);
  }
}
