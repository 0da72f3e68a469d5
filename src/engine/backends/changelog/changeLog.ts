import type { Cursor } from '../../bytes/cursor';
import { EngineError, throwIfAborted } from '../../bytes/engineError';
import type { ChangelogBytesHandle, ChangelogFilesHandle, KeyedStateHandle, StreamHandle } from '../../metadata/model';
import type { ByteSource } from '../../storage/byteSource';
import { RangeStream } from '../../storage/byteStream';
import { SnappyFramedStream } from '../../storage/snappyFramed';
import { StreamWindow } from '../streamWindow';

/** Key group of changes that describe states. */
export const METADATA_GROUP = -1;

/** One change: its bytes, and where they lie. */
export interface LogChange {
  keyGroup: number;
  bytes: Uint8Array;
  file: string;
  offset: number;
}

interface LogFiles {
  open(stream: StreamHandle): Promise<ByteSource>;
}

/** Bytes in front of a file's stream of changes: 1 where it is compressed, else 0. */
const COMPRESSION_FLAG = 1;
/** Little is read where only the beginning of a set of changes is looked at. */
const SMALL_BLOCK = 4096;

/**
 * The changes of a log in their order, or only those that describe states, without reading on in the others.
 *
 * In a file, a set of changes is `int n, n x (int count, int key group, count x (int length, change))`, the group -1 first. The
 * offset of a set counts from behind the file's first byte, in the uncompressed stream.
 * Source: org.apache.flink.changelog.fs.StateChangeFormat and ChangelogStreamWrapper.
 */
export async function* logChanges(
  handles: readonly (KeyedStateHandle | null)[],
  files: LogFiles,
  which: 'all' | 'metadata',
  signal?: AbortSignal,
): AsyncGenerator<LogChange> {
  for (const handle of handles) {
    if (handle === null) continue;
    switch (handle.type) {
      case 'changelogBytes':
        yield* inlinedChanges(handle, which);
        break;
      case 'changelogFiles':
      case 'changelogFilesV2':
        yield* changesInFiles(handle, files, which, signal);
        break;
      default:
        throw new EngineError('CORRUPT', `A change log holds a handle of the kind ${handle.type}.`);
    }
  }
}

function* inlinedChanges(handle: ChangelogBytesHandle, which: 'all' | 'metadata'): Generator<LogChange> {
  for (const { keyGroup, change, offset } of handle.changes) {
    if (which === 'all' || keyGroup === METADATA_GROUP) yield { keyGroup, bytes: change, file: '_metadata', offset };
  }
}

async function* changesInFiles(
  handle: ChangelogFilesHandle,
  files: LogFiles,
  which: 'all' | 'metadata',
  signal: AbortSignal | undefined,
): AsyncGenerator<LogChange> {
  for (const { offset, stream } of handle.streams) {
    if (stream === null) continue;
    throwIfAborted(signal);
    const source = await files.open(stream);
    yield* changeSet(await windowAt(source, offset, which, signal), source.name, which);
  }
}

async function windowAt(
  source: ByteSource,
  offset: number,
  which: 'all' | 'metadata',
  signal: AbortSignal | undefined,
): Promise<StreamWindow> {
  const block = which === 'metadata' ? SMALL_BLOCK : undefined;
  const [flag] = await source.read(0, COMPRESSION_FLAG, signal);
  if (flag > 1) {
    throw new EngineError('CORRUPT', `A file of changes begins with 0 or 1, found ${flag}.`, { file: source.name });
  }
  if (flag === 0) {
    if (offset > source.size - COMPRESSION_FLAG) {
      throw new EngineError('CORRUPT', `Changes begin at ${offset}, but the file has ${source.size} bytes.`, {
        file: source.name,
      });
    }
    return new StreamWindow(new RangeStream(source, COMPRESSION_FLAG + offset, source.size, block), signal);
  }
  const window = new StreamWindow(
    new SnappyFramedStream(new RangeStream(source, COMPRESSION_FLAG, source.size, block)),
    signal,
  );
  await window.skip(offset);
  return window;
}

async function* changeSet(window: StreamWindow, file: string, which: 'all' | 'metadata'): AsyncGenerator<LogChange> {
  const groups = await window.one((cursor) => cursor.i32());
  for (let i = 0; i < groups; i++) {
    const { count, keyGroup } = await window.one((cursor) => ({ count: cursor.i32(), keyGroup: cursor.i32() }));
    if (which === 'metadata' && keyGroup !== METADATA_GROUP) return;
    for (let done = 0; done < count; ) {
      const changes: LogChange[] = [];
      await window.run((cursor) => {
        changes.push(readChange(cursor, keyGroup, file));
        return ++done < count && changes.length < 1024;
      });
      yield* changes;
    }
  }
}

function readChange(cursor: Cursor, keyGroup: number, file: string): LogChange {
  const { offset } = cursor;
  return { keyGroup, bytes: cursor.bytes4('change'), file, offset: offset + 4 };
}
