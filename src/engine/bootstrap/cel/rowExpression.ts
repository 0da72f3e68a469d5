import { Environment } from '@marcbachmann/cel-js';
import { EngineError } from '../../bytes/engineError';
import { celMessage, parseCel } from '../../query/parseCel';
import { didYouMean } from '../../types/describe/nearestName';
import { type Cell, cellReader, type DataRow, type DataSource } from '../data/dataSource';
import { celCell } from './celCell';

/** The value of an expression over a row; `BAD_VALUE` where it has none for this row. */
export interface RowExpression {
  (row: DataRow): Cell;
  /** Columns that it looks at; null where that may be any. */
  readonly columns: ReadonlySet<string> | null;
  /** The column that it is about, for messages, where it is about one alone. */
  readonly column: string | null;
}

const environment = new Environment({
  unlistedVariablesAreDyn: false,
  homogeneousAggregateLiterals: false,
}).registerVariable('row', 'dyn');

const HINT =
  "Expressions are CEL over row, for example: int(row.limit), row.first + ' ' + row.last, has(row.tags) ? row.tags : {}";
const NAME = '[A-Za-z_][A-Za-z0-9_]*';
/** `row.a`, `row.a.b`, `row["any name"]`, and the same in a conversion. */
const PLAIN = new RegExp(
  `^\\s*(?:(int|double|string)\\s*\\(\\s*)?row((?:\\.${NAME})+|\\[\\s*"[^"\\\\\\n]+"\\s*\\]|\\[\\s*'[^'\\\\\\n]+'\\s*\\])\\s*(\\))?\\s*$`,
);
/** Words that CEL does not take as a field's name. */
const NO_FIELD: ReadonlySet<string> = new Set(['in', 'true', 'false', 'null']);

const MAX_LONG = (1n << 63n) - 1n;
const MIN_LONG = -(1n << 63n);

/** Compiles once; the forms that nearly all expressions have do without CEL. `BAD_ARGUMENT` where it is none. */
export function rowExpression(expression: string, source: DataSource): RowExpression {
  const plain = plainExpression(expression, source);
  if (plain !== null) return plain;
  const evaluate = parseCel(environment, expression, HINT);
  const columns = columnsOf(expression, source);
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
  const used = columns === null ? [] : [...columns];
  return Object.assign(run, { columns, column: used.length === 1 ? used[0] : null });
}

function plainExpression(expression: string, source: DataSource): RowExpression | null {
  const match = PLAIN.exec(expression);
  if (match === null || (match[1] === undefined) !== (match[3] === undefined)) return null;
  const [, conversion, text] = match;
  const path = text.startsWith('[') ? [text.slice(1, -1).trim().slice(1, -1)] : text.slice(1).split('.');
  if (path.some((name) => NO_FIELD.has(name))) return null;
  const read = pathReader(path, source);
  const convert = conversion === undefined ? null : CONVERSIONS[conversion];
  const run = convert === null ? read : (row: DataRow): Cell => convert(read(row));
  return Object.assign((row: DataRow) => run(row), { columns: new Set([path[0]]), column: path.join('.') });
}

function pathReader([column, ...inner]: readonly string[], source: DataSource): (row: DataRow) => Cell {
  if (source.columns !== null && !source.columns.includes(column)) throw noColumn(column, source.columns);
  const read = cellReader(source, column);
  return (row) => {
    let cell = read(row);
    if (cell === undefined) throw noField(column);
    for (const name of inner) {
      cell = cell instanceof Map ? cell.get(name) : undefined;
      if (cell === undefined) throw noField(name);
    }
    return cell;
  };
}

/** CEL's conversions of the values that cells have. */
const CONVERSIONS: Readonly<Record<string, (cell: Cell) => Cell>> = {
  int(cell) {
    if (typeof cell === 'bigint' && cell >= MIN_LONG && cell <= MAX_LONG) return cell;
    if (typeof cell === 'string' && /^[+-]?\d{1,19}$/.test(cell)) {
      const value = BigInt(cell.charCodeAt(0) === 0x2b ? cell.slice(1) : cell);
      if (value >= MIN_LONG && value <= MAX_LONG) return value;
    }
    if (typeof cell === 'number' && Math.abs(cell) < 2 ** 63) return BigInt(Math.trunc(cell));
    throw noConversion('a whole number', cell);
  },
  double(cell) {
    if (typeof cell === 'number') return cell;
    if (typeof cell === 'bigint') return Number(cell);
    if (typeof cell === 'string') {
      const value = Number(cell);
      if (!Number.isNaN(value) && cell.trim() !== '') return value;
      if (cell === 'NaN') return Number.NaN;
    }
    throw noConversion('a number', cell);
  },
  string(cell) {
    if (typeof cell === 'string') return cell;
    if (typeof cell === 'bigint' || typeof cell === 'boolean' || typeof cell === 'number') return String(cell);
    throw noConversion('text', cell);
  },
};

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

const noColumn = (name: string, columns: readonly string[]): EngineError =>
  new EngineError('BAD_ARGUMENT', `The data has no column ${name}.${didYouMean(name, columns)}`, {
    hint: `It has: ${columns.slice(0, 30).join(', ')}`,
  });

const noField = (name: string): EngineError =>
  noValue(`The row has no field ${name}.`, `Where it may be missing: has(row.${name}) ? row.${name} : null`);

function noConversion(wanted: string, cell: Cell): EngineError {
  const text =
    typeof cell === 'string' ? JSON.stringify(cell.slice(0, 60)) : cell === null ? 'null' : `a ${kindOf(cell)}`;
  return noValue(`${text} is not ${wanted}.`);
}

const kindOf = (cell: Cell): string =>
  cell instanceof Map ? 'map' : Array.isArray(cell) ? 'list' : cell instanceof Uint8Array ? 'byte string' : typeof cell;

const noValue = (message: string, hint?: string): EngineError => new EngineError('BAD_VALUE', message, { hint });
