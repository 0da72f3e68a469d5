import type { SnapshotDescription } from '../description';
import type { Verification } from '../query/verify';
import { fileFindings } from './files';
import { found, foundProblem, type HealthFinding, worstFindingsFirst } from './finding';
import { idFindings, parallelismFindings, skewFindings } from './operators';
import { typeFindings } from './types';

export interface HealthOptions {
  /** Subtasks that the job is to run with; null where nobody said it. */
  readonly wantedParallelism?: number | null;
}

/** The first Flink that restores each metadata version, and the last where there is one. Source: (Savepoint|Metadata)Serializers. */
const RESTORED_BY: Readonly<Record<number, readonly string[]>> = {
  1: ['1.2', '1.10'],
  2: ['1.3'],
  3: ['1.11'],
  4: ['1.16'],
  5: ['2.0'],
  6: ['2.1'],
};

/** Told as findings of their own. */
const TOLD_OTHERWISE: ReadonlySet<string> = new Set(['FILE_NOT_FOUND', 'FILE_CHANGED', 'MOVED']);

/**
 * What stands in the way of a restore, and what was looked at and is well; worst first. From the description alone: reads nothing.
 */
export function healthOf(
  snapshot: SnapshotDescription,
  { wantedParallelism = null }: HealthOptions = {},
): HealthFinding[] {
  const { metadataVersion, channelStateBytes, problems, operators } = snapshot;
  const restored = RESTORED_BY[metadataVersion];
  return worstFindingsFirst([
    ...problems.filter(({ code }) => !TOLD_OTHERWISE.has(code)).map((problem) => foundProblem(problem)),
    ...operators.flatMap(({ id, problems: own }) => own.map((problem) => foundProblem(problem, id))),
    ...fileFindings(snapshot),
    ...typeFindings(snapshot),
    ...idFindings(snapshot),
    ...parallelismFindings(snapshot, wantedParallelism),
    ...skewFindings(snapshot),
    ...(channelStateBytes > 0 ? [found('info', 'IN_FLIGHT', { values: [channelStateBytes] })] : []),
    ...(restored === undefined ? [] : [found('info', 'RESTORABLE', { values: [...restored] })]),
  ]);
}

/** What reading everything found, beside what the description tells already. */
export function verifiedFindings(verification: Omit<Verification, 'plainBytes'>): HealthFinding[] {
  const { entries, keysChecked, whole, problems, description: snapshot } = verification;
  const known = new Set(
    [...snapshot.problems, ...snapshot.operators.flatMap((o) => o.problems)].map(({ message }) => message),
  );
  const news = problems.filter(({ message }) => !known.has(message));
  const verified = found(whole ? 'ok' : 'error', 'VERIFIED', { values: [entries, keysChecked] });
  return [verified, ...news.map((problem) => foundProblem(problem))];
}
