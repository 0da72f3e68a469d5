import type { OperatorDiff, StateDiff, TypeChange } from '../../src/engine/diff/diffResult';
import type { CompareStrings } from '../../src/view/compareStrings';
import { fill, shortId } from '../../src/view/format';
import type { ComparedState, ComparisonFound, ComparisonOutline } from '../../src/view/shownComparison';

/** Counts of one row: added, removed, changed. */
export type Counts = readonly [added: number, removed: number, changed: number];

export const NO_COUNTS: Counts = [0, 0, 0];

/** A line of the table of operators and states. */
export interface DiffRow {
  key: string;
  level: 1 | 2;
  operator: OperatorDiff;
  /** Null for the operator itself. */
  state: StateDiff | null;
  counts: Counts;
  incomplete: boolean;
  /** Whether anything of it differs, as far as is known. */
  differs: boolean;
}

/** All rows, with the counts of the moment: an operator's are the sums of its states'. */
export function rowsOf({ operators }: ComparisonOutline, { counts, incomplete }: ComparisonFound): DiffRow[] {
  const unread = new Set(incomplete);
  const rows: DiffRow[] = [];
  let position = 0;
  for (const operator of operators) {
    const head: DiffRow = {
      key: operator.id,
      level: 1,
      operator,
      state: null,
      counts: NO_COUNTS,
      incomplete: false,
      differs: operator.in !== 'both' || changesOf(operator),
    };
    rows.push(head);
    for (const state of operator.states) {
      const own: Counts = [counts[3 * position] ?? 0, counts[3 * position + 1] ?? 0, counts[3 * position + 2] ?? 0];
      const row: DiffRow = {
        key: keyOf({ operator: operator.id, state: state.name, of: state.of }),
        level: 2,
        operator,
        state,
        counts: own,
        incomplete: unread.has(position),
        differs: state.in !== 'both' || state.types.length > 0 || own.some((count) => count > 0),
      };
      rows.push(row);
      head.counts = [head.counts[0] + own[0], head.counts[1] + own[1], head.counts[2] + own[2]];
      head.incomplete ||= row.incomplete;
      head.differs ||= row.differs;
      position++;
    }
  }
  return rows;
}

/** Rows that are seen: all, or those that differ; an operator stands above its states. */
export const seenRows = (rows: readonly DiffRow[], onlyDiffering: boolean): DiffRow[] =>
  onlyDiffering ? rows.filter(({ differs, incomplete }) => differs || incomplete) : [...rows];

export const keyOf = ({ operator, state, of }: ComparedState): string => `${operator} ${of} ${state}`;

/** The state that a row stands for, where its entries were compared. */
export function comparedState({ operator, state }: DiffRow): ComparedState | null {
  return state === null || state.in !== 'both' ? null : { operator: operator.id, state: state.name, of: state.of };
}

/** Name of an operator as people know it. */
export const diffTitle = ({ name, uid, id }: Pick<OperatorDiff, 'name' | 'uid' | 'id'>): string =>
  name ?? uid ?? shortId(id);

const changesOf = ({ parallelism, maxParallelism, renamed }: OperatorDiff): boolean =>
  parallelism !== null || maxParallelism !== null || renamed !== null;

/** What changed beside entries, in words, one line each. */
export function changeLines({ operator, state }: DiffRow, strings: CompareStrings): string[] {
  if (state === null) {
    if (operator.in !== 'both') return [operator.in === 'before' ? strings.onlyBefore : strings.onlyAfter];
    const { parallelism, maxParallelism, renamed } = operator;
    const lines: string[] = [];
    if (renamed !== null) lines.push(fill(strings.renamed, renamed.before ?? '', renamed.after ?? ''));
    if (parallelism !== null) lines.push(fill(strings.parallelism, parallelism.before, parallelism.after));
    if (maxParallelism !== null) lines.push(fill(strings.maxParallelism, maxParallelism.before, maxParallelism.after));
    return lines;
  }
  if (operator.in !== 'both') return [];
  if (state.in !== 'both') return [state.in === 'before' ? strings.stateOnlyBefore : strings.stateOnlyAfter];
  return state.types.flatMap((change) => typeLines(change, strings));
}

function typeLines({ what, before, after, parts }: TypeChange, strings: CompareStrings): string[] {
  if (parts.length === 0) {
    const template = {
      kind: strings.kindChanged,
      key: strings.keyChanged,
      namespace: strings.namespaceChanged,
      type: strings.typeChanged,
    }[what];
    return [fill(template, before, after)];
  }
  const name = what === 'key' ? strings.partKey : what === 'namespace' ? strings.partNamespace : strings.partType;
  return parts.map(({ path, before, after }) => {
    if (before === null) return fill(strings.partAdded, name, path, after ?? '');
    return after === null
      ? fill(strings.partRemoved, name, path, before)
      : fill(strings.partChanged, name, path, before, after);
  });
}

/** Operators and states that differ, of how many. */
export function totals(rows: readonly DiffRow[]): { operators: number; differing: number; states: number } {
  const operators = rows.filter(({ level }) => level === 1);
  return {
    operators: operators.length,
    differing: operators.filter(({ differs }) => differs).length,
    states: rows.length - operators.length,
  };
}
