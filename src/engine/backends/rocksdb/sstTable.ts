import { EngineError } from '../../bytes/engineError';
import { prepareBlockCompression } from '../../storage/blockCompression';
import type { ByteSource } from '../../storage/byteSource';
import { type Checksums, loadChecksums } from '../../storage/checksums';
import { BlockEntries, blockHandleOf, metaBlock } from './blockEntries';
import { type BlockFormat, type BlockHandle, readBlock } from './blockReader';
import { withEndInMemory } from './fileEnd';
import { readFooter } from './footer';
import { IndexEntries, type IndexFormat } from './indexBlock';
import { KEY_TRAILER, sequenceAt, ValueType } from './internalKey';
import { asciiOf, RocksCursor } from './littleEndian';
import type { KeyRange } from './sortedRun';
import { TableIndex } from './tableIndex';

/** Keys `[start, end)` older than `sequence` are deleted. */
export interface RangeTombstone {
  start: Uint8Array;
  end: Uint8Array;
  sequence: number;
}

/** An open SST file (block-based table): its range deletions and what its properties say. Index and data blocks are read on demand. */
export class SstTable {
  private constructor(
    readonly source: ByteSource,
    /** Where the index is read from. */
    private readonly indexSource: ByteSource,
    readonly format: BlockFormat,
    readonly checksums: Checksums,
    private readonly indexFormat: IndexFormat,
    private readonly indexHandle: BlockHandle,
    /** What data blocks are compressed with. */
    readonly dictionary: Uint8Array | undefined,
    readonly rangeTombstones: RangeTombstone[],
    /** Sequence number of every entry, for a file that was ingested from outside; else null. */
    readonly globalSequence: number | null,
  ) {}

  /**
   * `largestSequence` is what the manifest says of the file; it decides the sequence number of ingested files. `keepsEnd`: what
   * was read of the file's end stays in memory, so that the index need not be read again.
   */
  static async open(
    source: ByteSource,
    largestSequence: number | null,
    keepsEnd: boolean,
    signal?: AbortSignal,
  ): Promise<SstTable> {
    const [checksums, withEnd] = await Promise.all([loadChecksums(), withEndInMemory(source, signal)]);
    const footer = await readFooter(withEnd, signal);
    const { format } = footer;
    const block = (handle: BlockHandle): Promise<Uint8Array> => readBlock(withEnd, handle, format, checksums, signal);

    const metaIndex = metaBlock(await block(footer.metaIndex), source.name, footer.metaIndex.offset);
    const metaHandle = (name: string): BlockHandle | null => {
      const value = metaIndex.get(name);
      return value === undefined ? null : blockHandleOf(value, source.name, footer.metaIndex.offset);
    };
    const indexHandle = footer.index ?? metaHandle('rocksdb.index');
    if (indexHandle === null) throw corrupt(source, footer.metaIndex, 'The SST file names no index block.');
    const propertiesHandle = metaHandle('rocksdb.properties');
    const properties =
      propertiesHandle === null
        ? new Map<string, Uint8Array>()
        : metaBlock(await block(propertiesHandle), source.name, propertiesHandle.offset);
    const dictionaryHandle = metaHandle('rocksdb.compression_dict');
    refuseZstdDictionary(source, properties, dictionaryHandle);
    if (mayHaveZstd(properties)) await prepareBlockCompression();

    const indexFormat = indexFormatOf(properties);
    const deletionsHandle = metaHandle('rocksdb.range_del');
    const globalSequence = globalSequenceOf(properties, largestSequence);
    const tombstones =
      deletionsHandle === null
        ? []
        : readRangeTombstones(await block(deletionsHandle), source.name, deletionsHandle.offset, globalSequence);
    return new SstTable(
      source,
      keepsEnd ? withEnd : source,
      format,
      checksums,
      indexFormat,
      indexHandle,
      dictionaryHandle === null ? undefined : await block(dictionaryHandle),
      tombstones,
      globalSequence,
    );
  }

