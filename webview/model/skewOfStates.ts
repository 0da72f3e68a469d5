import type { HealthFinding } from '../../src/engine/health/finding';
import type { ShownStats } from '../../src/view/shownStats';
import { NOTABLE_SKEW } from './subtaskSpread';

/** States that are named at most, the most skewed first: the table marks the others. */
const MOST_FINDINGS = 3;
/** In less than this nobody feels that one subtask holds more. */
const FEWEST_BYTES = 1_000_000;

/**
 * States of which one subtask holds far more than its share, once everything is counted. Operators of which it is known
 * from their files (`known`) are told of already.
 */
export function skewOfStates(stats: ShownStats | null, known: readonly HealthFinding[]): HealthFinding[] {
  if (stats?.isComplete !== true) return [];
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
