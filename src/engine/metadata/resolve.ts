import { EngineError } from '../bytes/engineError';
import type { ByteSource, FileStore } from '../storage/byteSource';
import { FilePool } from '../storage/filePool';
import { MemorySource } from '../storage/memorySource';
import { SliceSource } from '../storage/sliceSource';
import { type FlinkPath, localPathOf, parseFlinkPath } from './flinkPath';
import { type FileStream, filesOfChangelogs, isFileStream, sharedKey, statePieces, unwrapStream } from './handles';
import type { SnapshotMetadata, StreamHandle } from './model';
import { movedTo } from './moved';

/** Where the file of a handle is. */
export interface FileLocation {
  /** As the metadata names it. */
  recorded: string;
  state: 'found' | 'missing' | 'elsewhere';
  /** Where it was found. */
  path: string | null;
  /** Found where the metadata does not say, so the snapshot was moved. */
  moved: boolean;
  /** Bytes on disk, where it was found. */
  actualSize: number | null;
  /** Every place that was looked at. */
  looked: string[];
}

/** A file that the metadata names, however often. */
export interface SnapshotFile extends FileLocation {
  /** Bytes by the metadata; for a file of several segments, the end of the last one. -1 where the metadata does not know. */
  recordedSize: number;
  /** The file holds segments (merged checkpoint files), and so may be longer than `recordedSize`. */
  segments: boolean;
  /** The size on disk agrees with the metadata; null where one of the two is not known, and for changelog files. */
  sizeFits: boolean | null;
}

/** Files that `list` asks the store about at once. */
const LIST_BATCH = 32;

/**
 * The files of one snapshot. Says where the file of a handle lies, as Flink would find it, and where that is not so, finds
 * it in a snapshot that was moved. Paths in metadata may point anywhere: the engine asks for a file's status only to locate
 * it, opens a file only when something reads it, and never writes.
 */
export class SnapshotFiles {
  /** Folder of the metadata file. */
  readonly folder: string;
  private readonly pool: FilePool;
  private readonly located = new Map<string, Promise<FileLocation>>();

  constructor(
    private readonly store: FileStore,
    readonly metadataPath: string,
    private readonly metadata: SnapshotMetadata,
    openLimit?: number,
  ) {
    this.folder = store.parent(metadataPath);
    this.pool = openLimit === undefined ? new FilePool(store) : new FilePool(store, openLimit);
  }

  /**
   * Where the handle's file lies. Looked for where the metadata says (relative to its own folder; on another file system
   * not at all), then where `movedTo` says. Of files in several of these places, the first that has the recorded size wins.
   */
  locate(handle: FileStream): Promise<FileLocation> {
    const key = fileKey(handle);
    let location = this.located.get(key);
    if (location === undefined) {
      location = this.find(handle);
      this.located.set(key, location);
    }
    return location;
  }

  /** The bytes of a handle: fails with `FILE_NOT_FOUND` where its file is missing or on another file system. */
  async open(handle: StreamHandle): Promise<ByteSource> {
    const stream = unwrapStream(handle);
    switch (stream?.type) {
      case undefined:
        throw new EngineError('NOT_FOUND', 'These key groups have no stream.', { file: this.metadataPath });
      case 'bytes':
        return new MemorySource(this.metadataPath, stream.data, stream.offset);
      case 'emptySegment':
        return new MemorySource(this.metadataPath, new Uint8Array(0));
      case 'file':
      case 'relative':
        return this.openFile(stream);
      case 'segment':
        return new SliceSource(await this.openFile(stream), stream.start, stream.size);
    }
  }

  /** Every distinct file that the metadata names, in the order in which it does. Opens none. */
  async list(): Promise<SnapshotFile[]> {
    const named = new Map<string, { handle: FileStream; recordedSize: number }>();
    for (const { at } of statePieces(this.metadata)) {
      if (!isFileStream(at)) continue;
      const end = at.type === 'segment' ? at.start + at.size : at.size;
      const key = fileKey(at);
      const known = named.get(key);
      if (known === undefined) named.set(key, { handle: at, recordedSize: end });
      else known.recordedSize = Math.max(known.recordedSize, end);
    }
    const changelogs = filesOfChangelogs(this.metadata);
    const files: SnapshotFile[] = [];
    const all = [...named.values()];
    for (let i = 0; i < all.length; i += LIST_BATCH) {
      const batch = all.slice(i, i + LIST_BATCH).map(async ({ handle, recordedSize }) => {
        const location = await this.locate(handle);
        const segments = handle.type === 'segment';
        const isChangelog = changelogs.has(sharedKey(handle));
        const sizeFits = isChangelog ? null : fits(recordedSize, segments, location.actualSize);
        return { ...location, recordedSize, segments, sizeFits };
      });
      files.push(...(await Promise.all(batch)));
    }
    return files;
  }

  /** Closes all open files. Sources that were given out cannot be read any more. */
  close(): Promise<void> {
    return this.pool.close();
  }

  private async openFile(handle: FileStream): Promise<ByteSource> {
    const { state, path, actualSize, recorded, looked } = await this.locate(handle);
    if (path !== null && actualSize !== null) return this.pool.source(path, actualSize);
    if (state === 'elsewhere') {
      throw new EngineError('FILE_NOT_FOUND', `The file lies on another file system: ${recorded}`, {
        file: recorded,
        hint: `Copy the whole snapshot here, with this file beside ${this.metadataPath}.`,
      });
    }
    throw new EngineError('FILE_NOT_FOUND', `The snapshot's file is missing: ${recorded}`, {
      file: recorded,
      hint: `Copy it beside the metadata file. Looked for it here: ${looked.join(', ')}`,
    });
  }

  private async find(handle: FileStream): Promise<FileLocation> {
    const parsed = parseFlinkPath(handle.path);
    const original = this.originalPlace(handle, parsed);
    const moved = movedTo(parsed, this.folder, this.store).filter((place) => place !== original);
    const places = original === null ? moved : [original, ...moved];
    let best: { path: string; size: number } | null = null;
    const looked: string[] = [];
    for (const path of places) {
      looked.push(path);
      const status = await this.store.status(path);
      if (status.kind !== 'file') continue;
      best ??= { path, size: status.size };
      const recordedSize = handle.type === 'segment' ? handle.start + handle.size : handle.size;
      if (fits(recordedSize, handle.type === 'segment', status.size) === false) continue;
      best = { path, size: status.size };
      break;
    }
    return {
      recorded: handle.path,
      state: best !== null ? 'found' : localPathOf(parsed) === null ? 'elsewhere' : 'missing',
      path: best?.path ?? null,
      moved: best !== null && best.path !== original,
      actualSize: best?.size ?? null,
      looked,
    };
  }

  /** Where the metadata says that the file lies; null where that is on another file system, or no file's path. */
  private originalPlace(handle: FileStream, parsed: FlinkPath): string | null {
    const path = localPathOf(parsed);
    if (path === null || path === '') return null;
    // As Path(Path, String) does: a slash in front does not make the child absolute, but a scheme does.
    if (handle.type === 'relative' && parsed.scheme === null)
      return this.store.join(this.folder, path.replace(/^\//, ''));
    return this.store.isAbsolute(path) ? path : this.store.join(this.folder, path);
  }
}

/** Whether a size on disk agrees with the metadata; null where one of the two is not known. */
function fits(recorded: number, segments: boolean, actual: number | null): boolean | null {
  if (actual === null || recorded < 0) return null;
  return segments ? actual >= recorded : actual === recorded;
}

/** Equal for two handles of the same file. */
const fileKey = (handle: FileStream): string => `${handle.type}:${handle.path}`;
