import { sameStretch } from '../bytes/byteStrings';
import type { Cursor } from '../bytes/cursor';
import type { EngineError } from '../bytes/engineError';
import type { ByteSource } from '../storage/byteSource';
import { STREAM_IDENTIFIER } from '../storage/snappyFramed';
import type { TypeOptions } from '../types/family';
import { readSerializersAndConfigs } from '../types/legacy/configSnapshot';
import { readJavaSerializer, readSerializerProxy } from '../types/legacy/serializerProxy';
import { parseWithUnknowns } from '../types/parseWithUnknowns';
import { SnapshotReader } from '../types/serializerSnapshot';
import { type PayloadGuess, UnknownSerializer } from '../types/unknownSerializer';
import { FIRST_WINDOW, readThroughWindow, type Windowed } from './headerWindow';
import { type KeyedHeader, readKeyedHeader } from './keyedHeader';
import { type OperatorHeader, readOperatorHeader } from './operatorHeader';
import type { SerializerReader } from './serializerReader';

/** A header whose end the offsets of its handle tell is read in one piece up to this size. */
const READ_AT_ONCE = 1024 * 1024;

export type Header<T> = Windowed<T>;

/**
 * Reads headers of state files, and no byte behind them where the handle's offsets tell where the data begins. Subtasks of
 * an operator have the same header, byte for byte: it is parsed once.
 */
export class HeaderReader {
  private readonly keyed: Header<KeyedHeader>[] = [];
  private readonly operator: Header<OperatorHeader>[] = [];
  /** Headers that a search could make no sense of: it is not made again when the same part is opened again. */
  private readonly failed: { file: string; bytes: Uint8Array; error: EngineError }[] = [];

  constructor(readonly options: TypeOptions) {}

  /** `end`: where the data begins, or the end of the stream where it holds nothing but the header. */
  readKeyed(source: ByteSource, end: number, signal?: AbortSignal): Promise<Header<KeyedHeader>> {
    return this.read(source, end, readKeyedHeader, this.keyed, signal);
  }

  readOperator(source: ByteSource, end: number, signal?: AbortSignal): Promise<Header<OperatorHeader>> {
    return this.read(source, end, readOperatorHeader, this.operator, signal);
  }

  private async read<T>(
    source: ByteSource,
    end: number,
    parse: (cursor: Cursor, serializers: SerializerReader) => T,
    known: Header<T>[],
    signal: AbortSignal | undefined,
  ): Promise<Header<T>> {
    const limit = Math.min(end, source.size);
    const firstWindow = limit <= READ_AT_ONCE ? Math.max(limit, 1) : FIRST_WINDOW;
    let same: Header<T> | undefined;
    const read = await readThroughWindow(
      source,
      { from: 0, limit },
      (cursor, isWhole) => {
        same = isWhole ? known.find((header) => isLeft(header.bytes, cursor)) : undefined;
        if (same !== undefined) return same.value;
        if (!isWhole) return parse(cursor, serializerReader(this.options, []));
        const failed = this.failed.find((f) => f.file === source.name && isLeft(f.bytes, cursor));
        if (failed !== undefined) throw failed.error;
        const bytes = cursor.bytes.subarray(cursor.position, cursor.end);
        try {
          return parseWithUnknowns(cursor, (whole, guesses) => {
            const header = parse(whole, serializerReader(this.options, guesses));
            // A guess is right only if the header ends where the data begins.
            if (guesses.length > 0 && !atSnappyStream(whole)) whole.expectEnd('the header');
            return header;
          });
        } catch (e) {
          if (e instanceof UnknownSerializer) this.failed.push({ file: source.name, bytes, error: e });
          throw e;
        }
      },
      signal,
      firstWindow,
    );
    if (same !== undefined) return same;
    known.push(read);
    return read;
  }
}

/** Compressed operator state has one stream, whose identifier stands before the first offset. */
function atSnappyStream(cursor: Cursor): boolean {
  return isLeft(STREAM_IDENTIFIER, cursor);
}

/** Whether these bytes, and nothing else, are left. */
const isLeft = (known: Uint8Array, { bytes, position, end }: Cursor): boolean =>
  sameStretch(known, 0, known.length, bytes, position, end);

/** Reads serializers with the type registry, supposing `guesses` of the unknown ones. */
export function serializerReader(options: TypeOptions, guesses: readonly PayloadGuess[]): SerializerReader {
  const snapshots = new SnapshotReader(options, guesses);
  return {
    envelope: (cursor) => snapshots.readEnvelope(cursor).codec,
    serializersAndConfigs: (cursor) => readSerializersAndConfigs(cursor, options),
    proxy: (cursor) => readSerializerProxy(cursor, options),
    javaObject: (cursor) => readJavaSerializer(cursor, options),
  };
}
