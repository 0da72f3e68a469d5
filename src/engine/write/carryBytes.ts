import { joinBytes } from '../bytes/byteStrings';
import type { StreamHandle } from '../metadata/model';
import { type ByteSource, readInto } from '../storage/byteSource';
import { inLanes } from '../storage/lanes';
import { MemorySource } from '../storage/memorySource';
import { type CarrySink, notTheSame, type OutputFolder } from '../storage/outputFolder';
import type { FileNames } from './fileNames';
import { LARGEST_INLINED } from './newFile';

/** Bytes of a file. */
export interface Stretch {
  readonly source: ByteSource;
  readonly from: number;
  readonly to: number;
}

/** A new stream: stretches one behind the other. */
export interface CarriedStream {
  readonly stretches: readonly Stretch[];
}

/** One that becomes a file of this name. */
export interface CarriedFile extends CarriedStream {
  readonly name: string;
}

/** Bytes that are read and written at once. */
const BLOCK = 1024 * 1024;

/** Bytes that are no other file's. */
export const stretchOf = (bytes: Uint8Array): Stretch => ({
  source: new MemorySource('', bytes),
  from: 0,
  to: bytes.length,
});

/**
 * Writes streams of the new snapshot: small ones are inlined in the metadata, the others become files. Gives their handles in
 * the order of the streams. `written` is told of bytes as they are.
 */
export async function carryStreams(
  { output, names }: { output: OutputFolder; names: FileNames },
  streams: readonly CarriedStream[],
  signal: AbortSignal | undefined,
  written: (bytes: number) => void = () => {},
): Promise<StreamHandle[]> {
  const handles: StreamHandle[] = [];
  const files: CarriedFile[] = [];
  for (const stream of streams) {
    const [name, size] = [names.fresh(), sizeOf(stream)];
    if (size <= LARGEST_INLINED) {
      handles.push({ type: 'bytes', name, data: await bytesOf(stream, signal), offset: 0 });
      written(size);
      continue;
    }
    files.push({ ...stream, name });
    handles.push({ type: 'relative', path: name, size });
  }
  await carryFiles(output, files, signal, written);
  return handles;
}

/**
 * Writes files of the new snapshot, several blocks at a time. Every block is read back as soon as it is written, and compared
 * with the bytes that came from the source: `CHECKSUM` where it is not the same.
 */
export async function carryFiles(
  output: OutputFolder,
  files: readonly CarriedFile[],
  signal: AbortSignal | undefined,
  written: (bytes: number) => void = () => {},
): Promise<void> {
  const opened: OpenFile[] = [];
  try {
    await inLanes(blocksOf(files, output, opened), signal, () => {
      const [buffer, scratch] = [new Uint8Array(BLOCK), new Uint8Array(BLOCK)];
      return async ({ file, source, from, to, at }) => {
        const bytes = buffer.subarray(0, to - from);
        await readInto(source, bytes, from, signal);
        const sink = await file.sink();
        await sink.writeAt(bytes, at);
        if (!(await sink.holds(bytes, at, scratch))) throw notTheSame(file.name, at);
        await file.blockDone();
        written(bytes.length);
      };
    });
  } catch (e) {
    for (const file of opened) await file.abandon();
    throw e;
  }
}

/** A piece of a stretch, and its place in the new file. */
interface Block extends Stretch {
  readonly file: OpenFile;
  readonly at: number;
}

/** A file without bytes has a block without any, so that it is there in the end. */
function* blocksOf(files: readonly CarriedFile[], output: OutputFolder, opened: OpenFile[]): Generator<Block> {
  for (const { name, stretches } of files) {
    const all = stretches.filter(({ from, to }) => to > from);
    if (all.length === 0) all.push(stretchOf(new Uint8Array(0)));
    const count = all.reduce((sum, { from, to }) => sum + Math.max(1, Math.ceil((to - from) / BLOCK)), 0);
    const file = new OpenFile(name, output, count);
    opened.push(file);
    let at = 0;
    for (const { source, from, to } of all) {
      for (let begin = from; begin === from || begin < to; begin += BLOCK) {
        const end = Math.min(begin + BLOCK, to);
        yield { file, source, from: begin, to: end, at };
        at += end - begin;
      }
    }
  }
}

/** A file that is there from its first block on, and closed when the last of its blocks is done. */
class OpenFile {
  private opened: Promise<CarrySink> | null = null;

  constructor(
    readonly name: string,
    private readonly output: OutputFolder,
    private blocksLeft: number,
  ) {}

  sink(): Promise<CarrySink> {
    this.opened ??= this.output.createCarry(this.name);
    return this.opened;
  }

  /** While the bytes of this file go to the disk, other lanes go on with the next. */
  async blockDone(): Promise<void> {
    if (--this.blocksLeft > 0) return;
    const sink = await this.sink();
    this.opened = null;
    await sink.close();
  }

  /** Gives the file free after a failure; the folder removes it. */
  async abandon(): Promise<void> {
    await this.opened?.then((sink) => sink.close()).catch(() => undefined);
  }
}

const sizeOf = ({ stretches }: CarriedStream): number => stretches.reduce((sum, { from, to }) => sum + to - from, 0);

async function bytesOf({ stretches }: CarriedStream, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (const { source, from, to } of stretches) pieces.push(await source.read(from, to - from, signal));
  return joinBytes(pieces);
}
