import type { HealthFinding } from '../../src/engine/health/finding';
import type { ShownStats } from '../../src/view/shownStats';
import { NOTABLE_SKEW } from './subtaskSpread';

/** States that are named at most, the most skewed first: the table marks the others. */
const MOST_FINDINGS = 3;
/** In less than this nobody feels that one subtask holds more. */
const FEWEST_BYTES = 1_000_000;

/** What the count finds once it is complete, beside what is `known` already: what it could not read, and skew. */
export function countFindings(stats: ShownStats | null, known: readonly HealthFinding[]): HealthFinding[] {
  if (stats?.isComplete !== true) return [];
  return [...unread(stats, known), ...skewOfStates(stats, known)];
}

function unread({ problems }: ShownStats, known: readonly HealthFinding[]): HealthFinding[] {
  const told = new Set(known.flatMap(({ problem }) => (problem === null ? [] : [problem.message])));
  return problems
    .filter(({ message }) => !told.has(message))
    .map((problem) => ({
      ...{ code: 'PROBLEM' as const, severity: problem.severity, problem },
      ...{ operators: [], states: [], values: [], remedy: null },
    }));
}

/**
 * States of which one subtask holds far more than its share. Operators of which it is known from their files are told of
 * already.
 */
function skewOfStates(stats: ShownStats, known: readonly HealthFinding[]): HealthFinding[] {
  const told = new Set(known.filter(({ code }) => code === 'SKEW').flatMap(({ operators }) => operators));
  const found = stats.operators
    .filter(({ id }) => !told.has(id))
    .flatMap(({ id, states }) =>
      states.flatMap(({ name, bytes, skew }) =>
        skew === null || skew.ratio < NOTABLE_SKEW || bytes < FEWEST_BYTES ? [] : [{ operator: id, name, skew }],
      ),
    );
  found.sort((a, b) => b.skew.ratio - a.skew.ratio);
  return found.slice(0, MOST_FINDINGS).map(({ operator, name, skew }) => ({
    code: 'SKEW',
    severity: 'warning',
    operators: [],
    states: [{ operator, name }],
    values: [skew.number, skew.ratio],
    problem: null,
    remedy: null,
  }));
}
