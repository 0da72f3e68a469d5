import { EngineError } from '../bytes/engineError';
import { type ByteSource, type FileStore, readInto } from './byteSource';

/** Files that are open at once. A snapshot may have thousands, and an operating system's limit may be 256 for a process. */
const DEFAULT_LIMIT = 64;

interface OpenFile {
  source: Promise<ByteSource>;
  readers: number;
}

/**
 * Opens files when they are first read, shares each among its readers, and closes those longest unused when there would be
 * too many. A file that was closed and is read again must still have its size, else `FILE_CHANGED`.
 */
export class FilePool {
  /** By path, the longest unused first. */
  private readonly files = new Map<string, OpenFile>();
  /** Files that are being closed, and so are still open. */
  private closing = 0;
  private waiting: (() => void)[] = [];
  private closed = false;

  constructor(
    private readonly store: FileStore,
    private readonly limit = DEFAULT_LIMIT,
  ) {}

  /** Number of files that are open now. */
  get open(): number {
    return this.files.size;
  }

  /** A source over a file that has `size` bytes. Closing it is not needed and does nothing: the pool owns the file. */
  source(path: string, size: number): ByteSource {
    return {
      name: path,
      size,
      read: (offset, length, signal) => this.use(path, size, (file) => file.read(offset, length, signal)),
      readInto: (target, offset, signal) => this.use(path, size, (file) => readInto(file, target, offset, signal)),
      close: async () => {},
    };
  }

  /** Closes every file; what is being read fails or comes to its end first. */
  async close(): Promise<void> {
    this.closed = true;
    const files = [...this.files.values()];
    this.files.clear();
    this.wake();
    await Promise.all(files.map(closeFile));
  }

  private async use<T>(path: string, size: number, read: (file: ByteSource) => Promise<T>): Promise<T> {
    const file = await this.acquire(path);
    try {
      const source = await file.source;
      if (source.size !== size) {
        throw new EngineError(
          'FILE_CHANGED',
          `The file had ${size} bytes when it was found, and has ${source.size} now.`,
          {
            file: path,
            hint: 'Open the snapshot again.',
          },
        );
      }
      return await read(source);
    } finally {
      file.readers--;
      this.wake();
    }
  }

  private async acquire(path: string): Promise<OpenFile> {
    for (;;) {
      if (this.closed) throw new EngineError('CANCELLED', 'The snapshot was closed.', { file: path });
      const known = this.files.get(path);
      if (known === undefined && this.files.size + this.closing >= this.limit) {
        await this.room();
        continue;
      }
      const file = known ?? this.openFile(path);
      this.files.delete(path);
      this.files.set(path, file);
      file.readers++;
      return file;
    }
  }

  private openFile(path: string): OpenFile {
    const file: OpenFile = { source: this.store.open(path), readers: 0 };
    file.source.catch(() => {
      if (this.files.get(path) === file) this.files.delete(path);
    });
    return file;
  }

  /** Closes the file that was not used for the longest time, or waits until one is not being read any more. */
  private async room(): Promise<void> {
    for (const [path, file] of this.files) {
      if (file.readers > 0) continue;
      this.files.delete(path);
      this.closing++;
      await closeFile(file).finally(() => {
        this.closing--;
        this.wake();
      });
      return;
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** A file that could not be opened has nothing to close, and its reader got the error. */
async function closeFile(file: OpenFile): Promise<void> {
  const source = await file.source.catch(() => null);
  await source?.close();
}