  /** The data blocks that may hold keys of the range. */
  dataBlocks(range: KeyRange, signal?: AbortSignal): TableIndex {
    const { indexSource: source, indexFormat } = this;
    return new TableIndex(this.indexHandle, indexFormat.type === TWO_LEVEL_INDEX, async (handle) => {
      const bytes = await readBlock(source, handle, this.format, this.checksums, signal);
      return new IndexEntries(bytes, indexFormat, range, source.name, handle.offset);
    });
  }
}

const TWO_LEVEL_INDEX = 2;

function indexFormatOf(properties: ReadonlyMap<string, Uint8Array>): IndexFormat {
  const type = properties.get('rocksdb.block.based.table.index.type');
  return {
    type: type === undefined ? 0 : new RocksCursor(type).fixed32(),
    userKeys: numberProperty(properties, 'rocksdb.index.key.is.user.key') === 1,
    deltaValues: numberProperty(properties, 'rocksdb.index.value.is.delta.encoded') === 1,
  };
}

/** A property that is a varint64; null where it is absent. */
export function numberProperty(properties: ReadonlyMap<string, Uint8Array>, name: string): number | null {
  const value = properties.get(name);
  return value === undefined ? null : new RocksCursor(value).varintSize(`property ${name}`);
}

/**
 * `GetGlobalSequenceNumber` of `table/block_based/block_based_table_reader.cc`: files made outside and ingested hold sequence
 * number 0 in every key, and take the one that the manifest gave them (or that was written into their properties).
 */
function globalSequenceOf(properties: ReadonlyMap<string, Uint8Array>, largest: number | null): number | null {
  const version = properties.get('rocksdb.external_sst_file.version');
  if (version === undefined || new RocksCursor(version).fixed32() < 2) return null;
  const stored = properties.get('rocksdb.external_sst_file.global_seqno');
  const sequence = stored === undefined ? 0 : Number(new RocksCursor(stored).fixed64());
  return sequence === 0 && largest !== null ? largest : sequence;
}

/** Names of `CompressionTypeToString` that are not zstd. */
const OTHER_COMPRESSIONS = ['NoCompression', 'Snappy', 'Zlib', 'BZip2', 'LZ4', 'LZ4HC'];

/** A file has one compression, which its properties name; some of its blocks may not be compressed. */
function mayHaveZstd(properties: ReadonlyMap<string, Uint8Array>): boolean {
  const name = properties.get('rocksdb.compression');
  return name === undefined || !OTHER_COMPRESSIONS.includes(asciiOf(name));
}

/**
 * Blocks that zstd compressed with a dictionary need a decoder that knows dictionaries. A file has a dictionary whatever its
 * compression, but Snappy and bzip2 make no use of it.
 */
function refuseZstdDictionary(
  source: ByteSource,
  properties: ReadonlyMap<string, Uint8Array>,
  dictionary: BlockHandle | null,
): void {
  if (dictionary === null || dictionary.size === 0 || !mayHaveZstd(properties)) return;
  throw new EngineError(
    'UNSUPPORTED',
    "The SST file's blocks are compressed (zstd) with a dictionary, which is not supported.",
    { file: source.name, offset: dictionary.offset },
  );
}

function readRangeTombstones(
  bytes: Uint8Array,
  file: string,
  offset: number,
  globalSequence: number | null,
): RangeTombstone[] {
  const entries = new BlockEntries(bytes, file, offset);
  const found: RangeTombstone[] = [];
  while (entries.advance()) {
    const keyLength = entries.keyLength - KEY_TRAILER;
    if (keyLength < 0 || entries.key[keyLength] !== ValueType.rangeDeletion) {
      throw new EngineError('CORRUPT', 'An entry of the range deletion block is no range deletion.', { file, offset });
    }
    found.push({
      start: entries.key.slice(0, keyLength),
      end: bytes.slice(entries.valueStart, entries.valueEnd),
      sequence: globalSequence ?? sequenceAt(entries.key, keyLength),
    });
  }
  return found;
}

function corrupt(source: ByteSource, handle: BlockHandle, message: string): EngineError {
  return new EngineError('CORRUPT', message, { file: source.name, offset: handle.offset });
}
