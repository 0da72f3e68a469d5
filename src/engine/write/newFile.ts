import { joinBytes } from '../bytes/byteStrings';
import type { InlinedStream, StreamHandle } from '../metadata/model';
import type { ByteSink, OutputFolder } from '../storage/outputFolder';
import type { FileNames } from './fileNames';

/** Streams up to this size are inlined in the metadata, as Flink does (`state.storage.fs.memory-threshold`). */
export const LARGEST_INLINED = 20 * 1024;
/** Bytes that are collected before they are written. */
const BLOCK = 256 * 1024;

/** Writes one stream of the new snapshot; gives its file free where that fails. */
export async function fillFile(
  { output, names }: { output: OutputFolder; names: FileNames },
  fill: (file: NewFile) => Promise<void>,
): Promise<StreamHandle> {
  const file = new NewFile(output, names);
  try {
    await fill(file);
    return await file.close();
  } catch (e) {
    await file.abandon();
    throw e;
  }
}

/** A stream of the new snapshot, written from front to back: inlined in the metadata where it stays small, else a file. */
export class NewFile {
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private file: { sink: ByteSink; name: string } | null = null;
  /** Bytes written so far. */
  position = 0;

  constructor(
    private readonly output: OutputFolder,
    private readonly names: FileNames,
  ) {}

  /** Takes the bytes over: they must not change afterwards. */
  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    this.pending.push(bytes);
    this.pendingBytes += bytes.length;
    this.position += bytes.length;
    if (this.pendingBytes >= BLOCK) await this.flush();
  }

  /** The same without taking them over: they are in the file when this resolves. */
  async writeThrough(bytes: Uint8Array): Promise<void> {
    const { sink } = await this.flush();
    this.position += bytes.length;
    await sink.write(bytes);
  }

  async close(): Promise<StreamHandle> {
    if (this.file === null && this.position <= LARGEST_INLINED) {
      return { type: 'bytes', name: this.names.fresh(), data: this.taken(), offset: 0 } satisfies InlinedStream;
    }
    const { sink, name } = await this.flush();
    await sink.close();
    return { type: 'relative', path: name, size: this.position };
  }

  /** Gives the file free after a failure; the folder removes it. */
  async abandon(): Promise<void> {
    await this.file?.sink.close().catch(() => undefined);
  }

  private async flush(): Promise<{ sink: ByteSink; name: string }> {
    if (this.file === null) {
      const name = this.names.fresh();
      this.file = { sink: await this.output.create(name), name };
    }
    if (this.pendingBytes > 0) await this.file.sink.write(this.taken());
    return this.file;
  }

  private taken(): Uint8Array {
    const [only, ...more] = this.pending;
    if (only !== undefined && more.length === 0) {
      this.pending = [];
      this.pendingBytes = 0;
      return only;
    }
    const all = joinBytes(this.pending);
    this.pending = [];
    this.pendingBytes = 0;
    return all;
  }
}
