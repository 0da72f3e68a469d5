import { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import { encodeBase64 } from '../json/base64';
import type { Json } from '../json/jsonValue';
import type { ByteSource } from '../storage/byteSource';
import { fields } from './payload/reading';

/** A stretch of a file: the content of one network buffer. */
export interface Stretch {
  /** Offset of its first byte. */
  from: number;
  bytes: number;
}

/**
 * Where the buffers of a channel lie. The file begins with `i4` version 0; at each offset of the handle stand `i4 n` and n bytes.
 * Source: ChannelStateSerializerImpl, since 1.11.
 */
export async function bufferStretches(
  source: ByteSource,
  offsets: readonly number[],
  signal?: AbortSignal,
): Promise<Stretch[]> {
  const at = { file: source.name };
  if (offsets.length === 0) return [];
  const version = new Cursor(await source.read(0, 4, signal), at).i32();
  if (version !== 0) {
    throw new EngineError('UNSUPPORTED_VERSION', `Channel state has version 0, found ${version}.`, {
      ...at,
      offset: 0,
    });
  }
  const stretches: Stretch[] = [];
  for (const offset of offsets) {
    const bytes = new Cursor(await source.read(offset, 4, signal), { ...at, offset }).i32();
    if (bytes < 0 || offset + 4 + bytes > source.size) {
      throw new EngineError(
        'CORRUPT',
        `A buffer of ${bytes} bytes does not lie in the file, which has ${source.size}.`,
        {
          ...at,
          offset,
        },
      );
    }
    stretches.push({ from: offset + 4, bytes });
  }
  return stretches;
}

/** Names of stream elements by their tag, with the bytes of each behind the tag; records have some more. Source: StreamElementSerializer. */
const ELEMENTS = [
  { name: 'record', bytes: 8 },
  { name: 'recordWithoutTimestamp', bytes: 0 },
  { name: 'watermark', bytes: 8 },
  { name: 'latencyMarker', bytes: 28 },
  { name: 'watermarkStatus', bytes: 4 },
  { name: 'recordAttributes', bytes: 1 },
  { name: 'internalWatermark', bytes: 12 },
] as const;
const isRecord = (tag: number): boolean => tag <= 1;

/**
 * The stream elements in a channel's buffers, which together are one stream of `i4 n`, n bytes of a StreamElement.
 *
 * What an input channel kept begins with an element. What a result subpartition kept may begin inside one, whose beginning the
 * input channel at its other end has (Flink reads the two as one), but no snapshot says which channel that is. So the stream
 * begins where the longest chain of elements does that leads to the end; `leadingBytes` stand before it. At the end part of an
 * element may be left over.
 */
export function readStreamElements(content: Uint8Array, beginsWithElement: boolean): Json {
  const start = startOfElements(content, beginsWithElement);
  if (start === null) {
    throw new EngineError(
      'UNREADABLE',
      'No stream element begins in these buffers: they hold the middle of one, or something else.',
    );
  }
  const cursor = new Cursor(content, {}, start);
  const elements: Json[] = [];
  for (let length = elementAt(content, cursor.position); length > 0; ) {
    cursor.skip(4);
    elements.push(element(cursor.frame(length)));
    length = elementAt(content, cursor.position);
  }
  return fields({ leadingBytes: BigInt(start), elements, trailingBytes: BigInt(cursor.remaining) });
}

function startOfElements(content: Uint8Array, beginsWithElement: boolean): number | null {
  const lengths = chainLengths(content);
  if (lengths[0] > 0 || (beginsWithElement && lengths[0] === 0) || content.length === 0) return 0;
  const best = lengths.reduce((most, length, at) => (length > lengths[most] ? at : most), 0);
  // One element alone could be an accident; then the stream is taken to begin with one that is cut off, if it can.
  return lengths[best] > 1 ? best : lengths[0] === 0 ? 0 : null;
}

/** For each position the number of whole elements in the chain that begins there and leads to the end; -1 where none does. */
function chainLengths(content: Uint8Array): Int32Array {
  const lengths = new Int32Array(content.length + 1);
  for (let at = content.length - 1; at >= 0; at--) {
    const length = elementAt(content, at);
    if (length === NONE) lengths[at] = -1;
    else if (length !== CUT_OFF) {
      const rest = lengths[at + 4 + length];
      lengths[at] = rest < 0 ? -1 : rest + 1;
    }
  }
  return lengths;
}

/** The content ends before the element does. */
const CUT_OFF = 0;
/** No element can be here. */
const NONE = -1;

/** Length of the whole element at `at`, without its own four bytes; else `CUT_OFF` or `NONE`. */
function elementAt(content: Uint8Array, at: number): number {
  const left = content.length - at - 4;
  if (left < 0) return CUT_OFF;
  const length = (content[at] << 24) | (content[at + 1] << 16) | (content[at + 2] << 8) | content[at + 3];
  if (length < 1) return NONE;
  if (left > 0) {
    const tag = content[at + 4];
    const form = ELEMENTS[tag];
    if (form === undefined) return NONE;
    if (isRecord(tag) ? length < 1 + form.bytes : length !== 1 + form.bytes) return NONE;
  }
  return length <= left ? length : CUT_OFF;
}

/** A record keeps its value as bytes: only the operator's input serializer, which no snapshot has, could read it. */
function element(cursor: Cursor): Json {
  const tag = cursor.u8();
  const { name } = ELEMENTS[tag];
  const rest = (): string => encodeBase64(cursor.take(cursor.remaining));
  switch (name) {
    case 'record':
      return fields({ tag: name, timestamp: cursor.i64(), value: rest() });
    case 'watermark':
      return fields({ tag: name, timestamp: cursor.i64() });
    case 'watermarkStatus':
      return fields({ tag: name, status: BigInt(cursor.i32()) });
    case 'recordAttributes':
      return fields({ tag: name, backlog: cursor.u8() !== 0 });
    case 'internalWatermark':
      return fields({ tag: name, subpartition: BigInt(cursor.i32()), timestamp: cursor.i64() });
    case 'latencyMarker':
      return fields({
        tag: name,
        markedTime: cursor.i64(),
        operatorIdLower: cursor.i64(),
        operatorIdUpper: cursor.i64(),
        subtask: BigInt(cursor.i32()),
      });
    case 'recordWithoutTimestamp':
      return fields({ tag: name, value: rest() });
  }
}
