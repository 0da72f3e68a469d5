import { EngineError, throwIfAborted } from '../bytes/engineError';
import { type FileStream, isFileStream, type PlainStream, sharedKey } from '../metadata/handles';
import { writeMetadata } from '../metadata/metadataFile';
import type { SnapshotMetadata, StreamHandle } from '../metadata/model';
import type { SnapshotFiles } from '../metadata/resolve';
import type { ByteSource } from '../storage/byteSource';
import type { OutputFolder } from '../storage/outputFolder';
import { compareRanges } from './compareSources';
import { FileNames } from './fileNames';
import type { KeyedThreads } from './keyed/keyedJob';
import type { StreamMapping } from './mapStreams';

/** How far a write has come. */
export interface WriteProgress {
  /** Bytes carried or written so far, and in all. */
  bytes: number;
  totalBytes: number;
}

export interface WriteOptions {
  signal?: AbortSignal | undefined;
  progress?: ((progress: WriteProgress) => void) | undefined;
  /** Where entries are read back in several threads. */
  threads?: KeyedThreads | null | undefined;
}

/** A file, or a segment of one, that the new snapshot takes over as it is. */
interface Carried {
  stream: FileStream;
  files: SnapshotFiles;
  name: string;
}

const BLOCK = 1024 * 1024;

/**
 * A new snapshot in the making. Files of other snapshots are announced first (`carry`) and brought over by `write`, which
 * puts the metadata in place last; then `prove` compares them with their origin, byte by byte.
 */
export class SnapshotDraft {
  readonly names = new FileNames();
  private readonly carried: Carried[] = [];

  constructor(
    readonly output: OutputFolder,
    /** Whether whole files may be shared with their origin on the same disk. */
    private readonly how: 'link' | 'copy',
  ) {}

  /**
   * Where streams of a snapshot will lie: each of its files beside the new metadata, once, however many handles name it;
   * segments as files of their own. Inlined bytes stay inlined.
   */
  carry(files: SnapshotFiles): StreamMapping {
    const known = new Map<string, StreamHandle>();
    return (stream: PlainStream): StreamHandle => {
      if (!isFileStream(stream)) return stream;
      const key = sharedKey(stream);
      let handle = known.get(key);
      if (handle === undefined) {
        const name = this.names.name(stream.type === 'segment' ? '' : baseName(stream.path));
        this.carried.push({ stream, files, name });
        handle = { type: 'relative', path: name, size: stream.size };
        known.set(key, handle);
      }
      return handle;
    };
  }

  /** Bytes of all files to be carried; fails where one is missing or is not the one that its metadata speaks of. */
  async carriedBytes(): Promise<number> {
    let total = 0;
    for (const { stream, files } of this.carried) total += (await sourceOf(stream, files)).size;
    return total;
  }

  /** Brings all carried files over and makes the folder a snapshot. On any failure nothing is left behind. */
  async write(metadata: SnapshotMetadata, options: WriteOptions = {}): Promise<void> {
    const { signal, progress } = options;
    try {
      const bytes = writeMetadata(metadata);
      const totalBytes = await this.carriedBytes();
      await this.checkSpace(totalBytes + bytes.length);
      let done = 0;
      progress?.({ bytes: 0, totalBytes });
      for (const item of this.carried) {
        throwIfAborted(signal);
        done += await this.bring(item, signal);
        progress?.({ bytes: done, totalBytes });
      }
      await this.output.publish('_metadata', bytes);
    } catch (e) {
      await this.output.abandon();
      throw e;
    }
  }

  /**
   * Compares every carried file with its origin; those that are links are their origin. Gives the number of bytes that are the
   * same; `CHECKSUM` at the first that differs.
   */
  async prove(written: SnapshotFiles, signal?: AbortSignal): Promise<number> {
    let bytes = 0;
    for (const { stream, files, name } of this.carried) {
      const origin = await sourceOf(stream, files);
      if (stream.type !== 'segment' && (await this.output.isLink(origin.name, name))) {
        bytes += origin.size;
        continue;
      }
      const copy = await written.open({ type: 'relative', path: name, size: stream.size });
      bytes += await compareSources(origin, copy, signal);
    }
    return bytes;
  }

  private async bring({ stream, files, name }: Carried, signal: AbortSignal | undefined): Promise<number> {
    const source = await sourceOf(stream, files);
    if (stream.type !== 'segment') {
      const size = await this.output.takeOver(source.name, name, this.how, signal);
      if (size !== source.size) throw changed(source.name, source.size, size);
      return size;
    }
    const sink = await this.output.create(name);
    try {
      for (let at = 0; at < source.size; at += BLOCK) {
        await sink.write(await source.read(at, Math.min(BLOCK, source.size - at), signal));
      }
    } finally {
      await sink.close();
    }
    return source.size;
  }

  private async checkSpace(needed: number): Promise<void> {
    const free = await this.output.freeBytes();
    if (this.how === 'link' || free === null || free >= needed) return;
    throw new EngineError('IO', `The snapshot takes ${needed} bytes, but only ${free} are free.`, {
      file: this.output.path,
      hint: 'Free some space, or write to another disk.',
    });
  }
}

/** The bytes of a stream, after a check that its file is as long as the metadata says. */
async function sourceOf(stream: FileStream, files: SnapshotFiles): Promise<ByteSource> {
  const source = await files.open(stream);
  const { state, path } = await files.locate(stream);
  if (state !== 'found' || path === null) {
    throw new EngineError('FILE_NOT_FOUND', `The snapshot's file is missing: ${stream.path}`, { file: stream.path });
  }
  return source;
}

async function compareSources(origin: ByteSource, copy: ByteSource, signal: AbortSignal | undefined): Promise<number> {
  if (origin.size !== copy.size) throw changed(copy.name, origin.size, copy.size);
  await compareRanges(origin, 0, copy, 0, origin.size, signal);
  return origin.size;
}

function changed(file: string, expected: number, actual: number): EngineError {
  return new EngineError('FILE_CHANGED', `The file has ${actual} bytes, but ${expected} were expected.`, {
    file,
    hint: 'Something else writes to the snapshot. Copy it when nothing does.',
  });
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
