import type { EngineError } from '../bytes/engineError';
import type { OperatorDraft } from '../plan/operatorDraft';
import type { RowsReport } from '../plan/planReport';
import { BootstrapRewrite } from './bootstrapRewrite';

/** Bad rows that are told of one by one. */
const MAX_BAD_ROWS = 20;

/** What is known of the rows that fill an operator's state. */
export function rowsReports({ jobs, operatorState, rewrite }: OperatorDraft): RowsReport[] {
  const merged = rewrite instanceof BootstrapRewrite ? (rewrite.written?.merged ?? null) : null;
  return [...jobs, ...operatorState.rows].map((job) => {
    const { data, filled, sampled, result } = job;
    const bad = result?.bad ?? sampled?.bad;
    return {
      data: data.file,
      states: [...filled],
      looked: sampled?.rows ?? 0,
      columns: sampled?.columns.map((column) => ({ ...column })) ?? [],
      samples: sampled?.samples.map((sample) => ({ ...sample })) ?? [],
      counts:
        result === null
          ? null
          : {
              rows: result.rows,
              leftOut: result.leftOut,
              bad: result.bad.count,
              entries: [...result.entries].map(([state, entries]) => ({ state, entries })),
              merged: merged === null ? null : { ...merged },
            },
      badRows: bad?.listed.slice(0, MAX_BAD_ROWS).map(badRowText) ?? [],
    };
  });
}

const badRowText = ({ where, message }: EngineError): string =>
  where === undefined ? message : `${where}: ${message}`;
