import type { OperatorDescription, StateDescription } from '../engine/description';
import type { ExportFormat } from '../view/shownRows';
import type { Translate } from '../view/translate';
import { operatorChoices, stateChoices } from './answers';
import { type Asker, ask, type Question } from './asker';

/** What is to be exported, as far as it is known before a person is asked. */
export interface ExportSubject {
  operators: readonly OperatorDescription[];
  operator: OperatorDescription | null;
  state: StateDescription | null;
}

export interface WantedExport {
  operator: OperatorDescription;
  state: StateDescription;
  format: ExportFormat;
}

/** Asks which state is to be exported, and how. Null where the person left, or nothing can be exported. */
export async function exportForm(
  { operators, operator, state }: ExportSubject,
  asker: (number: number) => Asker,
  t: Translate,
): Promise<WantedExport | null> {
  const possible = operators.filter(({ states }) => states.length > 0);
  const wanted: { operator: OperatorDescription | null; state: StateDescription | null; format: ExportFormat } = {
    operator: operator ?? (possible.length === 1 ? (possible[0] ?? null) : null),
    state,
    format: 'ndjson',
  };

  const which: Question = async (asker) => {
    wanted.operator = await asker.pick({
      prompt: t('Export a state of which operator?'),
      choices: operatorChoices(possible, t),
      active: wanted.operator ?? undefined,
    });
    return whichState;
  };
  const whichState: Question = async (asker) => {
    wanted.state = await asker.pick({
      prompt: t('Export which state?'),
      choices: stateChoices(wanted.operator?.states ?? []),
      active: wanted.state ?? undefined,
    });
    return format;
  };
  const format: Question = async (asker) => {
    wanted.format = await asker.pick<ExportFormat>({
      prompt: t('Export as'),
      choices: [
        {
          label: 'NDJSON',
          detail: t('One JSON object a line, exact and complete, as savepoint dump prints'),
          value: 'ndjson',
        },
        { label: 'CSV', detail: t('A table with keys and values as JSON'), value: 'csv' },
        { label: 'Parquet', detail: t('Columns with types of their own, for DuckDB, Spark, pandas'), value: 'parquet' },
      ],
      active: wanted.format,
    });
    return null;
  };

  if (possible.length === 0) return null;
  const first =
    wanted.state !== null && wanted.operator !== null ? format : wanted.operator !== null ? whichState : which;
  if (!(await ask(asker, first)) || wanted.operator === null || wanted.state === null) return null;
  return { operator: wanted.operator, state: wanted.state, format: wanted.format };
}
