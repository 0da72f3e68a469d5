import { CANONICAL_ABSENT } from '../backends/canonicalMarks';
import { CanonicalPart } from '../backends/canonicalPart';
import { writeKeyedHeader } from '../backends/keyedHeader';
import { dataStart, keyGroupRanges } from '../backends/keyGroupRanges';
import { HeaderReader } from '../backends/openHeader';
import { EngineError } from '../bytes/engineError';
import { Sink } from '../bytes/sink';
import { keyGroupPrefixBytes } from '../keyGroups';
import type { KeyGroupsHandle } from '../metadata/model';
import type { ByteSource } from '../storage/byteSource';
import { MemorySource } from '../storage/memorySource';
import type { TypeOptions } from '../types/family';
import { HeapWriter } from './heapWriter';
import { type CanonicalVisitor, CanonicalWalk } from './keyed/canonicalWalk';
import type { OutputPlace } from './keyedRewrite';
import { NewFile } from './newFile';

/** Bytes of the length of a value. */
const LENGTH = 4;
/** The oldest header whose tables are laid out as they are today (Flink 1.3). */
const FIRST_WITH_TABLES = 3;

/**
 * Keyed state that was just written in the canonical layout, in that of heap backends: one subtask after the other, whose
 * canonical file goes then.
 */
export async function heapFromCanonical(
  handles: readonly KeyGroupsHandle[],
  maxParallelism: number,
  place: OutputPlace,
  options: TypeOptions,
  signal?: AbortSignal,
): Promise<KeyGroupsHandle[]> {
  const headers = new HeaderReader(options);
  const written: KeyGroupsHandle[] = [];
  for (const handle of handles) {
    const source = await openWritten(handle, place);
    try {
      written.push(await convert(handle, source, maxParallelism, headers, place, signal));
    } finally {
      await source.close();
    }
    if (handle.stream?.type === 'relative') await place.output.remove(handle.stream.path);
  }
  return written;
}

async function openWritten({ stream }: KeyGroupsHandle, { output, store }: OutputPlace): Promise<ByteSource> {
  if (stream?.type === 'bytes') return new MemorySource(stream.name, stream.data);
  if (stream?.type === 'relative') return store.open(store.join(output.path, stream.path));
  throw new EngineError('INTERNAL', 'Internal error: keyed state was written to no file.');
}

async function convert(
  handle: KeyGroupsHandle,
  source: ByteSource,
  maxParallelism: number,
  headers: HeaderReader,
  place: OutputPlace,
  signal: AbortSignal | undefined,
): Promise<KeyGroupsHandle> {
  const { startKeyGroup: start, offsets } = handle;
  const { value: header } = await headers.readKeyed(source, dataStart(offsets, CANONICAL_ABSENT, source.size), signal);
  if (header.version < FIRST_WITH_TABLES) {
    throw new EngineError('REFUSED', 'State of Flink 1.2 is not written in the layout of heap backends.', {
      hint: 'Write the canonical format.',
    });
  }
  const part = new CanonicalPart(handle, source, header, maxParallelism);
  const head = new Sink();
  const states = header.states.map(({ bytes }) => bytes);
  writeKeyedHeader(head, { version: header.version, keyBytes: header.keyBytes, states });
  const file = new NewFile(place.output, place.names);
  try {
    const range = { start, end: start + offsets.length - 1 };
    const writer = await HeapWriter.begin(file, head.toBytes(), range, part.states);
    const prefix = keyGroupPrefixBytes(maxParallelism);
    const walk = new CanonicalWalk(source, false, prefix, states.length, new ToHeap(writer, prefix));
    for (const keyGroup of keyGroupRanges(source, start, offsets, CANONICAL_ABSENT)) {
      await walk.over(keyGroup, signal);
      await writer.flush();
    }
    return await writer.close();
  } catch (e) {
    await file.abandon();
    throw e;
  }
}

/** Gives every entry to the writer as it lies in its window. */
class ToHeap implements CanonicalVisitor {
  private bytes: Uint8Array = new Uint8Array(0);
  private group = -1;
  private state = -1;

  constructor(
    private readonly writer: HeapWriter,
    private readonly prefix: 1 | 2,
  ) {}

  window(bytes: Uint8Array): void {
    this.bytes = bytes;
  }

  keyGroup(keyGroup: number): void {
    this.group = keyGroup;
  }

  run(state: number): void {
    this.state = state;
  }

  entry(from: number, to: number, end: number): void {
    this.writer.entry(this.group, this.state, this.bytes, from + this.prefix, to, to + LENGTH, end);
  }
}
