import { closeSync, openSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { AheadSync } from './nodeAheadSync';
import { guarded, guardedSync } from './nodeWriteError';
import type { PlacedSink } from './outputFolder';

/** Files that this thread has open for writing at once: a process may open few, and a snapshot may have thousands. */
const MOST_OPEN = 64;
/** By path, the longest unused first. */
const descriptors = new Map<string, number>();

/** A new file to be filled in any order; fails where there is one already. */
export function createPlacedFile(file: string): PlacedSink {
  closeSync(guardedSync(file, () => openSync(file, 'wx')));
  return new NodePlacedFile(file, true);
}

/** One that another thread has created, to be filled by this one too. */
export const openPlacedFile = (file: string): PlacedSink => new NodePlacedFile(file, false);

class NodePlacedFile implements PlacedSink {
  private readonly ahead = new AheadSync(() => this.sync());

  constructor(
    private readonly file: string,
    /** Who created the file brings all of it to the disk. */
    private readonly isCreator: boolean,
  ) {}

  writeAt(bytes: Uint8Array, position: number): void {
    const descriptor = descriptorOf(this.file);
    for (let done = 0; done < bytes.length; ) {
      done += guardedSync(this.file, () => writeSync(descriptor, bytes, done, bytes.length - done, position + done));
    }
  }

  async close(): Promise<void> {
    const descriptor = descriptors.get(this.file);
    if (descriptor !== undefined) {
      descriptors.delete(this.file);
      closeSync(descriptor);
    }
    if (!this.isCreator) return;
    await this.ahead.end();
    await this.sync();
  }

  syncAhead(): Promise<void> {
    return this.ahead.begin();
  }

  private async sync(): Promise<void> {
    const handle = await guarded(this.file, () => open(this.file, 'r+'));
    try {
      await guarded(this.file, () => handle.sync());
    } finally {
      await handle.close();
    }
  }
}

function descriptorOf(file: string): number {
  let descriptor = descriptors.get(file);
  if (descriptor === undefined) {
    const [longestUnused] = descriptors;
    if (descriptors.size >= MOST_OPEN && longestUnused !== undefined) {
      descriptors.delete(longestUnused[0]);
      closeSync(longestUnused[1]);
    }
    descriptor = guardedSync(file, () => openSync(file, 'r+'));
  } else descriptors.delete(file);
  descriptors.set(file, descriptor);
  return descriptor;
}
