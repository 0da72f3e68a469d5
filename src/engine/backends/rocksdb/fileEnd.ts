import type { ByteSource } from '../../storage/byteSource';

/** Footer, properties and, of all but large files, the index lie within so many bytes of an SST file's end. */
const END_BYTES = 48 * 1024;

/** The same file with its end in memory: what lies there is read at once. */
export async function withEndInMemory(source: ByteSource, signal?: AbortSignal): Promise<ByteSource> {
  const from = Math.max(0, source.size - END_BYTES);
  const end = await source.read(from, source.size - from, signal);
  return {
    name: source.name,
    size: source.size,
    read: async (offset, length, reading) =>
      offset >= from && length >= 0 && offset + length <= source.size
        ? end.subarray(offset - from, offset - from + length)
        : source.read(offset, length, reading),
    close: async () => {},
  };
}
