import { EngineError } from '../../bytes/engineError';
import { type ByteSource, readInto } from '../../storage/byteSource';
import { loadChecksums, maskCrc } from '../../storage/checksums';
import { decompressBlobValue } from './blockReader';
import { compareWithin } from './internalKey';
import { RocksCursor } from './littleEndian';
import type { RunEntry } from './sortedRun';

/** An entry whose value was fetched: its key and its value in bytes of their own. */
export type FetchedEntry = Pick<RunEntry, 'bytes' | 'keyFrom' | 'keyTo' | 'valueFrom' | 'valueTo'>;

/** Kind of a reference (`db/blob/blob_index.h`): the others, of values that expire, are those of an older kind of database. */
const BLOB = 1;
/** Bytes in front of a record's key. */
const RECORD_HEADER = 32;

/**
 * Values that lie in blob files, which an options factory of the job may turn on (`ColumnFamilyOptions#setEnableBlobFiles`). An entry of an SST file then holds a reference:
 *
 * ```
 * kind u8 | file number varint64 | offset of the value varint64 | size of the value varint64 | compression u8
 * ```
 *
 * and a record of the blob file (`db/blob/blob_log_format.h`) is
 *
 * ```
 * key length fixed64 | value length fixed64 | expiration fixed64 | checksum of these fixed32
 * | masked crc32c of key and value fixed32 | key | value
 * ```
 */
export class BlobFiles {
  private readonly sources = new Map<number, Promise<ByteSource>>();

  constructor(
    private readonly open: (name: string) => Promise<ByteSource>,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** The entry with the value that it refers to. */
  async fetched(entry: RunEntry): Promise<FetchedEntry> {
    const { bytes, keyFrom, keyTo, valueFrom, valueTo, file, offset } = entry;
    const reference = new RocksCursor(bytes, { file, offset }, valueFrom, valueTo);
    const kind = reference.u8();
    if (kind !== BLOB) {
      throw new EngineError(
        'UNSUPPORTED',
        `A reference into a blob file is of kind ${kind}; only kind ${BLOB} is known.`,
        {
          file,
          offset,
        },
      );
    }
    const number = reference.varintSize('number of a blob file');
    const at = reference.varintSize('offset of a blob');
    const size = reference.varintSize('size of a blob');
    const compression = reference.u8();

    const source = await this.sourceOf(number);
    const start = at - RECORD_HEADER - (keyTo - keyFrom);
    const place = { file: source.name, offset: start };
    if (start < 0 || at + size > source.size) {
      throw new EngineError(
        'CORRUPT',
        `A blob of ${size} bytes at ${at} does not lie in the file, which has ${source.size} bytes.`,
        place,
      );
    }
    const record = new Uint8Array(at + size - start);
    await readInto(source, record, start, this.signal);
    await checkRecord(record, bytes.subarray(keyFrom, keyTo), size, place);
    const value = await decompressBlobValue(compression, record.subarray(at - start), place);
    return joined(bytes.subarray(keyFrom, keyTo), value);
  }

  async close(): Promise<void> {
    for (const opening of this.sources.values()) await opening.then((source) => source.close()).catch(() => {});
  }

  private sourceOf(number: number): Promise<ByteSource> {
    let source = this.sources.get(number);
    if (source === undefined) {
      source = this.open(`${String(number).padStart(6, '0')}.blob`);
      this.sources.set(number, source);
    }
    return source;
  }
}

async function checkRecord(
  record: Uint8Array,
  key: Uint8Array,
  size: number,
  place: { file: string; offset: number },
): Promise<void> {
  const header = new RocksCursor(record, place);
  const keyLength = header.fixed64();
  const valueLength = header.fixed64();
  header.skip(12);
  const stored = header.fixed32();
  const keyEnd = RECORD_HEADER + key.length;
  const isOther = keyLength !== BigInt(key.length) || valueLength !== BigInt(size);
  if (isOther || compareWithin(record, RECORD_HEADER, keyEnd, key, key.length) !== 0) {
    throw new EngineError('CORRUPT', 'A record of a blob file is not that of the entry which refers to it.', place);
  }
  const { crc32c } = await loadChecksums();
  if (maskCrc(crc32c(record.subarray(RECORD_HEADER))) !== stored) {
    throw new EngineError('CHECKSUM', 'The checksum of a blob does not match its bytes: they were damaged.', place);
  }
}

function joined(key: Uint8Array, value: Uint8Array): FetchedEntry {
  const bytes = new Uint8Array(key.length + value.length);
  bytes.set(key);
  bytes.set(value, key.length);
  return { bytes, keyFrom: 0, keyTo: key.length, valueFrom: key.length, valueTo: bytes.length };
}
