import { celEnvironment } from '../../query/celEnvironment';
import { celMessage, parseCel } from '../../query/parseCel';
import { type Cell, cellReader, type DataRow, type DataSource } from '../data/dataSource';
import { type DirectSource, directSource } from '../direct/directSource';
import { celCell } from './celCell';
import { compileRow, noColumn, noValue } from './compileRow';

/** The value of an expression over a row; `BAD_VALUE` where it has none for this row. */
export interface RowExpression {
  (row: DataRow): Cell;
  /** Columns that it looks at; null where that may be any. */
  readonly columns: ReadonlySet<string> | null;
  /** The column that it is about, for messages, where it is about one alone. */
  readonly column: string | null;
  /** What it takes of the bytes of a row's fields; null where it is not so plain. */
  readonly direct: DirectSource | null;
}

const environment = celEnvironment().registerVariable('row', 'dyn');

const HINT =
  "Expressions are CEL over row, for example: int(row.limit), row.first + ' ' + row.last, has(row.tags) ? row.tags : {}";
const NAME = '[A-Za-z_][A-Za-z0-9_]*';

/** Compiles once; the forms that nearly all expressions have do without CEL. `BAD_ARGUMENT` where it is none. */
export function rowExpression(expression: string, source: DataSource): RowExpression {
  const evaluate = parseCel(environment, expression, HINT);
  const columns = columnsOf(expression, source);
  const used = columns === null ? [] : [...columns];
  const plain = compileRow(evaluate.ast, source);
  if (plain !== null) {
    const { run, columns: read, column } = plain;
    const direct = directSource(evaluate.ast, source);
    return Object.assign((row: DataRow) => run(row), { columns: read, column, direct });
  }
  const names = source.columns === null ? null : source.columns.filter((name) => columns?.has(name) !== false);
  const readers = names?.map((name) => [name, cellReader(source, name)] as const);
  const run = (row: DataRow): Cell => {
    const cells = readers === undefined ? row.cells : new Map(readers.map(([name, read]) => [name, read(row)]));
    let result: unknown;
    try {
      result = evaluate({ row: cells });
    } catch (e) {
      throw noValue(`The expression has no value for this row: ${celMessage(e)}`);
    }
    return celCell(result);
  };
  return Object.assign(run, { columns, column: used.length === 1 ? used[0] : null, direct: null });
}

/**
 * The columns whose names stand in the expression: all that it can ask for, unless it uses `row` as a whole. Null then.
 */
function columnsOf(expression: string, source: DataSource): ReadonlySet<string> | null {
  if (/(?<![\w.])row(?!\w)(?!\s*(?:\.|\[\s*['"]))/.test(expression)) return null;
  const known = source.columns?.filter((name) => expression.includes(name));
  if (known !== undefined) {
    for (const [, name] of expression.matchAll(new RegExp(`(?<![\\w.'"])row\\s*\\.\\s*(${NAME})`, 'g'))) {
      if (source.columns?.includes(name) === false) throw noColumn(name, source.columns);
    }
    return new Set(known);
  }
  return null;
}
