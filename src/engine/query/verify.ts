import type { Problem, SnapshotDescription } from '../description';
import { describe } from '../inspect';
import { worstFirst } from '../inspect/problems';
import { operatorName } from '../operatorName';
import type { Snapshot } from '../snapshot';
import { type CheckedEntries, checkEntries } from './checkEntries';
import { FileCheck } from './fileCheck';
import { Findings } from './findings';

export interface Verification {
  /** Nothing is missing, cut short or corrupt. */
  whole: boolean;
  /** Entries that were read. */
  entries: number;
  /** Keys whose group was computed from the key itself and compared. */
  keysChecked: number;
  /** Bytes that belong to no entry (raw state, records in flight) and were read all the same. */
  plainBytes: number;
  /** Worst first. */
  problems: Problem[];
  /** What the headers say. */
  description: SnapshotDescription;
}

/** Checks the entries of all shares, here or in threads. */
export type CheckAll = (snapshot: Snapshot, signal?: AbortSignal) => Promise<readonly CheckedEntries[]>;

const checkWhole: CheckAll = async (snapshot, signal) => [await checkEntries(snapshot, undefined, signal)];

/**
 * Reads everything to the last byte: every header, every entry, and the bytes that belong to no entry. Says what is missing,
 * cut short or corrupt, which entries lie in a key group that is not their key's, and what cannot be decoded. That a value
 * needs a class of the job is no fault of the snapshot, and told as an information.
 */
export async function verify(
  snapshot: Snapshot,
  check: CheckAll = checkWhole,
  signal?: AbortSignal,
): Promise<Verification> {
  const description = await describe(snapshot, signal);
  const findings = new Findings();
  const files = new FileCheck(snapshot, findings);
  let entries = 0;
  let keysChecked = 0;
  for (const checked of await check(snapshot, signal)) {
    entries += checked.entries;
    keysChecked += checked.keysChecked;
    findings.merge(checked.findings);
    for (const { operator, subtask, file, problem } of checked.failures) {
      findings.tell(problem);
      files.toldOf(snapshot.operators[operator].state, subtask, file);
    }
  }
  const plainBytes = await files.run(signal);
  const problems = worstFirst([
    ...description.problems,
    // State that cannot be opened is an error there, and among the findings, which look at every subtask.
    ...description.operators.flatMap((operator) =>
      operator.problems
        .filter((p) => p.severity !== 'error')
        .map((p) => told({ ...p, where: [operatorName(operator), p.where].filter((x) => x !== null).join(' / ') })),
    ),
    ...findings.problems(),
  ]);
  const whole = !problems.some((p) => p.severity === 'error');
  return { entries, keysChecked, whole, plainBytes, problems, description };
}

/** Types that nobody can read are a warning to who looks into a snapshot, but no fault of it. */
function told(problem: Problem): Problem {
  return problem.code === 'UNREADABLE' ? { ...problem, severity: 'info' } : problem;
}
