import { EngineError } from '../bytes/engineError';
import { type FileStream, isFileStream, type PlainStream, sharedKey } from '../metadata/handles';
import { writeMetadata } from '../metadata/metadataFile';
import type { SnapshotMetadata, StreamHandle } from '../metadata/model';
import type { SnapshotFiles } from '../metadata/resolve';
import type { ByteSource } from '../storage/byteSource';
import { inLanes } from '../storage/lanes';
import type { OutputFolder } from '../storage/outputFolder';
import { carryFiles } from './carryBytes';
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

/**
 * A new snapshot in the making. Files of other snapshots are announced first (`carry`) and brought over by `write`, which
 * puts the metadata in place last; then `prove` compares them with their origin, byte by byte.
 */
export class SnapshotDraft {
  readonly names = new FileNames();
  private readonly carried: Carried[] = [];
  /** By name: bytes of the files that were brought over. */
  private readonly brought = new Map<string, number>();

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

  /**
   * Brings all carried files over, compares them with their origin and makes the folder a snapshot. On any failure nothing is
   * left behind: `CHECKSUM` where a file is not the same.
   */
  async write(metadata: SnapshotMetadata, options: WriteOptions = {}): Promise<void> {
    const { signal, progress } = options;
    try {
      const bytes = writeMetadata(metadata);
      const totalBytes = await this.carriedBytes();
      await this.checkSpace(totalBytes + bytes.length);
      let done = 0;
      progress?.({ bytes: 0, totalBytes });
      const told = (bytes: number): void => {
        done += bytes;
        progress?.({ bytes: done, totalBytes });
      };
      const isSegment = ({ stream }: Carried): boolean => stream.type === 'segment';
      const whole = this.carried.filter((item) => !isSegment(item));
      await inLanes(whole, signal, () => async (item) => told(await this.bring(item, signal)));
      await this.bringSegments(this.carried.filter(isSegment), signal, told);
      await this.output.publish('_metadata', bytes);
    } catch (e) {
      await this.output.abandon();
      throw e;
    }
  }

  /**
   * Makes sure that the new snapshot finds every carried file, which was compared with its origin when it was brought over.
   * Gives their bytes.
   */
  async prove(written: SnapshotFiles): Promise<number> {
    let bytes = 0;
    for (const { stream, name } of this.carried) {
      const size = this.brought.get(name) ?? -1;
      const { path, actualSize } = await written.locate({ type: 'relative', path: name, size: stream.size });
      if (path === null) throw missing(name);
      if (actualSize !== size) throw changed(name, size, actualSize ?? 0);
      bytes += size;
    }
    return bytes;
  }

  private async bring({ stream, files, name }: Carried, signal: AbortSignal | undefined): Promise<number> {
    const source = await sourceOf(stream, files);
    const size = await this.output.takeOver(source.name, name, this.how, signal);
    if (size !== source.size) throw changed(source.name, source.size, size);
    this.brought.set(name, size);
    return size;
  }

  private async bringSegments(
    segments: readonly Carried[],
    signal: AbortSignal | undefined,
    told: (bytes: number) => void,
  ): Promise<void> {
    const files = [];
    for (const { stream, files: of, name } of segments) {
      const source = await sourceOf(stream, of);
      files.push({ name, stretches: [{ source, from: 0, to: source.size }] });
      this.brought.set(name, source.size);
    }
    await carryFiles(this.output, files, signal, told);
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
  if (state !== 'found' || path === null) throw missing(stream.path);
  return source;
}

const missing = (file: string): EngineError =>
  new EngineError('FILE_NOT_FOUND', `The snapshot's file is missing: ${file}`, { file });

function changed(file: string, expected: number, actual: number): EngineError {
  return new EngineError('FILE_CHANGED', `The file has ${actual} bytes, but ${expected} were expected.`, {
    file,
    hint: 'Something else writes to the snapshot. Copy it when nothing does.',
  });
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
