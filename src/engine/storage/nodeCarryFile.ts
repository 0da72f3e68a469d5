import { type FileHandle, open } from 'node:fs/promises';
import { EngineError } from '../bytes/engineError';
import { type ByteSource, readInto } from './byteSource';
import { inLanes } from './lanes';
import { nodeFileStore } from './nodeFileStore';
import { guarded } from './nodeWriteError';
import { type CarrySink, notTheSame } from './outputFolder';

/** Bytes that are compared at once. */
const BLOCK = 1024 * 1024;

/** A new file that takes over stretches of others; fails where there is one already. */
export async function createCarryFile(file: string): Promise<CarrySink> {
  return new NodeCarryFile(file, await guarded(file, () => open(file, 'wx+')));
}

class NodeCarryFile implements CarrySink {
  constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
  ) {}

  async writeAt(bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await guarded(this.file, () =>
        this.handle.write(bytes, done, bytes.length - done, position + done),
      );
      done += bytesWritten;
    }
  }

  async holds(bytes: Uint8Array, position: number, scratch: Uint8Array): Promise<boolean> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesRead } = await this.handle
        .read(scratch, done, bytes.length - done, position + done)
        .catch((e: Error) => {
          throw new EngineError('IO', `The file cannot be read back: ${e.message}`, { file: this.file, cause: e });
        });
      if (bytesRead === 0) return false;
      done += bytesRead;
    }
    return isSame(bytes, scratch.subarray(0, bytes.length));
  }

  async close(): Promise<void> {
    try {
      await guarded(this.file, () => this.handle.sync());
    } finally {
      await this.handle.close();
    }
  }
}

/** Brings a copy to the disk and compares it with its origin: `CHECKSUM` where one byte is another, or missing. */
export async function proveCopy(file: string, copy: string, signal?: AbortSignal): Promise<void> {
  const origin = await nodeFileStore.open(file);
  const written = await nodeFileStore.open(copy).catch(async (e: unknown) => {
    await origin.close();
    throw e;
  });
  try {
    if (origin.size !== written.size) throw notTheSame(copy, Math.min(origin.size, written.size));
    await Promise.all([synced(copy), compared(origin, written, signal)]);
  } finally {
    await Promise.all([origin.close(), written.close()]);
  }
}

async function compared(origin: ByteSource, copy: ByteSource, signal: AbortSignal | undefined): Promise<void> {
  const { size } = origin;
  const starts = Array.from({ length: Math.ceil(size / BLOCK) }, (_, i) => i * BLOCK);
  await inLanes(starts, signal, () => {
    const [a, b] = [new Uint8Array(Math.min(BLOCK, size)), new Uint8Array(Math.min(BLOCK, size))];
    return async (at) => {
      const length = Math.min(BLOCK, size - at);
      const [x, y] = [a.subarray(0, length), b.subarray(0, length)];
      await Promise.all([readInto(origin, x, at, signal), readInto(copy, y, at, signal)]);
      if (!isSame(x, y)) throw notTheSame(copy.name, at);
    };
  });
}

/** Some systems want a file to be open for writing for this, and a copy of a read-only file cannot be. */
async function synced(file: string): Promise<void> {
  const handle = await open(file, 'r');
  await handle.sync().catch(() => undefined);
  await handle.close();
}

/** The system's own comparison: many times quicker than a loop. */
const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
