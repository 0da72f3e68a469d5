import { exportState } from '../../engine/export/exportState';
import { parquetFormat } from '../../engine/export/parquetFormat';
import { csv } from '../../engine/query/csv';
import type { DumpFormat } from '../../engine/query/dumpFormat';
import { ndjson } from '../../engine/query/ndjson';
import type { FileStore } from '../../engine/storage/byteSource';
import type { WriteWhole } from '../../engine/storage/nodeWholeFile';
import type { DecoderChoices } from '../../engine/types/decoderChoices';
import { toProblem } from '../../rpc/problem';
import type { ExportedRows, ExportFormat, ExportProgress, RowQuery } from '../../view/shownRows';
import { SESSION_LIMITS, StateSession } from './stateSession';
import { Turns } from './turns';

/** A sign of progress at most so often. */
const TELL_EVERY_MS = 200;
/** Problems that are told one by one. */
const MAX_PROBLEMS = 20;

const FORMATS: Readonly<Record<ExportFormat, () => DumpFormat>> = {
  ndjson: () => ndjson,
  csv: () => csv,
  parquet: () => parquetFormat(true),
};

/** Writes the rows of a query to a file, in the order in which they are stored. Of a failure, or once it is cancelled, nothing is left. */
export async function exportRows(
  store: FileStore,
  writeWhole: WriteWhole,
  {
    path,
    file,
    format,
    decoders,
    ...query
  }: RowQuery & { path: string; file: string; format: ExportFormat; decoders?: DecoderChoices },
  signal: AbortSignal,
  tell: (progress: ExportProgress) => void,
): Promise<ExportedRows> {
  const session = new StateSession(store, path, query.target, SESSION_LIMITS, decoders);
  const result: ExportedRows = { rows: 0, bytes: 0, problems: [], moreProblems: 0 };
  try {
    const snapshot = await session.snapshot(signal);
    const { lookup, wanted } = await session.prepared({ ...query, sort: null }, signal);
    const { operator, state, backend } = query.target;
    const options = { operator, state, backend, key: lookup, wanted, format: FORMATS[format]() };
    let told = performance.now();
    const pace = new Turns().pacer(signal, false);
    await writeWhole(file, async (write) => {
      const pieces = exportState(
        snapshot,
        options,
        ({ subtask, error, what, state: lost }) => {
          const isOther = what !== null && (what === 'operator state') !== (backend === 'operator');
          if (isOther || (lost !== null && lost !== state)) return;
          if (result.problems.length >= MAX_PROBLEMS) result.moreProblems++;
          else result.problems.push(toProblem(error.at({ where: `subtask ${subtask.index}` })));
        },
        ({ rows, done }) => {
          result.rows = rows;
          if (performance.now() - told < TELL_EVERY_MS) return;
          told = performance.now();
          tell({ rows, done, bytes: result.bytes });
        },
        signal,
      );
      for await (const piece of pieces) {
        await write(piece);
        result.bytes += piece.length;
        await pace();
      }
    });
    return result;
  } finally {
    await session.close();
  }
}
