import { throwIfAborted } from '../engine/bytes/engineError';
import type { FileStore } from '../engine/storage/byteSource';
import { toProblem } from '../rpc/problem';
import type { Classified } from './workerProtocol';

/** `Checkpoints.HEADER_MAGIC_NUMBER` of Flink: the first four bytes of `_metadata`, big-endian, since 1.2. */
const FLINK_MAGIC = 0x4960672d;
/** `PAR1`: the first four bytes of a Parquet file, and so of the `_metadata` that Spark and Dask write. */
const PARQUET_MAGIC = 0x50415231;

/**
 * Tells Flink's `_metadata` from files of the same name by eight bytes, so that a list of hundreds of snapshots needs no
 * more than that of each.
 */
export async function classify(store: FileStore, path: string, signal: AbortSignal): Promise<Classified> {
  throwIfAborted(signal);
  try {
    const source = await store.open(path);
    try {
      if (source.size === 0) return { is: 'other', what: 'empty' };
      if (source.size < 4) return { is: 'other', what: 'unknown' };
      const head = await source.read(0, Math.min(8, source.size), signal);
      const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
      const magic = view.getUint32(0);
      if (magic === PARQUET_MAGIC) return { is: 'other', what: 'parquet' };
      if (magic !== FLINK_MAGIC) return { is: 'other', what: 'unknown' };
      return { is: 'snapshot', metadataVersion: head.length < 8 ? 0 : view.getInt32(4) };
    } finally {
      await source.close();
    }
  } catch (e) {
    throwIfAborted(signal);
    const problem = toProblem(e);
    return { is: 'unreadable', code: problem.code, message: problem.message };
  }
}
