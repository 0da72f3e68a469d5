import { asEngineError, throwIfAborted } from '../../engine/bytes/engineError';
import type { FileStore } from '../../engine/storage/byteSource';
import type { FoundName } from './candidate';
import { betterName, type FileNames, namesInFile } from './fileNames';

/** A file that may name operators, and when it was written last. */
export interface SourceFile {
  readonly path: string;
  /** Milliseconds since the epoch, or any number that changes with the file. */
  readonly modified: number;
}

/** A larger file is no source. A compiled plan of many statements may have a few MB. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Names that are kept of all files together; of more the oldest files are read again. */
const MAX_KEPT = 400_000;

/** Looks through source files for the uids of operators. What it read of a file it keeps until the file changes. */
export class NameFinder {
  private readonly files = new Map<string, { modified: number; names: FileNames }>();
  private kept = 0;

  constructor(
    private readonly store: FileStore,
    private readonly maxKept = MAX_KEPT,
  ) {}

  /** The best place of each id that some file names. A file that cannot be read names nothing. */
  async find(
    files: readonly SourceFile[],
    ids: readonly string[],
    signal: AbortSignal,
    progress?: (done: number) => void,
  ): Promise<FoundName[]> {
    const found = new Map<string, FoundName>();
    for (const [i, file] of files.entries()) {
      throwIfAborted(signal);
      const names = await this.namesOf(file, signal);
      for (const id of ids) {
        const name = names.get(id);
        if (name === undefined) continue;
        const known = found.get(id);
        found.set(id, known === undefined ? name : betterName(known, name));
      }
      progress?.(i + 1);
    }
    return [...found.values()];
  }

  private async namesOf({ path, modified }: SourceFile, signal: AbortSignal): Promise<FileNames> {
    const known = this.files.get(path);
    if (known?.modified === modified) return known.names;
    const text = await this.textOf(path, signal);
    const names: FileNames = text === null ? new Map() : namesInFile(path, text);
    this.keep(path, modified, names);
    return names;
  }

  private async textOf(path: string, signal: AbortSignal): Promise<string | null> {
    try {
      const source = await this.store.open(path);
      try {
        if (source.size > MAX_BYTES) return null;
        return new TextDecoder().decode(await source.read(0, source.size, signal));
      } finally {
        await source.close();
      }
    } catch (e) {
      if (asEngineError(e).code === 'CANCELLED') throw e;
      return null;
    }
  }

  private keep(path: string, modified: number, names: FileNames): void {
    this.kept += names.size - (this.files.get(path)?.names.size ?? 0);
    this.files.delete(path);
    this.files.set(path, { modified, names });
    for (const [oldest, file] of this.files) {
      if (this.kept <= this.maxKept || oldest === path) return;
      this.kept -= file.names.size;
      this.files.delete(oldest);
    }
  }
}
