import { constants } from 'node:fs';
import {
  copyFile,
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  rmdir,
  stat,
  statfs,
} from 'node:fs/promises';
import * as path from 'node:path';
import { EngineError, throwIfAborted } from '../bytes/engineError';
import { METADATA_FILE_NAME } from '../metadata/pointer';
import { inLanes } from './lanes';
import { Blocks, bringToDisk, createCarryFile, proveCopy } from './nodeCarryFile';
import { createPlacedFile } from './nodePlacedFile';
import { writeAll } from './nodeWriteAll';
import { guarded } from './nodeWriteError';
import type { ByteSink, CarrySink, OutputFolder, PlacedSink } from './outputFolder';

/** Larger copies go to the disk while they are compared. */
const LARGE = 32 * 1024 * 1024;

/** A folder on the local disk, which must be new or empty. Fails with `BAD_ARGUMENT` where it is not. */
export async function createOutputFolder(folder: string): Promise<OutputFolder> {
  const resolved = path.resolve(folder);
  const present = await readdir(resolved).catch((e: NodeJS.ErrnoException) => {
    if (e.code === 'ENOENT') return null;
    const what = e.code === 'ENOTDIR' ? 'there is a file of that name' : e.message;
    throw new EngineError('BAD_ARGUMENT', `The snapshot cannot be written here: ${what}.`, {
      file: resolved,
      cause: e,
    });
  });
  if (present !== null && present.length > 0) {
    throw new EngineError('BAD_ARGUMENT', 'The folder to write to is not empty.', {
      file: resolved,
      hint: present.includes(METADATA_FILE_NAME)
        ? 'Name a new folder: a snapshot is never written over something else.'
        : `There is no ${METADATA_FILE_NAME} in it. If an interrupted run has left it, remove it; else name a new folder.`,
    });
  }
  // The topmost folder that is made here; all of them go again if the write is abandoned.
  const made = await guarded(resolved, () => mkdir(resolved, { recursive: true }));
  return new NodeOutputFolder(resolved, made === undefined ? null : path.resolve(made));
}

class NodeOutputFolder implements OutputFolder {
  private readonly written = new Set<string>();
  /** Copies that are not on the disk yet: together they are there much sooner than one by one. */
  private readonly copied = new Set<string>();
  private readonly blocks = new Blocks();

  constructor(
    readonly path: string,
    private readonly madeFrom: string | null,
  ) {}

  async freeBytes(): Promise<number | null> {
    try {
      const { bavail, bsize } = await statfs(this.path);
      return bavail * bsize;
    } catch {
      return null;
    }
  }

  create(name: string): Promise<ByteSink> {
    return this.createSink(name, true);
  }

  createTemporary(name: string): Promise<ByteSink> {
    return this.createSink(name, false);
  }

  private async createSink(name: string, isDurable: boolean): Promise<ByteSink> {
    const file = this.fileOf(name);
    const handle = await guarded(file, () => open(file, 'wx'));
    this.written.add(name);
    return new NodeSink(file, handle, isDurable);
  }

  async createPlaced(name: string): Promise<PlacedSink> {
    const file = this.fileOf(name);
    const sink = createPlacedFile(file);
    this.written.add(name);
    return sink;
  }

  async createCarry(name: string): Promise<CarrySink> {
    const sink = await createCarryFile(this.fileOf(name));
    this.written.add(name);
    return sink;
  }

  async takeOver(file: string, name: string, how: 'link' | 'copy', signal?: AbortSignal): Promise<number> {
    throwIfAborted(signal);
    const target = this.fileOf(name);
    this.written.add(name);
    if (how !== 'link' || !(await this.linked(file, target))) {
      const flags = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE;
      await guarded(target, () => copyFile(file, target, flags));
      throwIfAborted(signal);
      const { size } = await guarded(target, () => stat(target));
      const isLarge = size >= LARGE;
      if (!isLarge) this.copied.add(target);
      await Promise.all([
        proveCopy(file, target, this.blocks, signal),
        isLarge && guarded(target, () => bringToDisk(target)),
      ]);
    }
    return (await guarded(target, () => stat(target))).size;
  }

  /** False where another disk, the file system or the system's rules do not allow it. */
  private async linked(file: string, target: string): Promise<boolean> {
    try {
      await link(file, target);
      return true;
    } catch {
      return false;
    }
  }

  async remove(name: string): Promise<void> {
    const file = this.fileOf(name);
    if (this.written.delete(name)) await guarded(file, () => rm(file, { force: true }));
  }

  async publish(name: string, bytes: Uint8Array): Promise<void> {
    await inLanes(this.copied, undefined, () => (file) => guarded(file, () => bringToDisk(file)));
    this.copied.clear();
    const partial = `.${name}.partial`;
    const sink = await this.create(partial);
    await sink.write(bytes);
    await sink.close();
    const target = this.fileOf(name);
    await guarded(target, () => rename(this.fileOf(partial), target));
    this.written.delete(partial);
    this.written.add(name);
    await syncFolder(this.path);
  }

  async abandon(): Promise<void> {
    // What makes it a snapshot goes first.
    for (const name of [...this.written].reverse()) await rm(this.fileOf(name), { force: true });
    this.written.clear();
    // Only folders that are empty go, from the inside out: what somebody else put there stays.
    for (let at = this.path; this.madeFrom !== null && at.startsWith(this.madeFrom); at = path.dirname(at)) {
      if (!(await removed(at))) return;
    }
  }

  private fileOf(name: string): string {
    if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name)) {
      throw new EngineError('INTERNAL', `Internal error: '${name}' is not the name of a file.`);
    }
    return path.join(this.path, name);
  }
}

class NodeSink implements ByteSink {
  constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
    private readonly isDurable: boolean,
  ) {}

  write(bytes: Uint8Array): Promise<void> {
    return writeAll(this.file, this.handle, bytes, null);
  }

  async close(): Promise<void> {
    try {
      if (this.isDurable) await guarded(this.file, () => this.handle.sync());
    } finally {
      await this.handle.close();
    }
  }
}

async function removed(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch {
    return false;
  }
}

/** Makes names in a folder durable, where the system has a way to. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  if (handle === null) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}
