import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { EngineError } from '../src/engine/bytes/engineError';
import type { ByteSource, FileStatus, FileStore } from '../src/engine/storage/byteSource';
import { MemorySource } from '../src/engine/storage/memorySource';

export interface ReadRange {
  file: string;
  from: number;
  to: number;
}

/** Files in memory, which a test may change, and a record of every byte that was read. */
export class MemoryStore implements FileStore {
  readonly files = new Map<string, Uint8Array>();
  readonly reads: ReadRange[] = [];

  /** The files below a folder of the disk, under their own paths. */
  static ofFolder(folder: string): MemoryStore {
    const store = new MemoryStore();
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      store.files.set(file, new Uint8Array(readFileSync(file)));
    }
    return store;
  }

  /** Bytes read of a file, each counted once. */
  bytesRead(file: string): number {
    const seen = new Set<number>();
    for (const read of this.reads) if (read.file === file) for (let i = read.from; i < read.to; i++) seen.add(i);
    return seen.size;
  }

  async status(file: string): Promise<FileStatus> {
    const bytes = this.files.get(file);
    if (bytes !== undefined) return { kind: 'file', size: bytes.length };
    const isFolder = [...this.files.keys()].some((name) => name.startsWith(`${file}/`));
    return { kind: isFolder ? 'folder' : 'missing', size: 0 };
  }

  async open(file: string): Promise<ByteSource> {
    const bytes = this.files.get(file);
    if (bytes === undefined) throw new EngineError('FILE_NOT_FOUND', 'There is no such file.', { file });
    const source = new MemorySource(file, bytes);
    const { reads } = this;
    return {
      name: file,
      size: bytes.length,
      read: (offset, length, signal) => {
        reads.push({ file, from: offset, to: offset + length });
        return source.read(offset, length, signal);
      },
      close: async () => {},
    };
  }

  async list(folder: string): Promise<{ name: string; kind: 'file' | 'folder' | 'other' }[]> {
    const found = new Map<string, 'file' | 'folder'>();
    for (const name of this.files.keys()) {
      if (!name.startsWith(`${folder}/`)) continue;
      const [first, ...rest] = name.slice(folder.length + 1).split('/');
      found.set(first, rest.length > 0 ? 'folder' : 'file');
    }
    return [...found].map(([name, kind]) => ({ name, kind }));
  }

  join = path.join;
  parent = path.dirname;
  baseName = (file: string): string => path.basename(file);
  isAbsolute = path.isAbsolute;
}
