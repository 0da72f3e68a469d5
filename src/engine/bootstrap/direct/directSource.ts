import type { ASTNode } from '@marcbachmann/cel-js';
import { functionName } from '../../query/parseCel';
import { pathOf } from '../cel/compileRow';
import type { LeafKind } from './leafWriter';

/** What an expression takes of a row of text: a column, or a map of such by names. */
export type DirectSource =
  | { readonly kind: LeafKind; readonly column: number }
  | { readonly kind: 'map'; readonly fields: ReadonlyMap<string, DirectSource> };

const CONVERSIONS: Readonly<Record<string, LeafKind>> = { int: 'int', double: 'double', string: 'text' };

/** Null where the expression is anything else. */
export function directSource(node: ASTNode, columns: readonly string[]): DirectSource | null {
  if (node.op === 'call') {
    const [called, args] = node.args;
    const name = functionName(called);
    const kind = Object.hasOwn(CONVERSIONS, name) && args.length === 1 ? CONVERSIONS[name] : undefined;
    const column = kind === undefined ? -1 : columnOf(args[0], columns);
    return kind === undefined || column < 0 ? null : { kind, column };
  }
  if (node.op === 'map') return mapSource(node.args, columns);
  const column = columnOf(node, columns);
  return column < 0 ? null : { kind: 'text', column };
}

function mapSource(entries: readonly (readonly [ASTNode, ASTNode])[], columns: readonly string[]): DirectSource | null {
  const fields = new Map<string, DirectSource>();
  for (const [key, value] of entries) {
    const source = directSource(value, columns);
    if (source === null || key.op !== 'value' || typeof key.args !== 'string' || fields.has(key.args)) return null;
    fields.set(key.args, source);
  }
  return { kind: 'map', fields };
}

function columnOf(node: ASTNode, columns: readonly string[]): number {
  const path = pathOf(node, 0);
  return path?.length === 1 ? columns.indexOf(path[0]) : -1;
}
