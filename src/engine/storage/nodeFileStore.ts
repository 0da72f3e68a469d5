import { constants } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { EngineError, throwIfAborted } from '../bytes/engineError';
import type { ByteSource, FileStatus, FileStore } from './byteSource';
import { checkRange } from './memorySource';

/** The local disk. Files are opened read-only. */
export const nodeFileStore: FileStore = {
  async status(file: string): Promise<FileStatus> {
    try {
      const s = await stat(file, { bigint: true });
      if (!s.isFile()) return { kind: s.isDirectory() ? 'folder' : 'unreadable', size: 0 };
      return { kind: 'file', size: Number(s.size), stamp: [s.dev, s.ino, s.size, s.mtimeNs].join(' ') };
    } catch (e) {
      return { kind: isMissing(e) ? 'missing' : 'unreadable', size: 0 };
    }
  },

  async open(file: string): Promise<ByteSource> {
    let handle: FileHandle | undefined;
    try {
      // A FIFO would block a plain open until somebody writes to it.
      handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
      const s = await handle.stat();
      if (!s.isFile()) throw new EngineError('NOT_A_FILE', 'This is not a regular file.', { file });
      return new NodeFileSource(file, s.size, handle);
    } catch (e) {
      await handle?.close();
      throw asFileError(e, file);
    }
  },

  async list(folder: string) {
    try {
      const found = await readdir(folder, { withFileTypes: true });
      return found.map(
        (f) => ({ name: f.name, kind: f.isFile() ? 'file' : f.isDirectory() ? 'folder' : 'other' }) as const,
      );
    } catch (e) {
      throw asFileError(e, folder);
    }
  },

  join: (...parts: string[]) => path.join(...parts),
  // The parent of `.` is `..`, and it has a name.
  parent: (file: string) => path.join(file, '..'),
  baseName: (file: string) => path.basename(path.resolve(file)),
  isAbsolute: (file: string) => path.isAbsolute(file),
};

class NodeFileSource implements ByteSource {
  constructor(
    readonly name: string,
    readonly size: number,
    private readonly handle: FileHandle,
  ) {}

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    // Checked before anything of that length is allocated.
    checkRange(this, offset, length);
    const buffer = new Uint8Array(length);
    await this.readInto(buffer, offset, signal);
    return buffer;
  }

  async readInto(buffer: Uint8Array, offset: number, signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    const { length } = buffer;
    checkRange(this, offset, length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await this.handle.read(buffer, done, length - done, offset + done).catch((e: unknown) => {
        throw asFileError(e, this.name);
      });
      if (bytesRead === 0) {
        throw new EngineError('FILE_CHANGED', `The file became shorter while it was read: it had ${this.size} bytes.`, {
          file: this.name,
          offset: offset + done,
        });
      }
      done += bytesRead;
      throwIfAborted(signal);
    }
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

const codeOf = (e: unknown): string | undefined => (e as NodeJS.ErrnoException | undefined)?.code;
const isMissing = (e: unknown): boolean => codeOf(e) === 'ENOENT' || codeOf(e) === 'ENOTDIR';

/** An operating system's error in words for people. */
function asFileError(e: unknown, file: string): EngineError {
  if (e instanceof EngineError) return e;
  const code = codeOf(e);
  if (isMissing(e)) return new EngineError('FILE_NOT_FOUND', 'There is no such file.', { file, cause: e });
  if (code === 'EACCES' || code === 'EPERM') {
    const hint = 'Ask for read permission, or copy the snapshot to a folder of your own.';
    return new EngineError('NO_PERMISSION', 'You have no permission to read this file.', { file, hint, cause: e });
  }
  if (code === 'EISDIR') return new EngineError('NOT_A_FILE', 'This is a folder, not a file.', { file, cause: e });
  return new EngineError('IO', `The file cannot be read: ${e instanceof Error ? e.message : String(e)}`, {
    file,
    cause: e,
  });
}
