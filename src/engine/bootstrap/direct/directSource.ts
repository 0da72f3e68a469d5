import type { ASTNode } from '@marcbachmann/cel-js';
import { functionName } from '../../query/parseCel';
import { pathOf } from '../cel/compileRow';
import type { DataSource } from '../data/dataSource';
import type { LeafKind } from './leafWriter';

/** What an expression takes of a row: a field, which is text alone if its kind is `string`, or a map of such by names. */
export type DirectSource =
  | { readonly kind: LeafKind | 'string'; readonly column: number }
  | { readonly kind: 'map'; readonly fields: ReadonlyMap<string, DirectSource> };

const CONVERSIONS: Readonly<Record<string, LeafKind>> = { int: 'int', double: 'double' };

/** Null where the expression is anything else. */
export function directSource(node: ASTNode, source: DataSource): DirectSource | null {
  if (node.op === 'call') {
    const [called, args] = node.args;
    const name = functionName(called);
    // What is text already stays as it is.
    const kind =
      name === 'string' && source.isText ? 'text' : Object.hasOwn(CONVERSIONS, name) ? CONVERSIONS[name] : null;
    const column = kind === null || args.length !== 1 ? -1 : columnOf(args[0], source);
    return kind === null || column < 0 ? null : { kind, column };
  }
  if (node.op === 'map') return mapSource(node.args, source);
  const column = columnOf(node, source);
  return column < 0 ? null : { kind: 'text', column };
}

function mapSource(entries: readonly (readonly [ASTNode, ASTNode])[], source: DataSource): DirectSource | null {
  const fields = new Map<string, DirectSource>();
  for (const [key, value] of entries) {
    const field = directSource(value, source);
    if (field === null || key.op !== 'value' || typeof key.args !== 'string' || fields.has(key.args)) return null;
    // Inside a map a text stays a text: it becomes no number.
    const isText = field.kind === 'text' && source.isText;
    fields.set(key.args, isText ? { ...field, kind: 'string' } : field);
  }
  return { kind: 'map', fields };
}

function columnOf(node: ASTNode, source: DataSource): number {
  const path = pathOf(node, 0);
  return path?.length === 1 ? (source.fieldIndex?.(path[0]) ?? -1) : -1;
}
