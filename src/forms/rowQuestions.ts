import { labelText } from '../plan/spell';
import type { DataColumn } from '../view/planWork';
import type { Translate } from '../view/translate';
import { checkNotEmpty } from './answers';
import type { Asker } from './asker';

/** Something that rows have: an expression over them, and the type of its values. */
export interface OfRow {
  value: string;
  type: string;
}

/** Asks for what rows have, by their columns. */
export class RowQuestions {
  constructor(
    private readonly columns: readonly DataColumn[],
    private readonly t: Translate,
  ) {}

  /** A column, or an expression over the row. */
  async column(asker: Asker, prompt: string, before: string): Promise<OfRow> {
    const known = this.columns.map((column) => ({ ...column, value: rowField(column.name) }));
    const expression = Symbol();
    if (known.length > 0) {
      const chosen = await asker.pick<(typeof known)[number] | typeof expression>({
        prompt,
        choices: [
          ...known.map((column) => ({
            label: labelText(column.name),
            description: column.type,
            detail: labelText(column.samples.join(', ')),
            value: column,
          })),
          {
            label: this.t('An expression…'),
            detail: this.t('In CEL over row, such as int(row.amount)'),
            value: expression,
          },
        ],
        active: known.find(({ value }) => value === before),
      });
      if (typeof chosen !== 'symbol') return { value: chosen.value, type: chosen.type };
    }
    const value = await asker.input({
      prompt: `${prompt} ${this.t('An expression of CEL over row')}`,
      value: before,
      placeholder: 'row.user_id',
      check: checkNotEmpty(this.t),
    });
    return { value, type: known.find((column) => column.value === value)?.type ?? 'string' };
  }

  async type(asker: Asker, prompt: string, before: string): Promise<string> {
    return await asker.input({
      prompt,
      value: before === '' ? 'string' : before,
      placeholder: 'string, long, double, tuple<string, long>, pojo a.b.C {id: long}',
      check: checkNotEmpty(this.t),
    });
  }
}

/** A field of the row as CEL names it. */
function rowField(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `row.${name}` : `row[${JSON.stringify(name)}]`;
}
