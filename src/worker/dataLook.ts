import { inferColumns } from '../engine/bootstrap/data/inferColumns';
import { openData } from '../engine/bootstrap/data/openData';
import { EngineError } from '../engine/bytes/engineError';
import type { FileStore } from '../engine/storage/byteSource';
import type { DataLook } from '../view/planWork';

/** Names and types of the columns of a data file, whose format its name tells. */
export async function lookAtData(file: string, store: FileStore, signal: AbortSignal): Promise<DataLook> {
  const places = {
    store,
    snapshot: () => Promise.reject(new EngineError('INTERNAL', 'A data file is no snapshot.')),
  };
  const source = await openData({ kind: 'file', file, format: null, csv: {} }, places, signal);
  try {
    const { columns, rows, bad } = await inferColumns(source, signal);
    return {
      columns: columns.map(({ name, type, samples }) => ({ name, type, samples })),
      rows,
      bad: bad[0]?.message ?? null,
    };
  } finally {
    await source.close();
  }
}
