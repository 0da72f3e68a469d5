import type { OperatorDescription, SnapshotDescription } from '../description';
import { generatedIds } from '../metadata/generatedId';
import { found, type HealthFinding } from './finding';

/** Since this version of the metadata an operator's uid stands in it, if it has one (Flink 2.0). */
const FIRST_WITH_UIDS = 5;
/** A subtask that holds so many times the average is worth a word. */
const SKEW = 2;
/** Below this everything is small, and nothing lopsided. */
const SKEW_BYTES = 1_000_000;

/** What the ids of operators mean for the next version of the job. Of operators that have state; others lose nothing. */
export function idFindings({ metadataVersion, operators }: SnapshotDescription): HealthFinding[] {
  // The ids of Flink 1.2 are those of vertices.
  if (metadataVersion < 2) return [];
  const nameless = operators.filter((operator) => operator.uid === null && operator.bytes > 0);
  const ids = nameless.map(({ id }) => id);
  if (ids.length === 0) return [];
  const about = (operators: string[]) => ({ operators, values: [operators.length] });
  const remedy = 'giveUid';
  if (metadataVersion >= FIRST_WITH_UIDS) return [found('warning', 'NO_UID', { ...about(ids), remedy })];
  const generated = generatedIds(operators.map(({ id }) => id));
  const without = ids.filter((id) => generated.has(id));
  const unknown = ids.filter((id) => !generated.has(id));
  return [
    ...(without.length > 0 ? [found('warning', 'GENERATED_ID', { ...about(without), remedy })] : []),
    ...(unknown.length > 0 ? [found('info', 'UID_UNKNOWN', { ...about(unknown), remedy: 'nameOperator' })] : []),
  ];
}

/**
 * How many subtasks a job may have that restores this: where it is said how many are wanted, what is too small for that. Source:
 * StateAssignmentOperation.checkParallelismPreconditions.
 */
export function parallelismFindings({ operators }: SnapshotDescription, wanted: number | null): HealthFinding[] {
  const keyed = operators.filter(({ bytes, keyType }) => bytes > 0 && keyType !== null);
  if (keyed.length === 0) return [];
  const remedy = 'rescale';
  const smallest = Math.min(...keyed.map(({ maxParallelism }) => maxParallelism));
  if (wanted === null) return [found('info', 'MAX_PARALLELISM', { values: [smallest], remedy })];
  if (smallest >= wanted) return [];
  const ids = keyed.filter(({ maxParallelism }) => maxParallelism < wanted).map(({ id }) => id);
  return [found('error', 'MAX_PARALLELISM_TOO_SMALL', { operators: ids, values: [smallest, wanted], remedy })];
}

/** Subtasks that hold far more than the others of their operator, by the bytes that the metadata tells. */
export function skewFindings({ operators }: SnapshotDescription): HealthFinding[] {
  return operators.flatMap((operator) => {
    const skew = skewOf(operator);
    if (skew === null) return [];
    return [found('warning', 'SKEW', { operators: [operator.id], values: [skew.subtask, skew.times] })];
  });
}

function skewOf({ bytes, subtaskBytes, parallelism }: OperatorDescription): { subtask: number; times: number } | null {
  if (parallelism < 2 || bytes < SKEW_BYTES || subtaskBytes.length === 0) return null;
  const largest = subtaskBytes.reduce((a, b) => (b.bytes > a.bytes ? b : a));
  const all = subtaskBytes.reduce((sum, { bytes: some }) => sum + some, 0);
  const times = (largest.bytes * parallelism) / all;
  return times < SKEW ? null : { subtask: largest.subtask, times };
}
