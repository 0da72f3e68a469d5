import { gunzipSync } from 'node:zlib';
import type { Compressors } from 'hyparquet';
import { type BlockCompression, decompressBlock, prepareBlockCompression } from '../../storage/blockCompression';

const PLACE = { where: 'a page of the Parquet file' };

const block =
  (compression: BlockCompression) =>
  (bytes: Uint8Array, size: number): Uint8Array =>
    decompressBlock(compression, bytes, size, PLACE);

/** How pages of Parquet files are compressed; Brotli and LZO, and the LZ4 frames of old Hadoop, are not among them. */
export const PARQUET_CODECS: Compressors = {
  SNAPPY: block('snappy'),
  ZSTD: block('zstd'),
  LZ4_RAW: block('lz4'),
  GZIP: (bytes, size) => new Uint8Array(gunzipSync(bytes, { maxOutputLength: Math.max(size, 1) })),
};

/** To be awaited before the first page is read. */
export const prepareParquetCodecs = prepareBlockCompression;
