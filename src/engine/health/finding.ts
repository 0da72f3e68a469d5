import type { Problem } from '../description';

/** How much a finding stands in the way of a restore; `ok` for what was looked at and is well. */
export type HealthSeverity = Problem['severity'] | 'ok';

/** A command of the extension that mends it, or helps to. */
export type HealthRemedy = 'rescale' | 'copySnapshot' | 'giveUid' | 'nameOperator' | 'showFiles';

/** What is found. Names are stable: scripts look for them. `PROBLEM`: something that the engine tells in its own words. */
export const HEALTH_CODES = [
  'FILES_FOUND',
  'NO_FILES',
  'FILES_MISSING',
  'FILES_CHANGED',
  'SELF_CONTAINED',
  'ABSOLUTE_PATHS',
  'MOVED',
  'SHARED_FILES',
  'CHANGELOG',
  'READABLE',
  'UNREADABLE',
  'JAVA_SERIALIZED',
  'KRYO_2',
  'SCALA_SERIALIZERS',
  'OLD_SERIALIZERS',
  'CHECKPOINTED_INTERFACE',
  'TTL',
  'RESTORABLE',
  'IN_FLIGHT',
  'MAX_PARALLELISM_TOO_SMALL',
  'MAX_PARALLELISM',
  'NO_UID',
  'GENERATED_ID',
  'UID_UNKNOWN',
  'SKEW',
  'VERIFIED',
  'WRONG_KEY_GROUP',
  'PROBLEM',
] as const;

export type HealthCode = (typeof HEALTH_CODES)[number];

/** Plain data, so that it crosses threads and messages as it is. Words are made of it where it is shown. */
export interface HealthFinding {
  readonly code: HealthCode;
  readonly severity: HealthSeverity;
  /** Ids of the operators that it is about; empty where it is about the snapshot. */
  readonly operators: readonly string[];
  /** States that it is about. */
  readonly states: readonly HealthState[];
  /** Numbers and names that its words need. */
  readonly values: readonly (number | string)[];
  /** What the engine says in its own words. */
  readonly problem: Problem | null;
  readonly remedy: HealthRemedy | null;
}

export interface HealthState {
  readonly operator: string;
  readonly name: string;
}

export function found(
  severity: HealthSeverity,
  code: HealthCode,
  rest: Partial<Omit<HealthFinding, 'severity' | 'code'>> = {},
): HealthFinding {
  return { code, severity, operators: [], states: [], values: [], problem: null, remedy: null, ...rest };
}

/** Codes of the engine that have words of their own here. */
const OF_PROBLEMS = ['UNREADABLE', 'WRONG_KEY_GROUP'] as const;

/** Something that the engine tells in its own words. */
export function foundProblem(problem: Problem, operator: string | null = null): HealthFinding {
  const code = OF_PROBLEMS.find((known) => known === problem.code) ?? 'PROBLEM';
  return found(problem.severity, code, { operators: operator === null ? [] : [operator], problem });
}

const RANK: Record<HealthSeverity, number> = { error: 0, warning: 1, info: 2, ok: 3 };

/** Worst first; of equal ones the order stays. */
export function worstFindingsFirst(findings: readonly HealthFinding[]): HealthFinding[] {
  return [...findings].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
}
