import type { ASTNode } from '@marcbachmann/cel-js';
import { EngineError } from '../../bytes/engineError';
import { encodeBase64 } from '../../json/base64';
import type { Json } from '../../json/jsonValue';
import { functionName } from '../../query/parseCel';
import { didYouMean } from '../../types/describe/nearestName';
import { type Cell, cellReader, type DataRow, type DataSource } from '../data/dataSource';

/** An expression that needs no CEL at run time. */
export interface CompiledRow {
  run(row: DataRow): Cell;
  /** Columns that it looks at. */
  columns: ReadonlySet<string>;
  /** What it is about, for messages, where it is about one field alone. */
  column: string | null;
}

/** Deepest nesting that is compiled. */
const MAX_DEPTH = 20;

/**
 * Compiles what nearly all expressions are made of: fields of the row, `int()`, `double()` and `string()` of these, constants,
 * and lists and maps of all that. They give what CEL gives. Null where there is something else in it; `BAD_ARGUMENT` where the
 * data has no such column.
 */
export function compileRow(ast: ASTNode, source: DataSource): CompiledRow | null {
  const columns = new Set<string>();
  const paths: string[] = [];
  const run = new RowCompiler(source, columns, paths).compile(ast, 0);
  return run === null ? null : { run, columns, column: paths.length === 1 ? paths[0] : null };
}

type Run = (row: DataRow) => Cell;

class RowCompiler {
  constructor(
    private readonly source: DataSource,
    private readonly columns: Set<string>,
    private readonly paths: string[],
  ) {}

  compile(node: ASTNode, depth: number): Run | null {
    if (depth > MAX_DEPTH) return null;
    switch (node.op) {
      case 'value':
        return constant(node.args);
      case '.':
      case '[]':
        return this.field(node);
      case 'call':
        return this.conversion(node.args);
      case 'list':
        return this.list(node.args, depth);
      case 'map':
        return this.map(node.args, depth);
      default:
        return null;
    }
  }

  private field(node: ASTNode): Run | null {
    const path = pathOf(node, 0);
    if (path === null) return null;
    const [column, ...inner] = path;
    const { columns } = this.source;
    if (columns !== null && !columns.includes(column)) throw noColumn(column, columns);
    this.columns.add(column);
    this.paths.push(path.join('.'));
    const read = cellReader(this.source, column);
    if (inner.length === 0) return (row) => read(row) ?? missing(row, column, read);
    return (row) => {
      let cell = read(row) ?? missing(row, column, read);
      for (const name of inner) {
        const next: Cell | undefined = cell instanceof Map ? cell.get(name) : undefined;
        if (next === undefined) throw noField(name);
        cell = next;
      }
      return cell;
    };
  }

  private conversion([called, args]: readonly [string, readonly ASTNode[]]): Run | null {
    const name = functionName(called);
    const convert = Object.hasOwn(CONVERSIONS, name) ? CONVERSIONS[name] : undefined;
    const [only, ...more] = args;
    if (convert === undefined || only === undefined || more.length > 0) return null;
    const run = this.field(only);
    return run === null ? null : (row) => convert(run(row));
  }

  private list(items: readonly ASTNode[], depth: number): Run | null {
    const runs = this.all(items, depth);
    return runs === null ? null : (row) => runs.map((run) => jsonOf(run(row)));
  }

  private map(entries: readonly (readonly [ASTNode, ASTNode])[], depth: number): Run | null {
    const names = entries.map(([key]) => (key.op === 'value' && typeof key.args === 'string' ? key.args : null));
    const runs = this.all(
      entries.map(([, value]) => value),
      depth,
    );
    if (runs === null || !names.every((name) => name !== null) || new Set(names).size < names.length) return null;
    return (row) => {
      const map = new Map<string, Json>();
      for (let i = 0; i < runs.length; i++) map.set(names[i], jsonOf(runs[i](row)));
      return map;
    };
  }

  private all(nodes: readonly ASTNode[], depth: number): Run[] | null {
    const runs: Run[] = [];
    for (const node of nodes) {
      const run = this.compile(node, depth + 1);
      if (run === null) return null;
      runs.push(run);
    }
    return runs;
  }
}

const jsonOf = (cell: Cell): Json => (cell instanceof Uint8Array ? encodeBase64(cell) : cell);

function constant(value: unknown): Run | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return () => value;
  return typeof value === 'bigint' || typeof value === 'number' ? () => value : null;
}

/** `row.a["b"]` as names; null where it is no field of the row. */
export function pathOf(node: ASTNode, depth: number): string[] | null {
  if (depth > MAX_DEPTH || (node.op !== '.' && node.op !== '[]')) return null;
  const [object, name] = node.args;
  const text = typeof name === 'string' ? name : name.op === 'value' ? name.args : null;
  if (typeof text !== 'string') return null;
  if (object.op === 'id') return object.args === 'row' ? [text] : null;
  const before = pathOf(object, depth + 1);
  return before === null ? null : [...before, text];
}

/** Null is a cell; only what is not there at all fails. */
function missing(row: DataRow, column: string, read: (row: DataRow) => Cell | undefined): Cell {
  const cell = read(row);
  if (cell === undefined) throw noField(column);
  return cell;
}

const MAX_LONG = (1n << 63n) - 1n;
const MIN_LONG = -(1n << 63n);
/** Digits that a double holds, whatever they are. */
const MAX_SHORT_DIGITS = 15;

const MINUS = 0x2d;
const PLUS = 0x2b;
const DIGIT_0 = 0x30;

/** The number of a text of digits, where it is one and a double holds it; else null. */
export function shortInteger(text: string): number | null {
  const { length } = text;
  const isNegative = text.charCodeAt(0) === MINUS;
  const from = isNegative ? 1 : 0;
  if (length === from || length > MAX_SHORT_DIGITS + from) return null;
  let value = 0;
  for (let i = from; i < length; i++) {
    const digit = text.charCodeAt(i) - DIGIT_0;
    if (digit < 0 || digit > 9) return null;
    value = value * 10 + digit;
  }
  return isNegative ? -value : value;
}

/** CEL's conversions of the values that cells have. */
const CONVERSIONS: Readonly<Record<string, (cell: Cell) => Cell>> = {
  int(cell) {
    if (typeof cell === 'bigint' && cell >= MIN_LONG && cell <= MAX_LONG) return cell;
    if (typeof cell === 'string') {
      const short = shortInteger(cell);
      if (short !== null) return BigInt(short);
      const value = /^[+-]?\d{1,19}$/.test(cell) ? BigInt(cell.charCodeAt(0) === PLUS ? cell.slice(1) : cell) : null;
      if (value !== null && value >= MIN_LONG && value <= MAX_LONG) return value;
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

export const noColumn = (name: string, columns: readonly string[]): EngineError =>
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

export const noValue = (message: string, hint?: string): EngineError => new EngineError('BAD_VALUE', message, { hint });
