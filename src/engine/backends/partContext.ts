import type { StreamHandle } from '../metadata/model';
import type { ByteSource } from '../storage/byteSource';
import type { HeaderReader } from './openHeader';

/** What opening a part needs beside its handle. */
export interface PartContext {
  open(stream: StreamHandle): Promise<ByteSource>;
  headers: HeaderReader;
  maxParallelism: number;
  metadataVersion: number;
}
