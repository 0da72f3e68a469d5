import { EngineError } from '../../bytes/engineError';
import type { ByteSource } from '../../storage/byteSource';
import { BLOCK_TRAILER, type BlockFormat, type BlockHandle, type ChecksumType } from './blockReader';
import { RocksCursor } from './littleEndian';

/** Block-based tables since RocksDB 2.8, and those of LevelDB's time (format version 0). */
const MAGIC = 0x88e241b785f4cff7n;
const LEGACY_MAGIC = 0xdb4775248b80fb57n;
/** Other table formats, which no Flink option selects; told by name. */
const OTHER_MAGICS: ReadonlyMap<bigint, string> = new Map([
  [0x8242229663bf9564n, 'a plain table'],
  [0x4f3418eb7a8f13b8n, 'a plain table'],
  [0x926789d0c5f17873n, 'a cuckoo table'],
]);

/** Two block handles at their longest. */
const HANDLES_BYTES = 40;
const FOOTER_BYTES = 1 + HANDLES_BYTES + 4 + 8;
const LEGACY_FOOTER_BYTES = HANDLES_BYTES + 8;
const NEWEST_VERSION = 6;
const EXTENDED_MAGIC = 0x007a003e;

export interface Footer {
  format: BlockFormat;
  metaIndex: BlockHandle;
  /** Null since format version 6, where the meta index block names it. */
  index: BlockHandle | null;
}

/**
 * The last bytes of an SST file (`table/format.cc`):
 *
 * ```
 * version 0:     metaindex handle, index handle, padding to 40 bytes | magic (8)
 * version 1 - 5: checksum type (1) | the same 40 bytes | version (4) | magic (8)
 * version 6:     checksum type (1) | 3e 00 7a 00, checksum (4), base context checksum (4), metaindex size (4), zeros (24)
 *                | version (4) | magic (8)
 * ```
 */
export async function readFooter(source: ByteSource, signal?: AbortSignal): Promise<Footer> {
  if (source.size < LEGACY_FOOTER_BYTES) {
    throw new EngineError(
      'TRUNCATED',
      `An SST file has at least ${LEGACY_FOOTER_BYTES} bytes, this one ${source.size}.`,
      {
        file: source.name,
        offset: 0,
      },
    );
  }
  const length = Math.min(FOOTER_BYTES, source.size);
  const offset = source.size - length;
  const bytes = await source.read(offset, length, signal);
  const cursor = new RocksCursor(bytes, { file: source.name, offset });
  cursor.position = length - 8;
  const magic = cursor.fixed64();
  if (magic === LEGACY_MAGIC) return legacyFooter(cursor, length - LEGACY_FOOTER_BYTES);
  if (magic !== MAGIC) throw wrongMagic(magic, source, source.size - 8);
  if (length < FOOTER_BYTES) throw cursor.corrupt(`An SST file of this kind has at least ${FOOTER_BYTES} bytes.`);
  cursor.position = length - 12;
  const version = cursor.fixed32();
  if (version > NEWEST_VERSION) {
    throw cursor.error(
      'UNSUPPORTED_VERSION',
      `SST format version ${version}; versions up to ${NEWEST_VERSION} are known.`,
    );
  }
  cursor.position = 0;
  const checksum = cursor.u8();
  if (checksum > 4) throw cursor.error('UNSUPPORTED', `SST checksum type ${checksum}; types 0 to 4 are known.`);
  const type = checksum as ChecksumType;
  if (version < 6) {
    const format = { checksum: type, version, baseContextChecksum: 0 };
    return { format, metaIndex: handle(cursor, 'meta index block'), index: handle(cursor, 'index block') };
  }
  if (cursor.fixed32() !== EXTENDED_MAGIC)
    throw cursor.corrupt('The extended magic number of the SST footer is wrong.');
  cursor.skip(4);
  const baseContextChecksum = cursor.fixed32();
  const size = cursor.fixed32();
  const metaIndex = { offset: offset - BLOCK_TRAILER - size, size };
  return { format: { checksum: type, version, baseContextChecksum }, metaIndex, index: null };
}

function legacyFooter(cursor: RocksCursor, at: number): Footer {
  cursor.position = at;
  const format = { checksum: 1, version: 0, baseContextChecksum: 0 } as const;
  return { format, metaIndex: handle(cursor, 'meta index block'), index: handle(cursor, 'index block') };
}

function handle(cursor: RocksCursor, what: string): BlockHandle {
  return { offset: cursor.varintSize(`offset of the ${what}`), size: cursor.varintSize(`size of the ${what}`) };
}

function wrongMagic(magic: bigint, source: ByteSource, offset: number): EngineError {
  const place = { file: source.name, offset };
  const known = OTHER_MAGICS.get(magic);
  return known === undefined
    ? new EngineError('CORRUPT', `This is not an SST file: its magic number is 0x${magic.toString(16)}.`, place)
    : new EngineError('UNSUPPORTED', `The SST file is ${known}; only block-based tables are read.`, place);
}
