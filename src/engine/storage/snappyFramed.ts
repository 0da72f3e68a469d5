import { joinBytes } from '../bytes/byteStrings';
import { EngineError } from '../bytes/engineError';
import { decompressBlock } from './blockCompression';
import type { ByteStream } from './byteStream';
import { type Checksums, loadChecksums, maskCrc } from './checksums';

/**
 * The Snappy framing format, as Flink writes compressed state (xerial's SnappyFramedOutputStream through
 * org.apache.flink.runtime.state.SnappyStreamCompressionDecorator, since 1.4): chunks of `byte type, 3 bytes length (little-endian)`;
 * type FF is the stream identifier, 00 compressed data and 01 plain data, both behind a masked CRC-32C (little-endian)
 * of the uncompressed bytes. Source: framing_format.txt of google/snappy.
 */
export const STREAM_IDENTIFIER = new Uint8Array([0xff, 0x06, 0, 0, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59]);

const COMPRESSED = 0x00;
const PLAIN = 0x01;
const IDENTIFIER = 0xff;
const CHUNK_HEADER = 4;
const CHECKSUM = 4;
/** The format allows no larger chunk. */
const MAX_UNCOMPRESSED = 65536;

/**
 * The uncompressed bytes of a stream in the framing format. It may begin with any chunk, and may repeat the identifier: an
 * element of operator state begins in the middle of a stream, and the states of a heap key group are streams end to end.
 */
export class SnappyFramedStream implements ByteStream {
  private pending = new Uint8Array(0);
  /** Offset in the inner stream of the first byte of `pending`. */
  offset: number;
  readonly packed: { readonly file: string; readonly offset: number };
  private checksums: Checksums | null = null;

  constructor(private readonly inner: ByteStream) {
    this.offset = inner.offset;
    this.packed = { file: inner.name, offset: inner.offset };
  }

  get name(): string {
    return `${this.inner.name} (uncompressed)`;
  }

  async next(signal?: AbortSignal): Promise<Uint8Array | null> {
    this.checksums ??= await loadChecksums();
    for (;;) {
      const pieces = this.completeChunks(this.checksums);
      if (pieces.length > 0) return joinBytes(pieces);
      const more = await this.inner.next(signal);
      if (more === null) {
        if (this.pending.length === 0) return null;
        throw this.fail(
          'TRUNCATED',
          `The compressed stream ends inside a chunk: ${this.pending.length} bytes of it are there.`,
        );
      }
      this.pending = this.pending.length === 0 ? new Uint8Array(more) : joinBytes([this.pending, more]);
    }
  }

  /** Decodes the chunks that `pending` holds whole, and keeps the rest. */
  private completeChunks(checksums: Checksums): Uint8Array[] {
    const { pending } = this;
    const pieces: Uint8Array[] = [];
    let at = 0;
    while (pending.length - at >= CHUNK_HEADER) {
      const length = pending[at + 1] | (pending[at + 2] << 8) | (pending[at + 3] << 16);
      const end = at + CHUNK_HEADER + length;
      if (end > pending.length) break;
      const piece = this.decode(pending[at], pending.subarray(at + CHUNK_HEADER, end), checksums);
      if (piece !== null && piece.length > 0) pieces.push(piece);
      this.offset += end - at;
      at = end;
    }
    if (at > 0) this.pending = pending.slice(at);
    return pieces;
  }

  private decode(type: number, body: Uint8Array, checksums: Checksums): Uint8Array | null {
    if (type === IDENTIFIER) {
      if (!STREAM_IDENTIFIER.subarray(CHUNK_HEADER).every((b, i) => body[i] === b)) {
        throw this.fail('CORRUPT', 'A stream identifier is not that of Snappy.');
      }
      return null;
    }
    if (type !== COMPRESSED && type !== PLAIN) {
      // 80 to FE are padding and chunks that a reader is to skip.
      if (type >= 0x80) return null;
      throw this.fail('CORRUPT', `A chunk of a compressed stream has type ${type}.`);
    }
    if (body.length < CHECKSUM) throw this.fail('CORRUPT', 'A chunk is too short for its checksum.');
    const data = body.subarray(CHECKSUM);
    const size = type === PLAIN ? data.length : uncompressedLength(data);
    if (size === null || size > MAX_UNCOMPRESSED) {
      throw this.fail('CORRUPT', `A chunk says that it holds more than ${MAX_UNCOMPRESSED} bytes.`);
    }
    const place = { file: this.inner.name, offset: this.offset };
    const plain = type === PLAIN ? data : decompressBlock('snappy', data, size, place);
    const stored = (body[0] | (body[1] << 8) | (body[2] << 16) | (body[3] << 24)) >>> 0;
    const actual = maskCrc(checksums.crc32c(plain));
    if (stored !== actual) {
      throw this.fail('CHECKSUM', `The checksum of a chunk is ${hex(stored)}, but its bytes have ${hex(actual)}.`);
    }
    return plain;
  }

  private fail(code: 'CORRUPT' | 'CHECKSUM' | 'TRUNCATED', message: string): EngineError {
    return new EngineError(code, message, { file: this.inner.name, offset: this.offset });
  }
}

/** The varint in front of a Snappy block; null if it is not one. */
function uncompressedLength(block: Uint8Array): number | null {
  let length = 0;
  for (let i = 0; i < 5 && i < block.length; i++) {
    length += (block[i] & 0x7f) * 2 ** (7 * i);
    if (block[i] < 0x80) return length;
  }
  return null;
}

const hex = (v: number): string => `0x${v.toString(16).padStart(8, '0')}`;
