import { EngineError } from '../../bytes/engineError';
import type { Snapshot } from '../../snapshot';
import type { FileStore } from '../../storage/byteSource';
import { DATA_FORMATS, type DataFormat, type DataReference } from '../step';
import { CsvRows } from './csvRows';
import type { DataSource } from './dataSource';
import { JsonArrayRows } from './jsonArrayRows';
import { NdjsonRows } from './ndjsonRows';
import { ParquetRows } from './parquetRows';
import { SnapshotRows } from './snapshotRows';

/** What data is read from. */
export interface DataPlaces {
  store: FileStore;
  /** Opens a snapshot that a plan names; whoever gave this closes it. */
  snapshot(path: string): Promise<Snapshot>;
}

const ENDINGS: Readonly<Record<string, DataFormat>> = {
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'json',
  parquet: 'parquet',
};

/** Opens the rows of a file, whose format its name tells unless it is said, or of a state of another snapshot. */
export async function openData(
  reference: DataReference,
  places: DataPlaces,
  signal?: AbortSignal,
): Promise<DataSource> {
  if (reference.kind === 'snapshot') {
    return SnapshotRows.open(await places.snapshot(reference.from), reference.operator, reference.state, signal);
  }
  const { file, csv } = reference;
  const format = reference.format ?? formatOf(file);
  const source = await places.store.open(file);
  try {
    switch (format) {
      case 'csv':
        return await CsvRows.open(source, csv, signal);
      case 'tsv':
        return await CsvRows.open(source, { delimiter: '\t', ...csv }, signal);
      case 'ndjson':
        return new NdjsonRows(source);
      case 'json':
        return new JsonArrayRows(source);
      case 'parquet':
        return await ParquetRows.open(source, signal);
    }
  } catch (e) {
    await source.close();
    throw e;
  }
}

function formatOf(file: string): DataFormat {
  const ending = /\.([^./\\]+)$/.exec(file)?.[1].toLowerCase() ?? '';
  const format = ENDINGS[ending];
  if (format !== undefined) return format;
  throw new EngineError('BAD_ARGUMENT', 'The name of the data file does not say its format.', {
    file,
    hint: `Say "format": ${DATA_FORMATS.map((name) => `"${name}"`).join(', ')}.`,
  });
}
