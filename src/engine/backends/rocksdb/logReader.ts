import { joinBytes } from '../../bytes/byteStrings';
import { EngineError } from '../../bytes/engineError';
import { type Checksums, maskCrc } from '../../storage/checksums';
import { RocksCursor } from './littleEndian';

/** Log files (MANIFEST, WAL) are made of blocks of this size; no record header crosses a block's end. */
const LOG_BLOCK = 32 * 1024;

/** Record types of `db/log_format.h`; those from 5 on carry the log's number, because log files are recycled. */
const RecordType = { zero: 0, full: 1, first: 2, middle: 3, last: 4, recyclableFull: 5, recyclableLast: 8 } as const;

/**
 * The records of a log file, put together from their fragments:
 * `masked crc32c fixed32 | length fixed16 | type u8 | (log number fixed32, for recyclable types) | data`.
 * The CRC covers everything behind itself but the length.
 */
export function* logRecords(
  bytes: Uint8Array,
  checksums: Checksums,
  file: string,
): Generator<{ data: Uint8Array; offset: number }> {
  const log = new RocksCursor(bytes, { file });
  let parts: Uint8Array[] = [];
  let start = 0;
  while (log.remaining > 0) {
    const leftInBlock = LOG_BLOCK - (log.position % LOG_BLOCK);
    if (leftInBlock < 7) {
      log.skip(Math.min(leftInBlock, log.remaining));
      continue;
    }
    const at = log.position;
    const crc = log.fixed32();
    const length = log.u8() | (log.u8() << 8);
    const typeAt = log.position;
    const rawType = log.u8();
    if (rawType === RecordType.zero && length === 0) {
      // Preallocated space: zeros up to the end of the block.
      log.skip(Math.min(LOG_BLOCK - (log.position % LOG_BLOCK), log.remaining));
      continue;
    }
    const recyclable = rawType >= RecordType.recyclableFull && rawType <= RecordType.recyclableLast;
    if (recyclable) log.skip(4, 'log number');
    const data = log.take(length, 'log record');
    if (maskCrc(checksums.crc32c(bytes.subarray(typeAt, log.position))) !== crc) {
      throw new EngineError('CHECKSUM', 'The checksum of a log record does not match its bytes.', { file, offset: at });
    }
    const type = recyclable ? rawType - 4 : rawType;
    if (type === RecordType.full || type === RecordType.first) {
      parts = [];
      start = at;
    }
    if (type < RecordType.full || type > RecordType.last)
      throw log.corrupt(`Log record type ${rawType} is not known.`, at);
    if ((type === RecordType.middle || type === RecordType.last) && parts.length === 0) {
      throw log.corrupt('A log record goes on that never began.', at);
    }
    parts.push(data);
    if (type === RecordType.full || type === RecordType.last) {
      yield { data: parts.length === 1 ? parts[0] : joinBytes(parts), offset: start };
      parts = [];
    }
  }
  if (parts.length > 0)
    throw new EngineError('TRUNCATED', 'The log ends inside a record.', { file, offset: bytes.length });
}
