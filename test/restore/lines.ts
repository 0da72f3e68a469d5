import * as path from 'node:path';
import type { Json } from '../../src/engine/json/jsonValue';
import { orderless } from '../compareLines';
import { fixturesRoot, type StoredSnapshot } from '../corpus';
import { fixtureLines } from '../expectedLines';

/** One entry of a state, with the fields of `test/fixtures/NAME.expected.ndjson`. */
export type Line = ReadonlyMap<string, Json>;

/** What a fixture holds, as the job that wrote it worked it out. */
export function linesOf(fixture: string): Line[] {
  const at = path.join(fixturesRoot, fixture);
  const stored: StoredSnapshot = { name: fixture, path: at, metadataPath: path.join(at, '_metadata') };
  return fixtureLines(stored).filter((line) => line instanceof Map);
}

/** JSON of a literal: objects are maps, whole numbers integers. */
export function json(literal: unknown): Json {
  if (typeof literal === 'number') {
    return Number.isSafeInteger(literal) && !Object.is(literal, -0) ? BigInt(literal) : literal;
  }
  if (Array.isArray(literal)) return literal.map(json);
  if (literal instanceof Map) return literal as Json;
  if (typeof literal !== 'object' || literal === null) return literal as Json;
  return new Map(
    Object.entries(literal)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, json(value)]),
  );
}

/** Whether a line has these values in these fields. */
export const has = (line: Line, fields: Record<string, unknown>): boolean =>
  Object.entries(fields).every(([name, value]) => orderless(line.get(name) ?? null) === orderless(json(value ?? null)));

export const without = (line: Line, ...names: string[]): Line =>
  new Map([...line].filter(([name]) => !names.includes(name)));

export const withFields = (line: Line, fields: Record<string, unknown>): Line =>
  new Map([...line, ...Object.entries(fields).map(([name, value]) => [name, json(value)] as const)]);

/** The operators of a snapshot, by id. */
export type Operators = ReadonlyMap<string, { parallelism: number; maxParallelism: number }>;

/**
 * What each subtask is to find: union and broadcast state reach all subtasks of an operator, however many there were; where
 * another number of them deals out the rest, it does not matter who has what.
 */
export function dealt(lines: readonly Line[], operators: Operators, isDealtAnew: boolean, unionToAll = true): Line[] {
  const broadcast = new Set<string>();
  return lines.flatMap((line) => {
    const id = String(line.get('op'));
    const parallelism = operators.get(id)?.parallelism ?? 1;
    const kind = line.get('kind');
    if ((kind === 'operator-union' && unionToAll) || kind === 'broadcast') {
      const bare = without(line, 'subtask', 'index');
      if (kind === 'broadcast') {
        // Every subtask wrote the same.
        const text = orderless(bare as Json);
        if (broadcast.has(text)) return [];
        broadcast.add(text);
      }
      return Array.from({ length: parallelism }, (_, subtask) => withFields(bare, { subtask }));
    }
    if (kind === 'operator-union') return [without(line, 'index')];
    return isDealtAnew ? [without(line, 'subtask', 'index', 'kg')] : [line];
  });
}

/** The same for lines that Flink found, whose keys must be where Flink computes them to be. */
export function found(lines: readonly Json[], operators: Operators, isDealtAnew: boolean): Line[] {
  return (lines.filter((line) => line instanceof Map) as Line[]).map((line) => {
    const kind = line.get('kind');
    if (kind === 'operator-union' || kind === 'broadcast') return without(line, 'index');
    const operator = operators.get(String(line.get('op')));
    const keyGroup = line.get('kg');
    if (keyGroup !== undefined && operator !== undefined) {
      const owner = Math.floor((Number(keyGroup) * operator.parallelism) / operator.maxParallelism);
      if (BigInt(owner) !== line.get('subtask'))
        throw new Error(`A key is in the wrong subtask: ${orderless(line as Json)}`);
    }
    return isDealtAnew ? without(line, 'subtask', 'index', 'kg') : line;
  });
}
