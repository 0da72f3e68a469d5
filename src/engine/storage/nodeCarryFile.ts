import { type FileHandle, open } from 'node:fs/promises';
import { EngineError } from '../bytes/engineError';
import { type ByteSource, readInto } from './byteSource';
import { inLanes } from './lanes';
import { AheadSync } from './nodeAheadSync';
import { nodeFileStore } from './nodeFileStore';
import { writeAll } from './nodeWriteAll';
import { guarded } from './nodeWriteError';
import { type CarrySink, notTheSame } from './outputFolder';

/** Bytes that are compared at once. */
const BLOCK = 1024 * 1024;

/** Bytes that are written before the disk is asked for them. */
const SYNCED_AHEAD = 32 * 1024 * 1024;

/** A new file that takes over stretches of others; fails where there is one already. */
export async function createCarryFile(file: string): Promise<CarrySink> {
  return new NodeCarryFile(file, await guarded(file, () => open(file, 'wx+')));
}

class NodeCarryFile implements CarrySink {
  /** Bytes that nobody has asked the disk for yet. */
  private unsynced = 0;
  private readonly ahead = new AheadSync(() => guarded(this.file, () => this.handle.datasync()));

  constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
  ) {}

  async writeAt(bytes: Uint8Array, position: number): Promise<void> {
    await writeAll(this.file, this.handle, bytes, position);
    this.unsynced += bytes.length;
    if (this.unsynced < SYNCED_AHEAD || this.ahead.isRunning) return;
    this.unsynced = 0;
    void this.ahead.begin();
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
      await this.ahead.end();
      await guarded(this.file, () => this.handle.sync());
    } finally {
      await this.handle.close();
    }
  }
}

/** Memory for blocks, used again and again. */
export class Blocks {
  private readonly free: Uint8Array[] = [];

  async with<T>(work: (block: Uint8Array) => Promise<T>): Promise<T> {
    const block = this.free.pop() ?? new Uint8Array(BLOCK);
    try {
      return await work(block);
    } finally {
      this.free.push(block);
    }
  }
}

/** Compares a copy with its origin: `CHECKSUM` where one byte is another, or missing. */
export async function proveCopy(
  file: string,
  copy: string,
  blocks: Blocks = new Blocks(),
  signal?: AbortSignal,
): Promise<void> {
  const origin = await nodeFileStore.open(file);
  const written = await nodeFileStore.open(copy).catch(async (e: unknown) => {
    await origin.close();
    throw e;
  });
  try {
    if (origin.size !== written.size) throw notTheSame(copy, Math.min(origin.size, written.size));
    await compared(origin, written, blocks, signal);
  } finally {
    await Promise.all([origin.close(), written.close()]);
  }
}

async function compared(
  origin: ByteSource,
  copy: ByteSource,
  blocks: Blocks,
  signal: AbortSignal | undefined,
): Promise<void> {
  const starts = Array.from({ length: Math.ceil(origin.size / BLOCK) }, (_, i) => i * BLOCK);
  await inLanes(starts, signal, () => (at) => {
    const length = Math.min(BLOCK, origin.size - at);
    return blocks.with((first) =>
      blocks.with(async (second) => {
        const [a, b] = [first.subarray(0, length), second.subarray(0, length)];
        await Promise.all([readInto(origin, a, at, signal), readInto(copy, b, at, signal)]);
        if (!isSame(a, b)) throw notTheSame(copy.name, at);
      }),
    );
  });
}

/** Brings a file to the disk. Some systems want it to be open for writing for this, which a copy of a read-only file cannot be. */
export async function bringToDisk(file: string): Promise<void> {
  const handle = await open(file, 'r+').catch(() => open(file, 'r'));
  await handle.sync().catch(() => undefined);
  await handle.close();
}

/** The system's own comparison: many times quicker than a loop. */
const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
